"""Days told for a fact: 2019年3月成立.

A day that is known to a year or month only becomes the range of the years passed since.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.fact_reading.moments import Moment
from assistant.fact_reading.scope import Scopes, Segment
from assistant.fact_reading.words import Mention
from assistant.rules.facts import FactType, Kind
from assistant.rules.ranges import Range

_IDLE = (
    "[才刚就于与余是为的：，写着上拿领办到]|正式|新|注册|日期|时间|登记|工商|公司|我们|企业|份|取得"
    "|成立|营业|年[初底中末]|[上下]半年|底|初|开始|左右"
)
_BETWEEN = re.compile(rf"(?:{_IDLE}|在(?:[^，。；\d]{{1,10}}?)?)*")


@dataclass(frozen=True)
class Dated:
    """A moment told for a day fact, at plain[start:end]."""

    fact: str
    moment: Moment
    start: int
    end: int


def find_days(
    plain: str,
    segments: Sequence[Segment],
    mentions: Sequence[Mention],
    moments: Sequence[Moment],
    types: Mapping[str, FactType],
) -> list[Dated]:
    """The moments that stand beside a word of a day fact."""
    found: list[Dated] = []
    for moment in moments:
        segment = next(one for one in segments if one.start <= moment.start < one.end)
        segment = _with_next(segment, moment, segments)
        for mention in mentions:
            fact = next((one for one in mention.facts if _has_a_date(types[one])), None)
            if fact is None or not segment.start <= mention.start < segment.end:
                continue
            first, last = sorted((mention.start, moment.start)), sorted((mention.end, moment.end))
            if _BETWEEN.fullmatch(plain[last[0] : first[1]]):
                found.append(Dated(fact, moment, first[0], last[1]))
                break
    return found


def _with_next(segment: Segment, moment: Moment, segments: Sequence[Segment]) -> Segment:
    """The segment, with the one behind it where it holds the moment alone: 2018年5月，公司成立."""
    if (segment.start, segment.end) != (moment.start, moment.end):
        return segment
    later = [one for one in segments if one.start > segment.start]
    if not later or later[0].within != segment.within:
        return segment
    return Segment(segment.start, later[0].end, segment.within)


def _has_a_date(fact: FactType) -> bool:
    """Whether a fact is a day, or the number of a calendar year (亏损发生的年度)."""
    is_year = fact.kind is Kind.NUMBER and fact.unit == "年" and "年度" in fact.name
    return fact.kind is Kind.DAY or is_year


def own_days(found: Sequence[Dated], segments: Sequence[Segment], scopes: Scopes) -> list[Dated]:
    """Those that are told of the enterprise itself, the first of each fact."""
    kept: dict[str, Dated] = {}
    for one in found:
        segment = next(part for part in segments if part.start <= one.start < part.end)
        if scopes.is_own(segment, one.start):
            kept.setdefault(one.fact, one)
    return list(kept.values())


def day_value(
    dated: Dated, types: Mapping[str, FactType], day: date
) -> tuple[str, date | Range] | None:
    """The day; else the whole years passed since, as the fact that counts them.

    None for a moment after `day`, and where no fact counts the years.
    """
    moment = dated.moment
    if types[dated.fact].kind is Kind.NUMBER:
        return dated.fact, Range.of(moment.year)
    if moment.first > day:
        return None
    if moment.first == moment.last:
        return dated.fact, moment.first
    ages = [name for name, fact in types.items() if fact.years_since == dated.fact]
    if not ages:
        return None
    last = min(moment.last, day)
    return ages[0], Range(Range.of(_years(last, day)).low, Range.of(_years(moment.first, day)).low)


def moment_shown(moment: Moment) -> str:
    """2021年 or 2021年3月."""
    if moment.first.month == moment.last.month:
        return f"{moment.year}年{moment.first.month}月"
    return f"{moment.year}年"


def _years(begin: date, day: date) -> int:
    passed = (day.month, day.day) >= (begin.month, begin.day)
    return day.year - begin.year - (0 if passed else 1)
