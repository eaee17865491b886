"""A calculator's result in Chinese sentences with [n], for the chat and for the terminal.

Every number in them comes from the assessment; the words of conditions come from the rules.
"""

from dataclasses import dataclass, field
from datetime import date

from assistant.answer import Citation
from assistant.calculator import VERDICTS, Report, cite, is_unverified, references_of
from assistant.rules.assessment import Amount, Assessment
from assistant.rules.calculation import Step
from assistant.rules.catalogue import catalogue
from assistant.rules.conditions import ConditionResult
from assistant.rules.ladder import next_level
from assistant.rules.periods import in_words
from assistant.rules.ranges import Verdict
from assistant.rules.references import find_source
from assistant.rules.rule import Reference
from assistant.rules.shown import amount, fact_shown
from corpus.validity import chinese_day

_MOST_LISTED = 6
_MOST_NOTES = 3
_SIGNS = {Verdict.MET: "符合", Verdict.NOT_MET: "不符合", Verdict.UNKNOWN: "待确认"}


@dataclass
class Lines:
    """Sentences being written, and the clauses that they cite, numbered as first cited."""

    day: date
    lines: list[str] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    all_unverified: bool = False  # said once for all, not clause by clause

    def mark(self, reference: Reference | None) -> str:
        """[n] of a clause, with 待核 where it is not verified; "" where there is none."""
        if reference is None:
            return ""
        if reference not in self.references:
            self.references.append(reference)
        doubtful = find_source(reference).is_unverified and not self.all_unverified
        doubt = "（待核）" if doubtful else ""
        return f"{doubt}[{self.references.index(reference) + 1}]"

    def add(self, line: str, reference: Reference | None = None) -> None:
        """Add a line, with the clause it rests on."""
        self.lines.append(f"{line}{self.mark(reference)}")

    def citations(self) -> tuple[Citation, ...]:
        """The clauses cited, in order."""
        return tuple(cite(one, self.day, n) for n, one in enumerate(self.references, 1))


def write_understood(lines: Lines, report: Report) -> None:
    """What was understood of the enterprise, and what could not be used."""
    known = catalogue().known(report.facts, report.day)
    told = [f"{known.types[name].name} {fact_shown(known, name)}" for name in report.facts.values]
    if told:
        lines.add(f"按您所说测算：{'，'.join(told)}。如有出入请直接更正。")
    for doubt in report.doubts:
        lines.add(f"注意：{doubt.text}")


def write_assessment(lines: Lines, one: Assessment) -> None:
    """One programme: the verdict, its conditions, what it is worth and what to mind."""
    name = one.rule.name
    if one.verdict is Verdict.NOT_IN_FORCE:
        _write_not_in_force(lines, one)
        return
    lines.all_unverified = all(find_source(each).is_unverified for each in references_of(one))
    doubt = "（待核）" if lines.all_unverified else ""
    assert one.in_force is not None
    period = f"按{chinese_day(one.day)}有效的规定，{in_words(one.in_force)}"
    lines.add(f"{_headline(one)}：{name}{doubt}（{period}）。", one.in_force.reference)
    _write_amounts(lines, one)
    _write_conditions(lines, one)
    if one.verdict is not Verdict.NOT_MET:
        for note in one.notes[:_MOST_NOTES]:
            lines.add(f"注意：{note.text}", note.reference)
    if is_unverified(one):
        lines.add("注意：所据条文中有待核的内容，申报前请向主管部门核实。")
    lines.all_unverified = False


def _headline(one: Assessment) -> str:
    if one.verdict is Verdict.UNKNOWN:
        met = sum(each.verdict is Verdict.MET for each in one.conditions)
        told = f"已说的符合{met}项条件，其余待确认" if met else "还不能判断是否符合"
        return f"信息不足，{told}"
    return VERDICTS[one.verdict] + ("全部条件" if one.verdict is Verdict.MET else "条件")


def _write_not_in_force(lines: Lines, one: Assessment) -> None:
    lines.add(
        f"{chinese_day(one.day)}没有有效的{one.rule.name}规定，不作测算。库中所载的有效期间："
    )
    for period in one.rule.in_force:
        lines.add(f"- {in_words(period)}", period.reference)


def _write_amounts(lines: Lines, one: Assessment) -> None:
    for outcome in one.amounts:
        if_met = "（条件全部符合时）" if _is_conditional(outcome, one) else ""
        shown = amount(outcome.value, outcome.unit)
        lines.add(f"{outcome.label}{if_met}：{shown}。", _stating(outcome, one))
    for step in one.steps:
        if _tells(step, one):
            shown = amount(step.amount, step.unit)
            lines.add(f"- 测算：{step.label} ＝ {step.how} ＝ {shown}", step.reference)


def _stating(outcome: Amount, one: Assessment) -> Reference | None:
    """The clause of the step that gives the amount, else of the last one."""
    giving = [step for step in one.steps if step.amount == outcome.value and step.reference]
    last = [step for step in one.steps if step.reference]
    return next((step.reference for step in reversed(giving or last)), None)


def _is_conditional(outcome: Amount, one: Assessment) -> bool:
    open_gain = outcome.is_worth and one.verdict is Verdict.UNKNOWN
    return open_gain or one.assumes_conditions


def _tells(step: Step, one: Assessment) -> bool:
    """Whether a step says something: not of an unknown part, not of a gain that there is not."""
    if any(step.amount == each.value for each in one.amounts):
        return True
    known = step.amount.exact is not None or step.amount.low > 0
    return known and one.verdict is not Verdict.NOT_MET


