"""What is in force on a day, at the edges of every date."""

from datetime import date

import pytest

from corpus.document import Document, Validity
from corpus.validity import validity_on


def document(**fields):
    return Document("d", "某某办法", "第一条 正文。", "d.txt", **fields)


@pytest.mark.parametrize(
    ("day", "validity", "reason"),
    [
        (date(2024, 12, 31), Validity.NOT_IN_FORCE, "尚未施行：自2025年1月1日起施行"),
        (date(2025, 1, 1), Validity.IN_FORCE, "未见失效或替代的记载"),
        (date(2027, 12, 31), Validity.IN_FORCE, "未见失效或替代的记载"),
        (date(2028, 1, 1), Validity.NOT_IN_FORCE, "已失效：有效期至2027年12月31日"),
    ],
)
def test_a_document_is_in_force_from_its_first_to_its_last_day(day, validity, reason):
    dated = document(effective_from=date(2025, 1, 1), effective_to=date(2027, 12, 31))
    assert validity_on(dated, day) == (validity, reason)


@pytest.mark.parametrize("field", ["promulgated_on", "signed_on"])
def test_without_a_first_day_the_day_it_was_made_counts(field):
    dated = document(**{field: date(2020, 11, 11)})
    assert validity_on(dated, date(2020, 11, 10))[0] is Validity.NOT_IN_FORCE
    assert validity_on(dated, date(2020, 11, 11))[0] is Validity.IN_FORCE


def test_a_document_without_dates_is_as_published():
    assert validity_on(document(), date(1990, 1, 1)) == (
        Validity.IN_FORCE,
        "未见失效或替代的记载",
    )


def test_a_document_published_as_repealed_is_not_in_force_on_any_day():
    repealed = document(validity=Validity.NOT_IN_FORCE, validity_reason="被2024年办法替代")
    assert validity_on(repealed, date(2024, 1, 1)) == (Validity.NOT_IN_FORCE, "被2024年办法替代")


def test_an_amended_document_stays_partially_in_force():
    amended = document(validity=Validity.PARTIALLY_IN_FORCE, validity_reason="第五条已废止")
    assert validity_on(amended, date(2024, 1, 1)) == (
        Validity.PARTIALLY_IN_FORCE,
        "第五条已废止",
    )


def test_a_yearly_plan_says_whose_year_it_is_from_the_next_year_on():
    plan = document(plan_year=2022)
    assert validity_on(plan, date(2022, 12, 31))[1] == "未见失效或替代的记载"
    validity, reason = validity_on(plan, date(2023, 1, 1))
    assert validity is Validity.IN_FORCE
    assert reason.startswith("2022年度文件") and "2023年的安排须以最新文件为准" in reason


def test_a_replaced_document_was_in_force_until_its_last_day_and_a_retired_one_never():
    fields = {"validity": Validity.NOT_IN_FORCE, "effective_to": date(2015, 12, 31)}
    replaced = Document("a", "办法", "甲", "a.md", **fields, validity_reason="被新办法废止")
    assert validity_on(replaced, date(2015, 12, 31)) == (
        Validity.IN_FORCE,
        "当日有效，有效期至2015年12月31日：被新办法废止",
    )
    assert validity_on(replaced, date(2016, 1, 1))[0] is Validity.NOT_IN_FORCE
    retired = Document("a", "办法", "甲", "a.md", **fields, validity_reason="由管理员于某日停用")
    assert validity_on(retired, date(2015, 12, 31))[0] is Validity.NOT_IN_FORCE
