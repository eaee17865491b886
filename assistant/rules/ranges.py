"""Numbers that are known only in part, and truth that has three values.

An unknown amount is a Range from 0 to infinity. Arithmetic on ranges never loses a possible
value, so whatever holds for a range still holds once more is known: adding a fact can settle
a verdict but never unsettle it. All numbers are Decimal.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

INFINITY = Decimal("Infinity")
ZERO = Decimal(0)


class Verdict(StrEnum):
    """How a condition or a programme ends for an enterprise on a day."""

    MET = "met"  # 符合
    NOT_MET = "not_met"  # 不符合
    UNKNOWN = "unknown"  # 信息不足
    NOT_IN_FORCE = "not_in_force"  # 当日无有效规定; of a programme only

    @classmethod
    def of(cls, truth: bool | None) -> "Verdict":
        """The verdict of a yes, a no, or neither."""
        return {True: cls.MET, False: cls.NOT_MET, None: cls.UNKNOWN}[truth]


@dataclass(frozen=True)
class Range:
    """Every number from `low` to `high`, both included."""

    low: Decimal
    high: Decimal

    @classmethod
    def of(cls, number: "Number") -> "Range":
        """A number known exactly; a range stays as it is."""
        return number if isinstance(number, Range) else cls(Decimal(number), Decimal(number))

    @property
    def exact(self) -> Decimal | None:
        """The number, when it is known exactly."""
        return self.low if self.low == self.high else None

    @property
    def is_bounded(self) -> bool:
        """Whether a greatest value is known."""
        return self.high != INFINITY

    def __add__(self, other: "Number") -> "Range":
        other = Range.of(other)
        return Range(self.low + other.low, self.high + other.high)

    def __sub__(self, other: "Number") -> "Range":
        other = Range.of(other)
        return Range(self.low - other.high, self.high - other.low)

    def __mul__(self, other: "Number") -> "Range":
        return _combined(_times, self, Range.of(other))

    def __truediv__(self, other: "Number") -> "Range":
        """The quotient for a divisor of 0 or more; a divisor that may be 0 has no upper bound."""
        other = Range.of(other)
        if other.high == 0:
            return UNKNOWN
        high = INFINITY if other.low == 0 else _over(self.high, other.low)
        return Range(_over(self.low, other.high), high)

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other: "Number") -> "Range":
        return Range.of(other) - self

    def __rtruediv__(self, other: "Number") -> "Range":
        return Range.of(other) / self


Number = Range | Decimal | int
UNKNOWN = Range(ZERO, INFINITY)


def _times(a: Decimal, b: Decimal) -> Decimal:
    return ZERO if a == 0 or b == 0 else a * b  # Decimal holds that 0 x infinity is an error


def _over(a: Decimal, b: Decimal) -> Decimal:
    if b == INFINITY:
        return ZERO
    return a if a == INFINITY else a / b


def _combined(work: Callable[[Decimal, Decimal], Decimal], a: Range, b: Range) -> Range:
    ends = [work(one, other) for one in (a.low, a.high) for other in (b.low, b.high)]
    return Range(min(ends), max(ends))


def lesser(*numbers: Number) -> Range:
    """The smallest of the numbers: what a ceiling (封顶) leaves."""
    ranges = [Range.of(one) for one in numbers]
    return Range(min(one.low for one in ranges), min(one.high for one in ranges))


def greater(*numbers: Number) -> Range:
    """The greatest of the numbers."""
    ranges = [Range.of(one) for one in numbers]
    return Range(max(one.low for one in ranges), max(one.high for one in ranges))


def above(number: Number, limit: Number) -> Range:
    """What goes beyond a limit (超过限额的部分); 0 where nothing does."""
    return greater(Range.of(number) - limit, ZERO)


def either(numbers: Iterable[Number]) -> Range:
    """The range that holds all of the numbers: one of them, unknown which."""
    ranges = [Range.of(one) for one in numbers]
    return Range(min(one.low for one in ranges), max(one.high for one in ranges))


def when(verdict: Verdict, then: Number, otherwise: Number) -> Range:
    """`then` where the verdict is met, `otherwise` where it is not, either where unknown.

    >>> when(Verdict.UNKNOWN, 5, 0)
    Range(low=Decimal('0'), high=Decimal('5'))
    """
    if verdict is Verdict.MET:
        return Range.of(then)
    if verdict is Verdict.UNKNOWN:
        return either([then, otherwise])
    return Range.of(otherwise)


def at_least(number: Number, limit: Number) -> Verdict:
    """Whether a number reaches a limit; unknown where the ranges overlap."""
    number, limit = Range.of(number), Range.of(limit)
    if number.low >= limit.high:
        return Verdict.MET
    return Verdict.NOT_MET if number.high < limit.low else Verdict.UNKNOWN


def more_than(number: Number, limit: Number) -> Verdict:
    """Whether a number goes beyond a limit; unknown where the ranges overlap."""
    return opposite(at_least(limit, number))


def at_most(number: Number, limit: Number) -> Verdict:
    """Whether a number stays within a limit; unknown where the ranges overlap."""
    return at_least(limit, number)


def less_than(number: Number, limit: Number) -> Verdict:
    """Whether a number stays below a limit; unknown where the ranges overlap."""
    return opposite(at_least(number, limit))


def opposite(verdict: Verdict) -> Verdict:
    """Not met for met, met for not met; unknown stays unknown."""
    swapped = {Verdict.MET: Verdict.NOT_MET, Verdict.NOT_MET: Verdict.MET}
    return swapped.get(verdict, Verdict.UNKNOWN)


def at_least_of(count: int, verdicts: Sequence[Verdict]) -> Verdict:
    """Whether at least `count` of the verdicts are met, whatever the unknown ones turn out to be.

    >>> str(at_least_of(2, [Verdict.MET, Verdict.UNKNOWN, Verdict.NOT_MET]))
    'unknown'
    """
    met = sum(one is Verdict.MET for one in verdicts)
    possible = sum(one is not Verdict.NOT_MET for one in verdicts)
    if met >= count:
        return Verdict.MET
    return Verdict.NOT_MET if possible < count else Verdict.UNKNOWN


def all_of(verdicts: Sequence[Verdict]) -> Verdict:
    """Whether every verdict is met; met where there is none."""
    return at_least_of(len(verdicts), verdicts)


def any_of(verdicts: Sequence[Verdict]) -> Verdict:
    """Whether one verdict is met."""
    return at_least_of(1, verdicts)
