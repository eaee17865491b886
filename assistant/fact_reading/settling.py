"""From everything told for a fact to its one value: sums, corrections, the right year.

What it does not know: sentences.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.fact_reading.telling import Told
from assistant.rules.facts import FactType, Kind
from assistant.rules.ranges import Range
from assistant.rules.shown import value_shown


def settle(told: Sequence[Told], types: Mapping[str, FactType]) -> tuple[list[Told], list[str]]:
    """One value a fact, in the order of the sentence; a question where two values stand."""
    by_fact: dict[str, list[Told]] = {}
    for one in told:
        by_fact.setdefault(one.fact, []).append(one)
    settled, questions = [], []
    for name, values in by_fact.items():
        latest = _of_latest_year(values)
        adds_up = types[name].kind is Kind.COUNT and types[name].unit != "人"
        groups = _by_thing(latest) if adds_up else [latest]
        kept = [_one(group) for group in groups]
        if None in kept:
            questions.append(_which(types[name], latest))
            continue
        settled.append(_total([one for one in kept if one], types[name]))
    return sorted(settled, key=lambda one: one.start), questions


def _of_latest_year(values: Sequence[Told]) -> list[Told]:
    years = [one.period.year for one in values if one.period and one.period.year]
    if not years:
        return list(values)
    last = max(years)
    return [one for one in values if not one.period or one.period.year in (None, last)]


def _by_thing(values: Sequence[Told]) -> list[list[Told]]:
    """Grouped by what is counted: 发明 and 发明专利 are one thing, 软著 and 外观 two."""
    groups: list[list[Told]] = []
    for one in values:
        for group in groups:
            if group[0].word in one.word or one.word in group[0].word:
                group.append(one)
                break
        else:
            groups.append([one])
    return groups


def _one(values: Sequence[Told]) -> Told | None:
    """The value that holds: corrected, or narrower; None where two contradict each other."""
    held = values[0]
    for one in values[1:]:
        if one.is_correction or _contains(held.value, one.value):
            held = one
        elif not _contains(one.value, held.value):
            return None
    return held


def _contains(outer: Range, inner: Range) -> bool:
    return outer.low <= inner.low and inner.high <= outer.high


def _total(values: Sequence[Told], fact: FactType) -> Told:
    """The sum of several things; the total alone where it was told beside its parts."""
    for one in values:
        if len(values) > 1 and re.search("类知", one.word) and one.word[:1] in fact.name:
            return one
    number = sum((one.value for one in values[1:]), values[0].value)
    return replace(values[0], value=number, end=max(one.end for one in values))


def _which(fact: FactType, values: Sequence[Told]) -> str:
    shown = list(dict.fromkeys(value_shown(one.value, fact) for one in values))
    first, last = shown[0], shown[-1]
    return f"“{fact.name}”前面说的是{first}，后面说的是{last}，以哪个为准？"
