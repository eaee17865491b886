"""The rate at which an enterprise pays income tax, as far as it told it or it follows."""

from assistant.rules.calculation import Given
from assistant.rules.ranges import ZERO, Range, when


def own_rate(given: Given) -> Range:
    """The rate as told; else that of a high-tech enterprise; else all from 0 to the statutory one.

    Only for what an enterprise gains: a told rate wins over the one that follows from 高新技术企业.
    The rule holds the parameters statutory_rate and high_tech_rate, both /1.
    """
    told = given.number("income_tax_rate")
    if given.known.is_known("income_tax_rate"):
        return told
    statutory, high_tech = given.figure("statutory_rate"), given.figure("high_tech_rate")
    anything = Range(ZERO, statutory.value.high)
    return when(given.truth("high_tech_enterprise"), high_tech.value, anything)
