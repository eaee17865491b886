"""软件和集成电路企业所得税优惠: the rate of a year of the holiday, and what it saves.

Years are counted from the first profitable year. What it does not know: the lists of encouraged
enterprises, and a production project's own count from its first revenue.
"""

from assistant.rules.calculation import Calculation, Given, Step
from assistant.rules.ranges import Range, all_of, at_least, at_most, either, when

KEY = ("重点软件企业", "重点集成电路设计企业")
PRODUCER = "集成电路生产企业"


def calculate(given: Given) -> Calculation:
    """The year's rate (/1), the tax due and what is saved against the statutory rate, CNY."""
    statutory = given.figure("statutory_rate")
    rate = when(given.verdict, _holiday_rate(given), statutory.value)
    income = given.number("taxable_income")
    due, saving = income * rate, income * (statutory.value - rate)
    unit = "CNY/year"
    return Calculation(
        {"saving": saving, "rate": rate, "tax_due": due},
        (
            Step("当年适用的税率", "按企业类型和优惠期的年数", rate, "/1", statutory.reference),
            Step("应纳税额", "应纳税所得额 × 当年适用的税率", due, unit, statutory.reference),
            Step("少缴的税", "应纳税所得额 ×（一般税率 − 当年税率）", saving, unit),
        ),
    )


def _holiday_rate(given: Given) -> Range:
    kind = given.word("software_ic_kind")
    if kind in KEY:
        return _key(given)
    if kind == PRODUCER:
        return _producer(given)
    if kind is None:
        return either([_key(given), _producer(given), _general(given)])
    return _general(given)


def _general(given: Given) -> Range:
    """两免三减半."""
    return _free_then_half(given, "general_free_until", "general_half_until")


def _key(given: Given) -> Range:
    """五免, then the lower rate for good."""
    year, free = given.number("software_ic_year"), given.figure("key_free_until").value
    return when(at_most(year, free), 0, given.figure("key_rate").value)


def _producer(given: Given) -> Range:
    """Ten years free, 五免五减半, 两免三减半 or nothing, by line width and term of operation."""
    narrowest = _free_then_half(given, "narrowest_free_until", "narrowest_free_until")
    narrow = _free_then_half(given, "narrow_free_until", "narrow_half_until")
    nothing = given.figure("statutory_rate").value
    steps = (
        ("narrowest_width", "long_term", narrowest),
        ("narrow_width", "long_term", narrow),
        ("wide_width", "short_term", _general(given)),
    )
    rate = nothing
    for width, term, held in reversed(steps):
        fits = [
            at_most(given.number("ic_line_width"), given.figure(width).value),
            at_least(given.number("ic_operating_term"), given.figure(term).value),
        ]
        rate = when(all_of(fits), held, rate)
    return rate


def _free_then_half(given: Given, free: str, half: str) -> Range:
    year, statutory = given.number("software_ic_year"), given.figure("statutory_rate").value
    halved = statutory * given.figure("half").value
    later = when(at_most(year, given.figure(half).value), halved, statutory)
    return when(at_most(year, given.figure(free).value), 0, later)
