"""The page 评测 at /evaluation: kept runs, two of them compared, sets taken in and run.

Behind the sign-in of the staff (assistant.pages.desk), so it exists only with their password.
Plain HTML from the server as there: each action is one form with one address, which works
without scripts. What people send and run is kept beside the index; see page_runs, page_sets.
"""

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse
from starlette.datastructures import FormData, UploadFile

from assistant.pages.desk_html import Frame
from assistant.pages.staff import HEADERS, Guard
from assistant.pipeline import Assistant
from assistant.settings import Settings
from assistant.sign_in import Session, SignIn
from corpus.errors import PolicyError, UsageError
from eval.page_compare import compare_html
from eval.page_html import (
    HOME,
    page_html,
    progress_html,
    run_html,
    runs_html,
    sets_html,
    stage_of,
    unfinished_html,
)
from eval.page_runs import Begun, Runs
from eval.page_sets import MOST_BYTES, Sets
from eval.page_work import Runner, Work
from eval.questions import check_clauses
from eval.report import as_html

HERE = Path(__file__).parent
_MOST_AT_ONCE = MOST_BYTES + 64 * 1024  # bytes of one request: a file and its form
_POLICY = HEADERS["Content-Security-Policy"]
_HEADERS = HEADERS | {"Content-Security-Policy": f"{_POLICY}; frame-src 'self'"}
# The report styles itself, runs nothing, and may be shown inside our own page.
_REPORT_HEADERS = HEADERS | {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'self'"
    ),
    "X-Frame-Options": "SAMEORIGIN",
}


def add_evaluation(
    app: FastAPI, assistant: Assistant, sign_in: SignIn, settings: Settings
) -> "EvaluationPages":
    """Add the page to the application, before the page at `/`; runs ask this assistant."""
    folder = settings.store.parent / "evaluation"
    pages = EvaluationPages(assistant, sign_in, Runs(folder / "runs"), Sets(folder / "sets"))
    app.include_router(pages.router())
    return pages


