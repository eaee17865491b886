"""One programme's result as a card: the verdict and amount in its head, the reasons inside.

Every word of a rule or a document goes through `escape`; clauses are links to the source page.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from html import escape
from urllib.parse import quote, urlencode

from assistant.answer import Citation
from assistant.calculator import cite, is_unverified
from assistant.pages.calculator_texts import Words
from assistant.pages.source import titled
from assistant.rules.assessment import Assessment, Need
from assistant.rules.conditions import ConditionResult
from assistant.rules.periods import begin_is_stated, end_is_stated
from assistant.rules.ranges import Verdict
from assistant.rules.references import find_source
from assistant.rules.rule import Note, Reference
from assistant.rules.shown import amount as amount_shown

SOURCE = "/calculator/source"
_SIGNS = {Verdict.MET: "✓", Verdict.NOT_MET: "✗", Verdict.UNKNOWN: "?", Verdict.NOT_IN_FORCE: "—"}
_MOST_NEEDS = 3
_MOST_ASKED = 6


def card_html(one: Assessment, is_open: bool, words: Words) -> str:
    """Return the card of one programme, open with its reasons, or folded without them."""
    worth = f'<span class="worth">{escape(worth_shown(one))}</span>' if one.amount else ""
    inside = "".join(_inside(one, words)) if is_open else ""
    state = " open" if is_open else ""
    return (
        f'<details class="programme {one.verdict}" id="p-{escape(one.programme)}"{state}'
        f' data-id="{escape(one.programme)}"><summary>{badge_html(one.verdict, words)}'
        f'<span class="title"><b>{escape(one.rule.name)}</b>{_unverified_mark(one, words)}'
        f"<small>{_in_short(one, words)}</small></span>{worth}</summary>"
        f'<div class="inside">{inside}</div></details>'
    )


def badge_html(verdict: Verdict, words: Words) -> str:
    """Return a verdict as a coloured word."""
    return f'<span class="badge {verdict}">{escape(words.verdicts[verdict])}</span>'


def worth_shown(one: Assessment) -> str:
    """What a programme is worth in words: 45万元, 最多200万元, 信息不足."""
    return amount_shown(one.amount.value, one.amount.unit) if one.amount else ""


def clause_link(reference: Reference, day: date, words: Words, with_title: bool = False) -> str:
    """Return a link that opens the document at the clause; its hint is the words quoted."""
    cited = cite(reference, day)
    doubtful = find_source(reference).is_unverified
    mark = f' <span class="mark">{escape(words.unverified)}</span>' if doubtful else ""
    title = titled(cited.title) if with_title else ""
    hint = escape(f"{titled(cited.title)}：“{cited.quote}”")
    return (
        f'<a class="clause" href="{source_address(cited, day, words)}" title="{hint}"'
        f' target="_blank" rel="noopener">{escape(title)}{escape(cited.clause)}</a>{mark}'
    )


def source_address(cited: Citation, day: date, words: Words) -> str:
    """Return the address, escaped, of the page that shows a cited clause."""
    asked = {"clause": cited.clause, "quote": cited.quote, "day": day.isoformat()}
    if words.language != "zh":
        asked["lang"] = words.language
    return escape(f"{SOURCE}/{quote(cited.document_id, safe='')}?{urlencode(asked)}")


def _unverified_mark(one: Assessment, words: Words) -> str:
    if not is_unverified(one):
        return ""
    hint = escape(words.unverified_hint)
    return f' <span class="mark" title="{hint}">{escape(words.unverified)}</span>'


def _in_short(one: Assessment, words: Words) -> str:
    """What decides it, in one line."""
    if one.verdict is Verdict.NOT_MET:
        failed = next(top for top in one.conditions if top.verdict is Verdict.NOT_MET)
        gap = f"，{failed.gap.text}" if failed.gap else ""
        return escape(f"{failed.label}{words.colon}{words.threshold}{failed.threshold}{gap}")
    if one.verdict is Verdict.UNKNOWN and one.needs:
        names = "、".join(_name(need.fact, need.name, words) for need in one.needs[:_MOST_NEEDS])
        more = words.and_more.format(count=len(one.needs))
        more = f" {more}" if len(one.needs) > _MOST_NEEDS else ""
        return escape(f"{words.still_needed}{words.colon}{names}{more}")
    return escape(one.rule.summary)


def _name(fact: str, name: str, words: Words) -> str:
    return words.facts.get(fact, name)


def _inside(one: Assessment, words: Words) -> Iterator[str]:
    if _in_short(one, words) != escape(one.rule.summary):
        yield f'<p class="about">{escape(one.rule.summary)}</p>'
    yield _period_html(one, words)
    if is_unverified(one):
        yield f'<p class="caution">{escape(words.unverified_hint)}</p>'
    yield _amounts_html(one)
    yield needs_html(one.needs, words.still_needed, words)
    if one.conditions:
        yield conditions_html(one.conditions, one.day, words)
    yield steps_html(one, words)
    held = (note for note in one.rule.materials if note.covers(one.day))
    yield notes_html(words.materials, tuple(held), one.day, words)
    windows = tuple(note for note in one.rule.windows if note.covers(one.day))
    yield notes_html(words.windows, windows, one.day, words)
    department = (one.rule.department,) if one.rule.department else ()
    yield notes_html(words.department, department, one.day, words)
    yield notes_html(words.notes, one.notes, one.day, words)


def _period_html(one: Assessment, words: Words) -> str:
    """The period that the day lies in; all periods where it lies in none."""
    periods = (one.in_force,) if one.in_force else one.rule.in_force
    shown = []
    for period in periods:
        until = words.to_day if end_is_stated(period) else words.our_to_day
        end = until.format(day=period.effective_to) if period.effective_to else ""
        link = clause_link(period.reference, one.day, words)
        since = words.from_day if begin_is_stated(period) else words.our_from_day
        begin = since.format(day=period.effective_from)
        shown.append(f"{escape(begin)}{escape(end)} {link}")
    return f'<p class="period"><b>{escape(words.period)}</b> {"；".join(shown)}</p>'


def _amounts_html(one: Assessment) -> str:
    items = "".join(
        f"<div><dt>{escape(held.label)}</dt>"
        f"<dd>{escape(amount_shown(held.value, held.unit))}</dd></div>"
        for held in one.amounts
    )
    return f'<dl class="amounts">{items}</dl>' if items else ""


def needs_html(needs: Sequence[Need], title: str, words: Words) -> str:
    """Return a button for each fact to tell, which leads to its field; the later ones folded."""
    buttons = [
        f'<button type="button" class="ask" data-ask="{escape(need.fact)}"'
        f' title="{escape(need.question)}">{escape(_name(need.fact, need.name, words))}</button>'
        for need in needs
    ]
    if not buttons:
        return ""
    rest = "".join(buttons[_MOST_ASKED:])
    if rest:
        said = escape(words.the_rest.format(count=len(buttons) - _MOST_ASKED))
        rest = f'<details class="rest"><summary>{said}</summary><div>{rest}</div></details>'
    first = "".join(buttons[:_MOST_ASKED])
    return f'<div class="needs"><span>{escape(title)}</span>{first}{rest}</div>'


def conditions_html(conditions: Sequence[ConditionResult], day: date, words: Words) -> str:
    """Return the table of conditions: each with what the enterprise has, the bound, the clause."""
    heads = (words.condition, words.yours, words.threshold, words.gap, words.clause)
    rows = "".join(_rows(conditions, day, words, 0))
    return (
        '<table class="conditions"><thead><tr>'
        f"{''.join(f'<th>{escape(one)}</th>' for one in heads)}</tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _rows(
    conditions: Sequence[ConditionResult], day: date, words: Words, depth: int
) -> Iterator[str]:
    for one in conditions:
        value = one.value if one.value is not None else words.not_told
        cells = (
            (words.yours, escape(value)),
            (words.threshold, escape(one.threshold)),
            (words.gap, escape(one.gap.text) if one.gap else ""),
            (words.clause, _clause_cell(one.reference, day, words)),
        )
        shown = "".join(f'<td data-head="{escape(head)}">{cell}</td>' for head, cell in cells)
        said = escape(words.verdicts[one.verdict])
        yield (
            f'<tr class="{one.verdict} depth-{min(depth, 3)}"><th scope="row">'
            f'<span class="sign {one.verdict}" title="{said}" role="img" aria-label="{said}">'
            f"{_SIGNS[one.verdict]}</span>{escape(one.label)}</th>{shown}</tr>"
        )
        yield from _rows(one.parts, day, words, depth + 1)


def _clause_cell(reference: Reference, day: date, words: Words) -> str:
    document = find_source(reference).document
    name = document.document_number or titled(document.title)
    return f"{clause_link(reference, day, words)}<small>{escape(name)}</small>"


def steps_html(one: Assessment, words: Words) -> str:
    """Return the working of the amounts; "" where nothing was worked out."""
    items = "".join(
        f"<li><b>{escape(step.label)}</b> ＝ {escape(step.how)} ＝"
        f" <b>{escape(amount_shown(step.amount, step.unit))}</b>"
        f" {clause_link(step.reference, one.day, words) if step.reference else ''}</li>"
        for step in one.steps
        if step.amount.low > 0 or step.amount.is_bounded
    )
    if not items:
        return ""
    return f'<section><h4>{escape(words.steps)}</h4><ol class="steps">{items}</ol></section>'


def notes_html(title: str, notes: Sequence[Note], day: date, words: Words) -> str:
    """Return a titled list of sentences with their clauses; "" where there is none."""
    items = "".join(_note_html(note, day, words) for note in notes)
    if not items:
        return ""
    return f'<section><h4>{escape(title)}</h4><ul class="said">{items}</ul></section>'


def _note_html(note: Note, day: date, words: Words) -> str:
    ours = f"<small>{escape(words.our_note)}</small>"
    ground = clause_link(note.reference, day, words) if note.reference else ours
    return f"<li>{escape(note.text)} {ground}</li>"
