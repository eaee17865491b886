"""Figures of a supposed case for a programme that the question names: 合同10万元能领多少.

Read only for the facts of that programme, by their own words right before or after the figure.
A question in general tells nothing of an enterprise, but its figures are what it asks about.
"""

import re
from collections.abc import Mapping
from decimal import Decimal

from assistant.fact_reading.amounts import Amount, Unit, find_amounts
from assistant.rules.facts import FactType, Kind, Value
from assistant.rules.ranges import INFINITY, Range
from corpus.cleaning import simplify

_UNITS = {Unit.MONEY: Kind.MONEY, Unit.SHARE: Kind.RATIO, Unit.PERSON: Kind.COUNT}
_BETWEEN = r"[^，。；？、,;?\d]{0,8}$"
_AFTER = r"^[^，。；？、,;?\d]{0,6}"
_LIMIT = re.compile(r"(上限|限额|标准|门槛|封顶|最高|最低|要求|奖励?|补助?)[^，。；？,;?]{0,4}$")


def read_for(plain: str, facts: Mapping[str, FactType]) -> dict[str, Value]:
    """Fact -> value for the figures that stand beside a fact's word, each figure once."""
    found: dict[str, Value] = {}
    for amount in find_amounts(plain):
        name = None if amount.is_bound else _fact_of(plain, amount, facts, found)
        if name is not None:
            found[name] = Range(amount.low or Decimal(0), amount.high or INFINITY)
    return found


def _fact_of(
    plain: str, amount: Amount, facts: Mapping[str, FactType], found: Mapping[str, Value]
) -> str | None:
    """The fact whose longest word stands beside the figure."""
    before, after = plain[: amount.start], plain[amount.end :]
    if _LIMIT.search(before):
        return None
    best: tuple[int, str] | None = None
    for name, fact in facts.items():
        if name in found or fact.kind is not _UNITS.get(amount.unit):
            continue
        for word in (fact.name, *fact.said):
            said = re.escape(simplify(word))
            if re.search(said + _BETWEEN, before) or re.search(_AFTER + said, after):
                best = max(best or (0, ""), (len(word), name))
    return best[1] if best else None
