"""先进制造业增值税加计抵减: what a tax period adds, uses and carries on."""

from assistant.rules.calculation import Calculation, Given, Step
from assistant.rules.ranges import above, lesser, when


def calculate(given: Given) -> Calculation:
    """The credit added in the period, the part used and the part carried on, CNY.

    No more is used than the VAT due before it; the rest is carried to the next period.
    """
    rate = given.figure("rate")
    added = given.number("deductible_input_vat") * rate.value
    available = added + given.number("carried_vat_credit")
    due = given.number("vat_due_before_credit")
    used, carried = lesser(available, due), above(available, due)
    return Calculation(
        {
            "credit": added,
            "credit_used": when(given.verdict, used, 0),
            "credit_carried": when(given.verdict, carried, 0),
        },
        (
            Step("当期计提的加计抵减额", "可抵扣进项税额 × 计提比例", added, "CNY", rate.reference),
            Step("可抵减的加计抵减额", "当期计提 ＋ 上期结余", available, "CNY", rate.reference),
            Step("当期实际抵减", "与抵减前应纳税额取小者", used, "CNY", rate.reference),
            Step("结转下期", "没有抵完的部分", carried, "CNY", rate.reference),
        ),
    )
