"""软件产品增值税即征即退: the VAT beyond a share of the sales that comes back."""

from assistant.rules.calculation import Calculation, Given, Step
from assistant.rules.ranges import above


def calculate(given: Given) -> Calculation:
    """The VAT refunded, CNY: what the VAT due on software exceeds the burden kept."""
    burden = given.figure("kept_burden")
    kept = given.number("software_sales") * burden.value
    refund = above(given.number("software_vat_due"), kept)
    return Calculation(
        {"refund": refund},
        (
            Step("自己负担的增值税", "不含税销售额 × 税负界限", kept, "CNY", burden.reference),
            Step("退还的增值税", "超过负担的部分", refund, "CNY", burden.reference),
        ),
    )
