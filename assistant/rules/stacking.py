"""Several programmes of one enterprise together: which to choose, which add up, what not to count
twice. The groups are stacking.yaml. What it does not know: how any single programme is decided.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from assistant.rules.assessment import Assessment
from assistant.rules.files import Strict, read_yaml, validate
from assistant.rules.ranges import UNKNOWN, ZERO, Range, Verdict, greater
from assistant.rules.rule import Reference
from assistant.rules.shown import amount as amount_shown

_FILE = Path(__file__).parent / "stacking.yaml"
_OURS = "这是我们的理解，条文没有写明"


class StackingKind(StrEnum):
    """How programmes of a group stand to each other."""

    EXCLUSIVE = "exclusive"  # 只能取一种
    ADDITIVE = "additive"  # 可以相加
    DOUBLE_USE = "double_use"  # 不能重复计算


class Group(Strict):
    """Programmes that touch each other, the sentence that says how, and where that is stated."""

    kind: StackingKind
    programmes: tuple[str, ...] = Field(min_length=2)
    text: str
    reference: Reference | None = None
    reading: Literal["ours"] | None = None

    @model_validator(mode="after")
    def _stated_or_ours(self) -> Self:
        if self.reference is None and self.reading is None:
            raise ValueError("写明条文的要有 reference，没有写明的要写 reading: ours")
        if (self.reading is not None) != (_OURS in self.text):
            raise ValueError(f"reading: ours 的 text 要写“{_OURS}”，其余的不能写")
        return self


@dataclass(frozen=True)
class Stacking:
    """What one group comes to for the programmes that the enterprise qualifies for.

    `best` is, of exclusive ones, the one that surely gains most; `total` is money: the greatest
    gain or the sum. Both are None where nothing can be said.
    """

    kind: StackingKind
    text: str
    programmes: tuple[str, ...]  # those that the enterprise qualifies for
    best: str | None = None
    total: Range | None = None
    reference: Reference | None = None


@cache
def groups() -> tuple[Group, ...]:
    """The groups of stacking.yaml in order. Raises RuleError for one that is malformed."""
    held = read_yaml(_FILE)
    return tuple(
        validate(Group, one, f"stacking.yaml 第{number}组") for number, one in enumerate(held, 1)
    )


def stack(
    assessments: Iterable[Assessment], among: Sequence[Group] | None = None
) -> tuple[Stacking, ...]:
    """Every group of which the enterprise qualifies for two programmes or more.

    A programme whose verdict is open joins no group; the sentence names it where it may gain more
    than the best one. `among` are other groups than those of stacking.yaml.
    """
    held = {one.programme: one for one in assessments}
    found = []
    for group in groups() if among is None else among:
        present = [held[name] for name in group.programmes if name in held]
        met = [one for one in present if one.verdict is Verdict.MET]
        if len(met) >= 2:
            found.append(_stacking(group, met, present))
    return tuple(found)


def _stacking(group: Group, met: list[Assessment], present: list[Assessment]) -> Stacking:
    best, total, working = None, None, ""
    if group.kind is StackingKind.EXCLUSIVE:
        best, total = _best(met), greater(*(_worth(one) for one in met))
        working = _comparison(met, best) + _still_open(present, total)
    elif group.kind is StackingKind.ADDITIVE:
        counted = [one for one in met if _is_counted(one)]
        total = sum((_worth(one) for one in counted), Range(ZERO, ZERO)) if counted else None
        working = _addition(met, counted, total)
    names = tuple(one.programme for one in met)
    total = total if total and total != UNKNOWN else None
    return Stacking(group.kind, group.text + working, names, best, total, group.reference)


def _worth(assessment: Assessment) -> Range:
    """What a programme gains in CNY; anything from 0 on where that is not known."""
    amount = assessment.amount
    return amount.value if amount and amount.unit.startswith("CNY") else UNKNOWN


def _is_counted(assessment: Assessment) -> bool:
    return _worth(assessment) != UNKNOWN


def _best(met: list[Assessment]) -> str | None:
    """The programme that gains at least as much as any other could, the first of equal ones."""
    for one in met:
        others = [_worth(other).high for other in met if other is not one]
        if _is_counted(one) and all(_worth(one).low >= high for high in others):
            return one.programme
    return None


def _still_open(present: list[Assessment], total: Range) -> str:
    """The open programmes, some condition of which is met, that may gain more than the best."""
    names = [
        one.rule.name
        for one in present
        if one.verdict is Verdict.UNKNOWN and _is_begun(one) and _worth(one).high > total.low
    ]
    return f"{'、'.join(names)}的情况还没有说全，符合的话可能更省。" if names else ""


def _is_begun(assessment: Assessment) -> bool:
    results = (one for top in assessment.conditions for one in top.all() if not one.parts)
    return any(one.verdict is Verdict.MET for one in results)


def _comparison(met: list[Assessment], best: str | None) -> str:
    listed = "，".join(_told(one) for one in met)
    if best is None:
        return f"现有情况还不能断定哪一种最省：{listed}。"
    winner = next(one for one in met if one.programme == best)
    equal = [one for one in met if _worth(one) == _worth(winner) and _worth(one).exact is not None]
    if len(equal) > 1:
        return f"其中{'和'.join(one.rule.name for one in equal)}最省且金额相同：{listed}。"
    return f"其中{winner.rule.name}最省：{listed}。"


def _addition(met: list[Assessment], counted: list[Assessment], total: Range | None) -> str:
    """The sum in words, with what it leaves out because its amount is not known."""
    left_out = "、".join(one.rule.name for one in met if one not in counted)
    missing = f"{left_out}没有可加的金额，未计入。" if left_out else ""
    if total is None:
        return missing
    listed = "，".join(_told(one) for one in counted)
    return f"合计{amount_shown(total, 'CNY')}：{listed}。{missing}"


def _told(assessment: Assessment) -> str:
    shown = amount_shown(_worth(assessment), "CNY")
    return f"{assessment.rule.name}{'金额' * (not _is_counted(assessment))}{shown}"
