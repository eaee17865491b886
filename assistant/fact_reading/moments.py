"""Days, months and years that a sentence names: 2019年, 21年3月, 去年, 上个月, 2012-04-18.

What it does not know: what happened then.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from assistant.fact_reading.numerals import number


@dataclass(frozen=True)
class Moment:
    """A day known to lie between `first` and `last`, named at plain[start:end]."""

    start: int
    end: int
    first: date
    last: date

    @property
    def year(self) -> int:
        """The year in which it lies."""
        return self.first.year


_YEARS_AGO = {"今年": 0, "本年": 0, "去年": 1, "上年": 1, "上一年": 1, "前年": 2, "大前年": 3}
_YEARS_AGO |= {"明年": -1, "后年": -2, "下一年": -1}
_CN = "零〇一二两三四五六七八九"
_YEAR = rf"(?P<year>[12]\d{{3}}|[一二][{_CN}]{{3}})"
_SHORT = rf"(?<![\d.])(?<![{_CN}十百])(?P<year>\d\d|[{_CN}]{{2}})"
_MONTH = r"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY = r"(?P<day>3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
_NAMED = rf"(?P<ago>{'|'.join(sorted(_YEARS_AGO, key=len, reverse=True))})"
_FOUNDED = "(?=(?:才|刚|就)?(?:成立|注册|创办|创立|开办|开业|设立|建厂|底成立|初成立|[建办开]的))"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_YEAR}年1[-至到—–]12月份?",
        rf"{_YEAR}年度?{_MONTH}月份?{_DAY}[日号]",
        rf"(?<!\d){_YEAR}[-./]{_MONTH}[-./]{_DAY}(?!\d)",
        r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>[0-2]\d|3[01])(?!\d)",
        rf"{_YEAR}年{_MONTH}月{_DAY}{_FOUNDED}",
        rf"(?P<month_ago>上上个?月|上个?月|本月|这个月){_DAY}[日号]",
        rf"{_NAMED}度?的?{_MONTH}月份?{_DAY}[日号]",
        rf"{_SHORT}年{_MONTH}月份?{_DAY}[日号]",
        rf"{_YEAR}年度?{_MONTH}月份?",
        rf"(?<!\d){_YEAR}[-./]{_MONTH}(?!\d|%|万|亿)",
        rf"{_NAMED}度?的?{_MONTH}月份?",
        rf"{_SHORT}年{_MONTH}月份?",
        r"(?P<month_ago>上上个?月|上个?月|本月|这个月)",
        rf"(?<!\d){_YEAR}(?:年度?|{_FOUNDED})",
        rf"{_SHORT}年(?:底|初|{_FOUNDED})",
        rf"(?<=[立办注册]于){_SHORT}年",
        r"(?<![\d.立满了干办开])(?P<year>[12]\d)年(?=[营收研销净利度卖员资入认拿评做实亏赚流的]|\d)",
        rf"{_NAMED}度?",
    )
)
_AGO = re.compile(r"(?P<ago>\d{1,2}|[一二两三四五六七八九十]+)年(?:以)?前")
_MONTHS_AGO = {"上上": 2, "上个": 1, "上月": 1}


def find_moments(plain: str, day: date) -> list[Moment]:
    """Every moment in order, the most exact reading of each; today is `day`.

    >>> [(str(one.first), str(one.last)) for one in find_moments("21年3月成立", date(2026, 1, 1))]
    [('2021-03-01', '2021-03-31')]
    """
    found: list[Moment] = []
    for pattern in (*_PATTERNS, _AGO):
        for match in pattern.finditer(plain):
            start, end = match.span()
            moment = _moment(match, day)
            if moment and all(end <= one.start or start >= one.end for one in found):
                found.append(moment)
    return sorted(found, key=lambda one: one.start)


def _moment(match: re.Match[str], day: date) -> Moment | None:
    groups = match.groupdict()
    year, month = _year(groups, day), _number(groups.get("month"))
    if groups.get("month_ago"):
        ago = _MONTHS_AGO.get(match[0][:2], 0)
        year, month = divmod(day.year * 12 + day.month - 1 - ago, 12)
        month += 1
    if year is None or not 1900 <= year <= 2100:
        return None
    said = _number(groups.get("day"))
    last_month = month or 12
    last_day = said or monthrange(year, last_month)[1]
    if last_day > monthrange(year, last_month)[1]:
        return None
    first = date(year, month or 1, said or 1)
    return Moment(*match.span(), first, date(year, last_month, last_day))


def _year(groups: dict[str, str | None], day: date) -> int | None:
    if ago := groups.get("ago"):
        years = _YEARS_AGO.get(ago)
        return day.year - (_number(ago) or 0 if years is None else years)
    year = _number(groups.get("year"))
    if year is not None and year < 100:
        return year + (2000 if year <= day.year % 100 + 5 else 1900)
    return year


def _number(written: str | None) -> int | None:
    value = number(written) if written else None
    return None if value is None else int(value)
