"""A document as HTML: its whole text, the cited words marked, and what it is above it.

Every word that comes from a document goes through `html.escape`: Gradio's HTML
component shows what it is given as it is.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import pairwise

from assistant.answer import Citation
from assistant.pages.texts import Texts
from corpus.document import Document
from corpus.regions import region_name
from corpus.validity import validity_on

HEADING = re.compile(
    r"(第[一二三四五六七八九十百零〇\d]+[编編章节節](?=\s|$)"
    r"|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)]).{0,40}$"
)
# Signs of our own text.md files that are no words of the policy.
MARKDOWN = re.compile(r"(#{1,6}|>)[ \t]+")
PART = re.compile(r"<!--.*-->")
ENDS_A_SENTENCE = re.compile(r"[。；;]\s*$")


@dataclass(frozen=True)
class Mark:
    """A stretch of a document's text to highlight; `main` is the one to scroll to."""

    start: int
    end: int
    main: bool


def titled(title: str) -> str:
    """Return the title in book marks; those inside it become single ones."""
    if re.fullmatch(r"《[^《》]*》", title):
        return title
    return f"《{title.replace('《', '〈').replace('》', '〉')}》"


def citation_text(citation: Citation, mark: str = "") -> str:
    """Return the citation as one pastes it: 《title》（文号）clause：“quote”."""
    number = f"（{citation.document_number}）" if citation.document_number else ""
    return f"{titled(citation.title)}{number}{citation.clause}：“{citation.quote}”{mark}"


def text_html(text: str, marks: Sequence[Mark] = (), anchors: Collection[int] = ()) -> str:
    """Return every line of the text as a paragraph, marks and anchors in place.

    `anchors` are offsets to jump to: each becomes an element with that `data-offset`.
    Where marks overlap, the main one wins.
    """
    by_rank = sorted(marks, key=lambda mark: not mark.main)
    cuts = sorted({m.start for m in marks} | {m.end for m in marks} | set(anchors))
    stops = frozenset(anchors)
    parts = []
    start = 0
    for line in text.splitlines(keepends=True):
        parts.append(_line_html(text, (start, start + len(line)), by_rank, cuts, stops))
        start += len(line)
    return "".join(parts)


def _line_html(
    text: str,
    span: tuple[int, int],
    marks: Sequence[Mark],
    cuts: Sequence[int],
    anchors: frozenset[int],
) -> str:
    start, end = span
    words = text[start:end].strip()
    if not words or PART.fullmatch(words):
        return ""
    start += len(text[start:end]) - len(text[start:end].lstrip())
    end = start + len(words)
    sign = MARKDOWN.match(words)
    skip = start + sign.end() if sign else start
    inside = cuts[bisect_left(cuts, start) : bisect_left(cuts, end)]
    bounds = sorted({start, *inside, end})
    pieces = [
        _piece_html(text[max(a, skip) : b], a, _mark_over(a, b, marks), a in anchors)
        for a, b in pairwise(bounds)
    ]
    return f'<p class="{_kind(words, sign)}">{"".join(pieces)}</p>'


def _kind(words: str, sign: re.Match[str] | None) -> str:
    """Return how a line looks: as a heading, as our own remark, or as text."""
    if sign:
        return "heading" if sign[1].startswith("#") else "remark"
    is_heading = HEADING.match(words) and not ENDS_A_SENTENCE.search(words)
    return "heading" if is_heading else "plain"


def _mark_over(start: int, end: int, marks: Sequence[Mark]) -> Mark | None:
    return next((mark for mark in marks if mark.start <= start and end <= mark.end), None)


def _piece_html(words: str, start: int, mark: Mark | None, anchored: bool) -> str:
    anchor = f'<span class="anchor" data-offset="{start}"></span>' if anchored else ""
    if mark is None or not words.strip():
        return anchor + escape(words)
    return f'{anchor}<mark class="{"main" if mark.main else "also"}">{escape(words)}</mark>'


