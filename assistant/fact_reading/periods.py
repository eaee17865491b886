"""Which year, or how many years together, a figure in a sentence is about."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from assistant.fact_reading.moments import Moment
from assistant.fact_reading.numerals import number
from assistant.fact_reading.scope import Segment
from assistant.rules.facts import FactType

_YEARS = re.compile(
    r"(?<!成立)(?<!成立了)(?<!成立满)(?<!开)(?<!办)(?<!满)(?<!了)(?<![\d.十])"
    r"(?P<count>[二两三四五]|[2-5])个?(?:会计|完整)?年度?(?![前内级期多来半以]|成立|了)"
)
_FROM_TO = re.compile(r"(?<!\d)(?P<first>20\d\d)年?[-—–至到](?P<last>20\d\d)年度?")
_OTHER = re.compile(
    r"连续[二两三四五2-5]年|平均每年|每年平均|年均(?!增)|[上下]半年|[一二三四]季度|每个?月|单月|月均|月(?=销售|营收|收入|流水)"
)
_SUM = re.compile("合计|累计|总计|加起来|总共|共计")
_LAST_YEAR = re.compile("上年|上一年|近一年|去年")
_SPAN_IN_ID = re.compile(r"_(\d)y$")


@dataclass(frozen=True)
class Period:
    """A year, or a number of years taken together, named at plain[start:end].

    Neither is set for an average and for a part of a year.
    """

    start: int
    end: int
    year: int | None = None
    years: int | None = None


def find_periods(plain: str, moments: Sequence[Moment], day_facts: Collection[int]) -> list[Period]:
    """The periods of a text in order; not the moments in `day_facts`, which date an event."""
    found: list[Period] = []
    for match in _FROM_TO.finditer(plain):
        found.append(Period(*match.span(), years=int(match["last"]) - int(match["first"]) + 1))
    dated = [one for one in moments if one.start not in day_facts]
    dated = [one for one in dated if plain[max(one.start - 1, 0) : one.start] not in ("比", "较")]
    found += [_of_moment(one) for one in dated if _is_free(one.start, one.end, found)]
    found += [Period(*one.span()) for one in _OTHER.finditer(plain) if _is_free(*one.span(), found)]
    for match in _YEARS.finditer(plain):
        if _is_free(*match.span(), found):
            found.append(Period(*match.span(), years=int(number(match["count"]) or 0)))
    return sorted(found, key=lambda one: one.start)


def _of_moment(moment: Moment) -> Period:
    is_end = moment.first.month == moment.last.month == 12  # 2025年12月31日资产总额
    is_year = is_end or (moment.first.month == 1 and moment.last.month == 12)
    return Period(moment.start, moment.end, year=moment.year if is_year else None)


def _is_free(start: int, end: int, found: Sequence[Period]) -> bool:
    return all(end <= one.start or start >= one.end for one in found)


def period_at(
    plain: str, at: int, segment: Segment, periods: Sequence[Period], carrying: Collection[int]
) -> Period | None:
    """The period that holds at a place: the last named in its segment, or carried on to it.

    `carrying` are the starts of segments that tell an amount or name nothing but a period.
    """
    begin = segment.within[0]
    before = [one for one in periods if begin <= one.start < at]
    if not before:
        return None
    last = before[-1]
    here = [one for one in before if one.start >= segment.start and one.year]
    if len(here) > 1 and _SUM.search(plain, segment.start, at):
        return Period(here[0].start, last.end, years=len(here))
    if last.start >= segment.start:
        return last
    return last if any(start <= last.start for start in carrying if start >= begin) else None


def fact_of_period(
    name: str, period: Period | None, is_near: bool, types: Mapping[str, FactType], year: int
) -> str | None:
    """The fact that a figure of this period is: revenue of three years is revenue_3y.

    None where no fact is about the period: last year's fact for any other year. `is_near` tells
    that the period is named in the figure's own segment, `year` when the sentence is said.
    """
    if period is None:
        return name
    own = _SPAN_IN_ID.search(name)
    if own and is_near and not (period.year or period.years):
        return None
    if period.years:
        longer = f"{name}_{period.years}y"
        if longer in types:
            return longer
        if own and is_near:
            return name if int(own[1]) == period.years else None
        return None if is_near and is_last_years(types[name]) else name
    if is_last_years(types[name]) and not own:
        return name if period.year == year - 1 else None
    return name


def is_last_years(fact: FactType) -> bool:
    """Whether a fact is a figure of the year before the day."""
    return bool(_LAST_YEAR.search(fact.name + fact.question))
