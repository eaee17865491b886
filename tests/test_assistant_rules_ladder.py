"""The ladder of titles: what each level lacks, and what other facts would change."""

from datetime import date
from decimal import Decimal

from assistant.rules.catalogue import catalogue, read_catalogue
from assistant.rules.facts import Facts
from assistant.rules.ladder import LADDER, gap_report, next_level
from assistant.rules.ranges import Range, Verdict
from assistant.rules.what_if import what_if

DAY = date(2024, 6, 30)
REFERENCE = "reference: {document: eit-law, clause: 第四条, quote: 税率}"
HEAD = f"""
name: 称号
category: recognition
jurisdiction: CN
summary: 一个称号
in_force: [{{effective_from: 2020-01-01, {REFERENCE}}}]
"""
STAFF = f"{{id: staff, label: 职工, fact: staff, at_least: 20, {REFERENCE}}}"
SHARE = f"{{id: share, label: 研发占比, fact: rd_share, at_least: 0.05, {REFERENCE}}}"
REVENUE = f"{{id: revenue, label: 收入, fact: revenue, at_least: 10_000_000, {REFERENCE}}}"
PATENT = f"{{id: patent, label: 专利, fact: class1_ip, at_least: 1, {REFERENCE}}}"
ACCOUNTS = f"{{id: accounts, label: 查账征收, fact: sound_accounts, equals: true, {REFERENCE}}}"


def group(kind, *parts):
    return f"{{id: group, label: 其中之一, {REFERENCE}, {kind}: [{', '.join(parts)}]}}"


def ladder(folder, **conditions):
    """A catalogue of the named levels, each with its conditions."""
    for name, held in conditions.items():
        (folder / name).mkdir()
        lines = "".join(f"  - {one}\n" for one in held)
        (folder / name / "rule.yaml").write_text(f"{HEAD}conditions:\n{lines}", encoding="utf-8")
    return read_catalogue(folder)


def level(folder, facts, *conditions):
    (only,) = gap_report(ladder(folder, tech_sme=conditions), Facts(facts), DAY)
    return only


def number(value):
    return Range.of(Decimal(value))


def test_a_level_lists_what_is_missing_with_its_gap(tmp_path):
    facts = {"staff": number(15), "revenue": number(32_000_000), "rd_expense": number(1_344_000)}
    found = level(tmp_path, facts, STAFF, SHARE, REVENUE)
    assert [one.id for one in found.missing] == ["staff", "share"]
    # 3200万 × 5% = 160万
    assert found.lacks == ("职工：差5人（至少需20人）", "研发占比：差25.6万元（至少需160万元）")
    assert found.questions == ()


def test_a_yes_or_no_that_is_missing_is_told_with_what_is_wanted(tmp_path):
    found = level(tmp_path, {"sound_accounts": False}, ACCOUNTS)
    assert found.lacks == ("查账征收：现为否，要求是",)


def test_what_is_not_known_is_asked_even_where_something_is_missing(tmp_path):
    found = level(tmp_path, {"staff": number(15)}, STAFF, PATENT)
    assert found.assessment.verdict is Verdict.NOT_MET
    assert [one.fact for one in found.questions] == ["class1_ip"]


def test_what_the_enterprise_cannot_tell_is_not_asked(tmp_path):
    held = ladder(tmp_path, tech_sme=[PATENT])
    (found,) = gap_report(held, Facts({}, frozenset({"class1_ip"})), DAY)
    assert (found.missing, found.questions) == ((), ())


def test_of_alternatives_the_one_that_lacks_least_is_shown(tmp_path):
    both = group("all_of", STAFF, REVENUE).replace("id: group", "id: both")
    facts = {"staff": number(15), "revenue": number(1_000_000), "class1_ip": number(0)}
    found = level(tmp_path, facts, group("any_of", both, PATENT))
    assert [one.id for one in found.missing] == ["patent"]


