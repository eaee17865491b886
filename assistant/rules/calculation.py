"""What a formula works with and what it gives back: amounts, with the steps that led there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from assistant.rules.facts import Known
from assistant.rules.ranges import Range, Verdict, either
from assistant.rules.ranges import at_most as is_at_most
from assistant.rules.ranges import less_than as is_less_than
from assistant.rules.rule import DatedValue, Parameter, Reference, Rule, Tier
from corpus.errors import RuleError


@dataclass(frozen=True)
class Figure:
    """A parameter's value on a day, with the clause that states it."""

    value: Range
    reference: Reference


@dataclass(frozen=True)
class Step:
    """One line of the working: what it is, how it was worked out in words, its amount, its clause.

    `how` is a formula in words (技术转让所得 − 免征限额); numbers are added where it is shown.
    """

    label: str
    how: str
    amount: Range
    unit: str
    reference: Reference | None = None


@dataclass(frozen=True)
class Calculation:
    """What a formula returns: its outcomes by the names of rule.yaml, and the steps in order."""

    results: Mapping[str, Range]
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Given:
    """All that a formula may look at: the facts, the numbers of the day, the verdicts so far."""

    rule: Rule
    known: Known
    verdicts: Mapping[str, Verdict]  # of the conditions by id, parts included
    verdict: Verdict  # of all conditions together
    asked: list[str] = field(default_factory=list)  # facts that the formula looked at

    @property
    def day(self) -> date:
        """The day whose rules apply."""
        return self.known.day

    def number(self, fact: str) -> Range:
        """A fact, as far as it is known."""
        self.asked.append(fact)
        return self.known.number(fact)

    def truth(self, fact: str) -> Verdict:
        """Whether a yes-or-no fact is so."""
        self.asked.append(fact)
        return self.known.truth(fact)

    def word(self, fact: str) -> str | None:
        """A choice; None where it is unknown."""
        self.asked.append(fact)
        return self.known.word(fact)

    def holds(self, condition: str) -> Verdict:
        """How one condition ended."""
        return self.verdicts[condition]

    def figure(self, parameter: str) -> Figure:
        """A parameter on the day, its step chosen by the facts. RuleError where it has no value."""
        by = self.rule.parameters[parameter].by
        self.asked.extend([by] if by else [])
        return figure_on(self.rule, parameter, self.known)


def figure_on(rule: Rule, name: str, known: Known) -> Figure:
    """The value of one parameter for what is known. RuleError where none is in force."""
    parameter = rule.parameters[name]
    dated = parameter.on(known.day)
    if dated is None:
        raise RuleError(
            f"{rule.name}的“{parameter.description}”在{known.day}没有数值，但规则当日有效："
            f"请在 parameters.{name} 补上这一期间的数值，或改正 in_force 的期间。"
        )
    if dated.value is not None:
        return Figure(_range(dated.value, dated.value_to), dated.reference)
    tiers = _possible_tiers(parameter, dated, known)
    if not tiers:
        raise RuleError(f"{rule.name}的“{parameter.description}”没有适用于所述情况的一档。")
    reference = tiers[0].reference if len(tiers) == 1 else None
    value = either(_range(tier.value, tier.value_to) for tier in tiers)
    return Figure(value, reference or dated.reference)


def _range(value: Decimal, value_to: Decimal | None) -> Range:
    return Range(value, value if value_to is None else value_to)


def _possible_tiers(parameter: Parameter, dated: DatedValue, known: Known) -> list[Tier]:
    assert parameter.by is not None
    if any(tier.choice for tier in dated.tiers):
        word = known.word(parameter.by)
        fitting = [one for one in dated.tiers if one.choice == word]
        rest = [one for one in dated.tiers if one.choice is None]
        return list(dated.tiers) if word is None else fitting or rest
    number = known.number(parameter.by)
    possible = []
    for tier in dated.tiers:
        verdict = _fits(number, tier)
        if verdict is not Verdict.NOT_MET:
            possible.append(tier)
        if verdict is Verdict.MET:
            break
    return possible


def _fits(number: Range, tier: Tier) -> Verdict:
    """Whether a number lies under the step's end; earlier steps have been ruled out."""
    if tier.up_to is not None:
        return is_at_most(number, tier.up_to)
    return Verdict.MET if tier.below is None else is_less_than(number, tier.below)
