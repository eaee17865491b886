"""A conversation as a value and as HTML; every word in it is escaped here."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from assistant.answer import Answer, Citation, Status
from assistant.pages.source import titled
from assistant.pages.texts import EXAMPLES, Texts

REFERENCE = re.compile(r"\[(\d{1,3})\]")
# Drawn, because not every computer has a font with thumbs; style.css turns it for "down".
THUMB = (
    '<svg class="thumb" viewBox="0 0 20 20" aria-hidden="true"><path d="M2 9h3v9H2z'
    'M7 9l3-7c1.6 0 2.4 1.1 2.1 2.6L11.6 8H16c1.3 0 2.2 1 2 2.3l-1 6c-.2 1-1 1.7-2 1.7H7z"/></svg>'
)
NOTE = "注意："  # how the assistant begins a warning
SENTENCE = re.compile(r"[^。！？；\n]*(?:[。！？；\n]+|$)(?:\s*\[\d{1,3}\])*[。；]?")


@dataclass(frozen=True)
class Exchange:
    """One question and what came back: an answer, or a notice where there is none."""

    exchange_id: str
    question: str
    day: date
    answer: Answer | None = None
    notice: str = ""
    vote: str = ""  # "up", "down" or not yet
    gave_reason: bool = False

    @property
    def is_done(self) -> bool:
        """Whether anything came back."""
        return self.answer is not None or bool(self.notice)


Conversation = tuple[Exchange, ...]


def sentences(text: str) -> Iterator[str]:
    """Yield the text sentence by sentence, each with the [1] that follows it.

    >>> list(sentences("税率为15%。[1]另有优惠[2]。"))
    ['税率为15%。[1]', '另有优惠[2]。']
    """
    return (match.group() for match in SENTENCE.finditer(text) if match.group())


def conversation_html(conversation: Conversation, texts: Texts, shown: str | None = None) -> str:
    """Return the whole conversation, or the welcome with its examples when there is none.

    `shown` is the part of the last answer to show while it streams; None shows all of it.
    """
    if not conversation:
        return _welcome_html(texts)
    last = len(conversation) - 1
    return "".join(
        _exchange_html(turn, exchange, texts, shown if turn == last else None)
        for turn, exchange in enumerate(conversation)
    )


def _welcome_html(texts: Texts) -> str:
    return (
        f'<section class="welcome"><p>{escape(texts.welcome)}</p>'
        f"{_questions_html(texts.try_asking, EXAMPLES)}</section>"
    )


def _questions_html(label: str, questions: Sequence[str]) -> str:
    if not questions:
        return ""
    buttons = "".join(
        f'<li><button type="button" class="chip" data-question="{escape(question)}">'
        f"{escape(question)}</button></li>"
        for question in questions
    )
    return f'<div class="questions"><h4>{escape(label)}</h4><ul>{buttons}</ul></div>'


def _exchange_html(turn: int, exchange: Exchange, texts: Texts, shown: str | None) -> str:
    asked = (
        f'<div class="asked" id="question-{turn}"><span class="visually-hidden">'
        f"{escape(texts.you_asked)}</span>{escape(exchange.question)}</div>"
        if exchange.question.strip()
        else ""
    )
    return f'<section class="exchange">{asked}{_reply_html(turn, exchange, texts, shown)}</section>'


def _reply_html(turn: int, exchange: Exchange, texts: Texts, shown: str | None) -> str:
    if exchange.answer is None:
        words = exchange.notice or texts.looking
        kind = "notice" if exchange.notice else "looking"
        return f'<div class="reply {kind}"><p>{escape(words)}</p></div>'
    body = _answer_html(turn, exchange.answer, texts, shown)
    if shown is not None:
        return f'<div class="reply streaming">{body}</div>'
    finished = _ending_html(turn, exchange, exchange.answer, texts)
    opens = f' data-opens="{turn}"' if exchange.answer.citations else ""
    return f'<div class="reply done" id="answer-{turn}"{opens}>{body}{finished}</div>'


def _answer_html(turn: int, answer: Answer, texts: Texts, shown: str | None) -> str:
    label = ""
    if answer.status is not Status.ANSWERED:
        label = (
            f'<p class="status {answer.status.value}">{escape(texts.statuses[answer.status])}</p>'
        )
    text = answer.answer if shown is None else shown
    numbers = {citation.n for citation in answer.citations}
    return f'{label}<div class="words">{_lines_html(turn, text, numbers)}</div>'


def _lines_html(turn: int, text: str, numbers: set[int]) -> str:
    """Return the answer's lines: those that begin with "- " as list items, warnings quieter."""
    parts = []
    for line in filter(None, map(str.strip, text.splitlines())):
        words = _with_links(turn, line.removeprefix("- "), numbers)
        if line.startswith("- "):
            parts.append(f'<p class="item">{words}</p>')
        else:
            kind = ' class="note"' if line.startswith(NOTE) else ""
            parts.append(f"<p{kind}>{words}</p>")
    return "".join(parts)


