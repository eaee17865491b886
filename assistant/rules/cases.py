"""Cases of a programme: facts and what must come of them, read from its cases.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from assistant.rules.assessment import Assessment
from assistant.rules.catalogue import FOLDER
from assistant.rules.facts import Facts, FactType
from assistant.rules.files import Strict, read_yaml, validate
from assistant.rules.ranges import INFINITY, Range
from assistant.rules.values import read_value


class CaseFile(Strict):
    """One case as written.

    `expect` names the verdict, amounts, `conditions`, what it `asks` and words of its `notes`.
    """

    name: str
    day: date
    facts: dict[str, Any]
    unsure: tuple[str, ...] = ()
    expect: dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One case, its facts as values."""

    programme: str
    name: str
    day: date
    facts: Facts
    expect: Mapping[str, Any]


def read_cases(programme: str, types: Mapping[str, FactType], folder: Path = FOLDER) -> list[Case]:
    """The cases of one programme, in order. Raises RuleError for one that is malformed."""
    path = folder / programme / "cases.yaml"
    cases = []
    for number, one in enumerate(read_yaml(path), start=1):
        held = validate(CaseFile, one, f"{programme}/cases.yaml 第{number}个")
        values = {name: read_value(name, value, types) for name, value in held.facts.items()}
        facts = Facts(values, frozenset(held.unsure))
        cases.append(Case(programme, held.name, held.day, facts, held.expect))
    return cases


def differences(case: Case, assessment: Assessment) -> list[str]:
    """What of a case's expectation did not come true, as sentences; [] when all did."""
    wrong = []
    amounts = {one.id: one.value for one in assessment.amounts}
    conditions = {one.id: one.verdict for top in assessment.conditions for one in top.all()}
    asked = assessment.next_question.fact if assessment.next_question else None
    for key, expected in case.expect.items():
        if key == "verdict":
            wrong += _unequal(key, expected, str(assessment.verdict))
        elif key == "asks":
            wrong += _unequal(key, expected, asked)
        elif key == "conditions":
            for name, verdict in expected.items():
                wrong += _unequal(name, verdict, str(conditions.get(name, "not a condition")))
        elif key == "notes":
            told = "".join(note.text for note in assessment.notes)
            wrong += [f"no note says {one}" for one in expected if one not in told]
        else:
            wrong += _unequal(key, _range(expected), amounts.get(key))
    return wrong


def _range(expected: Any) -> Range | None:
    """null: no amount; a number; or [from, to], where null leaves an end open."""
    if expected is None:
        return None
    if isinstance(expected, list):
        low, high = expected
        end = INFINITY if high is None else Decimal(str(high))
        return Range(Decimal(str(low)), end)
    return Range.of(Decimal(str(expected)))


def _unequal(what: str, expected: object, found: object) -> list[str]:
    return [] if expected == found else [f"{what}: expected {expected}, found {found}"]
