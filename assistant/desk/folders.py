"""The folders of the desk, and how they are written: beside the place, then moved there whole.

    <store>/incoming/<document-id>/       a file as it came in, not yet part of the corpus
    <own documents>/<document-id>/        an accepted document
    <store>/removed/<document-id>-<n>/    what was taken out; nothing is ever deleted
    <store>/scans/                        pages recognised before, see corpus.formats.scans

Each document's folder holds its text under a name of ours (text.pdf), document.yaml with what
staff state, upload.json with the name it came under, and reading.json with what was read.
"""

import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import yaml

from assistant.settings import Settings
from corpus.errors import UsageError
from corpus.formats.files import shown_name
from corpus.reader import METADATA_FILE

UPLOAD_FILE, READING_FILE = "upload.json", "reading.json"


@dataclass(frozen=True)
class Folders:
    """Where documents lie: what is indexed, the staff's own among it, and the store."""

    indexed: tuple[Path, ...]
    own: Path
    store: Path

    @property
    def incoming(self) -> Path:
        """Files that wait for a decision."""
        return self.store / "incoming"

    @property
    def removed(self) -> Path:
        """What was taken out."""
        return self.store / "removed"


def folders_of(settings: Settings) -> Folders:
    """The folders of these settings; the staff's own is made when it is not there."""
    own = settings.own_documents
    try:
        own.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"存放自收文件的文件夹 {own} 建不起来（{error.strerror}）。请检查路径和权限。"
        ) from error
    return Folders(settings.indexed_documents, own, settings.store)


def document_folders(base: Path) -> Iterator[Path]:
    """The folders of documents that the desk knows, hidden and linked ones left out."""
    for entry in sorted(base.iterdir()) if base.is_dir() else ():
        is_own = (entry / METADATA_FILE).exists() or (entry / UPLOAD_FILE).exists()
        if not entry.name.startswith(".") and not entry.is_symlink() and is_own:
            yield entry


def folder_of(base: Path, document_id: str) -> Path:
    """The folder of a document; an id is compared, never used as a path. Raises UsageError."""
    for folder in document_folders(base):
        if folder.name == document_id:
            return folder
    raise UsageError(
        f"没有编号为“{shown_name(document_id[:60])}”的文件，可能已被移走。请刷新页面。"
    )


def stated_in(folder: Path) -> dict[str, Any]:
    """What document.yaml states; {} where it cannot be read."""
    try:
        loaded = yaml.safe_load((folder / METADATA_FILE).read_bytes())
    except (OSError, yaml.YAMLError, UnicodeDecodeError):
        return {}  # reading the document says what is wrong with it
    return loaded if isinstance(loaded, dict) else {}


def write_stated(folder: Path, stated: Mapping[str, Any]) -> None:
    """Write document.yaml."""
    words = yaml.safe_dump(dict(stated), allow_unicode=True, sort_keys=False, width=1000)
    write_file(folder / METADATA_FILE, words.encode())


def write_json(path: Path, value: Any) -> None:
    """Write a value as JSON."""
    write_file(path, json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", "replace"))


def write_file(path: Path, content: bytes) -> None:
    """Write beside the place, then switch in one step."""
    waiting = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with waiting.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(waiting, path)


def copy_file(source: Path, target: Path) -> None:
    """Copy a file to where there is none yet, down to the disk."""
    with source.open("rb") as stream:
        copy_stream(stream, target)


def copy_stream(stream: IO[bytes], target: Path) -> None:
    """Write all of a stream to where there is no file yet, down to the disk."""
    with target.open("xb") as written:
        shutil.copyfileobj(stream, written, 1 << 20)
        written.flush()
        os.fsync(written.fileno())


def move_folder(folder: Path, target: Path) -> None:
    """Move a folder in one step; where it goes to another disk, beside its place first."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.rename(target)
    except OSError:
        waiting = target.parent / f".new-{secrets.token_hex(8)}"
        waiting.mkdir()
        for one in sorted(folder.iterdir()):
            copy_file(one, waiting / one.name)
        waiting.rename(target)
        shutil.rmtree(folder)
