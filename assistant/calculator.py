"""The calculator: an enterprise's facts -> which programmes, how much, why, and what is missing.

Wants no index, no model and no network: the rules and the packaged documents are enough. The
page, the chat and `policy calc` all take their results from here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from assistant.answer import Citation
from assistant.rules.assessment import Amount, Assessment, Need, assess, next_question
from assistant.rules.calculation import Step
from assistant.rules.catalogue import catalogue
from assistant.rules.checks import Doubt, find_doubts
from assistant.rules.conditions import ConditionResult
from assistant.rules.facts import Facts
from assistant.rules.ladder import Level, gap_report
from assistant.rules.periods import begin_is_stated, end_is_stated
from assistant.rules.ranges import Range, Verdict
from assistant.rules.references import find_source
from assistant.rules.rule import Note, Reference
from assistant.rules.shown import amount as amount_shown
from assistant.rules.shown import fact_shown
from assistant.rules.stacking import Stacking, stack
from corpus.regions import is_within
from corpus.validity import validity_on

VERDICTS = {
    Verdict.MET: "符合",
    Verdict.NOT_MET: "不符合",
    Verdict.UNKNOWN: "信息不足",
    Verdict.NOT_IN_FORCE: "当日无有效规定",
}


@dataclass(frozen=True)
class Report:
    """Everything that can be said to one enterprise on one day."""

    day: date
    facts: Facts  # those that were used
    doubts: tuple[Doubt, ...]  # facts that can't be right: nothing was computed from them
    assessments: tuple[Assessment, ...]
    stackings: tuple[Stacking, ...]
    levels: tuple[Level, ...]
    next_question: Need | None


def calculate(
    facts: Facts, day: date, programmes: Sequence[str] = (), claims_conditions: bool = False
) -> Report:
    """Assess the named programmes (ids, names or short names), or all that may apply.

    Where the enterprise's region is known, another region's programmes are left out unless they
    are named. With `claims_conditions` the enterprise says that it qualifies: amounts are then told
    as if every open condition were met. Raises UsageError for a programme that is not there.
    """
    held = catalogue()
    doubts = find_doubts(facts, held.facts, day)
    used = facts.without(frozenset(name for one in doubts for name in one.facts))
    named = [held.programme(name) for name in programmes]
    chosen = named or [
        one
        for one in held.programmes.values()
        if _may_apply(one.rule.jurisdiction, used.values.get("region"))
    ]
    assessments = tuple(assess(held, one, used, day, claims_conditions) for one in chosen)
    return Report(
        day=day,
        facts=used,
        doubts=doubts,
        assessments=assessments,
        stackings=stack(assessments),
        levels=() if named else gap_report(held, used, day),
        next_question=next_question(assessments),
    )


def _may_apply(jurisdiction: str, region: object) -> bool:
    if not isinstance(region, str):
        return True
    return is_within(region, jurisdiction) or is_within(jurisdiction, region)


def cite(reference: Reference, day: date, n: int = 0) -> Citation:
    """The citation of a rule's clause, as the chat cites a clause it has found."""
    source = find_source(reference)
    document, clause = source.document, source.clause
    return Citation(
        n=n,
        document_id=document.document_id,
        title=document.title,
        document_number=document.document_number,
        clause=clause.label,
        clause_id=clause.clause_id,
        quote=source.quote,
        page=clause.page,
        start=source.start,
        end=source.end,
        validity=str(validity_on(document, day)[0]),
        score=1.0,
    )


def is_unverified(assessment: Assessment) -> bool:
    """Whether the result rests on a clause that is not verified, and must say 待核."""
    return any(find_source(one).is_unverified for one in references_of(assessment))


def references_of(assessment: Assessment) -> tuple[Reference, ...]:
    """The clauses that this result rests on, each once, in the order of reading."""
    return tuple(dict.fromkeys(_references(assessment)))


def _references(assessment: Assessment) -> Iterator[Reference]:
    if assessment.in_force:
        yield assessment.in_force.reference
    for top in assessment.conditions:
        yield from (one.reference for one in top.all())
    yield from (step.reference for step in assessment.steps if step.reference)


