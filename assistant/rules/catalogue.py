"""Every programme of this folder, read once: its rule, its formula, and all facts there are."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, partial
from importlib import import_module
from pathlib import Path

from assistant.rules.calculation import Calculation, Given
from assistant.rules.facts import NUMERIC, Facts, FactType, Known, Worked, common_facts
from assistant.rules.files import read_yaml, validate
from assistant.rules.ranges import UNKNOWN, Range, Verdict
from assistant.rules.rule import Condition, Rule
from corpus.cleaning import simplify
from corpus.errors import RuleError, UsageError

FOLDER = Path(__file__).parent
Formula = Callable[[Given], Calculation]
FactFormula = Callable[[Given], Range]


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
    formulas: Mapping[str, Callable[[Known], Worked]] = field(default_factory=dict)

    def known(self, facts: Facts, day: date) -> Known:
        """Facts as seen on a day."""
        return Known(self.facts, facts, day, self.formulas)

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


@cache
def programme_names() -> Mapping[str, tuple[str, ...]]:
    """Every name and short name, simplified and in lower case -> the programmes that go by it."""
    names: dict[str, tuple[str, ...]] = {}
    for one in catalogue().programmes.values():
        for name in (one.rule.name, *one.rule.aliases):
            key = simplify(name).lower()
            names[key] = (*names.get(key, ()), one.id)
    return names


@cache
def name_pattern() -> re.Pattern[str]:
    """Finds the names of programmes in simplified text, the longest first."""
    names = sorted(programme_names(), key=len, reverse=True)
    return re.compile("|".join(re.escape(name) for name in names), re.IGNORECASE)


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
    formulas = {
        name: one for held in programmes.values() for name, one in _worked_out(held, package)
    }
    return Catalogue(programmes, facts, formulas)


def _formula(folder: Path, package: str) -> Formula | None:
    if not (folder / "formula.py").is_file():
        return None
    formula: Formula = import_module(f"{package}.{folder.name}.formula").calculate
    return formula


def _worked_out(
    programme: Programme, package: str
) -> Iterator[tuple[str, Callable[[Known], Worked]]]:
    """The facts of a programme that its formula.py works out, each by a function of its name."""
    for name, fact in programme.rule.facts.items():
        if fact.formula:
            where = f"{package}.{programme.id}.formula"
            work = getattr(import_module(where), name, None) if programme.formula else None
            if work is None:
                raise RuleError(
                    f"{programme.id}/formula.py 没有函数 {name}，facts 里却写着 formula。"
                )
            yield name, partial(_work_out, programme.rule, work)


def _work_out(rule: Rule, work: FactFormula, known: Known) -> Worked:
    """A fact by its formula; unknown on a day on which the programme does not exist."""
    if rule.period_on(known.day) is None:
        return Worked(UNKNOWN, ())
    given = Given(rule, known, {}, Verdict.UNKNOWN)
    value = work(given)
    return Worked(value, tuple(dict.fromkeys(given.asked)))


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
    for note in rule.notes:
        _check_choices(note.when, facts, where)
    if bool(rule.outcomes) != (programme.formula is not None):
        raise RuleError(f"{where}：outcomes 和 formula.py 要么都有，要么都没有。")


def _check_choices(when: Mapping[str, str], facts: Mapping[str, FactType], where: str) -> None:
    for name, choice in when.items():
        held = facts[name].choices if name in facts else ()
        if choice not in held:
            raise RuleError(f"{where} 的 notes：事项 {name} 没有选项“{choice}”。")


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
