"""An amount as a value of a fact: 万元 as 元, months as years, a loss as a negative profit.

What it does not know: whether the amount belongs to the fact.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from assistant.fact_reading.amounts import Amount, Unit
from assistant.rules.facts import FactType, Kind
from assistant.rules.ranges import INFINITY, ZERO, Range

_FALLING = re.compile("下降|下滑|负增长|减少|降低")
_DECLARED = re.compile(r"(?:单位|金额|口径)[^。；\d]{0,8}?(?P<unit>万元|亿元|元)")
_WORDS = re.compile("以上|以下|以内|左右|上下|出头|不到|不足|不?超过?|至少|最多|多")
_FACTORS = {"元": Decimal(1), "万元": Decimal(10**4), "亿元": Decimal(10**8)}
_CERTAIN = Decimal(10**6)  # nobody writes 1000000 for 1000000 万元


@dataclass(frozen=True)
class Said:
    """An amount with the words told before it, from plain[start]; `word` is the fact's."""

    plain: str
    start: int
    amount: Amount
    word: str


def measured(said: Said, fact: FactType, negative_words: str | None) -> Range | None:
    """The amount in the unit of the fact; None where it may be 元 or 万元."""
    factor = _factor(said, fact)
    if factor is None:
        return None
    low, high = said.amount.low, said.amount.high
    least = -INFINITY if fact.may_be_negative else ZERO
    value = Range(
        least if low is None else low * factor, INFINITY if high is None else high * factor
    )
    is_hyphen = said.plain[said.start : said.amount.start] == said.word
    if value.high < 0 and is_hyphen and not fact.may_be_negative:
        value = ZERO - value  # a hyphen, no minus: 员工-80人
    is_loss = bool(negative_words and re.fullmatch(negative_words, said.word))
    is_below = is_loss or bool(_FALLING.search(said.plain[said.start : said.amount.end]))
    return ZERO - value if is_below and fact.may_be_negative else value


def _factor(said: Said, fact: FactType) -> Decimal | None:
    amount = said.amount
    if fact.kind is Kind.MONEY and amount.unit is Unit.NONE:
        if declared := _DECLARED.search(said.plain):
            return _FACTORS[declared["unit"]]
        size = amount.high if amount.low is None else amount.low
        return None if size and abs(size) < _CERTAIN else Decimal(1)
    if amount.unit is Unit.MONTH and fact.unit == "年":
        return 1 / Decimal(12)
    if amount.unit is Unit.YEAR and fact.unit in ("月", "个月"):
        return Decimal(12)
    return Decimal(1)


def which_unit(said: Said) -> str:
    """The question for an amount without a unit: 说的是3200元还是3200万元？"""
    words = said.plain[said.start : said.amount.end]
    number = _WORDS.sub("", said.plain[said.amount.start : said.amount.end])
    return f"“{words}”说的是{number}元还是{number}万元？"
