"""What was read of a document, and what is doubtful: data for terminal, JSON and the staff page."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from corpus.cleaning import clean
from corpus.document import Clause, Document, Validity
from corpus.line_kinds import Mark, find_mark
from corpus.repeals import Repeal, find_repeals

LONGEST_CLAUSE = 2000  # characters; nothing that one cites is longer
_EXAMPLES = 5  # of noise lines, and of doubts of one kind
_DRAWN = ("据正文拟", "取首句")  # origins of a title that the text does not state
_LABELS = {
    "title": "标题",
    "document_number": "文号",
    "issuing_bodies": "发文机关",
    "document_type": "文种",
    "authority_level": "效力级别",
    "topics": "主题",
    "audiences": "适用对象",
    "jurisdiction": "适用地域",
    "signed_on": "成文日期",
    "promulgated_on": "公布日期",
    "posted_on": "网上发布日期",
    "effective_from": "施行日期",
    "effective_to": "失效日期",
    "plan_year": "年度",
    "validity": "时效性",
    "validity_reason": "时效性依据",
    "replaced_by": "被替代",
    "implements": "上位文件",
    "source_url": "原文地址",
    "grade": "可信等级",
}
_VALIDITIES = {
    Validity.IN_FORCE: "现行有效",
    Validity.PARTIALLY_IN_FORCE: "部分有效",
    Validity.NOT_IN_FORCE: "失效",
}
_EXPECTED = ("document_number", "issuing_bodies", "jurisdiction")
_DATES = ("signed_on", "promulgated_on", "posted_on", "effective_from")


@dataclass(frozen=True)
class ReadField:
    """A metadata field: its name, what staff call it, its value, and where it was read."""

    name: str
    label: str
    value: str
    origin: str


@dataclass(frozen=True)
class ReadReport:
    """What was read of one document."""

    source: str
    document_id: str
    title: str
    fields: tuple[ReadField, ...]
    clause_count: int
    noise_lines: int
    noise_examples: tuple[str, ...]
    repeals: tuple[Repeal, ...]
    doubts: tuple[str, ...]  # Chinese sentences


def report_on(document: Document, clauses: Sequence[Clause]) -> ReadReport:
    """Return what was read of a document and what is doubtful. `clauses` are its own."""
    lines = clean(document.text, document.page_starts)
    noise = [line.plain for line in lines if line.is_noise and line.plain]
    return ReadReport(
        source=document.source,
        document_id=document.document_id,
        title=document.title,
        fields=tuple(_fields(document)),
        clause_count=len(clauses),
        noise_lines=len(noise),
        noise_examples=tuple(list(dict.fromkeys(noise))[:_EXAMPLES]),
        repeals=what_it_repeals(document, clauses),
        doubts=(
            *document.doubts,
            *_doubts_of_metadata(document),
            *_doubts_of_clauses(document, clauses),
        ),
    )


def report_as_json(report: ReadReport) -> dict[str, Any]:
    """A report as plain JSON values."""
    return asdict(report)


def what_it_repeals(document: Document, clauses: Sequence[Clause]) -> tuple[Repeal, ...]:
    """The 文号 and titles that the clauses repeal or override, but for the document's own."""
    sentences = (one.plain for clause in clauses for one in clause.sentences)
    own = document.document_number
    return tuple(one for one in find_repeals(sentences) if not own or one.document_number != own)


def _fields(document: Document) -> Iterator[ReadField]:
    origins = dict(document.origins)
    for name, label in _LABELS.items():
        value = getattr(document, name)
        if value in (None, "", ()) or (name == "validity" and name not in origins):
            continue
        yield ReadField(name, label, _shown(value), origins.get(name, ""))


def _shown(value: object) -> str:
    if isinstance(value, Validity):
        return _VALIDITIES[value]
    if isinstance(value, StrEnum):
        return value.value
    return "、".join(value) if isinstance(value, tuple) else str(value)


def _doubts_of_metadata(document: Document) -> Iterator[str]:
    origins = dict(document.origins)
    origin = origins.get("title")
    if origin is None or origin in _DRAWN:
        yield f"原文没有标题，现用标题“{document.title}”是代拟的，请核对。"
    for name in _EXPECTED:
        # What staff left empty in document.yaml, they looked for.
        if not getattr(document, name) and name not in origins:
            yield f"没有读到{_LABELS[name]}。"
    if not any(getattr(document, name) for name in _DATES):
        yield "没有读到任何日期，不能判断何时施行。"
    start, end = document.effective_from, document.effective_to
    if start and end and end < start:
        yield f"失效日期 {end} 早于施行日期 {start}，请核对。"


def _doubts_of_clauses(document: Document, clauses: Sequence[Clause]) -> Iterator[str]:
    if not clauses:
        yield "没有读出任何条文。"
    gaps = [] if document.is_digest else list(_gaps(clauses))  # a digest picks what it needs
    yield from _shortened(gaps)
    long = [one for one in clauses if one.end - one.start > LONGEST_CLAUSE and one.label != "文首"]
    yield from _shortened(
        [f"{one.label}有 {one.end - one.start} 字，可能没有分开，请核对。" for one in long]
    )
    again = Counter(one.label for one in clauses)
    yield from _shortened(
        [f"“{label}”出现了 {count} 次，请核对编号。" for label, count in again.items() if count > 1]
    )


def _shortened(sentences: Sequence[str]) -> Iterator[str]:
    yield from sentences[:_EXAMPLES]
    if len(sentences) > _EXAMPLES:
        yield f"同类情况另有 {len(sentences) - _EXAMPLES} 处。"


def _gaps(clauses: Sequence[Clause]) -> Iterator[str]:
    """Where a sequence of numbers leaves some out: 第五条 after 第三条."""
    last: dict[tuple[object, ...], tuple[int, str]] = {}
    for path, again in _unit_paths(clauses):
        mark = find_mark(path[-1])
        if mark is None:
            continue
        key = (*path[:-1], mark.kind, again)
        before, name = last.get(key, (0, ""))
        if mark.number > before + 1:
            yield _gap(path, mark, before, name)
        last[key] = (mark.number, path[-1])


def _gap(path: tuple[str, ...], mark: Mark, before: int, name: str) -> str:
    above = "".join(path[:-1])
    place = f"{above}之下" if above else ""
    missing = mark.number - before - 1
    if not name:
        return f"{place}编号从“{path[-1]}”开始，前面可能缺 {missing} 个，请核对原文。"
    return f"{place}“{name}”之后是“{path[-1]}”，中间可能缺 {missing} 个，请核对原文。"


def _unit_paths(clauses: Sequence[Clause]) -> Iterator[tuple[tuple[str, ...], str]]:
    """The path of every numbered unit in order, once, and which repetition it belongs to."""
    seen: set[tuple[tuple[str, ...], str]] = set()
    for clause in clauses:
        again = re.search(r"~\d+$", clause.clause_id)
        for length in range(1, len(clause.path) + 1):
            one = (clause.path[:length], again[0] if again else "")
            if one not in seen:
                seen.add(one)
                yield one