def report_as_json(report: Report) -> dict[str, Any]:
    """The report as plain JSON values; keys are stable for the command line and the API."""
    known = catalogue().known(report.facts, report.day)
    return {
        "day": report.day.isoformat(),
        "facts": {
            name: {"name": known.types[name].name, "value": fact_shown(known, name)}
            for name in report.facts.values
        },
        "unsure": sorted(report.facts.unsure),
        "doubts": [{"facts": sorted(one.facts), "text": one.text} for one in report.doubts],
        "programmes": [assessment_as_json(one) for one in report.assessments],
        "stacking": [_stacking_as_json(one, report.day) for one in report.stackings],
        "ladder": [_level_as_json(one) for one in report.levels],
        "next_question": _need_as_json(report.next_question, report.day),
    }


def _level_as_json(one: Level) -> dict[str, Any]:
    return {
        "programme": one.programme,
        "verdict": str(one.assessment.verdict),
        "is_reached": one.is_reached,
        "lacks": list(one.lacks),
        "questions": [need.fact for need in one.questions],
    }


def assessment_as_json(one: Assessment) -> dict[str, Any]:
    """One programme's result as plain JSON values; amounts in CNY, shares of 1, as strings."""
    day = one.day
    return {
        "id": one.programme,
        "name": one.rule.name,
        "category": str(one.rule.category),
        "jurisdiction": one.rule.jurisdiction,
        "verdict": str(one.verdict),
        "conditions": [_condition_as_json(condition, day) for condition in one.conditions],
        "amount": _amount_as_json(one.amount) if one.amount else None,
        "results": [_amount_as_json(amount) for amount in one.amounts],
        "steps": [_step_as_json(step, day) for step in one.steps],
        "needs": [_need_as_json(need, day) for need in one.needs],
        "next_question": _need_as_json(one.next_question, day),
        "references": [
            asdict(cite(reference, day, n)) for n, reference in enumerate(references_of(one), 1)
        ],
        "in_force": {
            "from": one.in_force.effective_from.isoformat(),
            "to": one.in_force.effective_to and one.in_force.effective_to.isoformat(),
            "from_is_stated": begin_is_stated(one.in_force),
            "to_is_stated": end_is_stated(one.in_force),
        }
        if one.in_force
        else None,
        "unverified": is_unverified(one),
        "materials": [_note_as_json(note, day) for note in one.rule.materials if note.covers(day)],
        "windows": [_note_as_json(note, day) for note in one.rule.windows if note.covers(day)],
        "department": _note_as_json(one.rule.department, day) if one.rule.department else None,
        "notes": [_note_as_json(note, day) for note in one.notes],
    }


def _condition_as_json(one: ConditionResult, day: date) -> dict[str, Any]:
    return {
        "id": one.id,
        "label": one.label,
        "verdict": str(one.verdict),
        "value": one.value,
        "threshold": one.threshold,
        "gap": one.gap.text if one.gap else None,
        "reference": asdict(cite(one.reference, day)),
        "parts": [_condition_as_json(part, day) for part in one.parts],
    }


def _amount_as_json(one: Amount) -> dict[str, Any]:
    return {
        "id": one.id,
        "label": one.label,
        **_range_as_json(one.value),
        "unit": one.unit,
        "shown": amount_shown(one.value, one.unit),
    }


def _range_as_json(value: Range) -> dict[str, str | None]:
    return {
        "low": str(value.low) if value.low.is_finite() else None,
        "high": str(value.high) if value.high.is_finite() else None,
    }


def _step_as_json(step: Step, day: date) -> dict[str, Any]:
    return {
        "label": step.label,
        "how": step.how,
        "shown": amount_shown(step.amount, step.unit),
        **_range_as_json(step.amount),
        "unit": step.unit,
        "reference": asdict(cite(step.reference, day)) if step.reference else None,
    }


def _need_as_json(need: Need | None, day: date) -> dict[str, Any] | None:
    if need is None:
        return None
    return {
        "fact": need.fact,
        "name": need.name,
        "question": need.question,
        "reference": asdict(cite(need.reference, day)) if need.reference else None,
    }


def _note_as_json(note: Note, day: date) -> dict[str, Any]:
    return {
        "text": note.text,
        "reference": asdict(cite(note.reference, day)) if note.reference else None,
    }


def _stacking_as_json(one: Stacking, day: date) -> dict[str, Any]:
    return {
        "kind": str(one.kind),
        "text": one.text,
        "programmes": list(one.programmes),
        "best": one.best,
        "total": _range_as_json(one.total) if one.total else None,
        "reference": asdict(cite(one.reference, day)) if one.reference else None,
    }
