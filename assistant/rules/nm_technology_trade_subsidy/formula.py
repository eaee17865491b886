"""内蒙古技术交易后补助: what an enterprise of the region gets back for technology it has bought.

内财科规〔2018〕11号: the contract's paid amount in three bands, each at its own rate, with a
ceiling on the sum.
"""

from assistant.rules.calculation import Calculation, Given, Step
from assistant.rules.ranges import above, lesser


def calculate(given: Given) -> Calculation:
    """The subsidy for one purchase, CNY."""
    paid = given.number("nm_trade_amount")
    first, second, third = (given.figure(f"{band}_rate") for band in ("first", "second", "third"))
    low, high = given.figure("first_limit"), given.figure("second_limit")
    cap = given.figure("cap")
    in_first = lesser(paid, low.value) * first.value
    in_second = lesser(above(paid, low.value), high.value - low.value) * second.value
    in_third = above(paid, high.value) * third.value
    subsidy = lesser(in_first + in_second + in_third, cap.value)
    return Calculation(
        {"subsidy": subsidy},
        (
            Step("100万元以下的部分", "这一部分 × 10%", in_first, "CNY", first.reference),
            Step("100万元至500万元的部分", "这一部分 × 5%", in_second, "CNY", second.reference),
            Step("500万元以上的部分", "这一部分 × 3%", in_third, "CNY", third.reference),
            Step("后补助", "三部分之和，不超过最高限额", subsidy, "CNY", cap.reference),
        ),
    )
