"""集成电路和工业母机企业: the extra deduction at their rate, and what it saves beyond the usual.

The gain told is the difference only, so that it can be added to that of 研发费用加计扣除.
"""

from assistant.rules.calculation import Calculation, Given, Step
from assistant.rules.ranges import when
from assistant.rules.super_deduction.formula import UNIT, count_expenses
from assistant.rules.tax_rate import own_rate


def calculate(given: Given) -> Calculation:
    """The whole extra deduction at the higher rate, and the tax saved beyond the general rate."""
    counted = count_expenses(given)
    rate, general = given.figure("rate"), given.figure("general_rate")
    extra = counted.total * rate.value
    own = own_rate(given)
    whole = counted.told * rate.value * own
    saving = counted.told * (rate.value - general.value) * own
    cost = given.number("rd_intangible_cost")
    more = "所述费用 ×（本类企业的加计比例 − 一般企业的加计比例）× 企业适用税率"
    law = given.figure("statutory_rate").reference
    return Calculation(
        {
            "extra_deduction": when(given.verdict, extra, 0),
            "saving": saving,
            "intangible_write_off": when(given.verdict, cost * (rate.value + 1), cost),
        },
        (
            *counted.steps,
            Step("加计扣除额", "可加计的研发费用合计 × 加计比例", extra, UNIT, rate.reference),
            Step("共少缴的税", "所述费用的加计扣除额 × 企业适用税率", whole, UNIT, law),
            Step("比一般企业多少缴的税", more, saving, UNIT, general.reference),
        ),
    )
