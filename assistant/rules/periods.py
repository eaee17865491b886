"""When a programme holds, in words that tell the policy's days from those we go by.

Some documents state no first or last day; their rules then go by the earliest day that the
documents support. Such a day is ours and is never shown as the policy's.
"""

import re
from datetime import date, timedelta

from assistant.rules.references import Source, find_source
from assistant.rules.rule import InForce
from corpus.validity import chinese_day


def begin_is_stated(period: InForce) -> bool:
    """Whether the clause gives the first day or its year, or the document its own first day.

    The day on which a document was signed or passed is not the day from which it holds.
    """
    source, day = find_source(period.reference), period.effective_from
    is_documents = day == source.document.effective_from
    return is_documents or _holds(source, day) or _holds_year(source, day, (1, 1))


def end_is_stated(period: InForce) -> bool:
    """Whether the clause or the document gives the last day, its year, or the day after it."""
    day = period.effective_to
    if day is None:
        return True
    source = find_source(period.reference)
    return (
        day == source.document.effective_to
        or _holds(source, day)
        or _holds(source, day + timedelta(days=1))
        or _holds_year(source, day, (12, 31))
    )


def in_words(period: InForce) -> str:
    """自2018年1月1日起至2020年12月31日; a day of our own says so."""
    begin = chinese_day(period.effective_from)
    told = f"自{begin}起" if begin_is_stated(period) else f"起始日未载明，测算自{begin}起用"
    if period.effective_to is None:
        return told
    end = chinese_day(period.effective_to)
    until = f"至{end}" if end_is_stated(period) else f"，截止日未载明，测算用到{end}"
    return told + until


def _holds(source: Source, day: date) -> bool:
    return chinese_day(day) in _words(source)


def _holds_year(source: Source, day: date, edge: tuple[int, int]) -> bool:
    """Whether a year's first or last day stands there as the year of a span: 2018—2022年."""
    is_edge = (day.month, day.day) == edge
    span = rf"{day.year}年?[—–至-]|[—–至-]{day.year}年(?!\d)"
    return is_edge and bool(re.search(span, _words(source)))


def _words(source: Source) -> str:
    return source.document.text[source.clause.start : source.clause.end]
