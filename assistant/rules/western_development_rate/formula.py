"""西部大开发企业所得税优惠: what the reduced rate saves against the statutory one."""

from assistant.rules.calculation import Calculation, Given, Step
from assistant.rules.ranges import when


def calculate(given: Given) -> Calculation:
    """The tax due and what is saved against the statutory rate, both CNY a year."""
    reduced, statutory = given.figure("reduced_rate"), given.figure("statutory_rate")
    income = given.number("taxable_income")
    due, full = income * reduced.value, income * statutory.value
    saving = income * (statutory.value - reduced.value)
    how, unit = "应纳税所得额 ×（一般税率 − 优惠税率）", "CNY/year"
    return Calculation(
        {"saving": saving, "tax_due": when(given.verdict, due, full)},
        (
            Step("按一般税率的税额", "应纳税所得额 × 一般税率", full, unit, statutory.reference),
            Step("按优惠税率的税额", "应纳税所得额 × 优惠税率", due, unit, reduced.reference),
            Step("少缴的税", how, saving, unit, reduced.reference),
        ),
    )
