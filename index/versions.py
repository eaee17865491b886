"""The folders of an index store: what a version holds, which is in use, who may write.

    current.json            the version in use; switched by one rename
    versions/<version>/     manifest, documents, clauses, passages, vectors and words of one version
    vectors.sqlite          embeddings made before, see index.embedding
    write.lock, writer.txt  one writer at a time

What this module does not know: vectors (index.store) and how a version is made (index.build).
"""

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from filelock import FileLock, Timeout
from pydantic import TypeAdapter

from corpus.document import Clause, Document
from corpus.errors import IndexStoreError
from index.passages import Passage

FORMAT = 1  # of everything in a version: raise it when terms, passages or files change
REBUILD = "请重新运行 policy index。"
_Record = TypeVar("_Record")


@dataclass(frozen=True)
class Manifest:
    """What current.json says."""

    format: int
    version: str  # also the folder's and the collection's name
    previous: str | None  # kept for readers that have it open, and to go back to
    created: str  # ISO 8601, UTC
    embedder: str
    dimension: int
    documents: int
    clauses: int
    passages: int
    digest: str  # of every document and clause, metadata included
    folders: tuple[str, ...]
    engine: str = ""  # what computed the newest vectors; engines of one embedder are alike


@dataclass(frozen=True)
class Contents:
    """What a version holds. The row of a passage is its number here, in Chroma and in words."""

    documents: tuple[Document, ...]
    clauses: tuple[Clause, ...]
    passages: tuple[Passage, ...]

    def document_ids(self) -> list[str]:
        """The document of each passage."""
        document_of = {clause.clause_id: clause.document_id for clause in self.clauses}
        return [document_of[passage.clause_id] for passage in self.passages]

    def digest(self) -> str:
        """SHA-256 over documents and clauses: equal when a build would change nothing."""
        records: list[Document | Clause] = [*self.documents, *self.clauses]
        return hashlib.sha256(b"\n".join(map(to_json, records))).hexdigest()


def version_folder(store: Path, version: str) -> Path:
    """Where the files of a version lie."""
    return store / "versions" / version


def read_manifest(store: Path) -> Manifest:
    """Return the version in use; raises IndexStoreError when there is none of our format."""
    return _read_manifest(store, store / "current.json")


def read_manifest_before(store: Path) -> Manifest:
    """Return the version that was in use before; raises IndexStoreError when none is kept."""
    previous = read_manifest(store).previous
    path = version_folder(store, previous or "") / "manifest.json"
    if previous is None or not path.exists():
        raise IndexStoreError(
            f"索引 {store} 没有可以退回的上一个版本：只建过一次，或上一个版本的文件已不在。"
            "如需另一个版本，请修改政策文件后重新运行 policy index。"
        )
    return _read_manifest(store, path)


def _read_manifest(store: Path, path: Path) -> Manifest:
    try:
        raw = json.loads(path.read_bytes())
        found = raw.get("format") if isinstance(raw, dict) else None
        if isinstance(found, int) and found != FORMAT:
            raise IndexStoreError(
                f"索引 {store} 的格式是 {found}，本程序读写的格式是 {FORMAT}。{REBUILD}"
            )
        manifest: Manifest = _adapter("Manifest").validate_python(raw)
        return manifest
    except FileNotFoundError as error:
        raise IndexStoreError(f"{store} 里还没有索引。请先运行 policy index 建立索引。") from error
    except (OSError, ValueError) as error:
        raise IndexStoreError(f"索引清单 {path} 损坏，读不出来。{REBUILD}") from error


def stamp(store: Path) -> tuple[int, int, int]:
    """What changes whenever current.json is replaced; zeros while there is none."""
    try:
        status = (store / "current.json").stat()
    except FileNotFoundError:
        return (0, 0, 0)
    return (status.st_ino, status.st_mtime_ns, status.st_size)


