"""Whose figures a stretch of a sentence tells, and whether they hold: not a neighbour's, not
next year's, not a threshold that is asked about.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.fact_reading.amounts import Amount
from assistant.fact_reading.moments import Moment
from assistant.fact_reading.words import pattern

_SENTENCE = re.compile(r"[^。；！？]+[。；！？]?")
_SEGMENT = re.compile(r"[^，。；！？]+")
_ASKS = re.compile(r"？$|(?:吗|么|吧|呢|不)[。！？]?$")
_SUCH = re.compile("的(?:中小|小微|工业|科技型)?(?:企业|公司|单位)")  # 超过2亿元的企业
_PERSONAL = re.compile(
    "我|咱|公司|本企业|本单位|厂里|老板|已是|已经是|去年|今年|上个月|刚|还没|还不|目前|前年"
)
_BEFORE_AMOUNT = re.compile(r"(?:是不是|是否)(?:要|得|需|必须|应|为|是|达到?)?$")


@dataclass(frozen=True)
class Segment:
    """Text between two commas at plain[start:end], within the sentence at `within`."""

    start: int
    end: int
    within: tuple[int, int]


def find_segments(plain: str) -> list[Segment]:
    """The segments of a text in order."""
    return [
        Segment(*part.span(), sentence.span())
        for sentence in _SENTENCE.finditer(plain)
        for part in _SEGMENT.finditer(plain, *sentence.span())
    ]


class Scopes:
    """Which parts of one text tell facts of the enterprise itself."""

    def __init__(
        self, plain: str, amounts: Sequence[Amount], moments: Sequence[Moment], year: int
    ) -> None:
        """`year` is the year of the day on which the sentence is said."""
        self.plain = plain
        self.amounts = amounts
        self.told_at: list[int] = []  # where figures of the enterprise were read
        self._future_years = [one.start for one in moments if one.year > year]

    def is_own(self, segment: Segment, at: int) -> bool:
        """Whether what stands at `at` is told of the enterprise as it is."""
        if self._is_others(segment, at):
            return False
        return not self._is_future(segment, at)

    def _is_others(self, segment: Segment, at: int) -> bool:
        text, begin = self.plain, segment.within[0]
        own = _last(pattern("scopes", "own"), text, begin, at)
        others = _last(pattern("scopes", "others"), text, begin, at)
        for name in ("others_near", "others_kin"):
            near = pattern("scopes", name)
            others = max(others, _last(near, text, segment.start, segment.end))
        for other in pattern("scopes", "others_kin").finditer(text, begin, at):
            lead = re.split("[，。；]", text[begin : other.start()])[-1]
            others = max(others, other.start() if len(lead) <= 2 else -1)
        return others > own

    def _is_future(self, segment: Segment, at: int) -> bool:
        begin = segment.within[0]
        future = _last(pattern("scopes", "future"), self.plain, begin, at)
        future = max([future, *(one for one in self._future_years if begin <= one < at)])
        present = _last(pattern("scopes", "present"), self.plain, begin, at)
        return future > present

    def is_threshold(self, segment: Segment, amount: Amount) -> bool:
        """Whether an amount is a limit that somebody asks about rather than the enterprise's."""
        text = self.plain[segment.start : segment.end]
        begin, end = segment.within
        if pattern("scopes", "threshold").search(text):
            return True
        if _BEFORE_AMOUNT.search(self.plain, segment.start, amount.start):
            return True
        if not amount.is_bound:
            return False
        if _SUCH.match(self.plain, amount.end):
            return True
        own = _last(pattern("scopes", "own"), self.plain, begin, amount.start) >= 0
        if own or re.search("公司|企业现", self.plain[begin : amount.start]):
            return False
        sentence = self.plain[begin:end]
        return bool(
            pattern("scopes", "threshold_end").search(sentence)
            or pattern("scopes", "general_subject").search(sentence)
            or (_ASKS.search(sentence) and not self._has_exact(begin, end))
        )

    def is_general(self, segment: Segment) -> bool:
        """Whether a sentence asks in general, telling nothing of anybody: no figure, no 我们."""
        begin, end = segment.within
        sentence = self.plain[begin:end]
        if not (_ASKS.search(sentence) or pattern("scopes", "asks_on").search(sentence)):
            return False
        is_told = bool(_PERSONAL.search(sentence) or re.match("不是|非|没有|尚?未", sentence))
        return not (is_told or any(begin <= one < end for one in self.told_at))

    def _has_exact(self, begin: int, end: int) -> bool:
        return any(begin <= one.start < end and not one.is_bound for one in self.amounts)


def _last(pattern: re.Pattern[str], text: str, begin: int, end: int) -> int:
    """Where the pattern stands last; -1 where it does not."""
    return max((match.start() for match in pattern.finditer(text, begin, end)), default=-1)
