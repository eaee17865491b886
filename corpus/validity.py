"""What is in force on a given day, and why. The day is always an argument.

A later document that repeals an earlier one marks it, where both are at hand.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from corpus.cleaning import clean
from corpus.document import Document, Validity
from corpus.repeals import Repeal, find_repeals

REPEALED = "后来的文件"  # origin of a field that a later document's words decide
_STATED = "document.yaml"  # what staff state is never overruled
_FIELDS = ("replaced_by", "validity", "validity_reason", "effective_to")


RETIRED = "由管理员于"  # how the reason begins of a document that staff took out of use


def is_retired(document: Document) -> bool:
    """Whether staff took the document out of use: it is then cited no more, on no day."""
    return document.validity_reason.startswith(RETIRED)


def validity_on(document: Document, day: date) -> tuple[Validity, str]:
    """Return the validity of a document on a day, and the reason as a Chinese sentence.

    A yearly plan (年度要点) stays in force as published, but the reason says whose year it is.
    """
    begin = document.effective_from or document.promulgated_on or document.signed_on
    if begin and day < begin:
        return Validity.NOT_IN_FORCE, f"尚未施行：自{chinese_day(begin)}起施行"
    if document.plan_year and document.plan_year > day.year:
        return Validity.NOT_IN_FORCE, f"尚未施行：是{document.plan_year}年度文件"
    if document.effective_to and day > document.effective_to:
        is_repealed = ("effective_to", REPEALED) in document.origins
        because = document.validity_reason if is_repealed else ""
        return (
            Validity.NOT_IN_FORCE,
            f"已失效：{because or f'有效期至{chinese_day(document.effective_to)}'}",
        )
    if document.validity is Validity.NOT_IN_FORCE:
        if document.effective_to is None or is_retired(document):
            return Validity.NOT_IN_FORCE, document.validity_reason or "已失效"
        until = f"当日有效，有效期至{chinese_day(document.effective_to)}"
        return Validity.IN_FORCE, f"{until}：{document.validity_reason}".rstrip("：")
    if document.plan_year and document.plan_year < day.year:
        return document.validity, (
            f"{document.plan_year}年度文件，所列为{document.plan_year}年的任务和目标，"
            f"{day.year}年的安排须以最新文件为准"
        )
    return document.validity, document.validity_reason or "未见失效或替代的记载"


def link_versions(documents: Sequence[Document]) -> tuple[Document, ...]:
    """The documents, each marked as repealed where a later one in force repeals it.

    Found by 文号, else by the exact title. Where the later one's first day is known, the earlier
    one ends the day before and keeps its validity for the days until then; else it is not in
    force. A document whose validity is stated in document.yaml stays as it is.
    """
    changed = {document.document_id: document for document in documents}
    for later in documents:
        if later.validity is Validity.NOT_IN_FORCE:
            continue
        for repeal in _repeals(later):
            for earlier in documents:
                if _is_meant(repeal, earlier) and _comes_after(later, earlier, repeal):
                    marked = _marked(changed[earlier.document_id], later)
                    changed[earlier.document_id] = marked
    return tuple(changed.values())


def _repeals(document: Document) -> Iterator[Repeal]:
    shown = (line.plain for line in clean(document.text, document.page_starts) if not line.is_noise)
    sentences = (one for plain in shown if "《" in plain or "号" in plain for one in _split(plain))
    return (one for one in find_repeals(sentences) if one.is_whole)


def _split(plain: str) -> list[str]:
    return re.split("[。；;]", plain)


def _is_meant(repeal: Repeal, document: Document) -> bool:
    """Whether a repeal names the document: by its 文号, without one by its title."""
    if repeal.document_number and document.document_number:
        return _folded(repeal.document_number) == _folded(document.document_number)
    return repeal.title is not None and _folded(repeal.title) == _folded(document.title)


def _folded(text: str) -> str:
    """Without what differs between writings of one 文号 or title."""
    return text.translate(str.maketrans("[【(（]】)）〈〉", "〔〔〔〔〕〕〕〕《》", " 第"))


def _comes_after(later: Document, earlier: Document, repeal: Repeal) -> bool:
    if later.document_id == earlier.document_id:
        return False
    days = _day_of(later), _day_of(earlier)
    if days[0] and days[1]:
        return days[0] > days[1]
    # Without both days a title alone may be that of another version.
    return bool(repeal.document_number and earlier.document_number)


def _day_of(document: Document) -> date | None:
    return document.promulgated_on or document.signed_on or document.effective_from


def _marked(document: Document, later: Document) -> Document:
    origins = dict(document.origins)
    is_stated = any(origins.get(one) == _STATED and getattr(document, one) for one in _FIELDS)
    if later.document_id in document.replaced_by or is_stated:
        return document
    number = f"（{later.document_number}）" if later.document_number else ""
    start = later.effective_from
    since = f"自{chinese_day(start)}起" if start else ""
    reason = f"{since}被《{later.title}》{number}废止"
    fields: dict[str, object] = {"validity": Validity.NOT_IN_FORCE}
    if start:
        last = min(start - timedelta(days=1), document.effective_to or date.max)
        fields = {"effective_to": last}
    fields |= {"validity_reason": reason, "replaced_by": (*document.replaced_by, later.document_id)}
    origins |= dict.fromkeys(fields, REPEALED)
    return replace(document, **fields, origins=tuple(origins.items()))  # type: ignore[arg-type]


def chinese_day(day: date) -> str:
    """A day as policy writes it: 2024年12月31日."""
    return f"{day.year}年{day.month}月{day.day}日"