def test_an_open_alternative_is_shorter_than_a_missing_one(tmp_path):
    found = level(tmp_path, {"staff": number(15)}, group("any_of", STAFF, PATENT))
    assert found.missing == ()
    assert [one.fact for one in found.questions] == ["class1_ip"]


def test_of_two_out_of_three_the_two_that_lack_least_are_shown(tmp_path):
    facts = {"staff": number(30), "revenue": number(1_000_000)}
    found = level(tmp_path, facts, group("count: 2, of", REVENUE, PATENT, STAFF))
    assert found.missing == ()
    assert [one.fact for one in found.questions] == ["class1_ip"]


def test_a_met_group_lacks_nothing(tmp_path):
    found = level(tmp_path, {"staff": number(30)}, group("any_of", STAFF, PATENT))
    assert (found.assessment.verdict, found.missing, found.questions) == (Verdict.MET, (), ())


def test_the_next_level_lies_above_the_highest_one_reached(tmp_path):
    held = ladder(tmp_path, tech_sme=[STAFF], high_tech_enterprise=[SHARE], little_giant=[REVENUE])

    def after(**titles):
        found = next_level(gap_report(held, Facts(titles), DAY))
        return found.programme if found else None

    assert after() == "tech_sme"
    assert after(tech_sme=True) == "high_tech_enterprise"
    assert after(tech_sme=False, high_tech_enterprise=True) == "little_giant"
    assert after(little_giant=True) is None


def test_a_level_that_does_not_exist_on_the_day_is_not_the_next(tmp_path):
    held = ladder(tmp_path, tech_sme=[STAFF])
    levels = gap_report(held, Facts(), date(2019, 12, 31))
    assert [one.assessment.verdict for one in levels] == [Verdict.NOT_IN_FORCE]
    assert next_level(levels) is None


def test_the_levels_of_the_catalogue_stand_in_order_and_each_title_is_a_fact():
    found = [one.programme for one in gap_report(catalogue(), Facts(), DAY)]
    assert found == list(LADDER)
    assert set(LADDER) <= catalogue().facts.keys()


def changed(held, facts, changes):
    found = what_if(held, Facts(facts), changes, DAY)
    return [(one.programme, str(one.before.verdict), str(one.after.verdict)) for one in found]


def test_more_staff_changes_only_what_asks_for_staff(tmp_path):
    held = ladder(tmp_path, tech_sme=[STAFF], little_giant=[REVENUE])
    facts = {"staff": number(15), "revenue": number(32_000_000)}
    assert changed(held, facts, {"staff": number(20)}) == [("tech_sme", "not_met", "met")]
    assert changed(held, facts, {"staff": number(19)}) == []


def test_a_told_share_is_worked_out_anew_where_its_part_changes(tmp_path):
    held = ladder(tmp_path, tech_sme=[SHARE])
    facts = {
        "rd_share": Range.of(Decimal("0.042")),
        "rd_expense": number(1_344_000),
        "revenue": number(32_000_000),
    }
    more = {"rd_expense": number(1_600_000)}  # ÷ 3200万 = 5%
    assert changed(held, facts, more) == [("tech_sme", "not_met", "met")]


def test_a_share_among_the_changes_stays_as_it_was_set(tmp_path):
    held = ladder(tmp_path, tech_sme=[SHARE])
    changes = {"rd_expense": number(1_600_000), "rd_share": Range.of(Decimal("0.06"))}
    assert changed(held, {"rd_share": Range.of(0)}, changes) == [("tech_sme", "not_met", "met")]


def test_an_amount_that_changes_is_told_though_the_verdict_stays():
    facts = {"region": "CN-NM", "specialized_sme": True, "little_giant": False}
    found = {
        one.programme: one
        for one in what_if(catalogue(), Facts(facts), {"little_giant": True}, DAY)
    }
    reward = found["nm_sme_gradient_reward"]
    assert (reward.before.verdict, reward.after.verdict) == (Verdict.MET, Verdict.MET)
    assert reward.before.amount.value == Range.of(500_000)
    assert reward.after.amount.value == Range.of(1_000_000)
