"""Amounts, shares and days as a Chinese reader expects them: 25.6万元, 4.2%, 至少12人."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from assistant.rules.facts import FactType, Kind, Known, Value
from assistant.rules.ranges import INFINITY, Range
from corpus.regions import region_name
from corpus.validity import chinese_day

_YI, _WAN = Decimal(100_000_000), Decimal(10_000)
_UNITS = {"person": "人", "item": "项", "point": "分", "year": "年", "month": "个月"}


def plain(number: Decimal, digits: int = 2) -> str:
    """A number without needless zeros, rounded half up.

    >>> plain(Decimal("25.600")), plain(Decimal("0.125"), 2), plain(Decimal(1200))
    ('25.6', '0.13', '1200')
    """
    rounded = number.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    text = format(rounded, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(amount: Decimal) -> str:
    """An amount in CNY, in 亿元, 万元 or 元, never rounded to another amount of 元.

    >>> money(Decimal(256000)), money(Decimal(320_000_000)), money(Decimal("850.5"))
    ('25.6万元', '3.2亿元', '850.5元')
    """
    for unit, name in ((_YI, "亿元"), (_WAN, "万元")):
        scaled = abs(amount) / unit
        if scaled >= 1 and scaled == round(scaled, 4):
            return f"{plain(amount / unit, 4)}{name}"
    if abs(amount) >= _WAN:
        return f"{plain(amount / _WAN, 4)}万元"
    return f"{plain(amount)}元"


def quantity(number: Decimal, unit: str) -> str:
    """A number in a rule's unit: CNY, CNY/year, /1 (a share), person, item, point, year ...

    >>> quantity(Decimal("0.042"), "/1"), quantity(Decimal(5), "person")
    ('4.2%', '5人')
    """
    if unit.startswith("CNY"):
        return money(number)
    if unit == "/1":
        return f"{plain(number * 100)}%"
    return f"{plain(number)}{_UNITS.get(unit, unit)}"


def amount(number: Range, unit: str) -> str:
    """A range in words: 45万元, 最多39万元, 至少100万元, 12至25分, 信息不足.

    >>> from assistant.rules.ranges import Range
    >>> amount(Range(Decimal(0), Decimal(2_000_000)), "CNY")
    '最多200万元'
    """
    if number.exact is not None:
        return quantity(number.exact, unit)
    if not number.is_bounded:
        known = number.low > 0
        return f"至少{quantity(number.low, unit)}" if known else "信息不足"
    if number.low == -INFINITY or number.low == 0:
        return f"最多{quantity(number.high, unit)}"
    return f"{quantity(number.low, unit)}至{quantity(number.high, unit)}"


def unit_of(fact: FactType) -> str:
    """The unit of a fact, as rules name units."""
    return {Kind.MONEY: "CNY", Kind.RATIO: "/1"}.get(fact.kind, fact.unit)


def fact_shown(known: Known, name: str) -> str | None:
    """What is known of a fact, told or worked out; None where nothing is."""
    fact = known.types[name]
    told = known.facts.values.get(name)
    if told is None:
        number = known.number(name)
        if number.low <= 0 and number.high in (INFINITY, fact.at_most):
            return None
        return amount(number, unit_of(fact))
    return value_shown(told, fact)


def value_shown(value: Value, fact: FactType) -> str:
    """One value as a reader expects it."""
    if isinstance(value, Range):
        return amount(value, unit_of(fact))
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return chinese_day(value)
    return region_name(value) if fact.kind is Kind.REGION else value
