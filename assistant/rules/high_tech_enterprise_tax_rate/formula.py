"""高企减按15%税率: the year's corporate income tax at the reduced rate, and what that saves.

企业所得税法第二十八条第二款. Other reductions and credits are not looked at.
"""

from assistant.rules.calculation import Calculation, Given, Step
from assistant.rules.ranges import ZERO, greater, when
from assistant.rules.shown import amount


def calculate(given: Given) -> Calculation:
    """The tax due and the tax saved, both CNY a year; without the status nothing is saved."""
    full, reduced = given.figure("tax_rate"), given.figure("reduced_rate")
    income = greater(given.number("taxable_income"), ZERO)
    at_full, at_reduced = income * full.value, income * reduced.value
    saving = income * (full.value - reduced.value)
    tax_due = when(given.verdict, at_reduced, at_full)
    high, low = amount(full.value, "/1"), amount(reduced.value, "/1")
    rows = (
        ("按一般税率计算的税", f"应纳税所得额 × {high}", at_full, full),
        ("按优惠税率计算的税", f"应纳税所得额 × {low}", at_reduced, reduced),
        ("少缴的税", f"应纳税所得额 ×（{high} − {low}）", saving, reduced),
    )
    steps = tuple(
        Step(label, how, number, "CNY/year", figure.reference)
        for label, how, number, figure in rows
    )
    return Calculation({"saving": saving, "tax_due": tax_due}, steps)
