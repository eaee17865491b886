"""The staff page at /desk: sign in, take files in, correct, accept, index, retire.

Plain HTML from the server and not Gradio: each action is one form with one address, which
works without scripts, can be tested by requests, and keeps Gradio's queue for the readers.
The page exists only when a password is set. It wants one process, see sign_in.
"""

import asyncio
import tempfile
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from assistant.desk import decisions
from assistant.desk.catalogue import Shelf
from assistant.desk.folders import Folders, copy_stream, folders_of
from assistant.desk.intake import TakenIn, take_in
from assistant.desk.reading import Item, find_item, items, read_clauses
from assistant.desk.work import Builder, Reader
from assistant.pages.day import today
from assistant.pages.desk_document import indexed_only_html, item_html
from assistant.pages.desk_html import Frame, page_html, sign_in_html
from assistant.pages.desk_overview import desk_html, stage_of
from assistant.pages.staff import (
    COOKIE,
    HEADERS,
    PLACES,
    Guard,
    refuse_other_sites,
    refuse_too_large,
)
from assistant.settings import Settings
from assistant.sign_in import SESSION_SECONDS, Session, SignIn, password_hash
from corpus.errors import PolicyError, UsageError
from index.embedding import Embedder

HERE = Path(__file__).parent
Action = Callable[[str, str, FormData], tuple[str, str]]  # what to say, where to go
MOST_AT_ONCE = 300 * 1024 * 1024  # bytes of one request
_MOST_FILES = 100
WRONG_PASSWORD_SECONDS = 1.0
_MOST_SAID = 30  # refused members of one archive
_QUICK = 5.0  # seconds that a page waits for a file to be read


def add_desk(app: FastAPI, embedder: Embedder, settings: Settings) -> SignIn | None:
    """Add the staff page to the application, before the page at `/`; who may open it.

    There is none without a password in the environment. Raises UsageError for a wrong hash.
    """
    hashed = password_hash()
    if hashed is None:
        return None
    desk = DeskPages(folders_of(settings), embedder, SignIn(hashed))
    app.include_router(desk.router())
    desk.reader.start()
    return desk.sign_in


