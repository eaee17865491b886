"""The frame of the calculator page: its head, the form on the left, the place of the results."""

from collections.abc import Sequence
from datetime import date
from html import escape
from urllib.parse import urlencode

from assistant.pages.calculator_form import form_html
from assistant.pages.calculator_texts import Words
from assistant.rules.catalogue import Programme

_LANGUAGES = (("zh", "中文"), ("en", "English"))
# Words that the script writes itself.
_SCRIPT_WORDS = ("correct", "remove", "unsure", "worked_out", "failed")


def page_html(day: date, chosen: Sequence[Programme], words: Words, has_desk: bool) -> str:
    """Return the whole page. `chosen` are the programmes that alone are wanted, () for all."""
    said = "".join(
        f' data-{name.replace("_", "-")}="{escape(getattr(words, name))}"' for name in _SCRIPT_WORDS
    )
    wanted = ",".join(one.id for one in chosen)
    return (
        f'{_head_html(words)}<body data-language="{words.language}"'
        f' data-programmes="{escape(wanted)}"{said}>'
        f"{_header_html(day, wanted, words, has_desk)}"
        f'<main><noscript><p class="card">{escape(words.no_script)}</p></noscript>'
        f'<div class="columns">{form_html(words)}{_results_html(chosen, words)}</div>'
        f'<p class="disclaimer">{escape(words.disclaimer)}</p></main>'
        f"{_hidden_forms()}{_dialog_html(words)}"
        f'<a id="to-results" href="#results"><span class="counts-short"></span>'
        f"<b>{escape(words.see_results)} ↓</b></a></body></html>"
    )


def plain_page_html(body: str, words: Words) -> str:
    """Return a page with a link to the calculator and this body, e.g. a document."""
    return (
        f'{_head_html(words)}<body><header><div><h1><a href="{_address(words)}">'
        f"{escape(words.name)}</a></h1></div></header>"
        f'<main class="reading">{body}</main></body></html>'
    )


def _head_html(words: Words) -> str:
    return (
        f'<!doctype html><html lang="{words.html_lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(words.name)} · {escape(words.results)}</title>"
        '<link rel="icon" href="data:,">'
        '<link rel="stylesheet" href="/calculator/calculator.css">'
        '<script src="/calculator/calculator.js" defer></script></head>'
    )


def _address(words: Words, programmes: str = "", language: str = "") -> str:
    """The address, escaped, of the page in a language."""
    asked = {"lang": language or words.language, "programme": programmes}
    held = {name: one for name, one in asked.items() if one and one != "zh"}
    return escape(f"/calculator?{urlencode(held)}" if held else "/calculator")


def _header_html(day: date, programmes: str, words: Words, has_desk: bool) -> str:
    desk = f'<a href="/desk">{escape(words.to_desk)}</a>' if has_desk else ""
    current = {words.language: ' aria-current="true"'}
    languages = "".join(
        f'<a href="{_address(words, programmes, code)}" lang="{code}" hreflang="{code}"'
        f"{current.get(code, '')}>{name}</a>"
        for code, name in _LANGUAGES
    )
    return (
        f"<header><div><h1>{escape(words.name)}</h1><p>{escape(words.tagline)}</p></div>"
        f'<nav><a href="/">{escape(words.to_chat)}</a>{desk}'
        f'<label class="day" title="{escape(words.day_hint)}"><span>{escape(words.day)}</span>'
        f'<input type="date" id="day" value="{day.isoformat()}"></label>'
        f'<span class="languages" role="group" aria-label="{escape(words.switch)}">{languages}'
        "</span></nav></header>"
    )


def _results_html(chosen: Sequence[Programme], words: Words) -> str:
    only = ""
    if chosen:
        names = words.only.format(names="、".join(one.rule.name for one in chosen))
        only = (
            f'<p class="only">{escape(names)} <a href="{_address(words)}">'
            f"{escape(words.show_all)}</a></p>"
        )
    return (
        f'<section id="results" aria-label="{escape(words.results)}">'
        f'<div class="line tools"><h2>{escape(words.results)}</h2>'
        f'<button type="button" id="what-if" aria-pressed="false"'
        f' title="{escape(words.what_if_hint)}">{escape(words.what_if)}</button></div>{only}'
        f'<div id="trying" hidden><p>{escape(words.what_if_on)}</p><p class="line">'
        f'<button type="button" id="trial-back">{escape(words.what_if_back)}</button>'
        f'<button type="button" id="trial-keep">{escape(words.what_if_keep)}</button></p></div>'
        f'<p id="status" role="status">{escape(words.working)}</p>'
        '<div id="result"></div></section>'
    )


def _hidden_forms() -> str:
    """The forms that open the report in a window and download the calendar."""
    sent = '<input type="hidden" name="request">'
    return (
        f'<form id="report" method="post" action="/calculator/report" target="_blank">{sent}</form>'
        f'<form id="calendar" method="post" action="/calculator/windows.ics">{sent}</form>'
    )


def _dialog_html(words: Words) -> str:
    return (
        '<dialog id="source"><p class="line"><a id="source-alone" target="_blank" rel="noopener">'
        f'{escape(words.open_original)}</a><button type="button" id="source-close">'
        f'{escape(words.close)}</button></p><div class="shown"></div></dialog>'
    )
