"""The runs that the page shows: those kept by the server, and those of the repository.

Here lies what a run leaves behind: NAME.json when it is done, until then NAME.begun.json with
what was asked for and NAME.lines.jsonl with the questions answered. A name that a person gave
becomes the name of a file only by `file_name`, and is looked up among those there are.
"""

import json
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from assistant.desk.folders import write_json
from corpus.errors import UsageError
from corpus.formats.files import shown_name
from eval.run import RESULTS

OWN, PROJECT = "own", "project"  # kept by this server; kept in the repository
_LONGEST_NAME = 60  # characters; three bytes each, a name of a file takes 255
_DONE, _BEGUN, _LINES = ".json", ".begun.json", ".lines.jsonl"


@dataclass(frozen=True)
class Row:
    """One kept run at a glance. Shares are 0 to 1, None where no question asks for them."""

    place: str
    name: str
    made: str  # YYYY-MM-DD
    commit: str
    part: str
    questions: int
    right: float
    facts: float | None
    refusal_f1: float
    ms_p95: float
    misquoted: int
    written: float  # seconds since 1970, to order the runs of one day

    @property
    def key(self) -> str:
        """What forms and addresses call it."""
        return f"{self.place}/{self.name}"


@dataclass(frozen=True)
class Begun:
    """What a run was asked to do, kept until it is done."""

    name: str
    questions: str  # key of the set
    part: str | None
    retrieval: bool


class Runs:
    """The folder of the server's runs, and beside it the one of the repository."""

    def __init__(self, folder: Path, project: Path = RESULTS) -> None:
        self._folders = {OWN: folder, PROJECT: project}

    def rows(self) -> tuple[list[Row], list[str]]:
        """The runs, newest first, and the files that hold none."""
        rows, broken = [], []
        for place, path in self._kept():
            try:
                rows.append(_row(place, path, path.stat().st_mtime_ns))
            except (OSError, ValueError, KeyError, TypeError, AttributeError):
                broken.append(shown_name(path.name))
        return sorted(rows, key=lambda one: (one.made, one.written), reverse=True), broken

    def read(self, key: str) -> dict[str, Any]:
        """A kept run. Raises UsageError for one that is not there or cannot be read."""
        for place, path in self._kept():
            if f"{place}/{path.stem}" == key:
                try:
                    held: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
                except (OSError, ValueError) as error:
                    raise UsageError(f"评测结果 {path.name} 不能读取：{error}。") from error
                return held
        raise UsageError(f"没有名为“{shown_name(key[:90])}”的评测结果。请回到列表重新选择。")

    def keep(self, run: Mapping[str, Any]) -> None:
        """Keep a run that is done, whole or not at all; what it left on its way goes."""
        write_json(self._own(run["name"], _DONE), run)
        self.forget(run["name"])

    def new_name(self, wanted: str) -> str:
        """A name for a run that none has yet, made of what a person wrote."""
        held = {path.stem for _, path in self._kept()}
        return unused(file_name(wanted), held | {one.name for one in self.begun()})

    # Runs that are not done

    def begin(self, begun: Begun) -> None:
        """Note what a run is to do, so that it can go on after an interruption."""
        self._folders[OWN].mkdir(parents=True, exist_ok=True)
        write_json(self._own(begun.name, _BEGUN), asdict(begun))

    def begun(self) -> list[Begun]:
        """What was begun and is not done."""
        found = []
        for path in sorted(self._folders[OWN].glob(f"*{_BEGUN}")):
            try:
                found.append(Begun(**json.loads(path.read_text(encoding="utf-8"))))
            except (OSError, ValueError, TypeError):
                continue  # cut off while it was begun: nothing was answered yet
        return [one for one in found if one.name == file_name(one.name)]

    def lines(self, name: str) -> Path:
        """Where a run notes each question that is answered."""
        return self._own(name, _LINES)

    def answered(self, name: str) -> int:
        """How many questions a run that is not done has answered."""
        path = self.lines(name)
        return path.read_bytes().count(b"\n") if path.exists() else 0

    def forget(self, name: str) -> None:
        """Remove what a run that is not done left behind."""
        for suffix in (_BEGUN, _LINES):
            self._own(name, suffix).unlink(missing_ok=True)

    def _kept(self) -> Iterator[tuple[str, Path]]:
        for place, folder in self._folders.items():
            for path in folder.glob(f"*{_DONE}"):
                if not path.name.endswith(_BEGUN):
                    yield place, path

    def _own(self, name: str, suffix: str) -> Path:
        return self._folders[OWN] / f"{file_name(name)}{suffix}"


@lru_cache(maxsize=500)
def _row(place: str, path: Path, stamp: int) -> Row:
    """What the list shows of a file; `stamp` tells one writing of it from the next."""
    run = json.loads(path.read_text(encoding="utf-8"))
    summary = run["summary"]
    facts = summary["scores"]["facts"]
    return Row(
        place=place,
        name=path.stem,
        made=str(run["made"]),
        commit=str(run["commit"]),
        part=str(run["part"] or ""),
        questions=int(summary["questions"]),
        right=float(summary["scores"]["right"]["mean"]),
        facts=float(facts["mean"]) if facts["count"] else None,
        refusal_f1=float(summary["refusal"]["f1"]),
        ms_p95=float(summary["ms_p95"]),
        misquoted=int(summary["misquoted"]),
        written=stamp / 1e9,
    )


def file_name(wanted: str) -> str:
    """A name for files out of any words: letters of all scripts, digits, - and _.

    >>> file_name("../../库 测试（一）.JSON"), file_name("/"), file_name(".begun")
    ('库-测试-一-JSON', '未命名', 'begun')
    """
    plain = re.sub(r"[^\w-]+", "-", unicodedata.normalize("NFKC", wanted))
    return plain.strip("-_")[:_LONGEST_NAME].strip("-_") or "未命名"


def unused(name: str, held: Collection[str]) -> str:
    """The name, with a number after it where it is taken; capitals make no difference."""
    taken = {one.casefold() for one in held}
    number, found = 1, name
    while found.casefold() in taken:
        number += 1
        found = f"{name[: _LONGEST_NAME - 5]}-{number}"
    return found