class DeskPages:
    """The addresses of the staff page, over its folders and the sessions open now."""

    def __init__(self, folders: Folders, embedder: Embedder, sign_in: SignIn) -> None:
        self.folders = folders
        self.sign_in = sign_in
        self.shelf = Shelf(folders.store)
        self._deciding = threading.Lock()  # one change of the folders at a time
        self.reader = Reader(folders)
        self.builder = Builder(folders, embedder)

    def router(self) -> APIRouter:
        """Every address below /desk."""
        router = APIRouter(prefix="/desk", default_response_class=HTMLResponse)
        router.get("/sign-in")(self.ask_password)
        router.post("/sign-in")(self.open_session)
        router.get("/desk.css")(lambda: _file("desk.css"))
        router.get("/desk.js")(lambda: _file("desk.js"))
        guard = Guard(self.sign_in, PLACES[0], MOST_AT_ONCE, _MOST_FILES)
        self._add_pages(router, Depends(guard.session))
        self._add_actions(router, Depends(guard.session), Depends(guard.form))
        return router

    def _add_pages(self, router: APIRouter, signed_in: Any) -> None:
        @router.get("/", include_in_schema=False)
        @router.get("")
        def desk(session: Annotated[Session, signed_in]) -> Response:
            return self.show_desk(session)

        @router.get("/status", dependencies=[signed_in])
        def status() -> Response:
            return JSONResponse(self._status(), headers=HEADERS)

        @router.get("/{base}/{document_id}")
        def document(
            base: str, document_id: str, session: Annotated[Session, signed_in]
        ) -> Response:
            return self.show_document(base, document_id, session)

    def _add_actions(self, router: APIRouter, signed_in: Any, checked: Any) -> None:
        @router.post("/sign-out", dependencies=[checked])
        def sign_out(request: Request) -> Response:
            self.sign_in.close(request.cookies.get(COOKIE))
            response = _to("/desk/sign-in")
            for place in PLACES:
                response.delete_cookie(COOKIE, path=place)
            return response

        @router.post("/files")
        def files(
            request: Request,
            form: Annotated[FormData, checked],
            session: Annotated[Session, signed_in],
        ) -> Response:
            self.take_files(form, session)
            wants_json = "application/json" in request.headers.get("accept", "")
            return JSONResponse({"ok": True}) if wants_json else _to("/desk")

        @router.post("/index", dependencies=[checked])
        def index() -> Response:
            self.builder.start()
            return _to("/desk")

        @router.post("/{base}/{document_id}/{action}")
        def act(
            base: str,
            document_id: str,
            action: str,
            form: Annotated[FormData, checked],
            session: Annotated[Session, signed_in],
        ) -> Response:
            return self.act((base, document_id, action), form, session)

    # Who asks

    def ask_password(self, request: Request) -> Response:
        """Return the sign-in form; whoever is signed in goes on."""
        place = _place(request.query_params.get("to"))
        if self.sign_in.find(request.cookies.get(COOKIE)):
            return _to(place)
        return _page("登录", sign_in_html(place), Frame(""))

    async def open_session(self, request: Request) -> Response:
        """Check the password; a wrong one is answered slowly, and after ten not at all."""
        refuse_other_sites(request)
        refuse_too_large(request, 10_000)
        address = request.client.host if request.client else ""
        wait = self.sign_in.seconds_to_wait(address)
        if wait:
            said = f"密码错误的次数过多，请 {wait} 秒后再试。"
            return _sign_in_page(said, 429, {"Retry-After": str(wait)})
        async with request.form(max_files=0, max_fields=5) as form:
            password, place = str(form.get("password", "")), _place(form.get("to"))
        key = await run_in_threadpool(self.sign_in.open, password, address)
        if key is None:
            await asyncio.sleep(WRONG_PASSWORD_SECONDS)
            return _sign_in_page("密码不对。", 401, {}, place)
        response = _to(place)
        for path in PLACES:
            response.set_cookie(
                COOKIE,
                key,
                max_age=SESSION_SECONDS,
                path=path,
                secure=request.url.scheme == "https",
                httponly=True,
                samesite="strict",
            )
        return response

    # What is shown

    def show_desk(self, session: Session) -> Response:
        """Return the first page."""
        own = {one.document_id: one for one in items(self.folders.own)}
        frame = self._frame(session)
        texts = self._texts()
        incoming = [
            (self._numbered(one), decisions.equal_to(one, texts))
            for one in items(self.folders.incoming)
        ]
        body = desk_html(self.shelf.catalogue(), incoming, own, self.builder.state, frame)
        return _page("管理", body, frame)

    def show_document(self, base: str, document_id: str, session: Session) -> Response:
        """Return one document that waits, was accepted, or is indexed from another folder."""
        frame = self._frame(session)
        item = find_item(self._base(base), document_id)
        if item is not None:
            equal = decisions.equal_to(item, self._texts()) if base == "incoming" else None
            body = item_html(self._numbered(item), base, equal, frame)
            return _page(item.upload.name, body, frame)
        catalogue = self.shelf.catalogue()
        row = catalogue.find(document_id) if base == "documents" else None
        if row is None or catalogue.contents is None:
            return _page(
                "没有这份文件", '<p>没有这份文件。<a href="/desk">回到管理</a></p>', frame, 404
            )
        own = [one for one in catalogue.contents.clauses if one.document_id == document_id]
        clauses = read_clauses(row.document, own)
        return _page(row.document.title, indexed_only_html(row, clauses), frame)

    def _frame(self, session: Session) -> Frame:
        messages, session.messages = session.messages, []
        status = self._status()
        return Frame(session.token, messages, status["busy"], status["stamp"])

    def _status(self) -> dict[str, Any]:
        build, reading = self.builder.state, self.reader.is_busy
        stage, done, total = stage_of(build)
        return {
            "busy": build.running or reading,
            "stamp": f"{build.running}|{build.finished}|{self.reader.done}",
            "building": build.running,
            "stage": stage,
            "done": done,
            "total": total,
        }

    def _base(self, base: str) -> Path:
        if base not in ("incoming", "documents"):
            raise HTTPException(404)
        return self.folders.incoming if base == "incoming" else self.folders.own

    def _numbered(self, item: Item) -> Item:
        rows = (row.document for row in self.shelf.catalogue().rows)
        numbers = {one.document_number: (one.document_id, one.title) for one in rows}
        return decisions.with_same_number(
            item, {number: other for number, other in numbers.items() if number}
        )

    def _texts(self) -> dict[str, tuple[str, str]]:
        """Digest -> document: accepted ones before those indexed, and those before what waits."""
        waiting = decisions.digests(items(self.folders.incoming))
        indexed = self.shelf.digests()
        own = decisions.digests(items(self.folders.own))
        return {**waiting, **indexed, **own}

    # What is done

    def take_files(self, form: FormData, session: Session) -> None:
        """Stage every file of a form and have it read; what was refused is said."""
        sent = [one for one in form.getlist("files") if isinstance(one, UploadFile)]
        staged = 0
        for one in sent:
            if one.filename:
                taken = self._take(one)
                staged += len(taken.document_ids)
                for problem in taken.refused[:_MOST_SAID]:
                    session.messages.append(("wrong", f"{problem.source}：{problem.message}"))
        if staged:
            self.reader.start()
            self.reader.wait(_QUICK)
        elif not sent:
            session.messages.append(("wrong", "没有选择文件。"))

    def _take(self, sent: UploadFile) -> TakenIn:
        taken = {row.document.document_id for row in self.shelf.catalogue().rows}
        self.folders.incoming.mkdir(parents=True, exist_ok=True)
        received = datetime.now(UTC).isoformat(timespec="microseconds")
        with tempfile.TemporaryDirectory(prefix=".sent-", dir=self.folders.incoming) as place:
            path = Path(place) / "file"
            copy_stream(sent.file, path)
            with self._deciding:
                return take_in(self.folders, sent.filename or "", path, received, taken)

    def act(self, where: tuple[str, str, str], form: FormData, session: Session) -> Response:
        """Do what a form of a document's page asks for; say how it went."""
        base, document_id, action = where
        actions: dict[str, Action] = {"metadata": self._correct, "remove": self._remove}
        if base == "incoming":
            actions |= {"accept": self._accept}
        else:
            actions |= {"retire": self._retire, "restore": self._restore}
        self._base(base)
        if action not in actions:
            raise HTTPException(404)
        try:
            with self._deciding:
                said, address = actions[action](base, document_id, form)
        except PolicyError as error:
            session.messages.append(("wrong", str(error)))
            return _to(f"/desk/{base}/{quote(document_id)}")
        session.messages.append(("done", said))
        return _to(address)

    def _correct(self, base: str, document_id: str, form: FormData) -> tuple[str, str]:
        submitted = {name: str(value) for name, value in form.items()}
        address = f"/desk/{base}/{quote(document_id)}"
        if not decisions.correct(self._base(base), document_id, submitted):
            return "没有改动。", address
        self.reader.start()
        self.reader.wait(_QUICK)
        later = "" if base == "incoming" else "更新索引后生效。"
        return f"已保存。{later}", address

    def _accept(self, _base: str, document_id: str, form: FormData) -> tuple[str, str]:
        item = find_item(self.folders.incoming, document_id)
        equal = decisions.equal_to(item, self._texts()) if item else None
        if equal:
            raise UsageError(f"内容与《{equal[1]}》（{equal[0]}）相同，不重复收录。")
        decisions.accept(self.folders, document_id)
        if form.get("index") == "1":
            self.builder.start()
            return "已收录，正在更新索引。", "/desk"
        return "已收录。更新索引后才能被引用。", "/desk"

    def _retire(self, base: str, document_id: str, form: FormData) -> tuple[str, str]:
        decisions.retire(self.folders, document_id, str(form.get("reason", "")), today())
        return self._take_up("已停用", base, document_id)

    def _restore(self, base: str, document_id: str, _form: FormData) -> tuple[str, str]:
        decisions.restore(self.folders, document_id)
        return self._take_up("已恢复使用", base, document_id)

    def _take_up(self, said: str, base: str, document_id: str) -> tuple[str, str]:
        """Read a document again and index it."""
        self.reader.start()
        self.reader.wait(_QUICK)
        self.builder.start()
        return f"{said}，正在更新索引。", f"/desk/{base}/{quote(document_id)}"

    def _remove(self, base: str, document_id: str, _form: FormData) -> tuple[str, str]:
        decisions.remove(self.folders, self._base(base), document_id)
        if base == "incoming":
            return "已丢弃；文件移到了 removed 文件夹。", "/desk"
        self.builder.start()
        return "已移除，正在更新索引；文件移到了 removed 文件夹。", "/desk"


def _place(asked: object) -> str:
    """Where a sign-in leads: one of our own pages, never an address that was sent."""
    return next((place for place in PLACES if place == asked), PLACES[0])


def _to(address: str) -> RedirectResponse:
    return RedirectResponse(address, 303, headers=HEADERS)


def _page(title: str, body: str, frame: Frame, status: int = 200) -> Response:
    return HTMLResponse(page_html(title, body, frame), status, headers=HEADERS)


def _file(name: str) -> FileResponse:
    """A file of the page; asked about each time, so that a new version is seen at once."""
    kept = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    return FileResponse(HERE / name, headers=kept)


def _sign_in_page(
    said: str, status: int, headers: dict[str, str], place: str = PLACES[0]
) -> Response:
    page = page_html("登录", sign_in_html(place), Frame("", (("wrong", said),)))
    return HTMLResponse(page, status, headers=HEADERS | headers)
