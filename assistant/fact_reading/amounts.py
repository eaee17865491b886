"""Quantities as people write them: 3,200万元, 1.2个亿, 百分之五, 三成多, 不到300人, 80到100个.

What it does not know: which fact a quantity belongs to, and dates (see moments.py).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from assistant.fact_reading.numerals import Bounds, read_numeral

Span = tuple[int, int]


class Unit(StrEnum):
    """What stands after a number."""

    MONEY = "money"  # 元, or 万 and 亿 with nothing that is counted
    SHARE = "share"  # %, 成, 百分之; the number is a fraction of 1
    PERSON = "person"
    ITEM = "item"
    YEAR = "year"
    MONTH = "month"
    OTHER = "other"  # Amount.counter says what
    NONE = "none"


@dataclass(frozen=True)
class Amount:
    """A quantity at plain[start:end]; an end of None is not known (不到300人 has no low).

    `is_bound` tells that a word such as 不到 or 以上 made it a bound; `is_scaled` that 万 or 亿
    was said.
    """

    start: int
    end: int
    low: Decimal | None
    high: Decimal | None
    unit: Unit
    counter: str = ""
    is_bound: bool = False
    is_scaled: bool = False


_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_RUN = (
    rf"(?:{_DIGITS}|[零〇一二两俩三仨四五六七八九十百千万亿几半]|点(?=[零〇一二三四五六七八九])"
    r"|(?<=[\d百千])(?:kw|KW|[wWkKeE])(?![A-Za-z\d])|个(?=[半多来]?[百千]?[万亿])|(?<=[百千万])把(?=[万亿人个号块])|[多余来](?=[万亿千百])|(?<=[万亿])多)+"
)
_PATTERN = re.compile(
    rf"(?P<minus>(?<![\d年月%万亿个人元项个])[-－]|负的?)?"
    rf"(?:(?P<parts>[百千万十]|[二三四五六七八九]|\d+)分之)?(?P<run>{_RUN})"
)
_MORE = r"(?P<more>[多余])?来?"
_PEOPLE = "(?:人(?!民)|弟兄|兄弟|伙计|(?<=号)(?=员工|职工))"
_UNITS = tuple(
    (unit, Decimal(factor), re.compile(pattern))
    for unit, factor, pattern in (
        (Unit.SHARE, "0.01", rf"{_MORE}(?:%|个百分点|个点)"),
        (Unit.SHARE, "0.001", "‰"),
        (
            Unit.SHARE,
            "0.1",
            r"成(?![立果本品员交都功熟长绩为年分套])(?P<after>半|多|[一二三四五六七八九])?",
        ),
        (Unit.OTHER, "1", r"(?P<counter>美元|美金|欧元|日元|港[元币]|英镑)"),
        (Unit.MONEY, "1", rf"{_MORE}(?:元|块钱?|圆|人民币)"),
        (Unit.PERSON, "1", rf"{_MORE}(?:[名位号口个]{_PEOPLE}|人(?!民|均|次|天)|[名位])"),
        (Unit.MONTH, "1", rf"{_MORE}个(?P<after>半|多)?月"),
        (Unit.YEAR, "1", rf"{_MORE}(?:个年头|周年|年(?!度|级)|岁)(?P<after>半|多)?"),
        (
            Unit.ITEM,
            "1",
            rf"{_MORE}(?P<counter>[个项件款枚篇本份])(?!季度|方面|条件|问题|部门|小时|工作|档|阶段)",
        ),
        (Unit.NONE, "1", r"(?P<more>[多余])"),
    )
)
_AFTER = {"半": (Decimal("0.5"), Decimal("0.5")), "多": (Decimal(0), Decimal(1))}
_AFTER |= {one: (Decimal(i) / 10,) * 2 for i, one in enumerate("一二三四五六七八九", 1)}
_MONTHS = re.compile(r"[零又]?(\d{1,2}|[一二三四五六七八九十]+)个月")
_COUNTER = re.compile(
    r"[a-zA-Z㎡]+|平方?米?|公里|公斤|[吨亩台套次米辆户家只头册字度倍条天日号月点级批期届类种场笔轮座株床项个件]"
    r"|千瓦|分(?!别)"
)
_AT_MOST_BEFORE = re.compile(
    r"(?:不到|不足|不满|(?<!不)(?:低于|少于|小于)|没到|未到|[不未没]超过?|没过|最多|至多|顶多"
    r"|不[高多大]于)[了有]?$"
)
_AT_LEAST_BEFORE = re.compile(
    r"(?:(?<![不未没])超过?|[刚已]过|(?<!不)[大高多]于|突破|至少|不少于|不低于|不小于|最少|起码|少说也?)[了有]?$"
)
_OVER = re.compile(r"[上过破数]$")
_NEARLY = re.compile("快|将近|接近|近")
_AT_LEAST_AFTER = re.compile(r"(?:及|或)?以上|往上|打底|起步")
_AT_MOST_AFTER = re.compile(r"(?:及|或)?以[下内]|之内|不到|不足")
_ABOUT_AFTER = re.compile(r"左右|上下|出头")
_BETWEEN = re.compile(r"\s*(?:到|至|[-—–~～－]+)\s*")
_NO_NUMBER = re.compile(r"一(?=[点般直共起定下样些边致并旦律切方面线流])|十分|[一二三四五]是")


def find_amounts(plain: str, taken: Sequence[Span] = ()) -> list[Amount]:
    """Every quantity in order; `taken` are spans that hold none (dates). A range is one.

    >>> [(one.low, one.high, str(one.unit)) for one in find_amounts("80到100人，不到300万元")]
    [(Decimal('80'), Decimal('100'), 'person'), (None, Decimal('3000000'), 'money')]
    """
    found: list[Amount] = []
    for match in _PATTERN.finditer(plain):
        start, end = match.span("run")
        is_taken = any(a < end and start < b for a, b in taken)
        if is_taken or (found and start < found[-1].end) or _is_no_number(plain, start):
            continue
        amount = _amount(plain, match)
        if amount is None:
            continue
        joined = _joined(plain, found[-1], amount) if found else None
        if joined:
            found.pop()
        found.append(joined or amount)
    return found


def _is_no_number(plain: str, start: int) -> bool:
    is_bare_scale = plain[start] in "万亿" and not _OVER.search(plain, 0, start)
    if plain[start] == "半" and start > 0 and plain[start - 1] in "上下":
        return True
    is_ordinal = start > 0 and plain[start - 1] in "第这那哪某每同任另"
    is_ordinal = is_ordinal and not plain.endswith("合同", 0, start)
    return is_bare_scale or is_ordinal or bool(_NO_NUMBER.match(plain, start))


def _amount(plain: str, match: re.Match[str]) -> Amount | None:
    run = match["run"]
    numeral = read_numeral(run)
    if numeral is None:
        return None
    is_scaled = bool(re.search("[万亿wWeE]", run))
    unit, counter, end, numeral = _with_unit(plain, match, numeral)
    if run == "一" and unit is Unit.NONE and not match["parts"]:
        return None  # 一股脑, 一味
    if match["parts"]:
        parts = (read_numeral(match["parts"]) or numeral)[0]
        unit, numeral = Unit.SHARE, (numeral[0] / parts, numeral[1] / parts)
    elif unit is Unit.NONE and run == "一半":
        unit = Unit.SHARE
    elif unit is Unit.NONE and is_scaled and not counter:
        unit = Unit.MONEY
    if match["minus"]:
        numeral = -numeral[1], -numeral[0]
    start = match.start()
    amount = Amount(start, end, *numeral, unit, counter, is_scaled=is_scaled)
    return _bounded(plain, amount, run)


def _with_unit(plain: str, match: re.Match[str], numeral: Bounds) -> tuple[Unit, str, int, Bounds]:
    """The unit after a run, its word where it is no common one, its end, the number with it."""
    for unit, factor, pattern in _UNITS:
        said = pattern.match(plain, match.end())
        if said is None:
            continue
        groups = said.groupdict()
        if groups.get("more"):
            numeral = read_numeral(f"{match['run']}多") or numeral
        low, high = numeral
        least, most = _AFTER.get(groups.get("after") or "", (Decimal(0), Decimal(0)))
        end = said.end()
        months = _MONTHS.match(plain, end) if unit is Unit.YEAR else None
        if months:  # 两年零三个月
            end, part = months.end(), (read_numeral(months[1]) or numeral)[0] / 12
            least, most = part, part
        numeral = (low + least) * factor, (high + most) * factor
        return unit, groups.get("counter") or "", end, numeral
    counter = _COUNTER.match(plain, match.end())
    if counter is None:
        return Unit.NONE, "", match.end(), numeral
    return Unit.OTHER, counter[0], counter.end(), numeral


def _bounded(plain: str, amount: Amount, run: str) -> Amount:
    """The amount with 不到, 至少, 以上 and the like before or after it."""
    before, after = plain[max(amount.start - 6, 0) : amount.start], amount.end
    if about := _ABOUT_AFTER.match(plain, after):
        return replace(amount, end=about.end())
    if amount.unit is Unit.YEAR and amount.low and _NEARLY.search(before[-2:]):
        return replace(amount, low=amount.low - 1)
    found = [
        ("high", _AT_MOST_BEFORE.search(before), True),
        ("low", _AT_LEAST_BEFORE.search(before), True),
        ("low", _OVER.search(before) if run[0] in "百千万亿" else None, True),
        ("high", _AT_MOST_AFTER.match(plain, after), False),
        ("low", _AT_LEAST_AFTER.match(plain, after), False),
    ]
    for side, match, is_before in found:
        if match is None:
            continue
        start = amount.start - len(match[0]) if is_before else amount.start
        end = amount.end if is_before else match.end()
        low, high = (None, amount.high) if side == "high" else (amount.low, None)
        return replace(amount, start=start, end=end, low=low, high=high, is_bound=True)
    return amount


def _joined(plain: str, first: Amount, second: Amount) -> Amount | None:
    """80 and 100人 with 到 between as one range, 200-300万 as 200万 to 300万; else None."""
    if first.is_bound or first.unit not in (Unit.NONE, second.unit):
        return None
    minus = plain[second.start] in "-－" and second.high is not None and second.high < 0
    gap = plain[first.end : second.start + minus]
    if not _BETWEEN.fullmatch(gap) or first.low is None:
        return None
    low, high = first.low, abs(second.high or second.low or Decimal(0))
    if first.unit is Unit.NONE and second.unit is Unit.SHARE:
        low = low / 100 if plain[second.end - 1] in "%点" else low / 10
    if first.unit is Unit.NONE and second.is_scaled and not first.is_scaled:
        low = _same_scale(low, high)
    end = second.end + (2 if plain.startswith("之间", second.end) else 0)
    return replace(second, start=first.start, end=end, low=low, high=high) if low < high else None


def _same_scale(low: Decimal, high: Decimal) -> Decimal:
    """200 as 2000000 before 300万, 8000 as 80000000 before 1亿."""
    in_yi = low * 10**8
    return in_yi if in_yi < high else low * 10**4
