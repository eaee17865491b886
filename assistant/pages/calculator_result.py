"""The right side of the calculator: doubts, the next question, counts, chart, cards, ladder."""

from collections.abc import Collection, Sequence
from datetime import date
from html import escape

from assistant.calculation_calendar import application_times
from assistant.calculator import Report
from assistant.pages.calculator_card import (
    badge_html,
    card_html,
    clause_link,
)
from assistant.pages.calculator_chart import chart_html
from assistant.pages.calculator_form import control_html
from assistant.pages.calculator_ladder import ladder_html
from assistant.pages.calculator_texts import Words
from assistant.rules.assessment import Assessment, Need
from assistant.rules.catalogue import catalogue
from assistant.rules.facts import Kind
from assistant.rules.ranges import Verdict
from assistant.rules.stacking import Stacking

ORDER = (Verdict.MET, Verdict.UNKNOWN, Verdict.NOT_MET, Verdict.NOT_IN_FORCE)


def result_html(
    report: Report, words: Words, opened: Collection[str] = (), changes: str = ""
) -> str:
    """Return everything that the rules say of the facts.

    The cards of the `opened` programmes are whole, the others only heads: all of them are half a
    megabyte. `changes` is what a trial changed.
    """
    ordered = in_order(report.assessments)
    return (
        f"{_doubts_html(report, words)}{changes}{_question_html(report, words)}"
        f"{_counts_html(report, words)}{chart_html(ordered, words)}"
        f"{''.join(_section_html(verdict, ordered, opened, words) for verdict in ORDER)}"
        f"{_stackings_html(report.stackings, report.day, words)}"
        f"{ladder_html(report, words)}"
    )


def in_order(assessments: Sequence[Assessment]) -> tuple[Assessment, ...]:
    """Met, unknown, not met, not in force; of each those first that are nearest to being met."""
    return tuple(sorted(assessments, key=_rank))


def _rank(one: Assessment) -> tuple[int, tuple[float, int]]:
    return ORDER.index(one.verdict), one.openness


def counts(report: Report) -> dict[str, int]:
    """How many programmes ended in each verdict."""
    return {
        str(verdict): sum(one.verdict is verdict for one in report.assessments) for verdict in ORDER
    }


def _doubts_html(report: Report, words: Words) -> str:
    if not report.doubts:
        return ""
    items = "".join(f"<li>{escape(one.text)}</li>" for one in report.doubts)
    return (
        f'<section class="doubts" role="alert"><h2>{escape(words.doubts)}</h2>'
        f"<ul>{items}</ul></section>"
    )


def _question_html(report: Report, words: Words) -> str:
    need = report.next_question
    if need is None:
        told = report.facts.values or report.facts.unsure
        return f'<p class="card hint">{escape(words.all_answered)}</p>' if told else ""
    hint = "" if report.facts.values else f'<p class="hint">{escape(words.nothing_told)}</p>'
    return (
        f'<section class="card question"><h2>{escape(words.question)}</h2>'
        f"{_answer_html(need, words)}{_because_html(need, report.day, words)}{hint}</section>"
    )


def _because_html(need: Need, day: date, words: Words) -> str:
    """The clause that asks. Where one is registered is asked for no clause of its own."""
    if need.reference is None or need.fact == "region":
        return ""
    link = clause_link(need.reference, day, words, with_title=True)
    quoted = escape(need.reference.quote)
    return f'<p class="because">{escape(words.because)} {link} <q>{quoted}</q></p>'


def _answer_html(need: Need, words: Words) -> str:
    """The question with what it is answered by, in place."""
    fact = catalogue().facts[need.fact]
    key = escape(need.fact)
    buttons = (("true", words.yes), ("false", words.no)) if fact.kind is Kind.YES_NO else ()
    choices = "".join(
        f'<button type="button" data-answer="{value}">{escape(said)}</button>'
        for value, said in buttons
    )
    control = "" if buttons else control_html(need.fact, fact, words, "q")
    done = "" if buttons else f'<button class="primary">{escape(words.answer)}</button>'
    tag = "p" if buttons else f'label for="q-{key}"'
    return (
        f'<form class="answer {fact.kind}" data-fact="{key}">'
        f'<{tag} class="asked">{escape(need.question)}</{tag.split()[0]}>'
        f'<div class="line">{control}{choices}{done}'
        f'<button type="button" data-answer="unsure">{escape(words.unsure)}</button></div>'
        '<p class="problem" role="alert" hidden></p></form>'
    )


def _counts_html(report: Report, words: Words) -> str:
    held = counts(report)
    items = "".join(
        f'<li class="{verdict}"><a href="#v-{verdict}"><b>{held[verdict]}</b>'
        f" <span>{escape(words.verdicts[verdict])}</span></a></li>"
        for verdict in ORDER
        if held[verdict] or verdict is not Verdict.NOT_IN_FORCE
    )
    calendar = (
        f'<button type="submit" form="calendar">{escape(words.calendar)}</button>'
        if application_times(report)
        else ""
    )
    return (
        f'<section class="card overview"><ul class="counts">{items}</ul>'
        f'<p class="line"><button type="submit" form="report">{escape(words.report)}</button>'
        f"{calendar}</p></section>"
    )


def _section_html(
    verdict: Verdict, ordered: Sequence[Assessment], opened: Collection[str], words: Words
) -> str:
    held = [one for one in ordered if one.verdict is verdict]
    if not held:
        return ""
    cards = "".join(card_html(one, one.programme in opened, words) for one in held)
    return (
        f'<section class="programmes" id="v-{verdict}"><h2>{badge_html(verdict, words)}'
        f' <span class="count">{len(held)}</span></h2>{cards}</section>'
    )


def _stackings_html(stackings: Sequence[Stacking], day: date, words: Words) -> str:
    items = "".join(_stacking_html(one, day, words) for one in stackings)
    if not items:
        return ""
    heading = f"<h2>{escape(words.stacking)}</h2>"
    return f'<section class="card">{heading}<ul class="said">{items}</ul></section>'


def _stacking_html(one: Stacking, day: date, words: Words) -> str:
    link = f" {clause_link(one.reference, day, words)}" if one.reference else ""
    return f"<li>{escape(one.text)}{link}</li>"