def _write_conditions(lines: Lines, one: Assessment) -> None:
    """What fails and what is met one by one; what is open in one line, more where it decides."""
    for verdict in (Verdict.NOT_MET, Verdict.MET):
        for condition in one.conditions:
            if condition.verdict is verdict:
                _write_condition(lines, condition)
    open_ones = [each for each in one.conditions if each.verdict is Verdict.UNKNOWN]
    told = [each for each in open_ones if _is_told_in_part(each)]
    for condition in told:
        _write_condition(lines, condition)
    rest = [
        f"{each.label}{_threshold(each)}{lines.mark(each.reference)}"
        for each in open_ones
        if each not in told
    ]
    if rest:
        lines.add(f"- 尚待确认：{'；'.join(rest)}")


def _write_condition(lines: Lines, one: ConditionResult, indent: str = "") -> None:
    value = f"，{one.value}" if one.value is not None else "，未提供"
    gap = f"，{one.gap.text}" if one.gap else ""
    label = f"{indent}- {_SIGNS[one.verdict]}：{one.label}"
    if one.parts:
        lines.add(f"{label}（{one.threshold}，{one.value}）", one.reference)
        for part in one.parts:  # of a group that is met, the alternatives not needed are left out
            if one.verdict is not Verdict.MET or part.verdict is Verdict.MET:
                _write_condition(lines, part, f"{indent}  ")
        return
    lines.add(f"{label}{value}{_required(one)}{gap}", one.reference)


def _is_told_in_part(one: ConditionResult) -> bool:
    """Whether something is known of an open condition, or of one in its group."""
    if one.parts:
        return any(
            part.verdict is not Verdict.UNKNOWN or _is_told_in_part(part) for part in one.parts
        )
    return one.value is not None


def _is_yes_or_no(one: ConditionResult) -> bool:
    """Whether the label says all that is required."""
    return one.threshold == "是" or one.threshold.endswith("：否")


def _threshold(one: ConditionResult) -> str:
    return "" if _is_yes_or_no(one) or one.parts else f"（{one.threshold}）"


def _required(one: ConditionResult) -> str:
    """The threshold, where the label doesn't say it all: a yes needs none."""
    if _is_yes_or_no(one):
        return ""
    end = one.threshold.lstrip("＞＜")
    return f"，要求{one.threshold}" + (f"（不含{end}）" if end != one.threshold else "")


def write_question(lines: Lines, report: Report) -> str | None:
    """The next question with the clause that needs it; None where nothing more is asked."""
    need = report.next_question
    if need is None:
        return None
    lines.add(f"请告诉我：{need.question}（可以回答“不清楚”）", need.reference)
    return need.question


def write_overview(lines: Lines, report: Report) -> None:
    """Every programme in short: what is met, what is nearly known, what is out of reach."""
    by_verdict = {
        verdict: [one for one in report.assessments if one.verdict is verdict]
        for verdict in Verdict
    }
    _write_names(lines, "符合", by_verdict[Verdict.MET])
    open_ones = sorted(by_verdict[Verdict.UNKNOWN], key=lambda one: one.openness)
    _write_names(lines, "还差信息", open_ones)
    _write_names(lines, "不符合", by_verdict[Verdict.NOT_MET])
    for stacking in report.stackings:
        lines.add(stacking.text, stacking.reference)
    _write_next_level(lines, report)


def _write_next_level(lines: Lines, report: Report) -> None:
    """The shortest way to the next level of the 梯队."""
    level = next_level(report.levels)
    if level is None:
        return
    questions = "、".join(need.name for need in level.questions)
    telling = f"；还需知道{questions}" if questions else ""
    lacking = f"还差{len(level.missing)}项" if level.missing else "没有发现不符合的条件"
    lines.add(f"梯队的下一级是{level.name}：{lacking}{telling}。")
    for said, one in zip(level.lacks, level.missing, strict=True):
        lines.add(f"- {said}", one.reference)


def _write_names(lines: Lines, heading: str, ones: list[Assessment]) -> None:
    if not ones:
        return
    lines.add(f"{heading}（{len(ones)}项）：")
    for one in ones[:_MOST_LISTED]:
        lines.add(f"- {one.rule.name}{_short(one)}", _telling(one))
    if len(ones) > _MOST_LISTED:
        names = "、".join(one.rule.name for one in ones[_MOST_LISTED:])
        lines.add(f"- 另有：{names}")


def _short(one: Assessment) -> str:
    """What decides it, in a few words."""
    if one.verdict is Verdict.NOT_MET:
        failed = next(top for top in one.conditions if top.verdict is Verdict.NOT_MET)
        gap = f"，{failed.gap.text}" if failed.gap else ""
        return f"：{failed.label}要求{failed.threshold}{gap}"
    worth = f"：{one.amount.label}{amount(one.amount.value, one.amount.unit)}" if one.amount else ""
    if one.verdict is Verdict.UNKNOWN:
        names = "、".join(need.name for need in one.needs[:3])
        return f"{worth}，还需知道{names}" if names else worth
    return worth


def _telling(one: Assessment) -> Reference | None:
    """The clause of what decides it."""
    if one.verdict is Verdict.NOT_MET:
        failed = next(top for top in one.conditions if top.verdict is Verdict.NOT_MET)
        return failed.reference
    return one.in_force.reference if one.in_force else None