def about_html(document: Document, day: date, texts: Texts) -> str:
    """Return title, number, bodies, known dates and the validity on that day."""
    validity, reason = validity_on(document, day)
    badge = f'<span class="validity {validity.value}">{escape(texts.validities[validity])}</span>'
    note = f' <span class="reason">{escape(reason)}</span>' if reason else ""
    rows = [(label, escape(value)) for label, value in _facts(document, texts) if value]
    judged = f" <small>{escape(texts.judged_on.format(day=day.isoformat()))}</small>"
    rows.append((texts.validity, badge + note + judged))
    if (document.source_url or "").startswith(("http://", "https://")):
        rows.append((texts.original, _link(document.source_url or "")))
    listed = "".join(f"<dt>{escape(label)}</dt><dd>{value}</dd>" for label, value in rows)
    digest = f'<p class="digest">{escape(texts.digest)}</p>' if document.is_digest else ""
    return f'<h2 class="title">{escape(document.title)}</h2>{digest}<dl class="about">{listed}</dl>'


def _facts(document: Document, texts: Texts) -> list[tuple[str, str]]:
    return [
        (texts.document_number, document.document_number or ""),
        (texts.issuing_bodies, "、".join(document.issuing_bodies)),
        (texts.jurisdiction, region_name(document.jurisdiction) if document.jurisdiction else ""),
        (texts.dates, known_dates(document, texts)),
    ]


def known_dates(document: Document, texts: Texts) -> str:
    """Return the dates that the document states, each with its name, on one line."""
    dates = [
        (texts.signed_on, document.signed_on),
        (texts.promulgated_on, document.promulgated_on),
        (texts.effective_from, document.effective_from),
        (texts.effective_to, document.effective_to),
    ]
    return "　".join(f"{name} {day.isoformat()}" for name, day in dates if day)


def _link(url: str) -> str:
    address = escape(url)
    return f'<a href="{address}" target="_blank" rel="noopener noreferrer">{address}</a>'


def source_html(
    document: Document,
    cited: Citation,
    citations: Sequence[Citation],
    day: date,
    texts: Texts,
) -> str:
    """Return the panel for one source of an answer.

    The words of `cited` are the main mark, other citations of the same document are
    marked more quietly.
    """
    same = [c for c in citations if c.document_id == document.document_id]
    marks = [Mark(c.start, c.end, main=c.n == cited.n) for c in same]
    copied = citation_text(cited, texts.digest_mark if document.is_digest else "")
    page = texts.page_number.format(page=cited.page) if cited.page else ""
    return (
        f'<article class="source" data-n="{cited.n}"><div class="head">'
        f'<button type="button" class="quiet back" data-back="talk">{escape(texts.back)}</button>'
        f"{about_html(document, day, texts)}"
        f'<section class="cited"><div class="line"><h3>[{cited.n}] {escape(texts.cited_at)}'
        f' <span class="clause">{escape(cited.clause)}</span> <small>{escape(page)}</small></h3>'
        f'<button type="button" class="quiet" data-copy="{escape(copied)}"'
        f' data-copied="{escape(texts.copied)}">{escape(texts.copy_citation)}</button></div>'
        f"<blockquote>{escape(cited.quote)}</blockquote>"
        f"{_others(cited, same, texts)}</section></div>"
        f"{whole_text_html(text_html(document.text, marks), texts)}</article>"
    )


def whole_text_html(paragraphs: str, texts: Texts) -> str:
    """Return the part of a panel that scrolls; the keyboard can scroll it too."""
    label = escape(texts.whole_text)
    return f'<div class="text" tabindex="0" role="region" aria-label="{label}">{paragraphs}</div>'


def _others(cited: Citation, same: Sequence[Citation], texts: Texts) -> str:
    others = [f"[{c.n}] {c.clause}" for c in same if c.n != cited.n]
    if not others:
        return ""
    return f'<p class="others">{escape(texts.also_cited)}{escape("、".join(others))}</p>'


def empty_html(words: str) -> str:
    """Return a panel that holds nothing yet, only these words."""
    return f'<p class="empty">{escape(words)}</p>'
