"""What a programme's rule.yaml holds, as values: periods, numbers and conditions, each with its
clause. What it does not know: any enterprise.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from assistant.rules.facts import FactType
from assistant.rules.files import Strict


class Reference(Strict):
    """Where a rule comes from: the clause, and the exact words that state it."""

    document: str  # document id
    clause: str  # as cited: 第十一条第（四）项
    quote: str = Field(min_length=2)


class Period(Strict):
    """Days, both included, on which something holds; without `effective_to` until further notice.

    Most rules say from when; one that doesn't is dated by the first day on which its document
    holds, and the reference says so.
    """

    effective_from: date
    effective_to: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the day lies in the period."""
        return self.effective_from <= day and (not self.effective_to or day <= self.effective_to)


class InForce(Period):
    """A period in which a programme exists."""

    reference: Reference


class Tier(Strict):
    """One step of a value that depends on a fact: up to (included), below, or for a choice.

    The last step may leave all three out and takes what remains. With `value_to` the value is
    any number from `value` to it (得7—8分).
    """

    value: Decimal
    value_to: Decimal | None = None
    up_to: Decimal | None = None
    below: Decimal | None = None
    choice: str | None = None
    reference: Reference | None = None  # where the step has a clause of its own


class DatedValue(Period):
    """A value of a parameter in a period: one number, any number up to `value_to`, or steps."""

    value: Decimal | None = None
    value_to: Decimal | None = None
    tiers: tuple[Tier, ...] = ()
    reference: Reference

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.value is None) == (not self.tiers):
            raise ValueError("value 和 tiers 要写且只写一个")
        if self.value_to is not None and self.value is None:
            raise ValueError("value_to 要和 value 一起写")
        return self


class Parameter(Strict):
    """A number set by policy, with every value it has had. `by` is the fact its steps go by."""

    description: str
    unit: str  # CNY, CNY/year, /1, year, person, point ...
    by: str | None = None
    values: tuple[DatedValue, ...]

    def on(self, day: date) -> DatedValue | None:
        """The value in force on a day; never the nearest other one."""
        return next((value for value in self.values if value.covers(day)), None)


_TESTS = ["equals", "one_of", "none_of", "within", "at_least", "more_than", "at_most", "less_than"]


class Condition(Strict):
    """One condition, or a group of them.

    A leaf names a `fact` and one test. A group names `all_of`, `any_of` or `count` and `of`.
    A bound is a number or the name of a parameter. A condition without `effective_from` holds
    as long as its programme does.
    """

    id: str
    label: str
    reference: Reference
    effective_from: date = date.min
    effective_to: date | None = None
    fact: str | None = None
    equals: bool | str | None = None
    one_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    within: str | None = None  # a region
    at_least: Decimal | str | None = None
    more_than: Decimal | str | None = None
    at_most: Decimal | str | None = None
    less_than: Decimal | str | None = None
    all_of: tuple["Condition", ...] = ()
    any_of: tuple["Condition", ...] = ()
    count: int | None = None
    of: tuple["Condition", ...] = ()

    @property
    def parts(self) -> tuple["Condition", ...]:
        """The conditions of a group; () of a leaf."""
        return self.all_of or self.any_of or self.of

    @property
    def tests(self) -> dict[str, Decimal | str | bool | tuple[str, ...]]:
        """The tests of a leaf by name."""
        held = {name: getattr(self, name) for name in _TESTS}
        return {name: one for name, one in held.items() if one is not None and one != ()}

    def covers(self, day: date) -> bool:
        """Whether the condition holds on a day."""
        return self.effective_from <= day and (not self.effective_to or day <= self.effective_to)

    def leaves(self) -> Iterator["Condition"]:
        """The leaves below, or the condition itself."""
        for part in self.parts:
            yield from part.leaves()
        if not self.parts:
            yield self

    @model_validator(mode="after")
    def _leaf_or_group(self) -> Self:
        groups = [bool(self.all_of), bool(self.any_of), bool(self.of)]
        if sum(groups) + (self.fact is not None) != 1:
            raise ValueError("fact、all_of、any_of、of 要写且只写一种")
        if (self.fact is not None) != (len(self.tests) == 1) or len(self.tests) > 1:
            raise ValueError("写了 fact 就要写且只写一种比较，如 at_least 或 equals")
        if bool(self.of) != (self.count is not None):
            raise ValueError("of 和 count 要一起写：满足其中几项")
        return self


class Outcome(Strict):
    """A number that the formula gives. `is_worth`: money that a qualifying enterprise gains."""

    label: str
    unit: str
    is_worth: bool = False


class Note(Strict):
    """A sentence beside the result, with its clause where it has one, else said to be ours.

    With `when` it is told only to those who chose so: {fact id: choice}, all of them.
    """

    text: str
    when: dict[str, str] = {}
    reference: Reference | None = None
    effective_from: date = date.min
    effective_to: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the note is true on a day."""
        return self.effective_from <= day and (not self.effective_to or day <= self.effective_to)


class Window(Note):
    """When to apply. The months and days repeat every year; without `opens` no day is stated."""

    opens: str | None = Field(None, pattern=r"^\d\d-\d\d$")
    closes: str | None = Field(None, pattern=r"^\d\d-\d\d$")


class Category(StrEnum):
    """What kind of programme it is."""

    RECOGNITION = "recognition"  # 认定
    SCORE = "score"  # 评分
    TAX = "tax"  # 税收
    GRANT = "grant"  # 后补助
    REWARD = "reward"  # 奖励
    GUIDE = "guide"  # 导航


class Rule(Strict):
    """One programme. `aliases` are the names by which people call it."""

    name: str
    aliases: tuple[str, ...] = ()
    category: Category
    jurisdiction: str
    summary: str
    department: Note | None = None
    in_force: tuple[InForce, ...] = Field(min_length=1)
    facts: dict[str, FactType] = {}
    parameters: dict[str, Parameter] = {}
    conditions: tuple[Condition, ...] = ()
    outcomes: dict[str, Outcome] = {}
    materials: tuple[Note, ...] = ()
    windows: tuple[Window, ...] = ()
    notes: tuple[Note, ...] = ()

    def period_on(self, day: date) -> InForce | None:
        """The period that a day lies in."""
        return next((period for period in self.in_force if period.covers(day)), None)

    def references(self) -> Iterator[Reference]:
        """Every clause that the rule rests on, as often as it is named."""
        for period in self.in_force:
            yield period.reference
        for parameter in self.parameters.values():
            for value in parameter.values:
                yield value.reference
                yield from (tier.reference for tier in value.tiers if tier.reference)
        for condition in self.conditions:
            yield from _references(condition)
        notes = [*self.materials, *self.windows, *self.notes]
        notes += [self.department] if self.department else []
        yield from (note.reference for note in notes if note.reference)


def _references(condition: Condition) -> Iterator[Reference]:
    yield condition.reference
    for part in condition.parts:
        yield from _references(part)
