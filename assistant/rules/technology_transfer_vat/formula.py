"""技术转让、技术开发免征增值税: the VAT that is not levied on the revenue of the contract.

The revenue is told without VAT. What it does not know: the input VAT that exempt sales forgo.
"""

from assistant.rules.calculation import Calculation, Given, Step
from assistant.rules.ranges import when


def calculate(given: Given) -> Calculation:
    """The VAT exempted, CNY; at the simple method's rate for those who aren't general taxpayers."""
    general, simple = given.figure("general_rate"), given.figure("simple_rate")
    is_general = given.truth("general_vat_taxpayer")
    rate = when(is_general, general.value, simple.value)
    exempted = given.number("technology_vat_revenue") * rate
    how = "技术交易的不含税收入 × 税率或征收率"
    return Calculation(
        {"exempted_vat": exempted},
        (Step("免征的增值税", how, exempted, "CNY", general.reference),),
    )
