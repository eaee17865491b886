"""A sentence -> the facts that an enterprise tells in it.

Only what the sentence says of the enterprise itself is read: no thresholds, hopes, plans and
other people's figures. What it does not know: earlier sentences of a conversation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.fact_reading.amounts import Amount, Span, find_amounts
from assistant.fact_reading.choices import find_choices
from assistant.fact_reading.days import Dated, day_value, find_days, moment_shown, own_days
from assistant.fact_reading.moments import find_moments
from assistant.fact_reading.nothing import find_in_full, find_nothing
from assistant.fact_reading.periods import find_periods
from assistant.fact_reading.places import find_place
from assistant.fact_reading.plain import Plain, read_plain
from assistant.fact_reading.quantities import Quantities
from assistant.fact_reading.scope import Scopes, find_segments
from assistant.fact_reading.settling import settle
from assistant.fact_reading.spelling import misspelt
from assistant.fact_reading.statements import Statements
from assistant.fact_reading.telling import Found
from assistant.fact_reading.words import Mention, Vocabulary, fact_words, find_mentions, vocabulary
from assistant.rules.facts import FactType, Kind, Value


@dataclass(frozen=True)
class ReadFact:
    """A fact told in text[start:end] = `quote`; `note` says how the words were understood."""

    fact: str
    value: Value
    quote: str
    start: int
    end: int
    note: str | None = None


@dataclass(frozen=True)
class FactReading:
    """The facts of a sentence in its order, and what has to be asked before more is known."""

    facts: tuple[ReadFact, ...] = ()
    questions: tuple[str, ...] = ()


def read_sentence(text: str, types: Mapping[str, FactType], day: date) -> FactReading:
    """The facts of `types` that a text tells on `day`: money in 元, shares as fractions of 1.

    A founding day known to a year or month is told as the years passed, a Range. Where a unit
    is missing or two figures contradict each other, a question stands instead of a value.
    """
    words = vocabulary(types)
    plain = _plain(text, words)
    reader = _Reader(plain, words, day)
    return reader.read()


def _plain(text: str, words: Vocabulary) -> Plain:
    plain = read_plain(text, fact_words().misspelt)
    slips = misspelt(plain.text, words)
    return read_plain(text, {**fact_words().misspelt, **slips}) if slips else plain


class _Reader:
    """One text on its way to facts."""

    def __init__(self, plain: Plain, words: Vocabulary, day: date) -> None:
        self.plain = plain
        self.types = words.types
        self.words = words
        self.day = day
        self.text = plain.text
        self.segments = find_segments(self.text)
        self.mentions = find_mentions(self.text, words)
        self.moments = find_moments(self.text, day)
        self.amounts = self._amounts()
        self.scopes = Scopes(self.text, self.amounts, self.moments, day.year)
        self.facts: list[ReadFact] = []

    def _amounts(self) -> list[Amount]:
        taken = [(one.start, one.end) for one in self.moments]
        taken += [(one.start, one.end) for one in self.mentions]
        return find_amounts(self.text, taken)

    def read(self) -> FactReading:
        """Every kind of fact, in the order of the text."""
        days = find_days(self.text, self.segments, self.mentions, self.moments, self.types)
        questions = self._numbers(days)
        self._statements()
        self._choices()
        self._place()
        self._days(days)
        facts = sorted(self.facts, key=lambda one: (one.start, one.end))
        return FactReading(tuple(facts), tuple(dict.fromkeys(questions)))

    def _add(self, fact: str, value: Value, start: int, end: int, note: str | None = None) -> None:
        begin, stop = self.plain.span(start, end)
        quote = self.plain.written[begin:stop]
        self.facts.append(ReadFact(fact, value, quote, begin, stop, note))

    def _numbers(self, days: list[Dated]) -> list[str]:
        dated = {one.moment.start for one in days if self.types[one.fact].kind is Kind.DAY}
        periods = find_periods(self.text, self.moments, dated)
        masked = _masked(self.text, [(one.start, one.end) for one in periods])
        masked = _masked(masked, [(one.start, one.end) for one in self.moments])
        found = Found(
            self.text,
            masked,
            self.segments,
            [_counted(one) for one in self.mentions],
            self.amounts,
            periods,
            self.types,
            self.words.by_word,
            self.day.year,
        )
        quantities = Quantities(found, self.scopes)
        quantities.read()
        told = [
            *quantities.teller.told,
            *find_in_full(self.text, self.segments, self.types, self.scopes),
        ]
        named = {one.fact for one in told}
        self.scopes.told_at = [one.start for one in told]
        told += [
            one
            for one in find_nothing(
                self.text, self.segments, self.mentions, self.amounts, self.types, self.scopes
            )
            if one.fact not in named
        ]
        settled, questions = settle(told, self.types)
        for number in settled:
            self._add(number.fact, number.value, number.start, number.end)
        return [*quantities.teller.questions, *questions]

    def _statements(self) -> None:
        reader = Statements(self.text, self.segments, self.types, self.scopes)
        seen: set[str] = set()
        for one in reader.read(self.mentions):
            if one.fact not in seen:
                self._add(one.fact, one.is_so, one.start, one.end)
            seen.add(one.fact)

    def _choices(self) -> None:
        for one in find_choices(self.text, self.segments, self.mentions, self.types, self.scopes):
            self._add(one.fact, one.choice, one.start, one.end)

    def _place(self) -> None:
        regions = [name for name, fact in self.types.items() if fact.kind is Kind.REGION]
        place = find_place(self.text, self.segments, self.scopes) if regions else None
        if place:
            self._add(regions[0], place.code, place.start, place.end)

    def _days(self, days: list[Dated]) -> None:
        for one in own_days(days, self.segments, self.scopes):
            told = day_value(one, self.types, self.day)
            if told is None:
                continue
            fact, value = told
            note = None if fact == one.fact else f"按{moment_shown(one.moment)}推算"
            if all(held.fact != fact for held in self.facts):
                self._add(fact, value, one.start, one.end, note)


def _masked(text: str, spans: Sequence[Span]) -> str:
    for start, end in spans:
        text = text[:start] + "＿" * (end - start) + text[end:]
    return text


def _counted(mention: Mention) -> Mention:
    """专利 alone can be none, but a number of them is of no kind that is known."""
    if mention.word not in fact_words().none_words:
        return mention
    return Mention(mention.start, mention.end, mention.word, ())
