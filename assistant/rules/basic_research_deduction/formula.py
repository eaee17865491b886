"""企业投入基础研究: the extra deduction of the money given, and the tax that it saves."""

from assistant.rules.calculation import Calculation, Given, Step
from assistant.rules.ranges import when
from assistant.rules.tax_rate import own_rate


def calculate(given: Given) -> Calculation:
    """The extra deduction and the tax that it saves, both CNY a year."""
    rate = given.figure("rate")
    extra = given.number("basic_research_spending") * rate.value
    saving = extra * own_rate(given)
    law, unit = given.figure("statutory_rate").reference, "CNY/year"
    return Calculation(
        {"extra_deduction": when(given.verdict, extra, 0), "saving": saving},
        (
            Step("加计扣除额", "基础研究支出 × 加计比例", extra, unit, rate.reference),
            Step("额外少缴的税", "加计扣除额 × 企业适用税率", saving, unit, law),
        ),
    )
