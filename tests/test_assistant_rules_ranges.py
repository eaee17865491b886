"""Numbers known in part, and truth of three values."""

from decimal import Decimal

import pytest

from assistant.rules.ranges import (
    INFINITY,
    UNKNOWN,
    Range,
    Verdict,
    above,
    all_of,
    any_of,
    at_least,
    at_least_of,
    at_most,
    less_than,
    lesser,
    more_than,
    when,
)

MET, NOT_MET, OPEN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN


def between(low, high):
    return Range(Decimal(low), INFINITY if high is None else Decimal(high))


@pytest.mark.parametrize(
    ("worked", "expected"),
    [
        (between(1, 2) + 3, between(4, 5)),
        (5 - between(1, 2), between(3, 4)),
        (between(1, None) - 3, between(-2, None)),
        (between(2, 3) * between(4, 5), between(8, 15)),
        (UNKNOWN * 0, between(0, 0)),
        (between(6, 8) / between(2, 4), between("1.5", 4)),
        (between(6, 8) / between(0, 4), between("1.5", None)),
        (Range.of(3) / UNKNOWN, UNKNOWN),
        (lesser(UNKNOWN, 200), between(0, 200)),
        (above(between(1, 8), 5), between(0, 3)),
        (when(OPEN, 10, between(3, 4)), between(3, 10)),
        (when(NOT_MET, 10, 2), between(2, 2)),
    ],
)
def test_arithmetic_keeps_every_possible_value(worked, expected):
    assert worked == expected


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (at_least(Range.of(10), 10), MET),
        (at_least(between(9, 11), 10), OPEN),
        (at_least(between(1, 9), 10), NOT_MET),
        (more_than(Range.of(10), 10), NOT_MET),
        (more_than(between(10, 11), 10), OPEN),
        (more_than(between(11, 12), 10), MET),
        (at_most(Range.of(10), 10), MET),
        (less_than(Range.of(10), 10), NOT_MET),
        (at_least(UNKNOWN, between(3, 5)), OPEN),
        (at_least(Range.of(4), between(3, 5)), OPEN),
        (all_of([MET, OPEN]), OPEN),
        (all_of([NOT_MET, OPEN]), NOT_MET),
        (all_of([]), MET),
        (any_of([MET, OPEN]), MET),
        (any_of([NOT_MET, OPEN]), OPEN),
        (at_least_of(2, [MET, MET, OPEN]), MET),
        (at_least_of(2, [MET, NOT_MET, NOT_MET]), NOT_MET),
    ],
)
def test_a_verdict_is_given_only_where_every_possible_value_agrees(verdict, expected):
    assert verdict is expected
