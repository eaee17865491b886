"""Every programme: its cases hold, its quotes stand in the corpus, its bounds are tried."""

from collections import defaultdict
from datetime import timedelta

import pytest

from assistant.rules.assessment import assess
from assistant.rules.calculation import figure_on
from assistant.rules.cases import differences, read_cases
from assistant.rules.catalogue import catalogue
from assistant.rules.facts import NUMERIC
from assistant.rules.ranges import Verdict
from assistant.rules.references import find_source

ALL = catalogue()
CASES = {name: read_cases(name, ALL.facts) for name in ALL.programmes}
PROGRAMMES = [pytest.param(one, id=name) for name, one in ALL.programmes.items()]


def run(case):
    return assess(ALL, ALL.programmes[case.programme], case.facts, case.day)


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=f"{name}: {case.name}")
        for name, cases in CASES.items()
        for case in cases
    ],
)
def test_case(case):
    assert differences(case, run(case)) == []


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_every_quote_stands_in_its_clause(programme):
    for reference in programme.rule.references():
        source = find_source(reference)
        assert source.document.text[source.start : source.end] == reference.quote


def begins_and_ends(rule):
    """The days on which something begins or has ended."""
    periods = [*rule.in_force]
    periods += [value for one in rule.parameters.values() for value in one.values]
    periods += [leaf for one in rule.conditions for leaf in (one, *one.leaves())]
    for period in periods:
        if period.effective_from.year > 1:
            yield period.effective_from
        if period.effective_to:
            yield period.effective_to + timedelta(days=1)


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_cases_stand_on_both_sides_of_every_change(programme):
    days = {case.day for case in CASES[programme.id]}
    for day in begins_and_ends(programme.rule):
        assert {day, day - timedelta(days=1)} <= days


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_every_parameter_has_a_value_on_every_day_on_which_it_is_used(programme):
    for period in programme.rule.in_force:
        changes = {day for day in begins_and_ends(programme.rule) if period.covers(day)}
        for day in changes:
            for name in parameters_used(programme, day):
                assert programme.rule.parameters[name].on(day), f"{name} has no value on {day}"


def parameters_used(programme, day):
    """All that a formula may look at; without one, the bounds of the day's conditions."""
    if programme.formula:
        return set(programme.rule.parameters)
    leaves = (leaf for one in programme.rule.conditions for leaf in one.leaves())
    bounds = {str(bound) for one in leaves if one.covers(day) for bound in one.tests.values()}
    return bounds & set(programme.rule.parameters)


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_every_condition_ends_each_way_in_some_case(programme):
    seen = defaultdict(set)
    for case in CASES[programme.id]:
        for top in run(case).conditions:
            for one in top.all():
                seen[one.id].add(one.verdict)
    for top in programme.rule.conditions:
        for one in (top, *top.leaves()):
            assert {Verdict.MET, Verdict.NOT_MET} <= seen[one.id], one.id
    if programme.rule.conditions:
        assert any(Verdict.UNKNOWN in verdicts for verdicts in seen.values())


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_every_bound_is_tried_exactly_and_just_past(programme):
    for condition in (leaf for one in programme.rule.conditions for leaf in one.leaves()):
        test, bound = next(iter(condition.tests.items()))
        if ALL.facts[condition.fact].kind not in NUMERIC:
            continue
        values = set()
        for case in CASES[programme.id]:
            known = ALL.known(case.facts, case.day)
            if condition.covers(case.day) and programme.rule.period_on(case.day):
                limit = bound
                if bound in programme.rule.parameters:
                    limit = figure_on(programme.rule, bound, known).value.exact
                value = known.number(condition.fact).exact
                if value is not None and limit is not None:
                    values.add((value > limit) - (value < limit))
        beyond = -1 if test in ("at_least", "more_than") else 1
        assert {0, beyond} <= values, f"{condition.id}: {sorted(values)}"
