"""宁夏科技创新券: what one contract for a technology service brings.

管理办法（2021年修订）. The yearly ceiling isn't in the corpus, so that one contract is worked out.
"""

from assistant.rules.calculation import Calculation, Given, Step


def calculate(given: Given) -> Calculation:
    """The voucher of one contract, CNY."""
    share = given.figure("contract_share")
    voucher = given.number("nx_voucher_contract") * share.value
    step = Step("单笔合同申领金额", "合同金额 × 50%", voucher, "CNY", share.reference)
    return Calculation({"voucher": voucher}, (step,))
