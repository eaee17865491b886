"""The ladder of titles, 科技型中小企业 to 小巨人: what an enterprise lacks for each level.

An enterprise holds a title when it says so; what it lacks is the least that would do. What it
does not know: how a condition is decided.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.rules.assessment import Assessment, Need, assess
from assistant.rules.catalogue import Catalogue
from assistant.rules.conditions import ConditionResult
from assistant.rules.facts import Facts
from assistant.rules.ranges import Verdict
from assistant.rules.rule import Condition

# Each is a programme, and by the same name the fact that the enterprise holds the title.
LADDER = ("tech_sme", "innovative_sme", "high_tech_enterprise", "specialized_sme", "little_giant")


@dataclass(frozen=True)
class Level:
    """One step of the ladder. `missing` are the conditions to bring about and `questions` the
    facts to tell, of the shortest way only; both empty where every condition is met.
    """

    programme: str
    name: str
    assessment: Assessment
    is_reached: bool  # the enterprise said that it holds the title
    missing: tuple[ConditionResult, ...]
    questions: tuple[Need, ...]

    @property
    def lacks(self) -> tuple[str, ...]:
        """The missing conditions in words: 研发费用占比：差0.8个百分点."""
        return tuple(_in_words(one) for one in self.missing)


@dataclass(frozen=True)
class _Way:
    missing: tuple[ConditionResult, ...] = ()
    unknown: tuple[ConditionResult, ...] = ()

    @property
    def length(self) -> tuple[int, int]:
        return len(self.missing), len(self.unknown)


def gap_report(catalogue: Catalogue, facts: Facts, day: date) -> tuple[Level, ...]:
    """Every level of the ladder from below, as far as the catalogue has it.

    A level that does not exist on the day has nothing missing; its assessment says why.
    """
    held = [name for name in LADDER if name in catalogue.programmes]
    return tuple(_level(catalogue, name, facts, day) for name in held)


def next_level(levels: Sequence[Level]) -> Level | None:
    """The lowest level above every reached one; None at the top."""
    above = 0
    for number, level in enumerate(levels, start=1):
        above = number if level.is_reached else above
    open_levels = (one for one in levels[above:] if one.assessment.in_force)
    return next(open_levels, None)


def _level(catalogue: Catalogue, name: str, facts: Facts, day: date) -> Level:
    programme = catalogue.programmes[name]
    assessment = assess(catalogue, programme, facts, day)
    way = _shortest_of_all(programme.rule.conditions, assessment.conditions, day)
    return Level(
        programme=name,
        name=programme.rule.name,
        assessment=assessment,
        is_reached=facts.values.get(name) is True,
        missing=way.missing,
        questions=_questions(way, catalogue, facts),
    )


def _shortest_of_all(
    conditions: Sequence[Condition], results: Sequence[ConditionResult], day: date
) -> _Way:
    """The shortest way over conditions that must all be met."""
    return _together([_shortest(_of(one, conditions, day), one, day) for one in results])


def _of(result: ConditionResult, conditions: Sequence[Condition], day: date) -> Condition | None:
    """The condition behind a result; None of one that no rule.yaml writes (the jurisdiction)."""
    return next((one for one in conditions if one.id == result.id and one.covers(day)), None)


def _shortest(condition: Condition | None, result: ConditionResult, day: date) -> _Way:
    if result.verdict is Verdict.MET:
        return _Way()
    if condition is None or not result.parts:
        return _leaf(result)
    ways = [_shortest(_of(part, condition.parts, day), part, day) for part in result.parts]
    if condition.all_of:
        return _together(ways)
    needed = 1 if condition.any_of else condition.count or len(ways)
    return _together(sorted(ways, key=lambda way: way.length)[:needed])


def _leaf(result: ConditionResult) -> _Way:
    if result.verdict is Verdict.NOT_MET:
        return _Way(missing=(result,))
    return _Way(unknown=(result,))


def _together(ways: Sequence[_Way]) -> _Way:
    return _Way(
        missing=tuple(one for way in ways for one in way.missing),
        unknown=tuple(one for way in ways for one in way.unknown),
    )


def _questions(way: _Way, catalogue: Catalogue, facts: Facts) -> tuple[Need, ...]:
    """The facts that the way still needs, each once, but for those that can't be told."""
    needs: dict[str, Need] = {}
    for one in way.unknown:
        for name in one.needs:
            fact = catalogue.facts[name]
            needs.setdefault(name, Need(name, fact.name, fact.question, one.reference))
    return tuple(need for name, need in needs.items() if name not in facts.unsure)


def _in_words(result: ConditionResult) -> str:
    if result.gap:
        return f"{result.label}：{result.gap.text}"
    told = f"现为{result.value}，" if result.value else ""
    return f"{result.label}：{told}要求{result.threshold}"
