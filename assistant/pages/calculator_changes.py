"""What a trial (假如) changes: the programmes that end otherwise than with the facts before."""

from collections.abc import Collection, Iterator
from html import escape

from assistant.calculator import Report
from assistant.pages.calculator_card import badge_html
from assistant.pages.calculator_texts import Words
from assistant.rules.catalogue import catalogue
from assistant.rules.checks import find_doubts
from assistant.rules.facts import Facts
from assistant.rules.shown import amount as amount_shown
from assistant.rules.what_if import Change, what_if


def changes_html(before: Facts, report: Report, chosen: Collection[str], words: Words) -> str:
    """Return the difference between the facts before and those of the report.

    Of the `chosen` programmes, of all where none is. A fact that was only taken away changes
    nothing of the enterprise, so neither side has it.
    """
    changes = changes_of(before, report)
    items = "".join(
        _change_html(one, words) for one in changes if not chosen or one.programme in chosen
    )
    shown = f"<ul>{items}</ul>" if items else f"<p>{escape(words.no_changes)}</p>"
    return f'<section class="card changes"><h2>{escape(words.changes)}</h2>{shown}</section>'


def changes_of(before: Facts, report: Report) -> tuple[Change, ...]:
    """The programmes that end otherwise with the facts of the report, another region's too."""
    held = catalogue()
    doubtful = {name for one in find_doubts(before, held.facts, report.day) for name in one.facts}
    taken = before.values.keys() - report.facts.values.keys()
    known = before.without(frozenset(doubtful | taken))
    changed = {
        name: value
        for name, value in report.facts.values.items()
        if known.values.get(name) != value
    }
    return what_if(held, known, changed, report.day) if changed else ()


def _change_html(change: Change, words: Words) -> str:
    programme, before, after = escape(change.programme), change.before, change.after
    verdicts = badge_html(after.verdict, words)
    if before.verdict is not after.verdict:
        verdicts = f"{badge_html(before.verdict, words)} → {verdicts}"
    amounts = "".join(f"<small>{escape(one)}</small>" for one in _amounts_changed(change, words))
    return (
        f'<li><a href="#p-{programme}" data-open="{programme}">{escape(after.rule.name)}</a>'
        f" {verdicts}{amounts}</li>"
    )


def _amounts_changed(change: Change, words: Words) -> Iterator[str]:
    before = {one.id: amount_shown(one.value, one.unit) for one in change.before.amounts}
    after = {one.id: amount_shown(one.value, one.unit) for one in change.after.amounts}
    labels = {one.id: one.label for one in (*change.before.amounts, *change.after.amounts)}
    for name, label in labels.items():
        was, now = before.get(name, words.nothing), after.get(name, words.nothing)
        if was != now:
            yield f"{label}{words.colon}{was} → {now}"
