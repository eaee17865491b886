"""What the desk does beside its pages: reading what came in, and building the index.

Each runs in a thread of its own, one job at a time, so that a scan of many pages or a large
index holds up neither the pages nor the readers' questions. Both threads end with the program;
what they had begun is whole or not there.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from assistant.desk.folders import READING_FILE, Folders, document_folders, write_json
from assistant.desk.reading import Summary, read_folder, reading_of
from corpus.errors import PolicyError
from corpus.formats.scans import keeping_scans
from corpus.library import Problem
from index.build import SCANS, DocumentSummary, build_index
from index.embedding import Embedder

LAST_BUILD_FILE = "last-build.json"
_LOG = logging.getLogger(__name__)


class Reader:
    """Reads the documents that came in and were not read yet."""

    def __init__(self, folders: Folders) -> None:
        self._folders = folders
        self._lock = threading.Lock()
        self._running = False
        self._again = False
        self._idle = threading.Event()
        self._idle.set()
        self.done = 0  # documents read since the start

    def start(self) -> None:
        """Read what is not read yet, in a thread; once more when it already runs."""
        with self._lock:
            self._again = True
            if self._running:
                return
            self._running = True
            self._idle.clear()
        threading.Thread(target=self._run, name="desk-reader", daemon=True).start()

    def wait(self, seconds: float) -> bool:
        """Wait until everything is read, this long at most; whether it is."""
        return self._idle.wait(seconds)

    @property
    def is_busy(self) -> bool:
        """Whether a document is being read."""
        return not self._idle.is_set()

    def _run(self) -> None:
        with keeping_scans(self._folders.store / SCANS):
            while self._goes_on():
                for base in (self._folders.incoming, self._folders.own):
                    self._read_below(base)

    def _read_below(self, base: Path) -> None:
        for folder in document_folders(base):
            if reading_of(folder) is None:
                _read(folder)
                self.done += 1

    def _goes_on(self) -> bool:
        with self._lock:
            goes_on, self._again = self._again, False
            self._running = goes_on
            if not goes_on:
                self._idle.set()
            return goes_on


def _read(folder: Path) -> None:
    """Read one document; what is wrong with it must not stop the others."""
    try:
        read_folder(folder)
    except FileNotFoundError:
        _LOG.info("%s was moved while it was read", folder.name)
    except Exception:
        _LOG.exception("reading %s failed", folder.name)
        refused = Summary(refused="读取时出错，详情已记入服务器日志。请另存为别的格式再试。")
        if folder.is_dir():
            write_json(folder / READING_FILE, asdict(refused))


@dataclass(frozen=True)
class Build:
    """The index being built, or the last time that it was."""

    running: bool = False
    stage: str = ""  # read, embed or write
    done: int = 0
    total: int = 0
    finished: str = ""  # ISO 8601; "" before the first
    seconds: float = 0.0
    version: str = ""
    documents: int = 0
    clauses: int = 0
    embedded: int = 0
    unchanged: bool = False
    problems: tuple[Problem, ...] = ()
    read: tuple[DocumentSummary, ...] = ()  # how each document was read
    error: str = ""


class Builder:
    """Builds the index of the folders; what is asked for meanwhile is done right after."""

    def __init__(
        self, folders: Folders, embedder: Embedder, finished: Callable[[], None] | None = None
    ) -> None:
        self._folders = folders
        self._embedder = embedder
        self._finished = finished
        self._lock = threading.Lock()
        self._again = False
        self._idle = threading.Event()
        self._idle.set()
        self._state = _last_build(folders.store)

    @property
    def state(self) -> Build:
        """What it is doing, or what it did last."""
        return self._state

    def start(self) -> None:
        """Build in a thread; once more after the build that already runs."""
        with self._lock:
            if self._state.running:
                self._again = True
                return
            self._state = Build(running=True)
            self._idle.clear()
        threading.Thread(target=self._run, name="desk-builder", daemon=True).start()

    def wait(self, seconds: float) -> bool:
        """Wait until nothing is being built, this long at most; whether that is so."""
        return self._idle.wait(seconds)

    def _run(self) -> None:
        while True:
            after = self._build()
            _keep(self._folders.store, after)
            if self._finished is not None and not after.error:
                self._finished()
            with self._lock:
                if not self._again:
                    self._state = after
                    self._idle.set()
                    return
                self._again = False
                self._state = Build(running=True)

    def _build(self) -> Build:
        started = time.monotonic()
        try:
            report = build_index(
                self._folders.indexed, self._folders.store, self._embedder, self._progress
            )
        except PolicyError as error:
            return _failed(str(error), started)
        except Exception:
            _LOG.exception("building the index failed")
            return _failed("编索引时出错，仍在使用原来的索引；详情已记入服务器日志。", started)
        return Build(
            finished=_now(),
            seconds=round(report.seconds, 1),
            version=report.version,
            documents=len(report.documents),
            clauses=report.clauses,
            embedded=report.embedded,
            unchanged=report.unchanged,
            problems=report.problems,
            read=report.documents,
        )

    def _progress(self, stage: str, done: int, total: int) -> None:
        self._state = replace(self._state, stage=stage, done=done, total=total)


def _keep(store: Path, build: Build) -> None:
    try:
        write_json(store / LAST_BUILD_FILE, asdict(build))
    except OSError:
        _LOG.exception("the report of the build could not be kept")


def _failed(sentence: str, started: float) -> Build:
    seconds = round(time.monotonic() - started, 1)
    return Build(finished=_now(), seconds=seconds, error=sentence)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _last_build(store: Path) -> Build:
    try:
        kept: Build = _builds().validate_json((store / LAST_BUILD_FILE).read_bytes())
        return replace(kept, running=False)
    except (OSError, ValidationError):  # none yet, or by an earlier version
        return Build()


def _builds() -> TypeAdapter[Any]:
    return TypeAdapter(Build)
