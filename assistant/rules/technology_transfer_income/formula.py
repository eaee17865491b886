"""技术转让所得减免: how much of a year's transfer income is taxed, and the tax that this saves.

实施条例第九十条. The saving is told at the statutory rate.
"""

from assistant.rules.calculation import Calculation, Given, Step
from assistant.rules.ranges import above, lesser, when


def calculate(given: Given) -> Calculation:
    """The year's taxable transfer income, its tax and the tax saved, all CNY a year."""
    limit, reduction = given.figure("exemption_limit"), given.figure("reduction")
    rate = given.figure("tax_rate")
    income = given.number("transfer_income")
    exempt = lesser(income, limit.value)
    halved = above(income, limit.value) * reduction.value
    taxable = when(given.verdict, above(income, limit.value) * (1 - reduction.value), income)
    saving = (exempt + halved) * rate.value
    unit = "CNY/year"
    return Calculation(
        {"saving": saving, "taxable_income": taxable, "tax_due": taxable * rate.value},
        (
            Step("免征的部分", "技术转让所得与限额取小者", exempt, unit, limit.reference),
            Step("减征的部分", "超过限额的所得 × 50%", halved, unit, reduction.reference),
            Step("应纳的税", "计入的所得 × 25%", taxable * rate.value, unit, rate.reference),
            Step("少缴的税", "（免征的部分 ＋ 减征的部分）× 25%", saving, unit, rate.reference),
        ),
    )