def _with_links(turn: int, line: str, numbers: set[int]) -> str:
    """Return the line escaped, each [n] that is a source of the answer made a link."""

    def link(match: re.Match[str]) -> str:
        n = int(match.group(1))
        return _source_link(turn, n, f"[{n}]") if n in numbers else match.group()

    return REFERENCE.sub(link, escape(line))


def _source_link(turn: int, n: int, inner: str) -> str:
    return f'<a class="cite" href="#source-{turn}-{n}" data-turn="{turn}" data-n="{n}">{inner}</a>'


def _ending_html(turn: int, exchange: Exchange, answer: Answer, texts: Texts) -> str:
    as_of = texts.as_of.format(day=answer.day.isoformat())
    return (
        _needs_html(answer, texts)
        + _sources_html(turn, answer, texts)
        + (f'<p class="as-of">{escape(as_of)}</p>' if answer.citations else "")
        + _actions_html(turn, exchange, texts)
        + _questions_html(texts.follow_ups, answer.follow_ups)
    )


def _needs_html(answer: Answer, texts: Texts) -> str:
    if not answer.needs:
        return ""
    items = "".join(f"<li>{escape(need)}</li>" for need in answer.needs)
    return f'<div class="needs"><h4>{escape(texts.needs)}</h4><ul>{items}</ul></div>'


def _sources_html(turn: int, answer: Answer, texts: Texts) -> str:
    if not answer.citations:
        return ""
    items = "".join(
        f"<li>{_source_link(turn, citation.n, _source_words(citation))}</li>"
        for citation in answer.citations
    )
    return f'<div class="sources"><h4>{escape(texts.sources)}</h4><ol>{items}</ol></div>'


def _source_words(citation: Citation) -> str:
    number = f" {escape(citation.document_number)}" if citation.document_number else ""
    return (
        f'<span class="n">[{citation.n}]</span> {escape(titled(citation.title))}'
        f'<span class="number">{number}</span>'
        f' <span class="clause">{escape(citation.clause)}</span>'
    )


def plain_answer(answer: Answer) -> str:
    """Return the answer and its sources as text to paste."""
    lines = [
        f"[{c.n}] {titled(c.title)}{c.document_number or ''} {c.clause}" for c in answer.citations
    ]
    return "\n".join([answer.answer, *lines])


def _actions_html(turn: int, exchange: Exchange, texts: Texts) -> str:
    assert exchange.answer is not None
    copied = escape(plain_answer(exchange.answer))
    return (
        f'<div class="actions"><button type="button" class="quiet" data-copy="{copied}"'
        f' data-copied="{escape(texts.copied)}">{escape(texts.copy_answer)}</button>'
        f"{_vote_button(turn, 'up', texts.useful, exchange)}"
        f"{_vote_button(turn, 'down', texts.not_useful, exchange)}</div>"
        f"{_vote_thanks(turn, exchange, texts)}"
    )


def _vote_button(turn: int, vote: str, words: str, exchange: Exchange) -> str:
    return (
        f'<button type="button" class="quiet vote" data-turn="{turn}" data-vote="{vote}"'
        f' aria-pressed="{str(exchange.vote == vote).lower()}">{THUMB}{escape(words)}</button>'
    )


def _vote_thanks(turn: int, exchange: Exchange, texts: Texts) -> str:
    if exchange.vote != "down" or exchange.gave_reason:
        return f'<p class="thanks">{escape(texts.thanks)}</p>' if exchange.vote else ""
    return (
        f'<form class="reason" data-turn="{turn}"><input name="reason" maxlength="500"'
        f' aria-label="{escape(texts.reason_hint)}" placeholder="{escape(texts.reason_hint)}">'
        f'<button class="quiet">{escape(texts.send)}</button></form>'
    )
