from datetime import date

import pytest

from assistant.follow_up import complete
from assistant.question import read_question
from assistant.values import Kind

DAY = date(2026, 11, 22)
GRANTS = "宁夏对新型研发机构有什么补助？"
TARGET = "宁夏2022年技术合同交易额的目标是多少？"


def completed(*turns, region=None):
    return complete(read_question(turns[-1], DAY, region), turns[:-1], DAY, region)


def test_another_region_is_asked_about_the_same_subject():
    question = completed(GRANTS, "那内蒙古呢？")
    assert question.regions == ("CN-NM",)
    assert question.plain == "内蒙古对新型研发机构有什么补助？"
    assert question.text == "那内蒙古呢？"


def test_several_other_regions_are_asked_about_the_same_subject():
    assert completed(GRANTS, "那内蒙古和青海呢？").regions == ("CN-NM", "CN-QH")


@pytest.mark.parametrize(("turn", "year"), [("2023年呢？", 2023), ("去年呢？", 2025)])
def test_another_year_is_asked_about_the_same_subject(turn, year):
    question = completed(TARGET, turn)
    assert question.years == (year,)
    assert question.regions == ("CN-NX",)
    assert "技术合同交易额" in question.subject


def test_another_subject_is_asked_of_the_same_region_and_year():
    question = completed(TARGET, "那研发经费呢？")
    assert (question.regions, question.years) == (("CN-NX",), (2022,))
    assert "研发经费" in question.subject
    assert "技术合同" not in question.plain
    assert "多少" in question.plain


@pytest.mark.parametrize(
    ("turn", "kind"),
    [
        ("责任单位是谁？", Kind.BODY),
        ("它由谁负责？", Kind.BODY),
        ("怎么申请？", Kind.HOW),
        ("多少钱？", Kind.MONEY),
        ("文号是什么？", Kind.DOCUMENT_NUMBER),
        ("什么时候截止？", Kind.DATE),
        ("现在还有效吗？", Kind.VALIDITY),
        ("这个政策还有效吗？", Kind.VALIDITY),
    ],
)
def test_another_thing_is_asked_about_the_same_subject(turn, kind):
    question = completed(GRANTS, turn)
    assert question.asks(kind)
    assert "新型研发机构" in question.plain
    assert question.regions == ("CN-NX",)


def test_a_third_turn_follows_from_the_second():
    question = completed(GRANTS, "那内蒙古呢？", "责任单位是谁？")
    assert question.regions == ("CN-NM",)
    assert question.asks(Kind.BODY)
    assert "新型研发机构" in question.plain


@pytest.mark.parametrize(
    "text",
    [
        "内蒙古科技计划分为哪几类？",
        "青海有哪些人才政策？",
        "科技成果怎么转化？",
        "那宁夏的科技创新平台建设有什么具体的奖励和淘汰办法？",
    ],
)
def test_a_whole_question_takes_nothing_from_the_turn_before(text):
    assert completed(GRANTS, text) == read_question(text, DAY)


def test_without_an_earlier_turn_a_question_stays_as_it_is():
    assert completed("那内蒙古呢？") == read_question("那内蒙古呢？", DAY)


def test_a_whole_question_in_between_becomes_the_subject():
    question = completed(GRANTS, "青海创新券怎么用？", "那内蒙古呢？")
    assert "创新券" in question.plain
    assert "新型研发机构" not in question.plain
    assert question.regions == ("CN-NM",)


def test_the_chosen_region_holds_for_a_second_turn_without_one():
    assert completed("创新券怎么用？", "责任单位是谁？", region="青海").regions == ("CN-QH",)
    assert completed("创新券怎么用？", "那宁夏呢？", region="青海").regions == ("CN-NX",)