class EvaluationPages:
    """The addresses below /evaluation, over the runs and sets of a server."""

    def __init__(self, assistant: Assistant, sign_in: SignIn, runs: Runs, sets: Sets) -> None:
        self._assistant = assistant
        self._sign_in = sign_in
        self._runs = runs
        self._sets = sets
        self.runner = Runner(assistant, runs, sets)

    def router(self) -> APIRouter:
        """Every address below /evaluation."""
        router = APIRouter(prefix=HOME, default_response_class=HTMLResponse)
        for name in ("page.css", "page.js"):
            router.get(f"/{name}")(_file(name))
        guard = Guard(self._sign_in, HOME, _MOST_AT_ONCE, most_files=1)
        self._add_pages(router, Depends(guard.session))
        self._add_actions(router, Depends(guard.session), Depends(guard.form))
        return router

    def _add_pages(self, router: APIRouter, signed_in: Any) -> None:
        @router.get("/", include_in_schema=False)
        @router.get("")
        def overview(session: Annotated[Session, signed_in]) -> Response:
            return self.show_overview(session)

        @router.get("/status", dependencies=[signed_in])
        def status() -> Response:
            return JSONResponse(_status(self.runner.state), headers=_HEADERS)

        @router.get("/compare")
        def compare(request: Request, session: Annotated[Session, signed_in]) -> Response:
            return self.show_compared(request.query_params.getlist("run"), session)

        @router.get("/runs/{place}/{name}")
        def run(place: str, name: str, session: Annotated[Session, signed_in]) -> Response:
            return self.show_run(f"{place}/{name}", session)

        @router.get("/runs/{place}/{name}/report", dependencies=[signed_in])
        def report(place: str, name: str) -> Response:
            return self.show_report(f"{place}/{name}")

    def _add_actions(self, router: APIRouter, signed_in: Any, checked: Any) -> None:
        @router.post("/sets")
        def sets(
            form: Annotated[FormData, checked], session: Annotated[Session, signed_in]
        ) -> Response:
            return self._done(session, self._take_set, form)

        @router.post("/runs")
        def runs(
            form: Annotated[FormData, checked], session: Annotated[Session, signed_in]
        ) -> Response:
            return self._done(session, self._start, form)

        @router.post("/unfinished")
        def unfinished(
            form: Annotated[FormData, checked], session: Annotated[Session, signed_in]
        ) -> Response:
            return self._done(session, self._go_on, form)

        @router.post("/stop", dependencies=[checked])
        def stop() -> Response:
            self.runner.stop()
            return _home()

    # What is shown

    def show_overview(self, session: Session) -> Response:
        """Return the first page: what goes on, what is kept, what can be run."""
        work = self.runner.state  # seen once: a run that ends meanwhile makes the page ask again
        begun = [
            (one, self._runs.answered(one.name))
            for one in self._runs.begun()
            if not (work.running and one.name == work.name)
        ]
        rows, broken = self._runs.rows()
        body = (
            progress_html(work, session.token)
            + unfinished_html(begun, session.token)
            + runs_html(rows, broken)
            + sets_html(self._sets.rows(), session.token)
        )
        return _page("评测", body, session, work)

    def show_run(self, key: str, session: Session) -> Response:
        """Return one kept run."""
        try:
            run = self._runs.read(key)
            body = run_html(key, run, self._runs.rows()[0])
            return _page(run["name"], body, session, self.runner.state)
        except (UsageError, KeyError, TypeError) as error:
            return self._lost(error, session)

    def show_report(self, key: str) -> Response:
        """Return the report of one kept run, a page of its own without scripts."""
        try:
            return HTMLResponse(as_html(self._runs.read(key)), headers=_REPORT_HEADERS)
        except (UsageError, KeyError, TypeError, ValueError) as error:
            sentence = str(error) if isinstance(error, UsageError) else _MALFORMED
            return Response(sentence, 404, media_type="text/plain", headers=_REPORT_HEADERS)

    def show_compared(self, keys: list[str], session: Session) -> Response:
        """Return two runs side by side, the older first."""
        if len(set(keys)) != 2:
            session.messages.append(
                ("wrong", f"请选两次评测来比较，这里选了 {len(set(keys))} 次。")
            )
            return _home()
        newest = [row.key for row in self._runs.rows()[0]]
        ranked = sorted(keys, key=lambda key: -newest.index(key) if key in newest else 1)
        try:
            before, after = (self._runs.read(key) for key in ranked)
            path = f'<p class="path"><a href="{HOME}">评测</a> › 比较</p>'
            body = path + compare_html(before, after)
            return _page("比较", body, session, self.runner.state)
        except (UsageError, KeyError, TypeError, ValueError) as error:
            return self._lost(error, session)

    def _lost(self, error: Exception, session: Session) -> Response:
        """Say on the first page why another cannot be shown."""
        sentence = str(error) if isinstance(error, UsageError) else _MALFORMED
        session.messages.append(("wrong", sentence))
        return _home()

    # What is done

    def _done(self, session: Session, action: Any, form: FormData) -> Response:
        """Do what a form asks for; say on the first page how it went."""
        try:
            session.messages.extend(action(form))
        except PolicyError as error:
            session.messages.append(("wrong", str(error)))
        return _home()

    def _take_set(self, form: FormData) -> list[tuple[str, str]]:
        sent = form.get("set")
        if not isinstance(sent, UploadFile) or not sent.filename:
            raise UsageError("没有选择文件。请选一个 JSONL 文件或 ZIP。")
        key, queries = self._sets.take_in(sent.filename, sent.file)
        said = [("done", f"已放入测试集 {key.partition('/')[2]}，{len(queries)} 个问题。")]
        strange = check_clauses(list(queries), self._assistant.index.clauses)
        if strange:
            said.append(
                (
                    "wrong",
                    f"现在的索引里没有 qrels.tsv 中的 {len(strange)} 条：{'；'.join(strange[:5])}。"
                    "收录这些文件之前不能运行。",
                )
            )
        return said

    def _start(self, form: FormData) -> list[tuple[str, str]]:
        key = str(form.get("set", ""))
        wanted = str(form.get("name", "")).strip() or key.partition("/")[2]
        part = str(form.get("part", "")) or None
        retrieval = form.get("retrieval") == "1"
        self.runner.start(Begun(self._runs.new_name(wanted), key, part, retrieval))
        return []

    def _go_on(self, form: FormData) -> list[tuple[str, str]]:
        """Go on with a run that was interrupted, or drop it."""
        name = str(form.get("name", ""))
        begun = next((one for one in self._runs.begun() if one.name == name), None)
        work = self.runner.state
        if begun is None or (work.running and work.name == name):
            raise UsageError("这次评测已经完成、被丢弃，或正在运行。请刷新页面。")
        if form.get("action") == "resume":
            self.runner.start(begun)
            return []
        self._runs.forget(name)
        return [("done", f"已丢弃没有完成的评测 {name}。")]


_MALFORMED = "这份评测结果不完整，或出自别的版本，不能显示。请重新运行。"


def _page(title: str, body: str, session: Session, work: Work) -> Response:
    messages, session.messages = session.messages, []
    status = _status(work)
    frame = Frame(session.token, messages, status["busy"], status["stamp"])
    return HTMLResponse(page_html(title, body, frame), headers=_HEADERS)


def _status(work: Work) -> dict[str, Any]:
    stage, done, total = stage_of(work)
    found = {"busy": work.running, "stamp": f"{work.name}|{work.ended}", "name": work.name}
    return found | {"stage": stage, "done": done, "total": total}


def _home() -> RedirectResponse:
    return RedirectResponse(HOME, 303, headers=_HEADERS)


def _file(name: str) -> Any:
    """A file of the page; asked about each time, so that a new version is seen at once."""
    kept = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    return lambda: FileResponse(HERE / name, headers=kept)
