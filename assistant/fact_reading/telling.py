"""What is told so far: values with their words and periods, and the questions they raise.

What it does not know: which word an amount belongs to (see quantities.py).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.fact_reading.amounts import Amount, Unit
from assistant.fact_reading.measures import Said, measured, which_unit
from assistant.fact_reading.periods import Period, fact_of_period, period_at
from assistant.fact_reading.scope import Scopes, Segment
from assistant.fact_reading.words import Mention, fact_words, pattern
from assistant.rules.facts import FactType, Kind
from assistant.rules.ranges import Range

_GROWTH = re.compile("增长|下降|上涨|提高|增加|下滑|减少|涨")
_MORE_THAN_BEFORE = re.compile("比.{0,6}(?:多|少|增|减|涨|降)[加长少]?了?$|(?:多|少|增加|减少)了$")
_NOT_ONE = re.compile(r"^.{0,10}?[都也](?:还)?(?:没有?|无)|^没有?")
_NONE = re.compile("(?<!有)没有?$")
_DENIED = re.compile(r"(?<!是)不是$")


@dataclass(frozen=True)
class Told:
    """A value told for a fact at plain[start:end]; `word` is what the fact was called."""

    fact: str
    value: Range
    start: int
    end: int
    word: str
    period: Period | None = None
    is_correction: bool = False


@dataclass(frozen=True)
class Found:
    """What was found in a text, each list in order."""

    plain: str
    masked: str
    segments: Sequence[Segment]
    mentions: Sequence[Mention]
    amounts: Sequence[Amount]
    periods: Sequence[Period]
    types: Mapping[str, FactType]
    by_word: Mapping[str, tuple[str, ...]]  # the facts of a word
    year: int  # of the day on which the sentence is said


class Teller:
    """Takes down what one text tells, and leaves out what is not told of the enterprise."""

    def __init__(self, found: Found, scopes: Scopes) -> None:
        self.found = found
        self.scopes = scopes
        self.told: list[Told] = []
        self.questions: list[str] = []
        self.carrying: set[int] = set()  # starts of segments whose period goes on

    def is_told(self, amount: Amount, segment: Segment) -> bool:
        """Whether an amount is the enterprise's own, present, and not taken back."""
        after = self.found.plain[amount.end : segment.end]
        before = self.found.plain[segment.start : amount.start]
        if pattern("scopes", "not_so").search(after) or _DENIED.search(before):
            return False
        if amount.low == 1 and (_NOT_ONE.search(after) or _NONE.search(before)):
            return False
        if self.scopes.is_threshold(segment, amount):
            return False
        if amount.low == 1 and self._is_any(amount, segment):
            return False
        return self.scopes.is_own(segment, amount.start)

    def _is_any(self, amount: Amount, segment: Segment) -> bool:
        """Whether 1 stands for any: 一项软著能用几次."""
        begin, end = segment.within
        alone = sum(begin <= one.start < end for one in self.found.amounts) == 1
        return alone and amount.unit is Unit.ITEM and self.scopes.is_general(segment)

    def tell(
        self,
        fact: str,
        amount: Amount,
        mention: Mention,
        segment: Segment,
        *,
        period: Period | None = None,
        is_corrected: bool = False,
    ) -> bool:
        """Note a value; whether the word has its amount now, noted or doubtful."""
        found = self.found
        period = period or period_at(found.plain, amount.end, segment, found.periods, self.carrying)
        is_near = period is not None and period.start >= segment.start
        meant = fact_of_period(fact, period, is_near, found.types, found.year)
        gap = found.plain[mention.end : amount.start]
        if meant is None:
            return True
        if _MORE_THAN_BEFORE.search(gap):
            return False
        is_growth = amount.unit is Unit.SHARE and bool(_GROWTH.search(gap))
        if is_growth and not found.types[meant].may_be_negative:
            return False
        if self._is_pending(meant, segment):
            return False
        start, end = min(mention.start, amount.start), max(mention.end, amount.end)
        if mention.start < segment.start:
            start = amount.start
        said = Said(found.plain, start, amount, mention.word)
        number = measured(said, found.types[meant], fact_words().negative_words.get(meant))
        if number is None:
            self.questions.append(which_unit(said))
            return True
        told = Told(meant, number, start, end, mention.word, period, is_corrected)
        self.told.append(told)
        return True

    def _is_pending(self, fact: str, segment: Segment) -> bool:
        """Whether rights are only applied for: 受理中的发明专利3件."""
        kind = self.found.types[fact]
        if kind.kind is not Kind.COUNT or kind.unit == "人":
            return False
        text = self.found.plain[segment.start : segment.end]
        return bool(re.search(fact_words().pending, text))


def is_within(one: Mention | Amount | Period, segment: Segment) -> bool:
    """Whether something begins in a segment."""
    return segment.start <= one.start < segment.end
