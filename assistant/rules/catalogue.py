"""Every programme of this folder, read once: its rule, its formula, and all facts there are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path

from assistant.rules.calculation import Calculation, Given
from assistant.rules.facts import NUMERIC, Facts, FactType, Known, common_facts
from assistant.rules.files import read_yaml, validate
from assistant.rules.rule import Condition, Rule
from corpus.errors import RuleError, UsageError

FOLDER = Path(__file__).parent
Formula = Callable[[Given], Calculation]


@dataclass(frozen=True)
class Programme:
    """A rule with its formula; a programme without an amount has none."""

    id: str
    rule: Rule
    formula: Formula | None


@dataclass(frozen=True)
class Catalogue:
    """All programmes by id, and all facts that any of them asks for."""

    programmes: Mapping[str, Programme]
    facts: Mapping[str, FactType]

    def known(self, facts: Facts, day: date) -> Known:
        """Facts as seen on a day."""
        return Known(self.facts, facts, day)

    def programme(self, name: str) -> Programme:
        """A programme by id, name or alias. Raises UsageError that lists what there is."""
        for one in self.programmes.values():
            if name in (one.id, one.rule.name, *one.rule.aliases):
                return one
        held = "、".join(f"{one.rule.name}（{one.id}）" for one in self.programmes.values())
        raise UsageError(f"没有名为“{name}”的政策项目。可选：{held}。")


@cache
def catalogue() -> Catalogue:
    """The catalogue of this package. Raises RuleError for a folder that is not whole."""
    return read_catalogue(FOLDER)


def read_catalogue(folder: Path, package: str = "assistant.rules") -> Catalogue:
    """Read every programme folder; formulas are modules of `package`."""
    facts = dict(common_facts())
    programmes = {}
    for path in sorted(folder.glob("*/rule.yaml")):
        name = path.parent.name
        rule = validate(Rule, read_yaml(path), f"{name}/rule.yaml")
        for fact, described in rule.facts.items():
            if fact in facts:
                raise RuleError(
                    f"{name}/rule.yaml 的 facts.{fact} 已在别处写过。"
                    "两项政策共用的事项写在 facts.yaml。"
                )
            facts[fact] = described
        programmes[name] = Programme(name, rule, _formula(path.parent, package))
    for programme in programmes.values():
        _check_names(programme, facts)
    return Catalogue(programmes, facts)


def _formula(folder: Path, package: str) -> Formula | None:
    if not (folder / "formula.py").is_file():
        return None
    formula: Formula = import_module(f"{package}.{folder.name}.formula").calculate
    return formula


def _check_names(programme: Programme, facts: Mapping[str, FactType]) -> None:
    """Every fact and parameter that a rule names is there, and every test fits its fact."""
    rule, where = programme.rule, f"{programme.id}/rule.yaml"
    for name in (one.by for one in rule.parameters.values() if one.by):
        if name not in facts:
            raise RuleError(f"{where}：parameters 的 by 写了没有的事项 {name}。")
    for leaf in (leaf for condition in rule.conditions for leaf in condition.leaves()):
        fact = facts.get(leaf.fact or "")
        if fact is None:
            raise RuleError(f"{where} 的条件 {leaf.id} 用了没有的事项 {leaf.fact}。")
        _check_test(leaf, fact, rule, where)
    if bool(rule.outcomes) != (programme.formula is not None):
        raise RuleError(f"{where}：outcomes 和 formula.py 要么都有，要么都没有。")


def _check_test(leaf: Condition, fact: FactType, rule: Rule, where: str) -> None:
    test, bound = next(iter(leaf.tests.items()))
    is_bound = test in ("at_least", "more_than", "at_most", "less_than")
    if is_bound != (fact.kind in NUMERIC):
        raise RuleError(f"{where} 的条件 {leaf.id}：{fact.name} 不能用 {test} 比较。")
    words = [*leaf.one_of, *leaf.none_of, *([bound] if test == "equals" else [])]
    strange = [one for one in words if isinstance(one, str) and one not in fact.choices]
    if strange:
        raise RuleError(f"{where} 的条件 {leaf.id}：{fact.name} 没有选项 {'、'.join(strange)}。")
    if is_bound and isinstance(bound, str) and bound not in rule.parameters:
        raise RuleError(f"{where} 的条件 {leaf.id}：没有名为 {bound} 的 parameters。")
