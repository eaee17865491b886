from datetime import date

import pytest

from assistant.answer import Answer, Citation, Status
from assistant.grounding import ungrounded
from assistant.question import read_question

DAY = date(2026, 11, 22)


def answer(text, *quotes, title="某年工作要点"):
    citations = tuple(
        Citation(
            n, "plan", title, None, "一、", "plan#一、", quote, None, 0, len(quote), "in_force", 1
        )
        for n, quote in enumerate(quotes, 1)
    )
    return Answer("问题", DAY, Status.ANSWERED, text, citations)


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("突破30亿元。[1]", ["力争技术合同交易额突破30亿元；"]),
        ("50家和20家。[1][2]", ["高新技术企业50家", "示范企业20家"]),
        ("增长8.5%。[1]", ["增长 8.5 %"]),
        ("2025年起，後補助。[1]", ["自2025年起，以後補助方式"]),
        ("重点研发计划。[1]", ["重點研發計劃"]),
        ("没有来源的提示：请咨询12345。", []),
        ("注意：到提问日（2026年11月22日）已经届满。", ["2018-2020年"]),
        ("测算：250 - 50 - 20 = 180家。", ["250家以上"]),
    ],
)
def test_numbers_that_the_sources_hold_are_grounded(text, quotes):
    assert ungrounded(answer(text, *quotes), None) == []


@pytest.mark.parametrize(
    ("text", "quotes", "stray"),
    [
        ("突破40亿元。[1]", ["突破30亿元"], ["40"]),
        ("50家。[2]", ["高新技术企业50家", "示范企业20家"], ["50"]),
        ("突破30亿元。[2]", ["突破30亿元"], ["[2]", "30"]),
        ("有相关规定。[1]", [], ["[1]"]),
        ("增长8.5%。[1]\n奖励100万元。[1]", ["增长8%"], ["8.5", "100"]),
        ("5家。[1]", ["新培育50家"], ["5"]),
        ("增长8%。[1]", ["增长18%"], ["8"]),
    ],
)
def test_numbers_and_marks_without_a_source_are_found(text, quotes, stray):
    assert ungrounded(answer(text, *quotes), None) == stray


def test_numbers_of_the_question_and_of_the_title_may_be_repeated():
    question = read_question("2022年的第7批有多少？", DAY)
    made = answer("2022年第7批：突破30亿元。[1]", "突破30亿元")
    assert ungrounded(made, question) == []
    assert ungrounded(made, None) == ["2022", "7"]
    titled = answer("2020年：突破30亿元。[1]", "突破30亿元", title="2020年科技创新工作要点")
    assert ungrounded(titled, None) == []
