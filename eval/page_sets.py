"""The test sets that the page offers: those sent to the server, and those of the project.

What is sent is read beside its place and moved there whole, or not kept at all. What was sent
as a name is shown and made harmless, never used as a path.
"""

import shutil
import tempfile
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO

from assistant.desk.folders import copy_stream
from corpus.errors import UsageError
from corpus.formats.archive import unpack
from corpus.formats.files import shown_name
from eval.page_runs import OWN, PROJECT, file_name, unused
from eval.questions import SET_FILES, SETS, Query, read_set

MOST_BYTES = 20 * 1024 * 1024  # of one file, packed or not
_MOST_QUESTIONS = 5000


@dataclass(frozen=True)
class SetRow:
    """One set at a glance; `error` says why it cannot be run."""

    key: str
    name: str
    is_own: bool
    questions: int
    unanswerable: int
    parts: tuple[str, ...]
    error: str = ""


class Sets:
    """The folder of the server's sets, and beside it the one of the project."""

    def __init__(self, folder: Path, project: Path = SETS) -> None:
        self._folder = folder
        self._folders = {OWN: folder, PROJECT: project}
        self._placing = threading.Lock()  # two sets of one name get two names

    def rows(self) -> list[SetRow]:
        """Every set, those sent to the server first."""
        return [_row(key, path) for key, path in self._paths()]

    def read(self, key: str) -> tuple[Query, ...]:
        """The questions of a set. Raises UsageError for one that is not there or has a fault."""
        for held, path in self._paths():
            if held == key:
                return _read(path, _stamp(path))
        raise UsageError(f"没有名为“{shown_name(key[:90])}”的测试集。请回到列表重新选择。")

    def take_in(self, sent_as: str, stream: IO[bytes]) -> tuple[str, tuple[Query, ...]]:
        """Keep a set that was sent, one JSONL file or a ZIP; its key and questions.

        Raises UsageError or DocumentError with the line that is wrong; then nothing is kept.
        """
        shown = shown_name(sent_as.replace("\\", "/").rpartition("/")[2])
        self._folder.mkdir(parents=True, exist_ok=True)
        with (
            self._placing,
            tempfile.TemporaryDirectory(prefix=".sent-", dir=self._folder) as place,
        ):
            name = self._new_name(shown)
            ready = _made_ready(Path(place), name, stream)
            queries = read_set(ready)
            _check_count(queries)
            ready.rename(self._folder / ready.name)
        return f"{OWN}/{name}", tuple(queries)

    def _new_name(self, shown: str) -> str:
        held = {path.stem for path in self._entries(self._folder)}
        return unused(file_name(Path(shown).stem), held)

    def _paths(self) -> Iterator[tuple[str, Path]]:
        """Each set's key and the path that read_set takes."""
        for place, folder in self._folders.items():
            for entry in self._entries(folder):
                inside = [entry] if entry.is_file() else sorted(entry.glob("*.jsonl"))
                is_folder = any(one.name in SET_FILES for one in inside)
                path = entry if is_folder or not inside else inside[0]
                yield f"{place}/{entry.stem}", path

    @staticmethod
    def _entries(folder: Path) -> list[Path]:
        held = sorted(folder.iterdir()) if folder.is_dir() else []
        return [
            one
            for one in held
            if not one.name.startswith(".") and (one.is_dir() or one.suffix == ".jsonl")
        ]


def _made_ready(place: Path, name: str, stream: IO[bytes]) -> Path:
    """Write what was sent below `place`, as the file or the folder that read_set takes."""
    sent = place / f"{name}.zip"
    copy_stream(stream, sent)
    _check_size(sent, name)
    if zipfile.is_zipfile(sent):
        _unpack(sent, place / name)
        return place / name
    return sent.rename(place / f"{name}.jsonl")


def _unpack(sent: Path, target: Path) -> None:
    """Write the three files of an archive into the folder, from its top or its one folder."""
    inside = sent.parent / ".inside"
    inside.mkdir()
    refused = unpack(sent, inside)
    found = {name: sorted(inside.rglob(name)) for name in SET_FILES}
    wrong = [name for name, paths in found.items() if len(paths) != 1]
    if wrong:
        said = f"；{refused[0].reason}" if refused else ""
        raise UsageError(
            f"压缩包 {sent.name} 里应各有一个 {'、'.join(SET_FILES)}，"
            f"这里的 {'、'.join(wrong)} 缺少或不止一个{said}。请重新打包。"
        )
    target.mkdir(parents=True)
    for name, (path,) in found.items():
        _check_size(path, name)
        shutil.move(path, target / name)


def _check_size(path: Path, shown: str) -> None:
    if path.stat().st_size > MOST_BYTES:
        raise UsageError(f"{shown} 超过 {MOST_BYTES >> 20} MB。请拆分成几个测试集。")


def _check_count(queries: list[Query]) -> None:
    if len(queries) > _MOST_QUESTIONS:
        raise UsageError(
            f"这个测试集有 {len(queries)} 个问题，最多 {_MOST_QUESTIONS} 个。请拆分成几个测试集。"
        )


def _row(key: str, path: Path) -> SetRow:
    place, _, name = key.partition("/")
    try:
        queries = _read(path, _stamp(path))
    except UsageError as error:
        return SetRow(key, name, place == OWN, 0, 0, (), str(error))
    parts = tuple(dict.fromkeys(one.part for one in queries))
    unanswerable = sum(not one.answerable for one in queries)
    return SetRow(key, name, place == OWN, len(queries), unanswerable, parts)


def _stamp(path: Path) -> tuple[int, ...]:
    """What changes when a set is written anew."""
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return tuple(one.stat().st_mtime_ns for one in files)


@lru_cache(maxsize=50)
def _read(path: Path, _stamp: tuple[int, ...]) -> tuple[Query, ...]:
    return tuple(read_set(path))
