"""The library as HTML: every document with its dates and validity, and one document to read."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from html import escape

from assistant.pages.source import about_html, empty_html, known_dates, text_html, whole_text_html
from assistant.pages.texts import Texts
from corpus.document import Clause, Document
from corpus.regions import region_name
from corpus.validity import validity_on

ClausesOf = Callable[[str], Sequence[Clause]]


def library_html(
    documents: Mapping[str, Document], clauses_of: ClausesOf, day: date, texts: Texts
) -> str:
    """Return the list of documents; each opens by its button."""
    hint = texts.library_hint.format(count=len(documents), day=day.isoformat())
    items = "".join(
        _entry_html(document, len(clauses_of(document.document_id)), day, texts)
        for document in documents.values()
    )
    words = escape(texts.library_filter)
    return (
        f'<p class="hint">{escape(hint)}</p><input type="search" class="filter"'
        f' aria-label="{words}" placeholder="{words}">{_topics_html(documents)}'
        f'<ul class="documents">{items}</ul>'
    )


def _topics_html(documents: Mapping[str, Document]) -> str:
    """Buttons for every topic and audience that a document names: a click filters by it."""
    named = [word for one in documents.values() for word in (*one.topics, *one.audiences)]
    buttons = "".join(
        f'<button type="button" class="chip" data-filter="{escape(word)}">{escape(word)}</button>'
        for word, _ in Counter(named).most_common()
    )
    return f'<div class="topics">{buttons}</div>' if buttons else ""


def _entry_html(document: Document, count: int, day: date, texts: Texts) -> str:
    validity, reason = validity_on(document, day)
    facts = [
        document.document_number or "",
        "、".join(document.issuing_bodies),
        region_name(document.jurisdiction) if document.jurisdiction else "",
        known_dates(document, texts),
        f"{texts.clause_count} {count}",
        texts.digest if document.is_digest else "",
        " ".join((*document.topics, *document.audiences)),
    ]
    listed = "".join(f"<span>{escape(fact)}</span>" for fact in facts if fact)
    return (
        f'<li><button type="button" class="open" data-document="{escape(document.document_id)}">'
        f"{escape(document.title)}</button>"
        f'<span class="validity {validity.value}" title="{escape(reason)}">'
        f"{escape(texts.validities[validity])}</span>"
        f'<div class="facts">{listed}</div></li>'
    )


def document_html(
    document: Document | None, clauses: Sequence[Clause], day: date, texts: Texts
) -> str:
    """Return one whole document with a list of its clauses to jump to."""
    if document is None:
        return empty_html(texts.pick_document)
    starts = [clause.start for clause in clauses]
    jumps = "".join(
        f'<li><button type="button" class="jump" data-to="{clause.start}">'
        f"{escape(clause.label)}</button></li>"
        for clause in clauses
    )
    return (
        f'<article class="source"><div class="head">'
        f'<button type="button" class="quiet back" data-back="library-list">'
        f"{escape(texts.back)}</button>"
        f"{about_html(document, day, texts)}"
        f'<details class="clauses"><summary>{escape(texts.clauses)}（{len(clauses)}）</summary>'
        f"<ul>{jumps}</ul></details></div>"
        f"{whole_text_html(text_html(document.text, (), starts), texts)}</article>"
    )
