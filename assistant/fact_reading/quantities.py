"""Numbers that a sentence tells of the enterprise: amounts tied to words, with their period.

What it does not know: yes and no, places, days; and which of two figures holds (see settling.py).
"""

import re
from collections.abc import Sequence

from assistant.fact_reading.amounts import Amount, Unit
from assistant.fact_reading.lists import read_lists
from assistant.fact_reading.scope import Scopes, Segment
from assistant.fact_reading.subjects import Line, fits, share_of
from assistant.fact_reading.telling import Found, Teller, is_within
from assistant.fact_reading.words import Mention, pattern
from assistant.rules.facts import NUMERIC, Kind
from assistant.rules.ranges import Range

_OF_A_YEAR = re.compile("^(?:大?前年|去年|上年度?|近?[二两三四五]年)")


class Quantities:
    """Reads the segments of a text one after another, remembering what was spoken of."""

    def __init__(self, found: Found, scopes: Scopes) -> None:
        self.found = found
        self.teller = Teller(found, scopes)
        self._open: list[tuple[Mention, bool]] = []  # words so far; whether each has its amount
        self._was_corrected = False

    def read(self) -> None:
        """Have the teller take down everything."""
        previous: Segment | None = None
        for segment in self.found.segments:
            if previous and previous.within != segment.within:
                self._open = []
            self._segment(segment)
            previous = segment

    def _segment(self, segment: Segment) -> None:
        mentions = [one for one in self._numeric() if is_within(one, segment)]
        amounts = [one for one in self.found.amounts if is_within(one, segment)]
        line = Line(self.found.masked, segment.start, mentions, amounts, self.found.types)
        text = self.found.plain[segment.start : segment.end]
        is_corrected = bool(pattern("scopes", "corrected").search(text))
        is_corrected = is_corrected or (self._was_corrected and bool(amounts))
        if self._carries(segment, mentions):
            self.teller.carrying.add(segment.start)
        done = read_lists(self.teller, line, segment)
        for amount in amounts:
            if amount not in done:
                self._amount(amount, line, segment, is_corrected)
        self._open += [(one, one.start in line.taken) for one in mentions]
        self._was_corrected = is_corrected and not amounts

    def _numeric(self) -> list[Mention]:
        kinds = NUMERIC
        return [
            one
            for one in self.found.mentions
            if not one.facts or any(self.found.types[fact].kind in kinds for fact in one.facts)
        ]

    def _carries(self, segment: Segment, mentions: Sequence[Mention]) -> bool:
        rest = self.found.masked[segment.start : segment.end].strip("＿我们公司：的年度、")
        is_first = segment.start == segment.within[0]
        return self._is_figure(mentions) or (is_first and not rest)

    def _is_figure(self, mentions: Sequence[Mention]) -> bool:
        """Whether a sum of a year is spoken of, so that its year holds on to the next segment."""
        kinds = {self.found.types[fact].kind for one in mentions for fact in one.facts}
        return bool(kinds & {Kind.MONEY, Kind.RATIO})

    def _amount(self, amount: Amount, line: Line, segment: Segment, is_corrected: bool) -> None:
        subject = line.subject(amount)
        if subject is None and not self._beside_other(amount, line):
            subject = self._carried(amount, line, segment, is_corrected)
        if subject is None:
            return
        mention, fact = subject
        if not self.teller.is_told(amount, segment):
            return
        if self.teller.tell(fact, amount, mention, segment, is_corrected=is_corrected):
            line.taken.add(mention.start)
            self._close(mention)

    def _beside_other(self, amount: Amount, line: Line) -> bool:
        """Whether a word that is none of our facts claims the amount: 注册资本1000万元."""
        near = [one for one in line.mentions if one.end <= amount.start]
        return bool(near) and not near[-1].facts and near[-1].start not in line.taken

    def _carried(
        self, amount: Amount, line: Line, segment: Segment, is_corrected: bool
    ) -> tuple[Mention, str] | None:
        """The subject of an amount that has no word beside it."""
        is_bare = line.is_bare(amount)
        is_share = amount.unit is Unit.SHARE and not line.parts(amount)
        is_share = is_share and (is_bare or "占" in self._before(segment, amount))
        found = self._share_carried(line.wholes(amount), amount) if is_share else None
        if found:
            return found
        if is_bare and amount.unit not in (Unit.YEAR, Unit.MONTH):
            has_period = any(is_within(one, segment) for one in self.found.periods)
            here = [(one, one.start in line.taken) for one in line.mentions]
            here = [one for one in here if one[0].end <= amount.start and has_period]
            for mention, is_filled in reversed([*self._open[-3:], *here]):
                fact = self._fitting(mention, amount, has_period)
                if fact and (not is_filled or has_period):
                    return mention, fact
        if self.teller.told:
            last = self.teller.told[-1]
            is_refined = is_bare and amount.low is not None and _is_narrower(amount, last.value)
            if (is_corrected or is_refined) and fits(self.found.types[last.fact], amount):
                return Mention(last.start, last.start + len(last.word), last.word, ()), last.fact
        return self._staff(amount, line, segment)

    def _before(self, segment: Segment, amount: Amount) -> str:
        return self.found.plain[segment.start : amount.start]

    def _fitting(self, mention: Mention, amount: Amount, has_period: bool) -> str | None:
        """The fact of a word that an amount fits; 前年研发 is 研发 beside another year."""
        types, facts = self.found.types, mention.facts
        if has_period:
            word = _OF_A_YEAR.sub("", mention.word)
            facts = self.found.by_word.get(word, facts)
        return next((one for one in facts if fits(types[one], amount)), None)

    def _share_carried(self, wholes: Sequence[str], amount: Amount) -> tuple[Mention, str] | None:
        """占比6% after 研发费用210万元: the share that the last figure makes."""
        for mention, is_filled in reversed(self._open):
            if not is_filled and (fact := share_of(mention.facts, wholes, self.found.types)):
                return mention, fact
        for last in reversed(self.teller.told):
            if last.start < self._sentence_start(amount):
                break
            base = re.sub(r"_\dy$", "", last.fact)
            for part in (last.fact, base):
                if fact := share_of([part], [], self.found.types):
                    return Mention(amount.start, amount.start, "", ()), fact
        return None

    def _sentence_start(self, amount: Amount) -> int:
        return next(one.within[0] for one in self.found.segments if is_within(amount, one))

    def _staff(self, amount: Amount, line: Line, segment: Segment) -> tuple[Mention, str] | None:
        """80人 with nothing around it that makes them other people: the staff."""
        if amount.unit is not Unit.PERSON or "staff" not in self.found.types:
            return None
        if amount.low == 1 or line.has_word_before(amount):
            return None
        others: list[Mention | Amount] = [*line.mentions, *line.amounts]
        ends = [one.end for one in others if one.end <= amount.start]
        starts = [one.start for one in others if one.start >= amount.end]
        before = self.found.masked[max(ends, default=segment.start) : amount.start]
        after = self.found.masked[amount.end : min(starts, default=segment.end)]
        if not pattern("gaps", "before_staff").fullmatch(before.replace("＿", "")):
            return None
        if not pattern("gaps", "after_staff").fullmatch(after):
            return None
        return Mention(amount.start, amount.start, "人", ("staff",)), "staff"

    def _close(self, mention: Mention) -> None:
        self._open = [(one, one == mention or filled) for one, filled in self._open]


def _is_narrower(amount: Amount, value: Range) -> bool:
    """Whether an amount says more exactly what was told: 没过亿，九千多万."""
    low, high = amount.low, amount.high
    if low is None or high is None or value.exact is not None:
        return False
    return value.low <= low and high <= value.high
