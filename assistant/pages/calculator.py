"""The calculator at /calculator, and its results as JSON at /api/calc.

Plain HTML from the server and a small script, not Gradio: the results follow every key. Nothing
that a visitor sends is kept or written to a log: facts travel in the body of a request only.
"""

import gzip
import json
from html import escape
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import FileResponse, HTMLResponse
from starlette.concurrency import run_in_threadpool

from assistant.calculation_calendar import windows_ics
from assistant.calculation_report import report_html, report_policy
from assistant.calculator import Report, calculate, report_as_json
from assistant.pages.calculator_changes import changes_html
from assistant.pages.calculator_page import page_html, plain_page_html
from assistant.pages.calculator_request import (
    MOST_BYTES,
    Asked,
    AskedByPage,
    Question,
    parse,
    read_page_question,
    read_question,
    read_usable,
    read_words,
    reading_as_json,
)
from assistant.pages.calculator_result import counts, result_html
from assistant.pages.calculator_source import source_fragment
from assistant.pages.calculator_texts import Words, words_for
from assistant.pages.day import read_day, today
from assistant.rules.catalogue import catalogue
from assistant.rules.shown import fact_shown
from corpus.errors import UsageError

HERE = Path(__file__).parent
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_FORM_OVERHEAD = 4  # in a form each byte may be sent as %XX


def add_calculator(app: FastAPI, has_desk: bool = False) -> None:
    """Add the page and the API to the application, before the page at `/`.

    With `has_desk` the page links to the one of the staff.
    """
    router = APIRouter()
    _add_reading(router, has_desk)
    _add_working(router)
    app.include_router(router)


def _add_reading(router: APIRouter, has_desk: bool) -> None:
    """What is only looked at: the page, its files, and the documents behind the clauses."""

    @router.get("/calculator/", include_in_schema=False)
    @router.get("/calculator")
    def page(lang: str = "zh", programme: str = "") -> Response:
        words = words_for(lang)
        try:
            chosen = tuple(catalogue().programme(one) for one in programme.split(",") if one)
        except UsageError as error:
            return _plain(str(error), 404, words)
        return HTMLResponse(page_html(today(), chosen, words, has_desk), headers=_HEADERS)

    @router.get("/calculator/source/{document_id}")
    def source(
        document_id: str, clause: str, quote: str = "", day: str = "", lang: str = "zh"
    ) -> Response:
        try:
            shown = source_fragment(document_id, (clause, quote), read_day(day), lang)
        except UsageError as error:
            return _plain(str(error), 404, words_for(lang))
        return HTMLResponse(plain_page_html(shown, words_for(lang)), headers=_HEADERS)

    router.get("/calculator/calculator.css")(lambda: _file("calculator.css"))
    router.get("/calculator/calculator.js")(lambda: _file("calculator.js"))


def _add_working(router: APIRouter) -> None:
    """What works on facts; these come in the body, so that no log and no history holds them."""

    @router.post("/api/calc")
    async def calc(request: Request) -> Response:
        return _json(await run_in_threadpool(answer, await _body(request)), request)

    @router.post("/calculator/read")
    async def read(request: Request) -> Response:
        return _json(await run_in_threadpool(_read, await _body(request)), request)

    @router.post("/calculator/results")
    async def results(request: Request) -> Response:
        return _json(await run_in_threadpool(_results, await _body(request)), request)

    @router.post("/calculator/report")
    async def report(request: Request) -> Response:
        asked = parse(AskedByPage, await _form_body(request))
        shown = await run_in_threadpool(_report, asked)
        headers = _HEADERS | {"Content-Security-Policy": report_policy()}
        return HTMLResponse(shown, headers=headers)

    @router.post("/calculator/windows.ics")
    async def windows(request: Request) -> Response:
        asked = parse(AskedByPage, await _form_body(request))
        calendar = await run_in_threadpool(_calendar, asked)
        disposition = 'attachment; filename="policy-windows.ics"'
        headers = _HEADERS | {"Content-Disposition": disposition}
        return Response(calendar, media_type="text/calendar; charset=utf-8", headers=headers)


