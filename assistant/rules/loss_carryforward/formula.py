"""亏损结转年限: how long a loss is carried forward, and which losses may still be set off.

财税〔2018〕76号一: a loss is carried forward for ten years where one of the five years after it
is a year of qualification, from 2018 on; else for five (企业所得税法第十八条). The status of
today makes the day's year such a year, and it may last. The calendar year of the day is the
year whose income sets the losses off.
"""

from dataclasses import dataclass

from assistant.rules.calculation import Calculation, Given, Step
from assistant.rules.ranges import (
    INFINITY,
    Range,
    Verdict,
    all_of,
    any_of,
    at_least,
    at_most,
    greater,
    lesser,
    when,
)


@dataclass(frozen=True)
class _Qualified:
    """The years with the status: whether there was one, the first that counts, and the last."""

    ever: Verdict
    since: Range
    until: Range


def calculate(given: Given) -> Calculation:
    """Years of carrying forward, the last year of the loss told, the earliest loss of use."""
    normal, extended = given.figure("normal_years"), given.figure("extended_years")
    qualified, loss_year = _qualified(given), given.number("loss_year")
    earliest = _earliest(given, qualified)
    results = {
        "carryforward_years": when(given.verdict, extended.value, normal.value),
        "earliest_loss_year": earliest,
    }
    law, notice = normal.reference, extended.reference
    steps = [
        Step("一般企业的结转年限", "企业所得税法的规定", normal.value, "year", law),
        Step("具备资格的结转年限", "由一般年限延长", extended.value, "year", notice),
        Step("今年还能弥补的最早亏损年度", "今年 − 结转年限", earliest, "year", notice),
    ]
    if loss_year.is_bounded:
        years = when(_is_extended(given, qualified, loss_year), extended.value, normal.value)
        results["last_year"] = loss_year + years
        how = "所说亏损之后的5个年度里有一年具备资格，就适用延长的年限"
        steps += [
            Step("所说亏损的结转年限", how, years, "year", notice),
            Step("最晚可以弥补到的年度", "亏损年度 ＋ 结转年限", loss_year + years, "year", notice),
        ]
    return Calculation(results, tuple(steps))


def _qualified(given: Given) -> _Qualified:
    now = any_of([given.holds("high_tech_enterprise"), given.holds("tech_sme")])
    ever = given.holds("qualified")
    year, first = Range.of(given.day.year), given.figure("first_year").value
    if ever is Verdict.NOT_MET:
        return _Qualified(ever, first, first)
    since = greater(lesser(given.number("qualified_since"), year), first)
    if now is Verdict.MET:
        return _Qualified(ever, since, Range(year.low, INFINITY))
    told = lesser(given.number("qualified_until"), year - 1)
    until = when(now, Range(year.low, INFINITY), greater(told, since.low))
    return _Qualified(ever, since, until)


def _is_extended(given: Given, qualified: _Qualified, loss_year: Range) -> Verdict:
    """Whether a year of qualification is among the five years after the loss."""
    last = loss_year + given.figure("years_before").value
    in_time = [at_least(qualified.until, loss_year + 1), at_most(qualified.since, last)]
    return all_of([qualified.ever, *in_time])


def _earliest(given: Given, qualified: _Qualified) -> Range:
    """The first year whose loss may still be set off against the income of the day's year."""
    year = given.day.year
    usual = Range.of(year) - given.figure("normal_years").value
    oldest = year - given.figure("extended_years").value
    candidate = greater(oldest, qualified.since - given.figure("years_before").value)
    still_open = all_of([qualified.ever, at_most(candidate, qualified.until - 1)])
    return when(still_open, candidate, usual)
