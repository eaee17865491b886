"""孵化器免税: the property, land-use and value-added tax that an incubator need not pay.

公告2023年第42号. The taxes otherwise due are told by the enterprise, since they go by local rates.
"""

from assistant.rules.calculation import Calculation, Given, Step


def calculate(given: Given) -> Calculation:
    """The year's tax saved, CNY a year; of the value-added tax only what is surely exempt."""
    exempt, vat_share = given.figure("exempt_share"), given.figure("vat_exempt_share")
    estate = given.number("incubator_property_tax") * exempt.value
    land = given.number("incubator_land_tax") * exempt.value
    vat = given.number("incubator_vat") * vat_share.value
    saving = estate + land + vat
    unit = "CNY/year"
    return Calculation(
        {"saving": saving},
        (
            Step("免征的房产税", "应缴的房产税全免", estate, unit, exempt.reference),
            Step("免征的城镇土地使用税", "应缴的土地使用税全免", land, unit, exempt.reference),
            Step(
                "可以确定免征的增值税",
                "孵化服务应缴的增值税 × 可以确定免征的比例",
                vat,
                unit,
                vat_share.reference,
            ),
            Step("合计少缴的税", "三项相加", saving, unit, exempt.reference),
        ),
    )
