"""设备器具一次性扣除: what one item takes off the year's income, and the tax that this puts off.

It is time value only, so no outcome is a gain: later years lose the depreciation.
"""

from assistant.rules.calculation import Calculation, Given, Step
from assistant.rules.ranges import above, when


def calculate(given: Given) -> Calculation:
    """The deduction of the year of one item, and the tax of that year put off, both CNY."""
    price = given.number("equipment_unit_price")
    ordinary = given.number("equipment_depreciation")
    deferred = above(price, ordinary) * given.number("income_tax_rate")
    day = given.rule.period_on(given.day)
    reference = day.reference if day else None
    how = "（设备价值 − 当年本应计提的折旧）× 企业适用税率"
    return Calculation(
        {
            "deduction": when(given.verdict, price, 0),
            "deferred_tax": when(given.verdict, deferred, 0),
        },
        (
            Step("当年一次性扣除", "设备的单位价值", price, "CNY", reference),
            Step("当年少缴、以后年度再缴的税", how, deferred, "CNY", reference),
        ),
    )
