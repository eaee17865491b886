"""Facts that can't be right, and facts told twice with different values.

A doubt is no verdict: it says what was given, what would be expected, what to do. What it does
not know: sentences, and what a rule wants.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from assistant.rules.facts import Facts, FactType, Kind, Value
from assistant.rules.ranges import INFINITY, ZERO, Range
from assistant.rules.shown import plain, value_shown
from corpus.validity import chinese_day

_FIRST_DAY = date(1949, 10, 1)  # no enterprise of today was registered before
_LEAST_A_HEAD, _MOST_A_HEAD = Decimal(1000), Decimal(10) ** 9  # revenue in CNY a year
_MOST_RD_TO_REVENUE = Decimal(20)
_ROUNDING = Decimal("0.5")  # of the last digit that was told
_CORRECTS = re.compile("不对|说错|写错|记错|改成|改为|更正|纠正|应该是|应当是|其实是|准确说|口误")
_CHECK = "请核对后改正。"


@dataclass(frozen=True)
class Doubt:
    """Facts that can't be right together, with the sentence that asks about them."""

    facts: frozenset[str]
    text: str


@dataclass(frozen=True)
class Contradiction:
    """A fact told with two values; `text` asks which holds."""

    fact: str
    earlier: Value
    later: Value
    text: str


def find_doubts(facts: Facts, types: Mapping[str, FactType], day: date) -> tuple[Doubt, ...]:
    """What can't be right in the facts told, each with what to do about it; none is changed."""
    told = {name: value for name, value in facts.values.items() if name in types}
    found: list[Doubt] = []
    for name, value in told.items():
        found += _doubts_of_one(name, value, types[name], day)
    for check in (_parts, _quotients, _a_head, _rd_and_revenue):
        found += check(told, types)
    return tuple(found)


def _doubts_of_one(name: str, value: Value, fact: FactType, day: date) -> Iterator[Doubt]:
    if isinstance(value, date):
        yield from _day(name, value, fact, day)
    if not isinstance(value, Range):
        return
    given = f"“{fact.name}”填的是{value_shown(value, fact)}"
    if not fact.may_be_negative and value.low < 0:
        yield Doubt(frozenset({name}), f"{given}，不应当小于0。{_CHECK}")
    if fact.at_most is not None and value.low > fact.at_most:
        most = value_shown(Range.of(fact.at_most), fact)
        yield Doubt(frozenset({name}), f"{given}，最多应当是{most}。{_CHECK}")
    if fact.kind is Kind.COUNT and any(_is_broken(one) for one in (value.low, value.high)):
        low = plain(value.low if value.low.is_finite() else value.high, 4)
        text = f"“{fact.name}”填的是{low}{fact.unit}，应当是整数。{_CHECK}"
        yield Doubt(frozenset({name}), text)


def _is_broken(number: Decimal) -> bool:
    return number.is_finite() and number != number.to_integral_value()


def _day(name: str, value: date, fact: FactType, day: date) -> Iterator[Doubt]:
    given = f"“{fact.name}”填的是{value_shown(value, fact)}"
    if value > day:
        yield Doubt(frozenset({name}), f"{given}，晚于{chinese_day(day)}。{_CHECK}")
    elif value < _FIRST_DAY:
        yield Doubt(frozenset({name}), f"{given}，早于1949年10月1日。{_CHECK}")


def _numbers(told: Mapping[str, Value], *names: str) -> tuple[Range, ...] | None:
    """The ranges of several facts; None where one of them was not told."""
    values = [told.get(name) for name in names]
    ranges = tuple(one for one in values if isinstance(one, Range))
    return ranges if len(ranges) == len(names) else None


def _parts(told: Mapping[str, Value], types: Mapping[str, FactType]) -> Iterator[Doubt]:
    """A part that is more than its whole."""
    for name in told:
        whole = types[name].part_of
        pair = _numbers(told, name, whole) if whole in types and whole else None
        if whole and pair and pair[0].low > pair[1].high:
            part_shown = value_shown(pair[0], types[name])
            whole_shown = value_shown(pair[1], types[whole])
            text = (
                f"“{types[name].name}”是{part_shown}，“{types[whole].name}”是{whole_shown}，"
                f"前者不应当多于后者。{_CHECK}"
            )
            yield Doubt(frozenset({name, whole}), text)


