"""Questions over several regions, years or documents: one finding each, side by side."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer import Status
from assistant.compose import Draft, bare_title, notes, shown
from assistant.evidence import Evidence
from assistant.question import Question
from assistant.scope import fits_year, year_of
from assistant.state import State
from assistant.values import Kind
from corpus.document import Document
from corpus.regions import find_regions, is_within, region_name

_SEVERAL = re.compile(
    r"(哪些|哪几|几|各|多|所有|每)份?个?(文件|政策文件|地区|地方|省区?)|[两三四五六七八九十\d]份文件"
    r"|都(提到|讲到?|写|有|要求|说)|分别|对比|相比|比较|区别|不同|差异|异同|各自|哪个(更|最)"
)
_FOUND = 0.34  # the subject's share that a finding must hold


@dataclass(frozen=True)
class _Group:
    """One of the sides that are compared, and what was found for it."""

    name: str
    evidence: tuple[Evidence, ...]


def is_comparison(question: Question) -> bool:
    """Whether the question asks about several regions, years or documents at once."""
    return (
        len(question.regions) > 1
        or len(question.years) > 1
        or bool(_SEVERAL.search(question.plain))
    )


def write_comparison(draft: Draft, question: Question, state: State) -> Status | None:
    """One line a region, year or document; what was not found is said. None: nothing was."""
    groups = _groups(question, state)
    found = [group for group in groups if group.evidence]
    if not found:
        return None
    if question.asks(Kind.YES_NO) and len(groups) > 1:
        draft.lines.append(_both(groups, found))
    for group in groups:
        _write_group(draft, group, is_named=len(question.regions) > 1 or len(question.years) > 1)
    draft.lines.extend(
        notes(question, [one for group in found for one in group.evidence], draft.day)
    )
    return Status.ANSWERED


def _write_group(draft: Draft, group: _Group, is_named: bool) -> None:
    if group.evidence:
        said = "".join(f"{shown(one)}{draft.mark(one)}" for one in group.evidence)
        draft.lines.append(f"- {group.name}：{said}")
    elif is_named:
        draft.lines.append(f"- {group.name}：库中文件未提及。")


def _both(groups: Sequence[_Group], found: Sequence[_Group]) -> str:
    names = "、".join(group.name for group in found)
    if len(found) == len(groups):
        return f"{names}都有相关内容："
    absent = "、".join(group.name for group in groups if group not in found)
    return f"{names}有相关内容，{absent}未提及："


def _groups(question: Question, state: State) -> list[_Group]:
    best = state.evidence[0].score if state.evidence else 0.0
    more = len(question.kinds & {Kind.LIST})
    return [_Group(name, _findings(own, 0.5 * best, more)) for name, own in _sides(question, state)]


def _sides(question: Question, state: State) -> list[tuple[str, list[Evidence]]]:
    """What is compared, each with its own evidence."""
    if len(question.regions) > 1:
        return [
            (region_name(code), [one for one in state.evidence if _is_of(one, code, question)])
            for code in question.regions
        ]
    if len(question.years) > 1:
        return [(f"{year}年", _of_year(state.evidence, year)) for year in question.years]
    return [
        (_name(document), [one for one in state.evidence if one.document is document])
        for document in state.scope.documents
    ]


def _is_of(evidence: Evidence, code: str, question: Question) -> bool:
    """Whether a sentence speaks for a region: it names it, or its document is the region's own.

    A sentence that names another of the compared regions speaks for that one: the province's
    list that states a city's award does not state the province's.
    """
    document = evidence.document
    if question.years and not any(_is_from(document, year) for year in question.years):
        return False
    named = {one.code for one in find_regions(f"{document.title}{evidence.clause.plain}")}
    if document.jurisdiction:
        named.add(document.jurisdiction)
    compared = {other for other in question.regions for one in named if is_within(one, other)}
    return code in compared and not any(
        other != code and is_within(other, code) for other in compared
    )


def _of_year(evidence: Sequence[Evidence], year: int) -> list[Evidence]:
    """The sentences of the year's own documents; of those in force by then where it has none."""
    own = [one for one in evidence if _is_named_by(one, year) and one.coverage >= _FOUND]
    return own or [one for one in evidence if fits_year(one.document, year)]


def _is_named_by(evidence: Evidence, year: int) -> bool:
    document = evidence.document
    names = f"{document.title}{document.document_number}{evidence.clause.plain}"
    return year in _years_of(document) or str(year) in names


def _years_of(document: Document) -> set[int | None]:
    """The years by which people name a document."""
    days = (document.signed_on, document.promulgated_on)
    return {document.plan_year, year_of(document), *(day.year for day in days if day)}


def _is_from(document: Document, year: int) -> bool:
    return year in _years_of(document) or (
        document.plan_year is None and year_of(document) is None and fits_year(document, year)
    )


def _name(document: Document) -> str:
    return f"《{bare_title(document)}》"


def _findings(evidence: Sequence[Evidence], floor: float, more: int) -> tuple[Evidence, ...]:
    own = [one for one in evidence if one.score >= floor and one.coverage >= _FOUND]
    most = 2 + more
    return tuple(one for one in own[:most] if one.score >= 0.8 * own[0].score)
