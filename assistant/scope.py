"""Which documents a question may be answered from: its region, its years, the day asked.

A region or year that the corpus does not hold is never answered from another one; the nearest
is named instead.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.question import Question
from corpus.document import Document, Validity
from corpus.regions import NATION, is_within
from corpus.validity import is_retired, validity_on

_YEARLY = re.compile(r"目标|任务|要点|工作思路|工作重点|年度计划|工作安排")


@dataclass(frozen=True)
class Scope:
    """The documents that fit, and what was wanted and is not there."""

    documents: tuple[Document, ...]
    missing_region: bool = False
    missing_years: tuple[int, ...] = ()
    not_in_force: tuple[Document, ...] = ()


def find_scope(question: Question, documents: Iterable[Document], day: date) -> Scope:
    """Choose the documents for a question on a day.

    With a region: those of the region, of places in it, and of the levels above it. With a
    year: yearly plans of that year, and other documents in force by then. When no document
    fits a year, all of the region stay, and `missing_years` says so.
    """
    usable = [one for one in documents if not is_retired(one)]
    local = [one for one in usable if fits_region(one, question.regions)]
    own = [one for one in local if _is_of(one, question.regions)]
    if question.regions and not own:
        return Scope(tuple(local), missing_region=True)
    expired = tuple(one for one in local if validity_on(one, day)[0] is Validity.NOT_IN_FORCE)
    current = [one for one in local if one not in expired]
    years = _years(question, day)
    fitting = [one for one in current if any(fits_year(one, year) for year in years)]
    fitting += [one for one in expired if year_of(one) in question.years]  # 2008年办法
    deciding = _deciding(current, question.regions)
    has_series = any(one.plan_year for one in deciding)
    is_yearly = has_series and bool(_YEARLY.search(question.plain))
    missing = tuple(
        year for year in years if not any(_speaks_of(one, year, is_yearly) for one in deciding)
    )
    if years and not missing:
        return Scope(tuple(fitting), not_in_force=expired)
    if question.is_about_past:
        current += expired
    return Scope(tuple(current), missing_years=missing, not_in_force=expired)


def _speaks_of(document: Document, year: int, is_yearly: bool) -> bool:
    """Whether a document makes a year present; tasks and targets stand only in that year's own."""
    if is_yearly:
        return year in (document.plan_year, year_of(document)) or str(year) in document.title
    return fits_year(document, year)


def _years(question: Question, day: date) -> tuple[int, ...]:
    if question.years:
        return question.years
    return (day.year,) if "今年" in question.plain else ()


def _deciding(documents: Sequence[Document], regions: Sequence[str]) -> list[Document]:
    """The documents that decide whether a year is there: a city's plan is not its province's."""
    exact = [one for one in documents if one.jurisdiction in regions]
    return exact or [one for one in documents if _is_of(one, regions)]


def fits_region(document: Document, regions: Sequence[str]) -> bool:
    """Whether a document of this region, below it or above it may answer."""
    code = document.jurisdiction
    return (
        not regions
        or code is None
        or any(is_within(code, one) or is_within(one, code) for one in regions)
    )


def _is_of(document: Document, regions: Sequence[str]) -> bool:
    """Whether the document is of the region itself or of the level above, short of the nation."""
    code = document.jurisdiction
    if not regions or code is None:
        return True
    return any(is_within(code, one) or (code != NATION and is_within(one, code)) for one in regions)


def nearness(document: Document, regions: Sequence[str]) -> float:
    """A factor that prefers the documents of the very region that was named."""
    code = document.jurisdiction
    if not regions or code is None or code in regions:
        return 1.0
    return 0.85 if any(is_within(code, one) for one in regions) else 0.75


def fits_year(document: Document, year: int) -> bool:
    """Whether a document speaks about a year: its plan's year, or any year since it began."""
    if document.plan_year is not None:
        return document.plan_year == year
    began = _began(document)
    return began is None or began <= year


def year_of(document: Document) -> int | None:
    """The year by which people name the document."""
    return document.plan_year or _began(document)


def _began(document: Document) -> int | None:
    """The first year that a date of the document names."""
    days = (document.signed_on, document.promulgated_on, document.effective_from)
    return min((day.year for day in days if day is not None), default=None)
