from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from assistant.arithmetic import amount, work_out
from assistant.compose import as_evidence
from assistant.question import read_question
from corpus.document import Clause, Document, Sentence

LISTS = {
    "重大专项计划": "2.计划设置。设突围专项、协同专项、示范专项。",
    "平台计划": "2.计划设置。设国家级平台专项、自治区级平台专项。",
    "基础研究计划": "2.计划设置。下设自然科学基金项目、联合基金项目和条件建设专项。",
}
DOCUMENT = Document("plan", "改革方案", "".join(LISTS.values()), "plan.md")


def listed(*names, verb="下设"):
    """Evidence for one sentence a heading, each listing what its plan holds."""
    made = []
    for position, name in enumerate(names, 1):
        text = LISTS[name].replace("。设", f"。{verb}")
        start = DOCUMENT.text.find(LISTS[name])
        clause = Clause(
            clause_id=f"plan#{position}",
            document_id="plan",
            path=("二、", f"（{position}）", "2."),
            label=f"二、（{position}）2.",
            headings=("体系", name, "计划设置"),
            sentences=(Sentence(text, start, start + len(LISTS[name])),),
        )
        made.append(as_evidence(clause, DOCUMENT))
    return made


def working(text, evidence=()):
    worked = work_out(read_question(text, date(2026, 11, 22)), evidence)
    return None if worked is None else worked.working


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("20亿元以上", 2_000_000_000),
        ("5,000万元", 50_000_000),
        ("3千万", 30_000_000),
        ("1.2万亿元", 1_200_000_000_000),
        ("300家左右", 300),
        ("0.5万元", 5000),
    ],
)
def test_an_amount_is_read_in_its_smallest_unit(text, number):
    assert amount(text) == Decimal(number)


def test_words_without_digits_state_no_amount():
    assert amount("若干万元") is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("撬动20亿元支持300家左右企业，平均每家大约多少？", "20亿元 ÷ 300家左右 ≈ 667万元/家"),
        ("100万元分给8个项目，平均每个多少钱？", "100万元 ÷ 8个 ≈ 12.5万元/个"),
        ("3亿元支持2家企业，每家大约多少？", "3亿元 ÷ 2家 ≈ 1.5亿元/家"),
    ],
)
def test_an_average_shows_its_division_and_says_that_nobody_is_owed_it(text, shown):
    assert working(text) == f"{shown}（只是算术平均，不是每一户可得的金额）"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("250家以上企业里，扣掉50家和20家，其它至少多少家？", "250家 - 50家 - 20家 = 180家"),
        ("100万元预算减去30万元，还剩下多少钱？", "100万元 - 30万元 = 70万元"),
    ],
)
def test_a_remainder_shows_its_subtraction(text, shown):
    assert working(text).startswith(shown)


def test_a_remainder_of_lower_limits_says_so():
    assert "按下限推算" in working("250家以上企业里，扣掉50家，其它多少家？")
    assert "按下限推算" not in working("250家企业里，扣掉50家，其它多少家？")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "66%的企业没有研发活动，目标是有研发活动的占37%，要提高几个百分点？",
            "100% - 66% = 34%；37% - 34% = 3个百分点",
        ),
        ("占比从34%提高到37%，提高几个百分点？", "37% - 34% = 3个百分点"),
        ("增速由8.5%降到8%，差多少个百分点？", "8.5% - 8% = 0.5个百分点"),
    ],
)
def test_a_distance_of_shares_turns_a_share_without_into_one_with(text, shown):
    assert working(text) == shown


def test_things_listed_are_counted_plan_by_plan_and_added():
    evidence = listed("重大专项计划", "平台计划", "基础研究计划")
    worked = work_out(read_question("一共下设多少个专项？", date(2026, 11, 22)), evidence)
    assert worked.working == "重大专项计划3个，平台计划2个，基础研究计划3个；3 + 2 + 3 = 8个"
    assert list(worked.evidence) == evidence


@pytest.mark.parametrize(
    "text",
    [
        "技术合同交易额的目标是多少？",  # asks for no sum
        "平均每家多少？",  # states no figures
        "撬动20亿元，平均每家多少？",
        "20亿元和30亿元支持300家，平均每家多少？",  # which of the two?
        "撬动20亿元支持0家，平均每家多少？",
        "50家企业里，扣掉80家，其它多少家？",  # less than nothing
        "扣掉50家，其它多少家？",
        "占37%，要提高几个百分点？",
        "一共多少家企业？",  # nothing lists them
        "利润500万元，研发费用100万元，加计扣除后是多少钱？",  # a rule, not a subtraction
        "除了50万元的奖励和10万元的补助，还有多少钱可以领？",
    ],
)
def test_no_sum_is_made_where_none_is_asked_or_a_figure_is_missing(text):
    assert working(text) is None


def test_a_list_under_no_heading_is_named_by_its_clause():
    [held] = listed("平台计划")
    bare = replace(held, clause=replace(held.clause, headings=()))
    assert working("一共下设几个专项？", [bare]) == "二、（1）2.2个；2 = 2个"


def sentence(text):
    document = Document("d", "办法", text, "d.md")
    clause = Clause("d#一、", "d", ("一、",), "一、", (), (Sentence(text, 0, len(text)),))
    return [as_evidence(clause, document)]


@pytest.mark.parametrize(
    ("text", "question", "shown"),
    [
        (
            "购置专用设备的，投资额的10%可以抵免。",
            "专用设备投资360万元，可以抵免多少？",
            "360万元 × 10% = 36万元",
        ),
        (
            "按实际完成投资额的20%奖补，最高不超过500万元。",
            "实际完成投资3000万元，奖补多少？",
            "3000万元 × 20% = 600万元，超过限额，按500万元",
        ),
    ],
)
def test_a_stated_share_of_a_supposed_amount_is_worked_out(text, question, shown):
    note = "（按这一条的比例计算，以条件符合为前提）"
    assert working(question, sentence(text)) == f"{shown}{note}"


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("投资额的10%抵免，其余的5%结转。", "专用设备投资360万元，可以抵免多少？"),
        ("比例是10%。", "专用设备投资360万元，可以抵免多少？"),
        ("投资额的10%可以抵免。", "投资360万元，另花20万元，可以抵免多少？"),
    ],
)
def test_no_share_is_worked_out_where_two_might_be_meant_or_its_base_is_not_said(text, question):
    assert working(question, sentence(text)) is None