def _quotients(told: Mapping[str, Value], types: Mapping[str, FactType]) -> Iterator[Doubt]:
    """A share that was told and does not follow from its parts, beyond rounding."""
    for name in told:
        quotient = types[name].quotient
        found = _numbers(told, name, quotient.of, quotient.to) if quotient else None
        if quotient is None or found is None or found[2].high == 0:
            continue
        share, worked = found[0], found[1] / found[2]
        slack = _slack(share.low)
        if share.low - slack <= worked.high and worked.low <= share.high + slack:
            continue
        fact = types[name]
        text = (
            f"“{fact.name}”填的是{value_shown(share, fact)}，但按"
            f"{types[quotient.of].name}{value_shown(found[1], types[quotient.of])}和"
            f"{types[quotient.to].name}{value_shown(found[2], types[quotient.to])}计算是"
            f"{value_shown(worked, fact)}。请核对这三个数，或者只填其中两个。"
        )
        yield Doubt(frozenset({name, quotient.of, quotient.to}), text)


def _slack(share: Decimal) -> Decimal:
    """Half of the last digit told, as percent are told: 0.05 is 5 %, 4.5 % to 5.5 %."""
    if not share.is_finite():
        return ZERO
    exponent = share.normalize().as_tuple().exponent
    digits = min(int(exponent), -2)
    return _ROUNDING * Decimal(1).scaleb(digits)


def _a_head(told: Mapping[str, Value], types: Mapping[str, FactType]) -> Iterator[Doubt]:
    """Revenue for each of the staff that shows 元 and 万元 mixed up."""
    pair = _numbers(told, "revenue", "staff")
    if pair is None or pair[1].low <= 0 or pair[0].high <= 0:
        return
    worked = pair[0] / pair[1]
    if worked.high >= _LEAST_A_HEAD and worked.low <= _MOST_A_HEAD:
        return
    is_low = worked.high < _LEAST_A_HEAD
    how = "每人每年不到1000元" if is_low else "每人每年超过10亿元"
    advice = "是否把万元写成了元" if is_low else "是否多写了“万”"
    text = (
        f"“{types['revenue'].name}”是{value_shown(pair[0], types['revenue'])}，"
        f"“{types['staff'].name}”是{value_shown(pair[1], types['staff'])}，"
        f"合{how}，不合常理。请核对单位：{advice}。"
    )
    yield Doubt(frozenset({"revenue", "staff"}), text)


def _rd_and_revenue(told: Mapping[str, Value], types: Mapping[str, FactType]) -> Iterator[Doubt]:
    """Expense on research many times the revenue: a slip, unless there is no revenue yet."""
    for expense, revenue in (("rd_expense", "revenue"), ("rd_expense_3y", "revenue_3y")):
        pair = _numbers(told, expense, revenue)
        if pair is None or pair[1].high <= 0 or pair[0].low <= pair[1].high * _MOST_RD_TO_REVENUE:
            continue
        text = (
            f"“{types[expense].name}”是{value_shown(pair[0], types[expense])}，"
            f"超过“{types[revenue].name}”{value_shown(pair[1], types[revenue])}的20倍，不合常理。"
            "请核对单位是元还是万元。"
        )
        yield Doubt(frozenset({expense, revenue}), text)


def merge(
    earlier: Facts, later: Facts, plain: str, types: Mapping[str, FactType]
) -> tuple[Facts, tuple[Contradiction, ...]]:
    """The facts of two turns together, and the facts told with two values, to be asked about.

    `plain` is the later turn: where it says that it corrects (不对、改成、应该是), its values
    hold. Where one range lies within the other the narrower holds. A contradicted fact keeps
    its earlier value until the question is answered.
    """
    is_correction = bool(_CORRECTS.search(plain))
    values: dict[str, Value] = {}
    found: list[Contradiction] = []
    for name, value in later.values.items():
        before = earlier.values.get(name)
        settled = value if before is None or is_correction else _settled(before, value)
        if settled is not None:
            values[name] = settled
        elif before is not None and name in types:
            found.append(Contradiction(name, before, value, _which(types[name], before, value)))
    kept = earlier.without(_outdated(earlier, values, types)).with_values(values)
    unsure = later.unsure - kept.values.keys()
    return Facts(kept.values, kept.unsure | unsure), tuple(found)


def _outdated(
    earlier: Facts, values: Mapping[str, Value], types: Mapping[str, FactType]
) -> frozenset[str]:
    """Years that were only guessed at (2021年成立) until the day itself is told."""
    return frozenset(
        name
        for name in earlier.values
        if name in types and types[name].years_since in values and name not in values
    )


def _settled(before: Value, after: Value) -> Value | None:
    """The value that agrees with both; None where they contradict each other."""
    if before == after:
        return after
    if not isinstance(before, Range) or not isinstance(after, Range):
        return None
    low, high = max(before.low, after.low), min(before.high, after.high)
    is_within = Range(low, high) in (before, after)
    is_open = INFINITY in (before.high, after.high) or low == ZERO
    return Range(low, high) if low <= high and (is_within or is_open) else None


def _which(fact: FactType, before: Value, after: Value) -> str:
    first, second = value_shown(before, fact), value_shown(after, fact)
    return f"“{fact.name}”之前说的是“{first}”，这次说的是“{second}”，以哪个为准？"
