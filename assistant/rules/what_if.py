"""What would change: the programmes that end otherwise once some facts are different."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from assistant.rules.assessment import Assessment, assess_all
from assistant.rules.catalogue import Catalogue
from assistant.rules.facts import Facts, Known, Value


@dataclass(frozen=True)
class Change:
    """One programme before and after; its verdict or one of its amounts differs."""

    programme: str
    before: Assessment
    after: Assessment


def what_if(
    catalogue: Catalogue, facts: Facts, changes: Mapping[str, Value], day: date
) -> tuple[Change, ...]:
    """The programmes that end otherwise with `changes` made, in the catalogue's order.

    A told fact that is worked out of a changed one (a share, a sum, an age, a score) no longer
    holds and is worked out anew, unless it is among the changes.
    """
    stale = _depending(catalogue.known(facts, day), changes) - changes.keys()
    changed = facts.without(stale).with_values(changes)
    before = assess_all(catalogue, facts, day)
    after = {one.programme: one for one in assess_all(catalogue, changed, day)}
    pairs = (Change(one.programme, one, after[one.programme]) for one in before)
    return tuple(one for one in pairs if _ending(one.before) != _ending(one.after))


def _ending(assessment: Assessment) -> tuple[object, ...]:
    return assessment.verdict, {one.id: one.value for one in assessment.amounts}


def _depending(known: Known, changes: Mapping[str, Value]) -> frozenset[str]:
    """The facts that are worked out of changed ones, at any depth."""
    found: set[str] = set()
    while True:
        held = changes.keys() | found
        more = {name for name in known.types if held & _sources(known, name)} - found
        if not more:
            return frozenset(found)
        found |= more


def _sources(known: Known, name: str) -> set[str]:
    fact = known.types[name]
    sources = {*fact.sum, fact.years_since or ""}
    if fact.quotient:
        sources |= {fact.quotient.of, fact.quotient.to}
    if name in known.formulas:
        sources |= set(known.formulas[name](known).asked)
    return sources
