"""What happens when a reader asks, opens a source or votes. Knows no component and no HTML page.

Each reader's conversation is a value that is handed in and back, so nothing is shared
between readers.
"""

import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from assistant.answer import Answer, Citation
from assistant.pages.conversation import Conversation, Exchange, sentences
from assistant.pages.day import read_day, today
from assistant.pages.source import empty_html, source_html
from assistant.pages.texts import Texts
from assistant.pipeline import Assistant
from assistant.records import Feedback, add_feedback
from assistant.state import Turn
from corpus.errors import UsageError

log = logging.getLogger(__name__)

TURNS_REMEMBERED = 6
PAUSE = 0.012  # seconds between sentences: enough for the page to draw each


def ask(
    assistant: Assistant,
    region: str | None,
    conversation: Conversation,
    question: str,
    day: object,
    texts: Texts,
) -> Exchange:
    """Return the exchange with its answer, or with a polite notice; it never raises.

    What went wrong unexpectedly is logged in full and shown as one general sentence.
    """
    exchange = Exchange(uuid4().hex, question, today())
    try:
        exchange = replace(exchange, day=read_day(day))
        turns = tuple(Turn(e.question, e.answer) for e in conversation if e.answer)
        answer = assistant.ask(
            question, day=exchange.day, region=region, history=turns[-TURNS_REMEMBERED:]
        )
        return replace(exchange, answer=answer)
    except UsageError as error:
        return replace(exchange, notice=str(error))
    except Exception:
        log.exception("question failed: %r", question)
        return replace(exchange, notice=texts.failed)


def growing(answer: Answer) -> Iterator[str]:
    """Yield the answer's text sentence by sentence, each time all of it so far."""
    shown = ""
    for sentence in sentences(answer.answer):
        shown += sentence
        yield shown
        time.sleep(PAUSE)


def cited(conversation: Conversation, turn: object, n: object) -> tuple[Exchange, Citation] | None:
    """Return source n of that turn; None when the page asks for one that is not there."""
    if not isinstance(turn, int) or not 0 <= turn < len(conversation):
        return None
    exchange = conversation[turn]
    citations = exchange.answer.citations if exchange.answer else ()
    found = next((citation for citation in citations if citation.n == n), None)
    return (exchange, found) if found else None


def panel_html(
    assistant: Assistant, conversation: Conversation, opened: tuple[int, int] | None, texts: Texts
) -> str:
    """Return the source panel for (turn, n), or its hint when nothing is open."""
    source = cited(conversation, *opened) if opened else None
    if source is None:
        return empty_html(texts.panel_empty)
    exchange, citation = source
    document = assistant.index.documents.get(citation.document_id)
    if document is None or exchange.answer is None:
        return empty_html(texts.missing)
    return source_html(document, citation, exchange.answer.citations, exchange.day, texts)


def voted(
    store: Path, conversation: Conversation, turn: object, vote: object, reason: object
) -> Conversation:
    """Record the vote and return the conversation that shows it.

    A vote on what is no answer changes nothing: the page was tampered with.
    """
    if not isinstance(turn, int) or not 0 <= turn < len(conversation):
        return conversation
    exchange = conversation[turn]
    if exchange.answer is None or vote not in ("up", "down"):
        return conversation
    why = str(reason or "").strip()
    add_feedback(store, _feedback(exchange, exchange.answer, str(vote), why))
    changed = replace(exchange, vote=str(vote), gave_reason=bool(why))
    return (*conversation[:turn], changed, *conversation[turn + 1 :])


def _feedback(exchange: Exchange, answer: Answer, vote: str, reason: str) -> Feedback:
    return Feedback(
        answer_id=exchange.exchange_id,
        question=exchange.question,
        day=exchange.day.isoformat(),
        answer=answer.answer,
        status=answer.status.value,
        vote=vote,
        reason=reason,
    )
