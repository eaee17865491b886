"""The ladder of titles as the page shows it: each level, and the shortest way to it."""

from collections.abc import Iterator
from html import escape

from assistant.calculator import Report
from assistant.pages.calculator_card import badge_html, clause_link, needs_html
from assistant.pages.calculator_texts import Words
from assistant.rules.ladder import Level, next_level
from assistant.rules.ranges import Verdict


def ladder_html(report: Report, words: Words) -> str:
    """Return the levels from below, the next one marked; "" where there is none or no fact."""
    if not report.levels or not report.facts.values:
        return ""
    coming = next_level(report.levels)
    items = "".join(_level_html(one, one is coming, words) for one in report.levels)
    return (
        f'<section class="card ladder"><h2>{escape(words.ladder)}</h2>'
        f'<p class="hint">{escape(words.ladder_hint)}</p><ol>{items}</ol></section>'
    )


def _level_html(level: Level, is_next: bool, words: Words) -> str:
    kind = "reached" if level.is_reached else "next" if is_next else ""
    said = {"reached": words.reached, "next": words.next_step}.get(kind, "")
    mark = f'<span class="mark">{escape(said)}</span>' if said else ""
    way = "" if level.is_reached else "".join(_way_html(level, words))
    return (
        f'<li class="{kind}"><p><a href="#p-{escape(level.programme)}"'
        f' data-open="{escape(level.programme)}">{escape(level.name)}</a>'
        f" {badge_html(level.assessment.verdict, words)} {mark}</p>{way}</li>"
    )


def _way_html(level: Level, words: Words) -> Iterator[str]:
    day = level.assessment.day
    if level.missing:
        items = "".join(
            f"<li>{escape(said)} {clause_link(one.reference, day, words)}</li>"
            for said, one in zip(level.lacks, level.missing, strict=True)
        )
        yield f'<p class="lacks">{escape(words.to_bring)}</p><ul>{items}</ul>'
    if level.questions:
        yield needs_html(level.questions, words.to_tell, words)
    if level.assessment.verdict is Verdict.MET:
        yield f'<p class="all-met">{escape(words.all_met)}</p>'
