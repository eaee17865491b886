"""宁夏技术交易补助: the most that a buyer, a seller or a registry may get.

宁科规发〔2023〕8号 says 最高, so what is worked out for buyers and sellers is a ceiling.
"""

from dataclasses import dataclass

from assistant.rules.calculation import Calculation, Given, Step
from assistant.rules.ranges import Range, lesser


@dataclass(frozen=True)
class _Way:
    """What the subsidy of a kind of applicant goes by, and the parameters of its rate and cap."""

    fact: str
    rate: str
    cap: str
    is_ceiling: bool = True


_WAYS = {
    "受让方（许可、转让引进）": _Way("nx_trade_paid", "buyer_rate", "buyer_cap"),
    "受让方（作价入股引进）": _Way("nx_trade_capital", "investor_rate", "buyer_cap"),
    "输出方（企业）": _Way("nx_trade_received", "seller_rate", "seller_cap"),
    "输出方（高校、研究开发机构等）": _Way(
        "nx_trade_received", "institution_rate", "institution_cap"
    ),
    "技术合同认定登记机构": _Way("nx_trade_registered", "registry_rate", "registry_cap", False),
}


def calculate(given: Given) -> Calculation:
    """The subsidy, CNY; from 0 to the ceiling where the measures only state a ceiling."""
    way = _WAYS.get(given.word("nx_trade_role") or "")
    if way is None:
        return Calculation({})
    rate, cap = given.figure(way.rate), given.figure(way.cap)
    base = given.number(way.fact)
    share = base * rate.value
    most = lesser(share, cap.value)
    subsidy = Range(Range.of(0).low, most.high) if way.is_ceiling else most
    name = given.known.types[way.fact].name
    return Calculation(
        {"subsidy": subsidy},
        (
            Step("按比例计算", f"{name} × 补助比例", share, "CNY", rate.reference),
            Step("补助金额", "与上限取小者，至多", subsidy, "CNY", cap.reference),
        ),
    )
