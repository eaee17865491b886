"""A programme for an enterprise on a day: eligible or not, how much, why, and what to ask next."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from assistant.rules.calculation import Given, Step
from assistant.rules.catalogue import Catalogue, Programme
from assistant.rules.conditions import ConditionResult, check
from assistant.rules.facts import Facts, FactType, Known
from assistant.rules.ranges import ZERO, Range, Verdict, all_of
from assistant.rules.rule import Condition, InForce, Note, Reference, Rule
from corpus.regions import NATION, region_name

JURISDICTION = "jurisdiction"


@dataclass(frozen=True)
class Need:
    """A fact to ask for, and the clause that needs it."""

    fact: str
    name: str
    question: str
    reference: Reference | None


@dataclass(frozen=True)
class Amount:
    """A named number of the result. `value` holds every possible number."""

    id: str
    label: str
    value: Range
    unit: str
    is_worth: bool


@dataclass(frozen=True)
class Assessment:
    """One programme's result. `conditions` are empty on a day on which it does not exist."""

    programme: str
    rule: Rule
    day: date
    verdict: Verdict
    in_force: InForce | None
    conditions: tuple[ConditionResult, ...] = ()
    amounts: tuple[Amount, ...] = ()
    steps: tuple[Step, ...] = ()
    needs: tuple[Need, ...] = ()  # most useful first
    weights: Mapping[str, float] = field(default_factory=dict)  # fact -> how much it settles
    assumes_conditions: bool = False  # amounts as if every open condition were met
    notes: tuple[Note, ...] = ()  # the rule's that are true on the day and for what was chosen

    @property
    def amount(self) -> Amount | None:
        """What the programme is worth, where that is known in part at least."""
        worth = [one for one in self.amounts if one.is_worth]
        return next(iter(worth), None)

    @property
    def openness(self) -> tuple[float, int]:
        """For sorting: what is nearest to being met first, then what leaves least open."""
        own = [one for one in self.conditions if one.id != JURISDICTION]  # all there are in it
        met = sum(one.verdict is Verdict.MET for one in own)
        return -met / len(own) if own else 0.0, len(self.weights)

    @property
    def next_question(self) -> Need | None:
        """The fact that settles most."""
        return next(iter(self.needs), None)


def assess(
    catalogue: Catalogue,
    programme: Programme,
    facts: Facts,
    day: date,
    claims_conditions: bool = False,
) -> Assessment:
    """Decide one programme. Facts that are in doubt must have been taken out before.

    With `claims_conditions` amounts are worked out as if every open condition were met; the
    verdict stays what the facts give.
    """
    rule = programme.rule
    period = rule.period_on(day)
    if period is None:
        return Assessment(programme.id, rule, day, Verdict.NOT_IN_FORCE, None)
    known = catalogue.known(facts, day)
    conditions = _conditions(rule, period)
    results = tuple(check(one, rule, known) for one in conditions if one.covers(day))
    verdict = all_of([one.verdict for one in results])
    assumes = claims_conditions and verdict is Verdict.UNKNOWN
    assessment = Assessment(
        programme.id, rule, day, verdict, period, results, assumes_conditions=assumes
    )
    worked, asked = _calculated(assessment, programme, known)
    weights = _weights(results) if verdict is Verdict.UNKNOWN else {}
    wanted = [*weights, *(one for one in asked if one not in weights)]
    if verdict is Verdict.NOT_MET:
        wanted = []
    needs = tuple(
        _need(name, catalogue.facts, results) for name in wanted if name not in facts.unsure
    )
    return replace(worked, needs=needs, weights=weights, notes=_notes(rule, known))


def assess_all(
    catalogue: Catalogue, facts: Facts, day: date, region: str | None = None
) -> tuple[Assessment, ...]:
    """Every programme; of a region's own only those of `region` and what lies above it."""
    return tuple(
        assess(catalogue, programme, facts, day)
        for programme in catalogue.programmes.values()
        if region is None or region.startswith(programme.rule.jurisdiction)
    )


def next_question(assessments: Iterable[Assessment]) -> Need | None:
    """The one fact that settles most over several programmes."""
    total: Counter[str] = Counter()
    needs: dict[str, Need] = {}
    for one in assessments:
        total.update({need.fact: one.weights.get(need.fact, 0) for need in one.needs})
        for need in one.needs:
            needs.setdefault(need.fact, need)
    best = max(total, key=lambda name: total[name], default=None)
    return needs[best] if best else None


def _conditions(rule: Rule, period: InForce) -> tuple[Condition, ...]:
    if rule.jurisdiction == NATION:
        return rule.conditions
    where = Condition(
        id=JURISDICTION,
        label=f"注册在{region_name(rule.jurisdiction)}",
        fact="region",
        within=rule.jurisdiction,
        reference=period.reference,
    )
    named = any(leaf.fact == "region" for one in rule.conditions for leaf in one.leaves())
    return rule.conditions if named else (where, *rule.conditions)


def _notes(rule: Rule, known: Known) -> tuple[Note, ...]:
    held = (note for note in rule.notes if note.covers(known.day))
    return tuple(
        note
        for note in held
        if all(known.word(fact) == choice for fact, choice in note.when.items())
    )


def _calculated(
    assessment: Assessment, programme: Programme, known: Known
) -> tuple[Assessment, tuple[str, ...]]:
    """The assessment with its amounts, and the facts that would make them exact."""
    if programme.formula is None:
        return assessment, ()
    verdicts = {one.id: one.verdict for top in assessment.conditions for one in top.all()}
    verdict = assessment.verdict
    if assessment.assumes_conditions:
        verdict = Verdict.MET
        verdicts = {
            name: Verdict.MET if one is Verdict.UNKNOWN else one for name, one in verdicts.items()
        }
    given = Given(assessment.rule, known, verdicts, verdict)
    calculation = programme.formula(given)
    amounts = tuple(
        Amount(name, described.label, value, described.unit, described.is_worth)
        for name, described in assessment.rule.outcomes.items()
        if (value := _gated(calculation.results.get(name), described.is_worth, verdict))
    )
    unsettled = any(one.value.exact is None for one in amounts)
    inexact = tuple(
        missing
        for name in given.asked
        if not known.is_known(name)
        for missing in known.missing(name)
    )
    steps = calculation.steps if amounts else ()
    worked = replace(assessment, amounts=amounts, steps=steps)
    return worked, tuple(dict.fromkeys(inexact)) if unsettled or not amounts else ()


def _gated(value: Range | None, is_worth: bool, verdict: Verdict) -> Range | None:
    """An amount as it may be told: nothing is gained where a condition fails, at most so much
    where one is unknown, and a number that may be anything is none.
    """
    if value is None or (is_worth and verdict is Verdict.NOT_MET):
        return None
    if is_worth and verdict is Verdict.UNKNOWN:
        value = Range(min(ZERO, value.low), value.high)
    return None if value.low <= 0 and not value.is_bounded else value


def _weights(results: Sequence[ConditionResult]) -> dict[str, float]:
    """Fact -> how much of the open conditions it may settle alone, greatest first."""
    weights: Counter[str] = Counter()
    for one in results:
        if one.verdict is Verdict.UNKNOWN:
            weights.update({name: 1 / len(one.needs) for name in one.needs})
    return dict(sorted(weights.items(), key=lambda item: -item[1]))


def _need(name: str, types: Mapping[str, FactType], results: Sequence[ConditionResult]) -> Need:
    asking = (one for top in results for one in top.all() if name in one.needs and not one.parts)
    first = next(asking, None)
    return Need(name, types[name].name, types[name].question, first.reference if first else None)
