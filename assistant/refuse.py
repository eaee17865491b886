"""Honest refusals: what is not in the corpus is named, with the nearest that is.

A score cannot tell what the corpus does not answer; what is asked can: its region, its year,
its subject, and whether a sentence states a value of the kind that is asked for.
"""

import re
from collections.abc import Mapping, Sequence

import rjieba

from assistant.answer import Status
from assistant.compose import Draft, bare_title, notes, shown
from assistant.evidence import STRICT, Evidence, asked_kinds, coverage
from assistant.question import Question, named_regions
from assistant.scope import Scope, year_of
from assistant.selection import best_stated, naming_a_body
from assistant.values import Kind, find_values, same_value
from corpus.document import Document
from corpus.regions import region_name
from corpus.validity import chinese_day, validity_on
from index.search import Index

_LEAST_COVERAGE = 0.34  # of the subject, in the best sentence with its headings
_ALIKE = 0.895  # cosine: what is off topic stays below 0.86, everyday words come to 0.90
_LEAST_STATED = 0.45  # the same for a sentence whose value is to be stated as the answer
_CERTAIN = 0.6  # so much of the subject in a sentence needs none of its rare words
_RARE = 0.85  # of the rarest word's weight
_LEAST_QUOTED = 0.99
_CLAIM = re.compile(r"既然|对吧|对吗|对不对|是吧|是吗|是不是|没错吧|是这样吗|属实|真的吗")
_CLAIMED = (Kind.MONEY, Kind.PERCENT, Kind.DOCUMENT_NUMBER, Kind.PERIOD)
_PROCEDURE = re.compile(r"申请|申报|办理|材料|流程|手续|受理|报送")
_MATERIALS = re.compile(r"材料")
_BRACKETS = re.compile(r"[（(][^）)]*[)）]")
_UNVERIFIED = re.compile(r"(?:尚?未|没有)(?:核实|查到)")
_YEAR_IN_TITLE = re.compile(r"((?:19|20)\d{2})年")
_NAMES = {
    Kind.MONEY: "具体金额",
    Kind.PERCENT: "具体比例",
    Kind.COUNT: "具体数量",
    Kind.DATE: "具体日期",
    Kind.PERIOD: "具体期限",
    Kind.PHONE: "电话号码",
    Kind.ADDRESS: "地址",
}


def false_premise(
    question: Question,
    evidence: Sequence[Evidence],
    index: Index,
    documents: Sequence[Document],
) -> str | None:
    """What the question takes for granted and the documents do not hold; None when nothing."""
    for path in question.articles:
        held = any(
            clause.path[: len(path)] == path
            for document in documents
            for clause in index.clauses_of(document.document_id)
        )
        if not held:
            return f"库中相应的文件没有“{''.join(path)}”这一条，所说的前提不成立"
    if _CLAIM.search(question.plain):
        for value in _claimed(question):
            if not any(same_value(value) in same_value(one.clause.plain) for one in evidence[:12]):
                return f"库中文件没有“{value}”的规定，所说的前提不成立"
    return None


def contradicting(question: Question, evidence: Sequence[Evidence]) -> Evidence | None:
    """The sentence near the top that states a value of the claimed kind, on the same subject."""
    kinds = {kind for kind in _CLAIMED if find_values(question.plain, kind)}
    return next(
        (
            one
            for one in evidence[:3]
            if one.coverage >= _LEAST_COVERAGE
            and any(find_values(one.sentence.plain, kind) for kind in kinds)
        ),
        None,
    )


def write_contradicted(draft: Draft, question: Question, stated: Evidence, denied: str) -> Status:
    """What the question takes for granted is not so; what the clause says instead."""
    draft.lines.append(f"{denied}。库中的条文是：")
    draft.quote(stated, "- ")
    draft.lines.extend(notes(question, [stated], draft.day))
    return Status.ANSWERED


def _claimed(question: Question) -> list[str]:
    kinds = _CLAIMED if "既然" in question.plain else _CLAIMED[:3]
    return [value.text for kind in kinds for value in find_values(question.plain, kind)]


def why_not_answered(
    question: Question, evidence: Sequence[Evidence], weights: Mapping[str, float]
) -> str | None:
    """Why the sentences found do not answer the question; None when they do."""
    if not evidence or not weights:
        return "库中文件没有找到相关的条文，未提及所问内容"
    for words in question.quoted:
        if not any(_holds(one, words) for one in evidence[:12]):
            return f"库中文件未提及“{words}”"
    first = evidence[0]
    if first.coverage < _LEAST_COVERAGE and first.likeness < _ALIKE:
        return f"库中文件没有找到关于“{question.subject}”的规定，未提及所问内容"
    return _value_missing(question, evidence, weights) or _form_missing(question, evidence)


def _value_missing(
    question: Question, evidence: Sequence[Evidence], weights: Mapping[str, float]
) -> str | None:
    """The kind of value that is asked and that no sentence about the subject states."""
    kinds = [kind for kind in asked_kinds(question) if kind in STRICT]
    stated = best_stated(evidence)
    if not kinds:
        return None
    if stated is not None and _is_about(stated, weights) and _fits(stated, question, weights):
        return None
    if stated is not None and _continues(stated, evidence[0], weights):
        return None
    return f"库中文件未载明{'或'.join(_NAMES[kind] for kind in kinds[:2])}"


def _continues(stated: Evidence, first: Evidence, weights: Mapping[str, float]) -> bool:
    """Whether the value stands beside the best sentence, and both together hold the subject."""
    beside = stated.document is first.document and abs(stated.clause.start - first.clause.end) <= 2
    both = f"{first.sentence.plain} {stated.sentence.plain}"
    return beside and coverage(both, weights) >= _CERTAIN


