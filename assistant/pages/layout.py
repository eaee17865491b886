"""The page: its components, and which of them each event reads and writes.

The words are in texts.py, the HTML in conversation.py, source.py and library.py, the
looks in style.css. page.js passes clicks in that HTML on through the `bridge` component.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any
from uuid import uuid4

import gradio as gr
from fastapi import FastAPI

from assistant.pages import chat
from assistant.pages.conversation import Conversation, Exchange, conversation_html
from assistant.pages.day import read_day, today
from assistant.pages.library import document_html, library_html
from assistant.pages.source import empty_html
from assistant.pages.texts import CHINESE, Texts, texts_for
from assistant.pipeline import Assistant
from assistant.settings import Settings
from corpus.errors import UsageError

HERE = Path(__file__).parent
MAX_QUESTION = 2000  # characters; the assistant checks it again
FONTS = ("PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif")
PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
# One after the other: a click made while an earlier one is answered must not be lost.
EACH: dict[str, Any] = PRIVATE | {"trigger_mode": "multiple", "concurrency_limit": 1}


@dataclass(frozen=True)
class Parts:
    """The components of the page, and what they remember of one reader."""

    header: gr.HTML
    day: gr.HTML
    language: gr.Radio
    chat_tab: gr.Tab
    library_tab: gr.Tab
    conversation: gr.HTML
    box: gr.Textbox
    ask: gr.Button
    new: gr.Button
    disclaimer: gr.HTML
    panel: gr.HTML
    library: gr.HTML
    reader: gr.HTML
    bridge: gr.HTML
    exchanges: gr.State  # Conversation
    opened: gr.State  # (turn, n) of the open source, or None
    reading: gr.State  # document_id of the open document, or None


def mount_page(
    app: FastAPI, assistant: Assistant, settings: Settings, has_desk: bool = False
) -> FastAPI:
    """Mount the page at `/` of the application and return that application.

    With `has_desk` it links to the page of the staff, as it always does to the calculator.
    """
    script = (HERE / "page.js").read_text(encoding="utf-8")
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        build_page(assistant, settings, has_desk),
        path="/",
        footer_links=[],
        show_error=False,
        ssr_mode=False,
        theme=_theme(),
        css=(HERE / "style.css").read_text(encoding="utf-8"),
        head=f"<script>{script}</script>",
    )
    return mounted


def build_page(assistant: Assistant, settings: Settings, has_desk: bool = False) -> gr.Blocks:
    """Return the page with its events wired to the assistant."""
    page = gr.Blocks(title=CHINESE.name, analytics_enabled=False, fill_width=True)
    with page:
        parts = _parts(has_desk)
        Wiring(assistant, settings, parts, has_desk).connect(page)
    return page


def _theme() -> gr.themes.Base:
    return gr.themes.Base(
        primary_hue=gr.themes.colors.teal,
        neutral_hue=gr.themes.colors.gray,
        font=list(FONTS),
        font_mono=["ui-monospace", "monospace"],
        text_size=gr.themes.sizes.text_lg,
        radius_size=gr.themes.sizes.radius_sm,
    )


def _parts(has_desk: bool) -> Parts:
    found: dict[str, Any] = {}
    with gr.Row(elem_id="top"):
        found["header"] = gr.HTML(
            header_html(CHINESE, has_desk),
            elem_id="header",
            js_on_load="policyPage.header(element, watch)",
        )
        found["day"] = _day_field()
        found["language"] = gr.Radio(
            [("中文", "zh"), ("English", "en")],
            value="zh",
            label=CHINESE.language,
            container=False,
            elem_id="language",
        )
    with gr.Tabs(elem_id="tabs"):
        with gr.Tab(CHINESE.tab_chat, id="chat") as found["chat_tab"], gr.Row(elem_id="columns"):
            found |= _chat_parts()
        with (
            gr.Tab(CHINESE.tab_library, id="library") as found["library_tab"],
            gr.Row(elem_id="shelves"),
        ):
            found["library"] = gr.HTML(
                elem_id="library-list", js_on_load="policyPage.library(element, watch)"
            )
            found["reader"] = gr.HTML(
                empty_html(CHINESE.pick_document),
                elem_id="library-text",
                js_on_load="policyPage.panel(element, watch)",
            )
    found["bridge"] = gr.HTML(
        "", elem_id="bridge", js_on_load="policyPage.bridge(trigger)", visible="hidden"
    )
    return Parts(exchanges=gr.State(()), opened=gr.State(None), reading=gr.State(None), **found)


def _day_field() -> gr.HTML:
    return gr.HTML(
        lambda: today().isoformat(),
        html_template='<label title="${hint}"><span>${words}</span>'
        '<input type="date" value="${value}"></label>',
        js_on_load="policyPage.day(element, props, trigger, watch)",
        elem_id="day",
        words=CHINESE.day,
        hint=CHINESE.day_hint,
    )


def _chat_parts() -> dict[str, Any]:
    found: dict[str, Any] = {}
    with gr.Column(elem_id="talk"):
        found["conversation"] = gr.HTML(
            conversation_html((), CHINESE),
            html_template='<div role="log" aria-live="polite">${value}</div>',
            js_on_load="policyPage.conversation(element, watch)",
            elem_id="conversation",
        )
        with gr.Row(elem_id="asking"):
            found["box"] = gr.Textbox(
                label=CHINESE.question,
                show_label=False,
                placeholder=CHINESE.question_hint,
                container=False,
                max_lines=5,
                max_length=MAX_QUESTION,
                elem_id="question",
            )
            found["ask"] = gr.Button(CHINESE.ask, variant="primary", elem_id="ask")
            found["new"] = gr.Button(CHINESE.new_conversation, elem_id="new")
        found["disclaimer"] = gr.HTML(disclaimer_html(CHINESE), elem_id="disclaimer")
    found["panel"] = gr.HTML(
        empty_html(CHINESE.panel_empty),
        html_template='<section aria-label="${words}">${value}</section>',
        js_on_load="policyPage.panel(element, watch)",
        elem_id="panel",
        words=CHINESE.panel,
    )
    return found


def header_html(texts: Texts, has_desk: bool = False) -> str:
    """Return the name, what the page does, and links to the others; it carries the language."""
    language = "?lang=en" if texts.html_lang == "en" else ""
    desk = f' · <a href="/desk">{escape(texts.to_desk)}</a>' if has_desk else ""
    return (
        f'<div data-lang="{texts.html_lang}"><h1>{escape(texts.name)}</h1>'
        f"<p>{escape(texts.tagline)} · "
        f'<a href="/calculator{language}">{escape(texts.to_calculator)}</a>{desk}</p></div>'
    )


def disclaimer_html(texts: Texts) -> str:
    """Return the line under the question box."""
    return f"<p>{escape(texts.disclaimer)}</p>"


class Wiring:
    """The page's events, over one assistant and its settings."""

    def __init__(
        self, assistant: Assistant, settings: Settings, parts: Parts, has_desk: bool = False
    ) -> None:
        self.has_desk = has_desk
        self.assistant = assistant
        self.settings = settings
        self.parts = parts

    def connect(self, page: gr.Blocks) -> None:
        """Attach every event of the page to what it reads and writes."""
        p = self.parts
        asking = gr.on(
            [p.box.submit, p.ask.click, p.bridge.example_select],
            self.ask,
            [p.exchanges, p.box, p.day, p.language],
            [p.box, p.conversation, p.exchanges],
            trigger_mode="once",
            concurrency_limit=4,
            **PRIVATE,
        )
        p.new.click(
            self.start_anew,
            [p.language],
            [p.box, p.conversation, p.exchanges, p.opened, p.panel],
            cancels=[asking],
            **PRIVATE,
        )
        p.bridge.select(self.open_source, [p.exchanges, p.language], [p.opened, p.panel], **EACH)
        p.bridge.like(self.vote, [p.exchanges, p.language], [p.exchanges, p.conversation], **EACH)
        shelf = [p.reading, p.day, p.language]
        p.bridge.click(self.open_document, [p.day, p.language], [p.reading, p.reader], **EACH)
        gr.on([page.load, p.day.change], self.shelves, shelf, [p.library, p.reader], **EACH)
        self._connect_language()

    def _connect_language(self) -> None:
        p = self.parts
        named = [p.header, p.day, p.language, p.chat_tab, p.library_tab, p.box, p.ask, p.new]
        p.language.change(
            self.rename,
            [p.exchanges, p.opened, p.reading, p.day, p.language],
            [*named, p.disclaimer, p.conversation, p.panel, p.library, p.reader],
            **EACH,
        )

    def ask(
        self, before: Conversation, box: str, day: str, language: str, event: gr.EventData
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the box, the growing conversation and, at the end, what it now holds."""
        texts = texts_for(language)
        question = _from_page(event, "question") or box or ""
        waiting = Exchange(uuid4().hex, question, today())
        yield "", conversation_html((*before, waiting), texts), gr.skip()
        asked = chat.ask(self.assistant, self.settings.region, before, question, day, texts)
        after = (*before, asked)
        for shown in chat.growing(asked.answer) if asked.answer else ():
            yield gr.skip(), conversation_html(after, texts, shown), gr.skip()
        yield gr.skip(), conversation_html(after, texts), after

    def start_anew(self, language: str) -> tuple[Any, ...]:
        """Return an empty conversation and an empty panel."""
        texts = texts_for(language)
        return "", conversation_html((), texts), (), None, empty_html(texts.panel_empty)

    def open_source(
        self, exchanges: Conversation, language: str, event: gr.EventData
    ) -> tuple[Any, ...]:
        """Return which source is open now, and the panel that shows it."""
        opened = (_from_page(event, "turn"), _from_page(event, "n"))
        if chat.cited(exchanges, *opened) is None:
            return gr.skip(), gr.skip()
        return opened, chat.panel_html(self.assistant, exchanges, opened, texts_for(language))

    def vote(
        self, exchanges: Conversation, language: str, event: gr.EventData
    ) -> tuple[Conversation, str]:
        """Record a vote; return the conversation that shows it."""
        given = [_from_page(event, name) for name in ("turn", "vote", "reason")]
        after = chat.voted(self.settings.store, exchanges, *given)
        return after, conversation_html(after, texts_for(language))

    def open_document(self, day: str, language: str, event: gr.EventData) -> tuple[Any, ...]:
        """Return which document is read now, and its text."""
        document_id = _from_page(event, "document")
        if document_id not in self.assistant.index.documents:
            return gr.skip(), gr.skip()
        return document_id, self._reader(document_id, day, texts_for(language))

    def shelves(self, reading: str | None, day: str, language: str) -> tuple[str, str]:
        """Return the list of documents and the open one, on that day."""
        texts = texts_for(language)
        index = self.assistant.index
        index.refresh()
        listed = library_html(index.documents, index.clauses_of, _day_or_today(day), texts)
        return listed, self._reader(reading, day, texts)

    def rename(
        self,
        exchanges: Conversation,
        opened: tuple[int, int] | None,
        reading: str | None,
        day: str,
        language: str,
    ) -> tuple[Any, ...]:
        """Return every part of the page in the language chosen; nothing else changes."""
        texts = texts_for(language)
        return (
            header_html(texts, self.has_desk),
            gr.update(words=texts.day, hint=texts.day_hint),
            gr.update(label=texts.language),
            gr.update(label=texts.tab_chat),
            gr.update(label=texts.tab_library),
            gr.update(label=texts.question, placeholder=texts.question_hint),
            texts.ask,
            texts.new_conversation,
            disclaimer_html(texts),
            conversation_html(exchanges, texts),
            gr.update(
                value=chat.panel_html(self.assistant, exchanges, opened, texts),
                words=texts.panel,
            ),
            *self.shelves(reading, day, language),
        )

    def _reader(self, document_id: str | None, day: str, texts: Texts) -> str:
        document = self.assistant.index.documents.get(document_id or "")
        clauses = self.assistant.index.clauses_of(document.document_id) if document else []
        return document_html(document, clauses, _day_or_today(day), texts)


def _from_page(event: gr.EventData, name: str) -> Any:
    """Return what page.js sent under this name; None when the event came from elsewhere."""
    sent = event._data
    return sent.get(name) if isinstance(sent, dict) else None


def _day_or_today(written: str) -> Any:
    """Return the day picked; the library shows today's validity while it cannot be read."""
    try:
        return read_day(written)
    except UsageError:
        return today()
