from dataclasses import replace
from datetime import date

import pytest

from assistant.answer import Answer, Citation, Status
from eval.run import misquoted, run, score_answer

DAY = date(2026, 11, 22)
QUESTION = {
    "id": "1",
    "question": "宁夏2022年技术合同交易额的目标是多少？",
    "answerable": True,
    "must_include": ["30亿元|30亿", "2022"],
    "must_not_include": ["300亿"],
    "evidence": [{"doc": "nx-sti-2022-opinions", "quote": "突破30亿元"}],
}
UNANSWERABLE = {
    "id": "2",
    "question": "首次认定奖励多少万元？",
    "answerable": False,
    "must_include": ["未载明|未提及"],
    "must_not_include": ["100万元"],
}


def answer(text, document="nx-sti-2022-opinions", status=Status.ANSWERED):
    source = Citation(
        1, document, "标题", None, "一、", f"{document}#一、", "原文", None, 0, 2, "in_force", 1.0
    )
    return Answer("问题", DAY, status, text, (source,) if document else ())


def test_an_answer_with_every_word_and_its_document_is_right():
    assert score_answer(QUESTION, answer("突破30亿元（2022年）。[1]")) == ""


def test_one_of_the_alternatives_is_enough():
    assert score_answer(QUESTION, answer("2022年：30亿[1]")) == ""


def test_documents_are_compared_without_the_ending_of_their_file():
    named = QUESTION | {"evidence": [{"doc": "nx-sti-2022-opinions.txt"}]}
    assert score_answer(named, answer("2022年：30亿元[1]")) == ""


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        (answer("突破30亿元。[1]"), "lacks ['2022']"),
        (answer("有相关规定。[1]"), "lacks ['30亿元|30亿', '2022']"),
        (answer("2022年突破30亿元，也可能300亿。[1]"), "says ['300亿']"),
        (answer("2022年突破30亿元。[1]", "qh-sti-2020-workplan"), "cites ['qh-sti-2020-workplan']"),
        (answer("2022年突破30亿元。", None), "cites []"),
    ],
)
def test_what_is_wrong_with_an_answer_is_said(given, wrong):
    assert score_answer(QUESTION, given) == wrong


def test_any_of_several_right_documents_may_be_cited():
    either = QUESTION | {"evidence": [{"doc": "other"}, {"doc": "nx-sti-2022-opinions"}]}
    assert score_answer(either, answer("2022年突破30亿元。[1]")) == ""
    anywhere = QUESTION | {"evidence": []}
    assert score_answer(anywhere, answer("2022年突破30亿元。[1]", "any")) == ""


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        (answer("库中文件未载明具体金额。", None, Status.NOT_IN_CORPUS), ""),
        (answer("不能。", None, Status.REFUSED), ""),
        (answer("新培育50家。[1]"), "answered"),
        (answer("奖励100万元。[1]"), "says ['100万元']"),
        (answer("未载明，或许100万元。", None, Status.NOT_IN_CORPUS), "says ['100万元']"),
    ],
)
def test_a_question_without_an_answer_is_right_when_it_is_not_answered(given, wrong):
    assert score_answer(UNANSWERABLE, given) == wrong


def test_a_quote_that_differs_from_its_document_is_found(assistant):
    given = assistant.ask(QUESTION["question"], day=DAY)
    assert given.citations
    assert misquoted(assistant, [given]) == []
    first, *others = given.citations
    changed = replace(first, quote=first.quote.replace("30亿", "40亿"))
    assert "40亿" in changed.quote
    moved = replace(first, start=first.start + 1)
    for wrong in (changed, moved):
        made = replace(given, citations=(wrong, *others))
        assert misquoted(assistant, [given, made]) == [wrong.quote]


def test_questions_are_asked_in_order_each_on_its_own_day(assistant):
    earlier = QUESTION | {"id": "3", "day": "2022-06-01", "must_include": ["30亿元"]}
    scores = run([QUESTION, earlier, UNANSWERABLE], assistant, DAY)
    assert [score.question["id"] for score in scores] == ["1", "3", "2"]
    assert [score.answer.day for score in scores] == [DAY, date(2022, 6, 1), DAY]
    assert [score.wrong for score in scores] == ["", "", ""]