def _fits(evidence: Evidence, question: Question, weights: Mapping[str, float]) -> bool:
    return evidence.coverage >= _CERTAIN or _names(evidence, question, weights)


def _names(evidence: Evidence, question: Question, weights: Mapping[str, float]) -> bool:
    """Whether the subject's rarest words stand there: another programme's amount is none."""
    words = [word for word in rjieba.cut(question.subject) if len(word) > 1 and word in weights]
    if not words:
        return True
    floor = _RARE * max(weights[word] for word in words)
    rarest = [word for word in words if weights[word] >= floor]
    text = " ".join((evidence.clause.plain, *evidence.clause.headings, evidence.document.title))
    return all(word in text for word in rarest) or any(one in text for one in question.expansions)


def other_year(question: Question, evidence: Sequence[Evidence]) -> bool:
    """Whether the best sentence comes from a yearly document of another year than was asked."""
    first = evidence[0]
    yearly = {int(year) for year in _YEAR_IN_TITLE.findall(first.document.title)}
    asked = set(question.years)
    return bool(
        yearly
        and asked
        and not yearly & asked
        and not any(str(year) in first.clause.plain for year in asked)
    )


def _form_missing(question: Question, evidence: Sequence[Evidence]) -> str | None:
    """A department or a procedure that is asked and not stated."""
    if question.asks(Kind.BODY) and naming_a_body(evidence) is None:
        return "库中文件未载明责任单位"
    if question.asks(Kind.HOW, Kind.LIST) and _PROCEDURE.search(question.subject):
        wanted = _MATERIALS if _MATERIALS.search(question.subject) else _PROCEDURE
        held = any(wanted.search(one.sentence.plain) for one in evidence[:5])
        return None if held else "库中文件未载明申报的程序和材料"
    return None


def _holds(evidence: Evidence, words: str) -> bool:
    text = evidence.clause.plain + "".join(evidence.clause.headings) + evidence.document.title
    return words in text or coverage(text, dict.fromkeys(_pairs(words), 1.0)) >= _LEAST_QUOTED


def _pairs(words: str) -> list[str]:
    return [words[i : i + 2] for i in range(len(words) - 1)] or [words]


def _is_about(evidence: Evidence, weights: Mapping[str, float]) -> bool:
    return (
        evidence.coverage >= _LEAST_STATED
        and coverage(evidence.sentence.plain, weights) >= _LEAST_COVERAGE
    )


def write_not_found(
    draft: Draft, question: Question, evidence: Sequence[Evidence], reason: str
) -> Status:
    """The reason, the nearest sentence that the corpus holds, and whom to ask."""
    draft.lines.append(f"{reason}，无法据此作答。")
    near = [one for one in evidence[:1] if one.coverage >= 0.2]
    if near:
        draft.lines.append("最接近的内容是：")
        draft.quote(near[0], "- ")
        draft.lines.extend(notes(question, near, draft.day))
    draft.lines.append("请查阅主管部门最新的通知或实施细则，或向主管部门咨询。")
    return Status.NOT_IN_CORPUS


def is_unverified(evidence: Evidence) -> bool:
    """Whether the sentence itself says, outside brackets, that nothing is known: 尚未核实."""
    plain = _BRACKETS.sub("", evidence.sentence.plain)
    return evidence.value is None and bool(_UNVERIFIED.search(plain))


def write_unverified(draft: Draft, question: Question, evidence: Sequence[Evidence]) -> Status:
    """What is asked is named in the documents as not known; say so with their words."""
    draft.lines.append("库中文件注明所问事项尚未核实，不能据此作答：")
    for one in evidence:
        draft.quote(one, "- ")
    draft.lines.extend(notes(question, evidence, draft.day))
    return Status.NOT_IN_CORPUS


def write_not_in_force(draft: Draft, evidence: Evidence) -> Status:
    """Only a document that is not in force on the day answers: say so, then what it says."""
    _, reason = validity_on(evidence.document, draft.day)
    draft.lines.append(
        f"按{chinese_day(draft.day)}，没有现行有效的规定。《{bare_title(evidence.document)}》{reason}，"
        "以下内容在这一天不适用："
    )
    draft.quote(evidence, "- ")
    return Status.NOT_IN_FORCE


def write_missing_region(
    draft: Draft, question: Question, evidence: Sequence[Evidence], index: Index
) -> Status:
    """The region is not in the corpus: say so, and which regions are."""
    held = dict.fromkeys(
        region_name(one.jurisdiction) for one in index.documents.values() if one.jurisdiction
    )
    draft.lines.append(
        f"库中没有{named_regions(question)}的政策文件，未提及所问内容。目前收录的地区：{'、'.join(held)}。"
    )
    if evidence and evidence[0].coverage >= _LEAST_COVERAGE:
        draft.lines.append("上级文件中最接近的内容是：")
        draft.quote(evidence[0], "- ")
    return Status.NOT_IN_CORPUS


def write_missing_year(
    draft: Draft, question: Question, scope: Scope, evidence: Sequence[Evidence]
) -> Status:
    """No document speaks about the year: say so, and what the nearest one says of its own."""
    years = "、".join(f"{year}年" for year in scope.missing_years)
    place = named_regions(question)
    draft.lines.append(f"库中没有{place}{years}的相应文件，未提及所问内容。")
    if evidence and evidence[0].coverage >= _LEAST_COVERAGE:
        first = evidence[0]
        year = year_of(first.document)
        when = f"（{year}年）" if year else ""
        draft.lines.append(
            f"最接近的是《{bare_title(first.document)}》{when}，不能当作{years}的规定：{shown(first)}"
            f"{draft.mark(first)}"
        )
    return Status.NOT_IN_CORPUS
