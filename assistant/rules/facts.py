"""Facts: what an enterprise can tell, as one typed list, and what is known of it on a day.

The list is facts.yaml and the `facts` of each rule. What it does not know: how a fact is read
out of a sentence, and what any rule wants of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path

from pydantic import model_validator

from assistant.rules.files import Strict, read_yaml, validate
from assistant.rules.ranges import UNKNOWN, ZERO, Range, Verdict, lesser

_FILE = Path(__file__).parent / "facts.yaml"


class Kind(StrEnum):
    """What sort of value a fact has, and in which unit."""

    MONEY = "money"  # CNY
    COUNT = "count"  # persons, items; whole numbers
    RATIO = "ratio"  # 0.05 is 5 %
    NUMBER = "number"  # points, years, months, square metres
    YES_NO = "yes_no"
    DAY = "day"
    CHOICE = "choice"
    REGION = "region"  # a code of corpus/regions.yaml


NUMERIC = (Kind.MONEY, Kind.COUNT, Kind.RATIO, Kind.NUMBER)
Value = Range | bool | date | str


class Quotient(Strict):
    """A fact that is worked out as one fact over another."""

    of: str
    to: str


class FactType(Strict):
    """One fact that an enterprise can tell.

    `said` are the words by which it is called in a sentence; `unit` is what stands after the
    number on a page (人, 项, 元, %). `part_of` names the fact it can't exceed. `group` is the
    part of the form where it stands. With `formula` it is worked out, unless told, by the function
    of its name in the programme's formula.py (a score, on which a condition may then rest).
    """

    name: str  # 职工总数
    kind: Kind
    question: str  # 企业上年度职工总数是多少人？
    unit: str = ""
    group: str = "其他"
    said: tuple[str, ...] = ()
    help: str = ""
    choices: tuple[str, ...] = ()
    part_of: str | None = None
    quotient: Quotient | None = None
    sum: tuple[str, ...] = ()
    years_since: str | None = None
    formula: bool = False
    may_be_negative: bool = False
    at_most: Decimal | None = None  # beyond it the value is a slip; a ratio's is 1

    @property
    def is_worked_out(self) -> bool:
        """Whether the fact follows from others where it is not told."""
        return bool(self.quotient or self.sum or self.formula)

    @model_validator(mode="after")
    def _choices_only_for_a_choice(self) -> "FactType":
        if bool(self.choices) != (self.kind is Kind.CHOICE):
            raise ValueError("choices 只用于 kind: choice，而且必须写")
        return self


@dataclass(frozen=True)
class Facts:
    """What one enterprise told: values by fact id, and the facts that it said it can't tell."""

    values: Mapping[str, Value] = field(default_factory=dict)
    unsure: frozenset[str] = frozenset()

    def with_values(self, values: Mapping[str, Value]) -> "Facts":
        """These facts with some values set anew."""
        return Facts({**self.values, **values}, self.unsure - values.keys())

    def without(self, names: frozenset[str]) -> "Facts":
        """These facts without some of them."""
        kept = {name: value for name, value in self.values.items() if name not in names}
        return Facts(kept, self.unsure)


@dataclass(frozen=True)
class Worked:
    """What a formula made of the facts: the number, and the facts that it looked at."""

    value: Range
    asked: tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """Facts as seen on a day: what was told, and what follows from it."""

    types: Mapping[str, FactType]
    facts: Facts
    day: date
    formulas: Mapping[str, Callable[["Known"], Worked]] = field(default_factory=dict)
    _numbers: dict[str, Range] = field(default_factory=dict, compare=False, repr=False)

    def number(self, name: str) -> Range:
        """A number, as far as it is known; from 0 to infinity where nothing is.

        What was told and what follows from other facts narrow each other; where they contradict,
        what was told goes (assistant.rules.checks finds contradictions before).
        """
        if name not in self._numbers:  # a score asks for the same facts many times
            self._numbers[name] = self._number(name)
        return self._numbers[name]

    def _number(self, name: str) -> Range:
        formula = self.formulas.get(name)
        worked = formula(self).value if formula else self._worked_out(self.types[name])
        most = self.types[name].at_most
        worked = worked if most is None else lesser(worked, most)
        told = self.facts.values.get(name)
        if not isinstance(told, Range):
            return worked
        low, high = max(told.low, worked.low), min(told.high, worked.high)
        return Range(low, high) if low <= high else told

    def _worked_out(self, fact: FactType) -> Range:
        if fact.quotient:
            return self.number(fact.quotient.of) / self.number(fact.quotient.to)
        if fact.sum:
            return sum((self.number(one) for one in fact.sum), Range(ZERO, ZERO))
        if fact.years_since:
            return self._years_since(fact.years_since)
        return Range(-UNKNOWN.high, UNKNOWN.high) if fact.may_be_negative else UNKNOWN

    def truth(self, name: str) -> Verdict:
        """Yes, no or unknown."""
        told = self.facts.values.get(name)
        return Verdict.of(told if isinstance(told, bool) else None)

    def word(self, name: str) -> str | None:
        """A choice or a region's code; None where it was not told."""
        told = self.facts.values.get(name)
        return told if isinstance(told, str) else None

    def first_day(self, name: str) -> date | None:
        """A date; None where it was not told."""
        told = self.facts.values.get(name)
        return told if isinstance(told, date) else None

    def is_known(self, name: str) -> bool:
        """Whether anything is known of a fact, told or worked out."""
        if name in self.facts.values:
            return True
        if self.types[name].kind not in NUMERIC:
            return False
        return self.number(name).exact is not None

    def missing(self, name: str) -> tuple[str, ...]:
        """The facts to ask for so that this one is known: itself, or the parts not told.

        A sum is asked for as a whole unless one of its parts was told.
        """
        fact = self.types[name]
        if self.is_known(name):
            return ()
        if fact.years_since:
            return (fact.years_since,)
        if name in self.formulas:
            asked = self.formulas[name](self).asked
            return tuple(dict.fromkeys(one for part in asked for one in self.missing(part)))
        parts: tuple[str, ...] = (fact.quotient.of, fact.quotient.to) if fact.quotient else ()
        if any(part in self.facts.values for part in fact.sum):
            parts = fact.sum
        return tuple(one for part in parts for one in self.missing(part)) or (name,)

    def _years_since(self, name: str) -> Range:
        begin = self.first_day(name)
        if begin is None:
            return UNKNOWN
        whole = self.day.year - begin.year
        passed = (self.day.month, self.day.day) >= (begin.month, begin.day)
        whole -= 0 if passed else 1
        return Range.of(max(whole, 0))


@cache
def common_facts() -> Mapping[str, FactType]:
    """The facts that belong to no single programme, in the order in which a form shows them."""
    held = read_yaml(_FILE)
    return {name: validate(FactType, one, f"facts.yaml 的 {name}") for name, one in held.items()}
