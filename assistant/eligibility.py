"""Questions that the rules answer: 能不能报, 能拿多少, and the turns that tell what is missing.

A programme's rules speak only where the index holds the clauses they rest on, word for word.
What it does not know: how a fact is read (assistant.fact_reading) or decided (assistant.rules).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache

from assistant.answer import Answer, Status, Worked
from assistant.calculation_text import (
    Lines,
    write_assessment,
    write_overview,
    write_question,
    write_understood,
)
from assistant.calculator import Report, calculate
from assistant.compare import is_comparison
from assistant.fact_reading.directed import read_for
from assistant.fact_reading.reading import FactReading, read_sentence
from assistant.question import read_question, vocabulary
from assistant.replies import read_reply
from assistant.rules.assessment import assess
from assistant.rules.catalogue import Programme, catalogue, name_pattern, programme_names
from assistant.rules.checks import Contradiction, merge
from assistant.rules.drift import holds, quotes_of
from assistant.rules.facts import Facts, FactType
from assistant.rules.ranges import Verdict
from assistant.state import State
from assistant.values import Kind
from corpus.regions import find_regions
from index.search import Index

_QUESTION = re.compile(r"[?？]|吗|呢|多少|什么|哪|怎")
_MOST_BESIDE = 3  # characters beside the programme and the words that ask
_MOST_AT_ONCE = 3  # programmes that are told condition by condition


@dataclass(frozen=True)
class Told:
    """What this turn says: facts, programmes by name, and what could not be read for certain."""

    plain: str
    facts: Facts
    programmes: tuple[Programme, ...] = ()
    questions: tuple[str, ...] = ()
    is_reply: bool = False


def run_rules(state: State) -> State:
    """Answer from the rules where the turn asks for it; else leave it to the search."""
    earlier = state.history[-1].answer.worked if state.history else None
    told = _read(state, earlier)
    programmes = _asked_for(state, told, earlier)
    usable = [one for one in programmes if _is_held(one, state.index)]
    if not usable:
        return state
    kept = earlier.facts if earlier else Facts()
    facts, contradictions = merge(kept, told.facts, told.plain, catalogue().facts)
    facts = _with_region(facts, state)
    is_telling = told.is_reply or any(_matters(one, facts, state) for one in usable)
    if not is_telling and "taxable_income" in facts.values:
        facts = facts.with_values(_named_as_facts(told))
        usable = [one for one in _taxing(told.plain, facts, state) if _is_held(one, state.index)]
        is_telling = bool(usable)
    if not is_telling and not _is_own_case(told.plain):
        return state
    named = [one.id for one in usable] if len(usable) <= _MOST_AT_ONCE else ()
    claimed = bool(_pattern("claims").search(told.plain))
    report = calculate(facts, state.day, named, claims_conditions=claimed)
    return replace(state, answer=_answer(state, told, report, contradictions))


def tells_facts(text: str, day: date) -> bool:
    """Whether a line tells facts, or supposes a case: then its questions are all about it."""
    plain = read_question(text, day).plain
    if _reading(plain, day).facts:
        return True
    return any(read_for(plain, _own_facts(one, Facts())) for one in _named(plain, ()))


@lru_cache(maxsize=64)
def _reading(plain: str, day: date) -> FactReading:
    """A sentence's facts; a line is read before it is parted and again as a turn."""
    return read_sentence(plain, catalogue().facts, day)


def _read(state: State, earlier: Worked | None) -> Told:
    types = catalogue().facts
    plain = read_question(state.text, state.day, state.region).plain
    if earlier and earlier.asked:
        reply = read_reply(plain, earlier.asked, types, state.day)
        if reply is not None:
            return Told(plain, reply, is_reply=True)
    for written, understood in state.asked.corrections:
        plain = plain.replace(written, understood)
    reading = _reading(plain, state.day)
    facts = Facts({one.fact: one.value for one in reading.facts})
    spans = [(one.start, one.end) for one in reading.facts if isinstance(one.value, bool)]
    programmes = _named(plain, spans) or _meant(facts) or _taxing(plain, facts, state)
    if not programmes and earlier and _pattern("asks").search(plain):
        programmes = _of(earlier)
    for one in programmes:
        supposed = read_for(plain, _own_facts(one, facts))
        facts = facts.with_values(supposed)
    return Told(plain, facts, programmes, reading.questions)


def _of(earlier: Worked) -> tuple[Programme, ...]:
    """The programmes that the turn before was about, where they were few."""
    held = catalogue().programmes
    programmes = tuple(held[one.programme] for one in earlier.assessments)
    return programmes if len(programmes) <= _MOST_AT_ONCE else ()


def _own_facts(programme: Programme, told: Facts) -> dict[str, FactType]:
    """The facts that a programme alone asks for, and that were not told."""
    types = catalogue().facts
    leaves = [leaf.fact for top in programme.rule.conditions for leaf in top.leaves()]
    names = dict.fromkeys([*programme.rule.facts, *filter(None, leaves)])
    return {name: types[name] for name in names if name not in told.values}


def _asked_for(state: State, told: Told, earlier: Worked | None) -> Sequence[Programme]:
    """The programmes to run; () where the turn asks for something else."""
    held = catalogue().programmes
    before = [held[one.programme] for one in earlier.assessments] if earlier else []
    if told.is_reply:
        return before
    if _pattern("lookup").search(told.plain) or state.asked.asks(Kind.VALIDITY):
        return ()
    if len(state.asked.years) > 1 and is_comparison(state.asked):
        return ()
    asks = bool(_pattern("asks").search(told.plain))
    if told.programmes:
        return told.programmes if asks or _pattern("own").search(told.plain) else ()
    if not told.facts.values:
        return ()
    if _pattern("everything").search(told.plain) or _is_description(told):
        return before or tuple(held.values())
    return before if asks or not _QUESTION.search(told.plain) else ()