def switch_to(store: Path, manifest: Manifest) -> None:
    """Make this version the one in use, in one step."""
    folder = version_folder(store, manifest.version)
    folder.mkdir(parents=True, exist_ok=True)
    _replace(folder / "manifest.json", manifest)  # for going back to it later
    _replace(store / "current.json", manifest)


def _replace(path: Path, manifest: Manifest) -> None:
    waiting = path.with_suffix(".json.new")
    with waiting.open("wb") as file:
        file.write(_adapter("Manifest").dump_json(manifest, indent=2))
        file.flush()
        os.fsync(file.fileno())
    os.replace(waiting, path)


def clean(store: Path) -> list[str]:
    """Delete every version but the one in use and the one before it; return their names."""
    kept = _named(store)
    folder = store / "versions"
    entries = list(folder.iterdir()) if folder.is_dir() else []
    others = [entry for entry in entries if entry.name not in kept]
    for entry in others:
        # Windows refuses while a reader has it open; the next build tries again.
        shutil.rmtree(entry, ignore_errors=True)
    return [entry.name for entry in others]


def write_contents(folder: Path, contents: Contents) -> None:
    """Write documents.jsonl, clauses.jsonl and passages.jsonl."""
    _write_records(folder / "documents.jsonl", contents.documents)
    _write_records(folder / "clauses.jsonl", contents.clauses)
    _write_records(folder / "passages.jsonl", contents.passages)


def read_contents(folder: Path) -> Contents:
    """Read what `write_contents` wrote; raises OSError or ValueError when it is broken."""
    return Contents(
        _read_records(folder / "documents.jsonl", Document),
        _read_records(folder / "clauses.jsonl", Clause),
        _read_records(folder / "passages.jsonl", Passage),
    )


@contextmanager
def writing(store: Path) -> Iterator[None]:
    """Hold the store for writing; raises IndexStoreError at once when another process does."""
    store.mkdir(parents=True, exist_ok=True)
    note = store / "writer.txt"
    try:
        with FileLock(store / "write.lock", timeout=0):
            started = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M:%S")
            note.write_text(f"进程 {os.getpid()}（{started} 开始）", encoding="utf-8")
            try:
                yield
            finally:
                note.unlink(missing_ok=True)
    except Timeout as error:
        writer = note.read_text(encoding="utf-8") if note.exists() else "另一个进程"
        raise IndexStoreError(f"{writer}正在写索引 {store}。请等它结束后再试。") from error


def new_version_name() -> str:
    """A name that sorts by time: clauses-20261122-183000-ab12."""
    return f"clauses-{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"


def to_json(record: Document | Clause | Passage) -> bytes:
    """One record as a line of JSON that `from_json` turns into an equal record."""
    return _adapter(type(record).__name__).dump_json(record)


def from_json(kind: type[_Record], line: bytes) -> _Record:
    """The record that `to_json` wrote; raises ValueError when the line is none of this kind."""
    record: _Record = _adapter(kind.__name__).validate_json(line)
    return record


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    kinds = {kind.__name__: kind for kind in (Manifest, Document, Clause, Passage)}
    return TypeAdapter(kinds[name])


def _write_records(path: Path, records: Iterable[Document | Clause | Passage]) -> None:
    with path.open("wb") as lines:
        lines.writelines(to_json(record) + b"\n" for record in records)


def _read_records(path: Path, kind: type[_Record]) -> tuple[_Record, ...]:
    with path.open("rb") as lines:
        return tuple(from_json(kind, line) for line in lines)


def version_in_use(store: Path) -> str | None:
    """The name that current.json gives, even if that version cannot be read."""
    return _named(store)[0]


def _named(store: Path) -> tuple[str | None, str | None]:
    """The version in use and the one before, whatever the format; None where not known."""
    try:
        raw = json.loads((store / "current.json").read_bytes())
        return raw["version"], raw["previous"]
    except (OSError, ValueError, TypeError, KeyError):
        return None, None
