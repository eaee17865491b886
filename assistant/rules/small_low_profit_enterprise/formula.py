"""小型微利企业: the year's tax at the reduced burden, or at the statutory rate past the cliff.

What it does not know: the rate of a high-tech enterprise that misses the limits.
"""

from assistant.rules.calculation import Calculation, Given, Step
from assistant.rules.ranges import when


def calculate(given: Given) -> Calculation:
    """The tax due and what is saved against the statutory rate, both CNY a year."""
    share, rate = given.figure("counted_share"), given.figure("reduced_rate")
    statutory = given.figure("statutory_rate")
    income = given.number("taxable_income")
    reduced = income * share.value * rate.value
    full = income * statutory.value
    saving = income * (statutory.value - share.value * rate.value)
    unit, how = "CNY/year", "应纳税所得额 × 减按计入的比例 × 税率"
    return Calculation(
        {"saving": saving, "tax_due": when(given.verdict, reduced, full)},
        (
            Step("符合时的应纳税额", how, reduced, unit, share.reference),
            Step("不符合时的应纳税额", "应纳税所得额 × 一般税率", full, unit, statutory.reference),
            Step("少缴的税", "两者之差", saving, unit, rate.reference),
        ),
    )
