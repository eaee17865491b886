"""Whether an enterprise meets a condition: met, not met or unknown, and how much is missing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from assistant.rules import ranges
from assistant.rules.calculation import figure_on
from assistant.rules.facts import NUMERIC, Kind, Known
from assistant.rules.ranges import Range, Verdict
from assistant.rules.rule import Condition, Reference, Rule
from assistant.rules.shown import fact_shown, quantity, unit_of
from corpus.regions import is_within, region_name

_BOUNDS = {
    "at_least": (ranges.at_least, "≥"),
    "more_than": (ranges.more_than, "＞"),
    "at_most": (ranges.at_most, "≤"),
    "less_than": (ranges.less_than, "＜"),
}


@dataclass(frozen=True)
class Gap:
    """What a not-met number lacks: the fact to change, by how much, and to what value."""

    fact: str
    target: Decimal
    difference: Decimal  # positive: more is needed; negative: less
    text: str  # 差25.6万元


@dataclass(frozen=True)
class ConditionResult:
    """How one condition ended. `needs` are the facts that would settle it, most useful first."""

    id: str
    label: str
    verdict: Verdict
    value: str | None  # the enterprise's, as shown
    threshold: str
    reference: Reference
    gap: Gap | None = None
    needs: tuple[str, ...] = ()
    parts: tuple["ConditionResult", ...] = ()

    def all(self) -> Iterator["ConditionResult"]:
        """The condition and its parts, at every depth."""
        yield self
        for part in self.parts:
            yield from part.all()


def check(condition: Condition, rule: Rule, known: Known) -> ConditionResult:
    """Decide one condition of a rule for what is known on the day."""
    if condition.parts:
        return _check_group(condition, rule, known)
    assert condition.fact is not None
    if known.types[condition.fact].kind in NUMERIC:
        return _check_number(condition, rule, known)
    return _check_word(condition, known)


def _check_group(condition: Condition, rule: Rule, known: Known) -> ConditionResult:
    held = [one for one in condition.parts if one.covers(known.day)]
    parts = tuple(check(one, rule, known) for one in held)
    count = 1 if condition.any_of else condition.count or len(parts)
    verdict = ranges.at_least_of(count, [one.verdict for one in parts])
    if condition.all_of:
        threshold = "须全部满足"
    else:
        threshold = f"满足其中{'一' if count == 1 else count}项即可"
    return ConditionResult(
        id=condition.id,
        label=condition.label,
        verdict=verdict,
        value=f"已满足{sum(one.verdict is Verdict.MET for one in parts)}项",
        threshold=threshold,
        reference=condition.reference,
        needs=_needs_of(parts) if verdict is Verdict.UNKNOWN else (),
        parts=parts,
    )


def _needs_of(parts: Sequence[ConditionResult]) -> tuple[str, ...]:
    names = (name for one in parts if one.verdict is Verdict.UNKNOWN for name in one.needs)
    return tuple(dict.fromkeys(names))


def _check_number(condition: Condition, rule: Rule, known: Known) -> ConditionResult:
    assert condition.fact is not None
    test, bound = next(iter(condition.tests.items()))
    compare, sign = _BOUNDS[test]
    limit, reference, needs = _limit(str(bound), condition, rule, known)
    value = known.number(condition.fact)
    verdict = compare(value, limit)
    unit = unit_of(known.types[condition.fact])
    if verdict is Verdict.UNKNOWN:
        needs = tuple(dict.fromkeys((*known.missing(condition.fact), *needs)))
        needs = needs or (condition.fact,)  # told, but not exactly enough
    return ConditionResult(
        id=condition.id,
        label=condition.label,
        verdict=verdict,
        value=fact_shown(known, condition.fact),
        threshold=f"{sign}{_limit_shown(limit, unit)}",
        reference=reference,
        gap=_gap(condition.fact, test, limit, known) if verdict is Verdict.NOT_MET else None,
        needs=needs if verdict is Verdict.UNKNOWN else (),
    )


def _limit(
    bound: str, condition: Condition, rule: Rule, known: Known
) -> tuple[Range, Reference, tuple[str, ...]]:
    """The bound as a range, the clause that states it, and the facts it still depends on."""
    if bound not in rule.parameters:
        return Range.of(Decimal(bound)), condition.reference, ()
    figure = figure_on(rule, bound, known)
    by = rule.parameters[bound].by
    needs = known.missing(by) if by and figure.value.exact is None else ()
    return figure.value, figure.reference, needs


def _limit_shown(limit: Range, unit: str) -> str:
    if limit.exact is not None:
        return quantity(limit.exact, unit)
    return f"{quantity(limit.low, unit)}至{quantity(limit.high, unit)}"


def _gap(name: str, test: str, limit: Range, known: Known) -> Gap | None:
    """How far a number is from its bound; of a share, by its numerator where that is known."""
    upward = test in ("at_least", "more_than")
    bound = limit.low if upward else limit.high
    fact, target = name, bound
    quotient = known.types[name].quotient
    if quotient and known.number(quotient.to).exact and known.number(quotient.of).exact is not None:
        fact = quotient.of
        target = bound * known.number(quotient.to).low
    value = known.number(fact)
    if value.exact is None:
        return None
    kind = known.types[fact].kind
    if kind is Kind.COUNT:
        target = target.to_integral_value(ROUND_CEILING)
        target += 1 if test == "more_than" and target == value.exact else 0
    difference = target - value.exact
    return Gap(fact, target, difference, _gap_text(difference, target, unit_of(known.types[fact])))


def _gap_text(difference: Decimal, target: Decimal, unit: str) -> str:
    word = "差" if difference > 0 else "超出"
    if difference == 0:
        return f"恰好等于{quantity(target, unit)}，须越过"
    size = abs(difference)
    if unit == "/1":
        return f"{word}{quantity(size, '/1').rstrip('%')}个百分点"
    ends = "至少需" if difference > 0 else "至多"
    return f"{word}{quantity(size, unit)}（{ends}{quantity(target, unit)}）"


def _check_word(condition: Condition, known: Known) -> ConditionResult:
    assert condition.fact is not None
    verdict = _word_verdict(condition, known)
    return ConditionResult(
        id=condition.id,
        label=condition.label,
        verdict=verdict,
        value=_word_shown(condition, known),
        threshold=_word_threshold(condition, known),
        reference=condition.reference,
        needs=(condition.fact,) if verdict is Verdict.UNKNOWN else (),
    )


def _word_verdict(condition: Condition, known: Known) -> Verdict:
    assert condition.fact is not None
    if isinstance(condition.equals, bool):
        truth = known.truth(condition.fact)
        return truth if condition.equals else ranges.opposite(truth)
    word = known.word(condition.fact)
    if word is None:
        return Verdict.UNKNOWN
    if condition.within:
        if is_within(condition.within, word) and word != condition.within:
            return Verdict.UNKNOWN  # 内蒙古 may or may not be 巴彦淖尔
        return Verdict.of(is_within(word, condition.within))
    if condition.none_of:
        return Verdict.of(word not in condition.none_of)
    return Verdict.of(word in (condition.one_of or (condition.equals,)))


def _word_shown(condition: Condition, known: Known) -> str | None:
    """What was told; under a condition that something is not so, with what it was told of."""
    assert condition.fact is not None
    value = fact_shown(known, condition.fact)
    if value is None or condition.equals is not False:
        return value
    return f"{known.types[condition.fact].name}：{value}"


def _word_threshold(condition: Condition, known: Known) -> str:
    assert condition.fact is not None
    if isinstance(condition.equals, bool):
        return "是" if condition.equals else f"{known.types[condition.fact].name}：否"
    if condition.within:
        return f"在{region_name(condition.within)}"
    if condition.none_of:
        return f"不属于{'、'.join(condition.none_of)}"
    return f"属于{'、'.join(condition.one_of or (str(condition.equals),))}"