def answer(sent: bytes) -> dict[str, Any]:
    """The report on a request to the API, as plain JSON values.

    Its keys are those of report_as_json, and `understood`: what the sentence told. Raises
    UsageError for a request that can't be used.
    """
    question = read_question(parse(Asked, sent))
    understood = reading_as_json(question.reading) if question.reading else []
    notices = list(question.reading.questions) if question.reading else []
    return {**report_as_json(_calculate(question)), "understood": understood, "notices": notices}


def _calculate(question: Question) -> Report:
    return calculate(question.facts, question.day, question.programmes)


def _read(sent: bytes) -> dict[str, Any]:
    asked = parse(Asked, sent)
    reading = read_words(asked.sentence, read_day(asked.day))
    return {"understood": reading_as_json(reading), "notices": list(reading.questions)}


def _results(sent: bytes) -> dict[str, Any]:
    """The fragment for the page, and what is said beside its fields."""
    asked = parse(AskedByPage, sent)
    words = words_for(asked.language)
    question = read_page_question(asked)
    report = _calculate(question)
    changes = ""
    if asked.baseline is not None:
        before, _ = read_usable(asked.baseline.facts, asked.baseline.unsure)
        changes = changes_html(before, report, question.programmes, words)
    return {
        "html": result_html(report, words, asked.opened, changes),
        "counts": counts(report),
        "problems": _problems(question, report),
        "shown": _shown(report),
        "programmes": [one.programme for one in report.assessments],
    }


def _problems(question: Question, report: Report) -> dict[str, list[str]]:
    """Fact -> what is wrong with it, to be said beside its field."""
    held: dict[str, list[str]] = {}
    for name, sentence in question.problems:
        held.setdefault(name, []).append(sentence)
    for doubt in report.doubts:
        for name in doubt.facts:
            held.setdefault(name, []).append(doubt.text)
    return held


def _shown(report: Report) -> dict[str, str]:
    """Every fact that is known, told or worked out, as a reader expects it."""
    known = catalogue().known(report.facts, report.day)
    shown = {name: fact_shown(known, name) for name in known.types if known.is_known(name)}
    return {name: one for name, one in shown.items() if one}


def _report(asked: AskedByPage) -> str:
    return report_html(_calculate(read_page_question(asked)), asked.sentence)


def _calendar(asked: AskedByPage) -> str:
    return windows_ics(_calculate(read_page_question(asked)))


async def _body(request: Request) -> bytes:
    """The body of a request; one that is too long is not read to its end."""
    held = bytearray()
    async for part in request.stream():
        held += part
        if len(held) > MOST_BYTES:
            break
    return bytes(held)


async def _form_body(request: Request) -> bytes:
    """The JSON in the field `request` of a form: a form can open a window or a download."""
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > _FORM_OVERHEAD * MOST_BYTES:
        raise UsageError(f"请求太长：最多{MOST_BYTES // 1024} KB。")
    async with request.form(max_files=0, max_fields=2) as form:
        return str(form.get("request", "")).encode()


def _json(held: dict[str, Any], request: Request) -> Response:
    """JSON, packed where the browser takes it so: a fragment of cards shrinks tenfold."""
    sent = json.dumps(held, ensure_ascii=False).encode()
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        sent = gzip.compress(sent, compresslevel=1)
        headers["Content-Encoding"] = "gzip"
    return Response(sent, media_type="application/json", headers=headers)


def _plain(sentence: str, status: int, words: Words) -> Response:
    body = f'<p class="card">{escape(sentence)}</p>'
    return HTMLResponse(plain_page_html(body, words), status, headers=_HEADERS)


def _file(name: str) -> FileResponse:
    """A file of the page; asked about each time, so that a new version is seen at once."""
    kept = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    return FileResponse(HERE / name, headers=kept)