def _is_description(told: Told) -> bool:
    """Whether the turn only says what the enterprise is."""
    return not _QUESTION.search(told.plain) and len(told.facts.values) > 1


def _is_own_case(plain: str) -> bool:
    """Whether an enterprise asks for itself and tells nothing else: 我们能申请高企吗."""
    if not (_pattern("own").search(plain) and _pattern("asks").search(plain)):
        return False
    rest = _pattern("bare").sub("", name_pattern().sub("", plain))
    for mention in reversed(find_regions(rest)):
        rest = rest[: mention.start] + rest[mention.end :]
    return len(re.findall(r"\w", rest)) <= _MOST_BESIDE


def _with_region(facts: Facts, state: State) -> Facts:
    """The facts with the conversation's region, where the enterprise named none."""
    regions = state.asked.regions
    if "region" in facts.values or len(regions) != 1:
        return facts
    return facts.with_values({"region": regions[0]})


def _matters(programme: Programme, facts: Facts, state: State) -> bool:
    """Whether the facts change anything in the programme's result, besides the region."""
    told = facts.without(frozenset({"region"}))
    if not told.values:
        return False
    bare = facts.without(frozenset(told.values))
    held = catalogue()
    with_facts = assess(held, programme, facts, state.day)
    without = assess(held, programme, bare, state.day)
    if with_facts.verdict is Verdict.NOT_IN_FORCE:
        return True
    return (with_facts.conditions, with_facts.amounts) != (without.conditions, without.amounts)


def _is_held(programme: Programme, index: Index) -> bool:
    """Whether the index holds every clause that the programme rests on, with the words quoted."""
    return all(
        holds(clause_id, quote, index.clauses, index.documents)
        for clause_id, quote in quotes_of(programme.id)
    )


def _answer(
    state: State, told: Told, report: Report, contradictions: Sequence[Contradiction]
) -> Answer:
    lines = Lines(state.day)
    write_understood(lines, report)
    for doubtful in (*told.questions, *(one.text for one in contradictions)):
        lines.add(f"注意：{doubtful}")
    if len(report.assessments) > _MOST_AT_ONCE:
        write_overview(lines, report)
    else:
        for one in report.assessments:
            write_assessment(lines, one)
        for stacking in report.stackings:
            lines.add(stacking.text, stacking.reference)
    question = write_question(lines, report)
    asked = report.next_question.fact if report.next_question else None
    return Answer(
        question=state.text,
        day=state.day,
        status=_status(report),
        answer="\n".join(lines.lines),
        citations=lines.citations(),
        needs=(question,) if question else (),
        worked=Worked(report.facts, report.assessments, asked),
    )


def _status(report: Report) -> Status:
    verdicts = {one.verdict for one in report.assessments}
    if verdicts == {Verdict.NOT_IN_FORCE}:
        return Status.NOT_IN_FORCE
    settled = verdicts & {Verdict.MET, Verdict.NOT_MET}
    in_part = any(
        top.verdict is Verdict.MET for one in report.assessments for top in one.conditions
    )
    if settled or in_part or any(one.amounts for one in report.assessments):
        return Status.ANSWERED
    return Status.NEEDS_FACTS


def _meant(facts: Facts) -> tuple[Programme, ...]:
    """The programmes that alone ask for a fact that was told; a condition on it goes first."""
    held = catalogue().programmes.values()
    own = [name for one in held for name in one.rule.facts if name in facts.values]
    testing = [
        one
        for one in held
        if any(leaf.fact in own for top in one.rule.conditions for leaf in top.leaves())
    ]
    return tuple(testing or [one for one in held if one.rule.facts.keys() & set(own)])


def _named_as_facts(told: Told) -> dict[str, bool]:
    """What a named recognition says of the enterprise: 高新技术企业应纳税所得额500万元."""
    types = catalogue().facts
    return {one.id: True for one in told.programmes if one.id in types}


def _taxing(plain: str, facts: Facts, state: State) -> tuple[Programme, ...]:
    """Asked how much income tax: the programmes that give it, those that fit most in front."""
    if "taxable_income" not in facts.values or "所得税" not in plain:
        return ()
    held = catalogue()
    fitting = []
    for one in held.programmes.values():
        result = assess(held, one, facts, state.day)
        if "tax_due" in one.rule.outcomes and result.verdict is not Verdict.NOT_MET:
            met = sum(each.verdict is Verdict.MET for each in result.conditions)
            fitting.append((met, one))
    most = max((met for met, _ in fitting), default=0)
    return tuple(one for met, one in fitting if met == most)[:_MOST_AT_ONCE]


def _named(plain: str, taken: Sequence[tuple[int, int]]) -> tuple[Programme, ...]:
    """The programmes named in a text, longest name first; a name read as a fact is none."""
    found: dict[str, Programme] = {}
    by_name = programme_names()
    for match in name_pattern().finditer(plain):
        if any(start < match.end() and match.start() < end for start, end in taken):
            continue
        found |= {one: catalogue().programmes[one] for one in by_name[match[0].lower()]}
    return tuple(found.values())


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(vocabulary()["calculation"][name])
