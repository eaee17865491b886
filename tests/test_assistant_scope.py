from dataclasses import replace
from datetime import date

import pytest

from assistant.question import read_question
from assistant.scope import find_scope, fits_region, fits_year, nearness, year_of
from corpus.document import Document, Validity

DAY = date(2026, 11, 22)


def document(name, code=None, **fields):
    return Document(name, f"{name}的标题", "正文。", f"{name}.md", jurisdiction=code, **fields)


LAW = document("law", "CN", effective_from=date(2022, 1, 1))
PLAN_22 = document("plan-22", "CN-NX", plan_year=2022)
PLAN_23 = document("plan-23", "CN-NX", plan_year=2023)
REFORM = document("reform", "CN-NM", effective_from=date(2025, 1, 1))
CITY = document("city", "CN-NM-1508", signed_on=date(2020, 11, 11))
ENDED = document("ended", "CN-NM", effective_to=date(2023, 12, 31))
UPLOADED = document("uploaded")
ALL = (LAW, PLAN_22, PLAN_23, REFORM, CITY, ENDED, UPLOADED)


def scope(text, documents=ALL, day=DAY, region=None):
    return find_scope(read_question(text, day, region), documents, day)


def ids(documents):
    return [one.document_id for one in documents]


def test_without_a_region_every_document_in_force_may_answer():
    found = scope("创新券怎么用？")
    assert ids(found.documents) == ["law", "plan-22", "plan-23", "reform", "city", "uploaded"]
    assert ids(found.not_in_force) == ["ended"]
    assert not found.missing_region
    assert found.missing_years == ()


@pytest.mark.parametrize(
    ("text", "answering"),
    [
        ("宁夏的目标", ["law", "plan-22", "plan-23", "uploaded"]),
        ("内蒙古的目标", ["law", "reform", "city", "uploaded"]),
        ("巴彦淖尔的目标", ["law", "reform", "city", "uploaded"]),
        ("鄂尔多斯的目标", ["law", "reform", "uploaded"]),
    ],
)
def test_a_region_is_answered_from_itself_places_in_it_and_levels_above(text, answering):
    found = scope(text)
    assert ids(found.documents) == answering
    assert not found.missing_region


def test_a_region_without_documents_is_missing_and_only_national_ones_remain():
    found = scope("上海的目标", (LAW, PLAN_22, REFORM))
    assert found.missing_region
    assert ids(found.documents) == ["law"]


def test_the_chosen_region_counts_like_a_named_one():
    assert ids(scope("创新券怎么用？", (PLAN_22, REFORM), region="CN-NX").documents) == ["plan-22"]


def test_a_year_is_answered_from_its_plan_and_from_what_began_by_then():
    assert ids(scope("宁夏2022年的目标").documents) == ["law", "plan-22", "uploaded"]
    assert ids(scope("巴彦淖尔2021年的目标").documents) == ["city", "uploaded"]


def test_a_year_without_documents_is_missing_and_the_others_stay_as_the_nearest():
    found = scope("宁夏2024年的目标", (PLAN_22, PLAN_23, REFORM))
    assert found.missing_years == (2024,)
    assert ids(found.documents) == ["plan-22", "plan-23"]


def test_a_document_of_another_region_does_not_make_a_year_present():
    assert scope("宁夏2025年的目标", (LAW, PLAN_22, REFORM)).missing_years == (2025,)


def test_a_citys_document_does_not_make_a_year_of_its_province_present():
    assert scope("内蒙古2021年的目标", (CITY, REFORM)).missing_years == (2021,)
    assert scope("巴彦淖尔2021年的目标", (CITY, REFORM)).missing_years == ()


def test_this_year_is_the_year_of_the_day():
    plans = (PLAN_22, PLAN_23)
    assert ids(scope("宁夏今年的目标", plans, date(2023, 5, 1)).documents) == ["plan-23"]
    assert scope("宁夏今年的目标", plans).missing_years == (2026,)


@pytest.mark.parametrize(
    ("day", "answering"),
    [(date(2024, 12, 31), []), (date(2025, 1, 1), ["reform"])],
)
def test_a_document_answers_from_its_first_day_on(day, answering):
    found = scope("内蒙古的目标", (REFORM,), day)
    assert ids(found.documents) == answering
    assert ids(found.not_in_force) == ([] if answering else ["reform"])


@pytest.mark.parametrize(
    ("day", "answering"),
    [(date(2023, 12, 31), ["ended"]), (date(2024, 1, 1), [])],
)
def test_a_document_answers_to_its_last_day(day, answering):
    assert ids(scope("内蒙古的目标", (ENDED,), day).documents) == answering


def test_what_was_published_as_not_in_force_does_not_answer():
    abolished = document("old", "CN-NX", validity=Validity.NOT_IN_FORCE)
    partly = document("half", "CN-NX", validity=Validity.PARTIALLY_IN_FORCE)
    found = scope("宁夏的目标", (abolished, partly))
    assert (ids(found.documents), ids(found.not_in_force)) == (["half"], ["old"])


def test_a_document_of_no_region_fits_every_region():
    assert fits_region(UPLOADED, ["CN-NX"])
    assert not fits_region(REFORM, ["CN-NX"])
    assert fits_region(REFORM, [])


@pytest.mark.parametrize(
    ("one", "year", "fits"),
    [
        (PLAN_22, 2022, True),
        (PLAN_22, 2023, False),
        (REFORM, 2024, False),
        (REFORM, 2025, True),
        (REFORM, 2030, True),
        (UPLOADED, 1999, True),  # nothing says when it began
    ],
)
def test_a_plan_fits_its_year_and_others_fit_from_their_beginning(one, year, fits):
    assert fits_year(one, year) is fits


def test_a_document_is_named_by_its_plans_year_or_its_earliest_date():
    both = document("both", signed_on=date(2020, 1, 20), effective_from=date(2021, 1, 1))
    assert [year_of(one) for one in (PLAN_22, both, UPLOADED)] == [2022, 2020, None]


def test_the_named_region_comes_before_places_in_it_and_those_before_the_levels_above():
    near = [nearness(one, ["CN-NM"]) for one in (REFORM, CITY, LAW)]
    assert near[0] > near[1] > near[2] > 0
    assert nearness(CITY, ["CN-NM-1508"]) > nearness(REFORM, ["CN-NM-1508"])
    assert nearness(LAW, []) == 1.0


def test_a_document_that_staff_retired_answers_nothing_not_even_as_not_in_force():
    retired = replace(
        PLAN_22,
        validity=Validity.NOT_IN_FORCE,
        validity_reason="由管理员于2026年11月22日停用：内容有误",
    )
    found = scope("宁夏2022年的目标", (LAW, retired))
    assert ids(found.documents) == ["law"]
    assert found.not_in_force == ()
