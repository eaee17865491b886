"""What holds of every programme, whatever is told: more facts settle and never unsettle."""

import random
import time
from datetime import date, timedelta
from decimal import Decimal

import pytest

from assistant.rules.assessment import assess, assess_all
from assistant.rules.cases import read_cases
from assistant.rules.catalogue import catalogue
from assistant.rules.checks import find_doubts
from assistant.rules.facts import NUMERIC, Facts, Kind
from assistant.rules.ranges import Range, Verdict
from assistant.rules.shown import amount

ALL = catalogue()
PROGRAMMES = [pytest.param(one, id=name) for name, one in ALL.programmes.items()]
DAY = date(2026, 11, 22)
NUMBERS = {
    Kind.MONEY: [0, 1, 999_999, 3_000_000, 3_000_001, 50_000_000, 200_000_001, 3_000_000_000],
    Kind.COUNT: [0, 1, 2, 12, 80, 300, 301, 5000],
    Kind.RATIO: ["0", "0.03", "0.05", "0.1", "0.5", "0.6", "0.9", "1"],
    Kind.NUMBER: [0, 1, 2, 3, 10, 70, 71, 100],
}


def some_value(name, chance):
    fact = ALL.facts[name]
    if fact.kind in NUMERIC:
        ends = sorted(Decimal(str(chance.choice(NUMBERS[fact.kind]))) for _ in range(2))
        return Range(*ends) if chance.random() < 0.2 else Range.of(ends[0])
    if fact.kind is Kind.YES_NO:
        return chance.random() < 0.7
    if fact.kind is Kind.DAY:
        return DAY - timedelta(days=chance.randrange(20_000))
    return chance.choice(fact.choices or ("CN-NX-6401", "CN-NM", "CN-NM-1508", "CN-GD"))


def is_consistent(facts, day):
    """Whether no worked-out fact is told unlike what the others give; such facts are doubted."""
    if find_doubts(facts, ALL.facts, day):
        return False
    for name in (name for name in facts.values if ALL.facts[name].is_worked_out):
        told, rest = facts.values[name], facts.without(frozenset({name}))
        worked = ALL.known(rest, day).number(name)
        if told.low > worked.high or told.high < worked.low:
            return False
    return True


def profiles(programme, count):
    """Facts told at random, and some of them left out: (fewer, more, day)."""
    chance = random.Random(f"{programme.id}")
    told = [case for case in read_cases(programme.id, ALL.facts)]
    for _ in range(count):
        case = chance.choice(told)
        values = dict(case.facts.values)
        for name in chance.sample(sorted(ALL.facts), 5):
            values[name] = some_value(name, chance)
        kept = {name: one for name, one in values.items() if chance.random() < 0.6}
        if is_consistent(Facts(values), case.day):
            yield Facts(kept), Facts(values), case.day


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_more_facts_never_unsettle_a_verdict_and_never_widen_an_amount(programme):
    compared = 0
    for fewer, more, day in profiles(programme, 200):
        less = assess(ALL, programme, fewer, day)
        full = assess(ALL, programme, more, day)
        if less.verdict in (Verdict.MET, Verdict.NOT_MET):
            assert full.verdict is less.verdict
        before = {one.id: one.value for one in less.amounts if not one.is_worth}
        for one in full.amounts:
            if one.id in before:
                assert before[one.id].low <= one.value.low
                assert one.value.high <= before[one.id].high
        compared += 1
    assert compared >= 20


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_an_unknown_never_yields_an_amount_without_at_most_or_at_least(programme):
    for fewer, _, day in profiles(programme, 60):
        result = assess(ALL, programme, fewer, day)
        if result.verdict is Verdict.UNKNOWN and result.amount:
            value = result.amount.value
            shown = amount(value, result.amount.unit)
            assert value.exact == 0 or shown.startswith(("最多", "至少"))


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_the_order_of_facts_does_not_matter(programme):
    for _, more, day in profiles(programme, 5):
        turned = Facts(dict(reversed(more.values.items())))
        assert assess(ALL, programme, turned, day) == assess(ALL, programme, more, day)


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_outside_every_period_there_is_no_number(programme):
    first = min(period.effective_from for period in programme.rule.in_force)
    for _, more, _ in profiles(programme, 5):
        result = assess(ALL, programme, more, first - timedelta(days=1))
        assert result.verdict is Verdict.NOT_IN_FORCE
        assert result.amounts == ()
        assert result.steps == ()


def test_a_fact_declined_is_not_asked_for_again():
    for programme in ALL.programmes.values():
        first = assess(ALL, programme, Facts(), DAY).next_question
        if first:
            again = assess(ALL, programme, Facts(unsure=frozenset({first.fact})), DAY)
            assert first.fact not in {need.fact for need in again.needs}


def test_all_programmes_take_less_than_fifty_milliseconds():
    chance = random.Random(7)
    facts = Facts({name: some_value(name, chance) for name in sorted(ALL.facts)[:40]})
    assess_all(ALL, facts, DAY)
    times = []
    for _ in range(5):
        begin = time.perf_counter()
        assess_all(ALL, facts, DAY)
        times.append(time.perf_counter() - begin)
    assert min(times) < 0.05
