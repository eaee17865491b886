"""Several programmes together: choosing one, adding up, never counting twice."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from assistant.rules.assessment import Amount, Assessment, assess_all
from assistant.rules.catalogue import catalogue
from assistant.rules.conditions import ConditionResult
from assistant.rules.facts import Facts
from assistant.rules.files import validate
from assistant.rules.ranges import UNKNOWN, Range, Verdict
from assistant.rules.references import find_source
from assistant.rules.rule import Reference, Rule
from assistant.rules.stacking import Group, StackingKind, groups, stack
from corpus.errors import RuleError

DAY = date(2024, 6, 30)
REFERENCE = {"document": "eit-law", "clause": "第四条", "quote": "25%"}
OURS = "这是我们的理解，条文没有写明。"
EXCLUSIVE, ADDITIVE, DOUBLE_USE = StackingKind


def group(kind, *programmes):
    return Group(kind=kind, programmes=programmes, text=f"怎样并用，{OURS}", reading="ours")


def ends(programme, verdict, low=None, high=None):
    """An assessment that is worth from low to high; without numbers it tells no amount."""
    rule = Rule(
        name=f"政策{programme}",
        category="tax",
        jurisdiction="CN",
        summary="一项政策",
        in_force=({"effective_from": date(2020, 1, 1), "reference": REFERENCE},),
    )
    worth = () if low is None else (Range(Decimal(low), Decimal(low if high is None else high)),)
    amounts = tuple(Amount("saving", "少缴的税", one, "CNY/year", True) for one in worth)
    return Assessment(programme, rule, DAY, verdict, None, amounts=amounts)


MET, NOT_MET, OPEN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN


def only(found):
    assert len(found) == 1
    return found[0]


def test_of_exclusive_programmes_the_one_that_saves_most_is_named():
    held = [ends("a", MET, 200_000), ends("b", MET, 400_000), ends("c", NOT_MET)]
    found = only(stack(held, [group(EXCLUSIVE, "a", "b", "c")]))
    assert (found.best, found.programmes) == ("b", ("a", "b"))
    assert found.total == Range.of(400_000)
    assert found.text.endswith("其中政策b最省：政策a20万元，政策b40万元。")


def test_of_equal_ones_both_are_named():
    held = [ends("a", MET, 100_000), ends("b", MET, 100_000)]
    found = only(stack(held, [group(EXCLUSIVE, "a", "b")]))
    assert found.best == "a"
    assert "政策a和政策b最省且金额相同" in found.text


@pytest.mark.parametrize(("most", "named"), [(200_001, True), (200_000, False)])
def test_an_open_programme_that_may_save_more_than_the_best_is_named(most, named):
    begun = ConditionResult("x", "一个条件", MET, "是", "是", Reference(**REFERENCE))
    opened = replace(ends("c", OPEN, 0, most), conditions=(begun,))
    held = [ends("a", MET, 200_000), ends("b", MET, 100_000), opened]
    found = only(stack(held, [group(EXCLUSIVE, "a", "b", "c")]))
    assert (found.best, found.programmes) == ("a", ("a", "b"))
    assert ("政策c的情况还没有说全，符合的话可能更省。" in found.text) is named


def test_an_open_programme_of_which_nothing_is_known_is_not_named():
    held = [ends("a", MET, 200_000), ends("b", MET, 100_000), ends("c", OPEN, 0, 300_000)]
    assert "政策c" not in only(stack(held, [group(EXCLUSIVE, "a", "b", "c")])).text


def test_no_best_is_named_where_ranges_overlap():
    held = [ends("a", MET, 200_000, 300_000), ends("b", MET, 250_000)]
    found = only(stack(held, [group(EXCLUSIVE, "a", "b")]))
    assert (found.best, found.total) == (None, Range(Decimal(250_000), Decimal(300_000)))
    assert "还不能断定哪一种最省" in found.text


def test_without_amounts_nothing_is_compared():
    held = [ends("a", MET), ends("b", MET, 100_000)]
    found = only(stack(held, [group(EXCLUSIVE, "a", "b")]))
    assert (found.best, found.total) == (None, Range(Decimal(100_000), UNKNOWN.high))
    assert "政策a金额信息不足" in found.text


def test_additive_programmes_are_added_from_least_to_most():
    held = [ends("a", MET, 100_000), ends("b", MET, 50_000, 80_000), ends("c", NOT_MET)]
    found = only(stack(held, [group(ADDITIVE, "a", "b", "c")]))
    assert found.total == Range(Decimal(150_000), Decimal(180_000))
    assert found.text.endswith("合计15万元至18万元：政策a10万元，政策b5万元至8万元。")


def test_a_sum_says_what_it_leaves_out():
    held = [ends("a", MET, 100_000), ends("b", MET)]
    found = only(stack(held, [group(ADDITIVE, "a", "b")]))
    assert found.total == Range.of(100_000)
    assert found.text.endswith("政策b没有可加的金额，未计入。")


def test_a_sum_of_nothing_known_is_no_amount():
    found = only(stack([ends("a", MET), ends("b", MET)], [group(ADDITIVE, "a", "b")]))
    assert found.total is None
    assert "合计" not in found.text


def test_double_use_is_flagged_without_an_amount():
    held = [ends("a", MET, 100_000), ends("b", MET, 100_000)]
    found = only(stack(held, [group(DOUBLE_USE, "a", "b")]))
    assert (found.kind, found.best, found.total) == (DOUBLE_USE, None, None)


@pytest.mark.parametrize("other", [NOT_MET, OPEN, Verdict.NOT_IN_FORCE])
@pytest.mark.parametrize("kind", list(StackingKind))
def test_one_programme_alone_makes_no_group(kind, other):
    assert stack([ends("a", MET, 100_000), ends("b", other)], [group(kind, "a", "b")]) == ()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text": "两项不叠加"}, "reading: ours"),
        ({"text": "两项不叠加", "reading": "ours"}, "这是我们的理解"),
        ({"text": f"两项不叠加，{OURS}", "reference": REFERENCE}, "其余的不能写"),
    ],
)
def test_a_group_says_its_clause_or_that_it_is_our_reading(wrong, said):
    held = {"kind": "exclusive", "programmes": ["a", "b"], **wrong}
    with pytest.raises(RuleError, match=said):
        validate(Group, held, "stacking.yaml")


def test_every_quote_of_the_groups_stands_in_its_clause():
    references = [one.reference for one in groups() if one.reference]
    assert references
    for reference in references:
        source = find_source(reference)
        assert source.document.text[source.start : source.end] == reference.quote


def test_every_programme_of_the_groups_is_in_the_catalogue():
    named = {programme for one in groups() for programme in one.programmes}
    assert named <= catalogue().programmes.keys()


def found_of(kind, facts, *programmes):
    """What the real catalogue says of one of the real groups."""
    held = stack(assess_all(catalogue(), Facts(facts), DAY))
    return only(
        [one for one in held if one.kind is kind and set(programmes) <= set(one.programmes)]
    )


RATES = ("high_tech_enterprise_tax_rate", "western_development_rate")
WESTERN = {
    "region": "CN-NM",
    "resident_enterprise": True,
    "high_tech_enterprise": True,
    "encouraged_industry": True,
    "main_business_revenue_share": Range.of(Decimal("0.8")),
    "restricted_industry": False,
    "staff": Range.of(100),
    "total_assets": Range.of(20_000_000),
}


@pytest.mark.parametrize(
    ("income", "best", "total"),
    [
        (3_000_000, "small_low_profit_enterprise", 600_000),  # 300万 × (25% - 5%)
        (3_010_000, "high_tech_enterprise_tax_rate", 301_000),  # 301万 × (25% - 15%)
    ],
)
def test_a_high_tech_enterprise_in_the_west_is_told_the_lowest_rate(income, best, total):
    found = found_of(EXCLUSIVE, WESTERN | {"taxable_income": Range.of(income)}, *RATES)
    assert (found.best, found.total) == (best, Range.of(total))
    assert found.reference.quote == "两项不叠加，企业择一适用"


def test_two_rewards_for_two_titles_in_inner_mongolia_add_up():
    facts = {
        "region": "CN-NM",
        "high_tech_enterprise": True,
        "nm_first_high_tech_recognition": True,
        "specialized_sme": True,
        "little_giant": False,
    }
    rewards = ("nm_high_tech_enterprise_reward", "nm_sme_gradient_reward")
    assert found_of(ADDITIVE, facts, *rewards).total == Range.of(800_000)  # 30万 + 50万
