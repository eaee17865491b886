"""Which fact's word a quantity belongs to: the one before it, behind it, or carried on.

What it does not know: whose figures they are, and what their values become.
"""

import re
from collections.abc import Mapping, Sequence

from assistant.fact_reading.amounts import Amount, Unit
from assistant.fact_reading.words import Mention, pattern
from assistant.rules.facts import FactType, Kind


def fits(fact: FactType, amount: Amount) -> bool:
    """Whether an amount can be a value of a fact, by its unit."""
    unit = amount.unit
    if fact.kind is Kind.MONEY:
        return unit in (Unit.MONEY, Unit.NONE)
    if fact.kind is Kind.RATIO:
        return unit is Unit.SHARE
    if fact.kind is Kind.COUNT:
        if fact.unit == "人":
            is_one = unit is Unit.ITEM and amount.counter == "个"
            return unit in (Unit.PERSON, Unit.NONE) or is_one
        return unit in (Unit.ITEM, Unit.NONE) or amount.counter == fact.unit != "项"
    if fact.kind is Kind.NUMBER:
        if fact.unit in ("年", "个月", "月"):
            return unit in (Unit.YEAR, Unit.MONTH)
        is_item = unit is Unit.ITEM and fact.unit in ("项", "个", "件")
        return unit is Unit.NONE or is_item or (bool(fact.unit) and amount.counter == fact.unit)
    return False


def named(mention: Mention, amount: Amount, types: Mapping[str, FactType]) -> str | None:
    """The fact that a word names beside an amount: 研发25人, 研发260万元, 研发5%."""
    direct = [one for one in mention.facts if fits(types[one], amount)]
    if direct or amount.unit is not Unit.SHARE:
        return direct[0] if direct else None
    return share_of(mention.facts, (), types)


def share_of(
    parts: Sequence[str], wholes: Sequence[str], types: Mapping[str, FactType]
) -> str | None:
    """The share that one of `parts` makes of one of `wholes`, of anything where none is named."""
    shares = [one for one in parts if one in types and types[one].kind is Kind.RATIO]
    quotients = [
        name
        for part in parts
        for name, fact in types.items()
        if fact.quotient and fact.quotient.of == part
    ]
    if not wholes:
        return next(iter([*shares, *quotients]), None)
    whole = {_base(one) for one in wholes}
    for one in (*quotients, *shares):
        quotient = types[one].quotient
        if quotient and _base(quotient.to) in whole:
            return one
    return next((one for one in shares if types[one].quotient is None), None)


def _base(name: str) -> str:
    """revenue for revenue_3y: 同期销售收入 may be of one year or of three."""
    return re.sub(r"_\dy$", "", name)


_PEOPLE = re.compile(
    "的?(?:员工|职工|人员?)(?:都?是|为|属于|在?[做搞]|从事)|的?人?在?(?:搞|做|从事)"
)


def _share_mark(plain: str, begin: int, end: int) -> int:
    """Where 占, or 与 of 与营业收入之比, stands last; -1 where neither does."""
    ratio = plain.rfind("之比", begin, end)
    return max(plain.rfind("占", begin, end), plain.rfind("与", begin, ratio) if ratio > 0 else -1)


class Line:
    """The words and amounts of one segment, and which belong together."""

    def __init__(
        self,
        plain: str,
        start: int,
        mentions: Sequence[Mention],
        amounts: Sequence[Amount],
        types: Mapping[str, FactType],
    ) -> None:
        """The segment begins at plain[start]; dates and periods in `plain` are blanks (＿)."""
        self.plain = plain
        self.start = start
        self.mentions = mentions
        self.amounts = amounts
        self.types = types
        self.taken: set[int] = set()  # starts of words that have their amount

    def subject(self, amount: Amount) -> tuple[Mention, str] | None:
        """The word beside an amount and the fact it names; None where no word is near."""
        if amount.unit is Unit.SHARE:
            found = self._share(amount) or self._share_of_staff(amount)
            if found:
                return found
        before = self._before(amount)
        if before is not None and before.start not in self.taken:
            fact = named(before, amount, self.types)
            if fact or not before.facts:
                return (before, fact) if fact else None
        after = self._after(amount)
        if after is not None and not self._is_wanted(after):
            fact = named(after, amount, self.types)
            return (after, fact) if fact else None
        return None

    def _before(self, amount: Amount) -> Mention | None:
        near = [one for one in self.mentions if one.end <= amount.start]
        return near[-1] if near and self._is_gap("after_word", near[-1].end, amount.start) else None

    def has_word_before(self, amount: Amount) -> bool:
        """Whether a word without an amount of its own stands right before."""
        before = self._before(amount)
        return before is not None and before.start not in self.taken

    def _after(self, amount: Amount) -> Mention | None:
        near = [one for one in self.mentions if one.start >= amount.end]
        return near[0] if near and self._is_gap("after_number", amount.end, near[0].start) else None

    def _is_wanted(self, mention: Mention) -> bool:
        """Whether the next amount needs the word more: 120人科技人员11人."""
        later = [one for one in self.amounts if one.start >= mention.end]
        if not later or self._before(later[0]) is not mention:
            return False
        return named(mention, later[0], self.types) is not None and self._after(later[0]) is None

    def parts(self, amount: Amount) -> list[Mention]:
        """The words before 占 and an amount, since the last amount."""
        begin = max(
            (one.end for one in self.amounts if one.end <= amount.start), default=self.start
        )
        mark = _share_mark(self.plain, begin, amount.start)
        if mark == begin:  # 主营业务收入7200万元占营业收入的96%
            return [one for one in self.mentions if one.end < begin][-1:]
        return [one for one in self.mentions if begin <= one.start and one.end <= mark]

    def _share(self, amount: Amount) -> tuple[Mention, str] | None:
        """The fact of an amount behind 占: the word before it, and what stands between."""
        parts = self.parts(amount)
        if not parts:
            return None
        fact = share_of(parts[-1].facts, self.wholes(amount), self.types)
        return (parts[-1], fact) if fact else None

    def _share_of_staff(self, amount: Amount) -> tuple[Mention, str] | None:
        """30%的员工是科技人员, 40%搞研发: the share of the people that a word names."""
        people = _PEOPLE.match(self.plain, amount.end)
        if people is None:
            return None
        later = [one for one in self.mentions if one.start >= people.end()]
        near = later[0] if later and later[0].start - people.end() <= 2 else None
        fact = share_of(near.facts, ("staff",), self.types) if near else None
        return (near, fact) if near and fact else None

    def wholes(self, amount: Amount) -> list[str]:
        """The facts named between 占 and an amount: what it is a share of."""
        mark = _share_mark(self.plain, self.start, amount.start)
        if mark < 0:
            return []
        between = [one for one in self.mentions if mark < one.start and one.end <= amount.start]
        return [fact for one in between for fact in one.facts]

    def _is_gap(self, name: str, start: int, end: int) -> bool:
        gap = self.plain[start:end].replace("＿", "")
        return bool(pattern("gaps", name).fullmatch(gap))

    def is_bare(self, amount: Amount) -> bool:
        """Whether nothing but idle words stands before an amount in its segment."""
        ends = [one.end for one in self.amounts if one.end <= amount.start]
        before = self.plain[max(ends, default=self.start) : amount.start]
        idle = re.sub("＿|我们自己|我们|我司|公司|自己|财务|这边|左右|、|和", "", before)
        return bool(pattern("gaps", "after_word").fullmatch(idle))
