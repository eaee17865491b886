"""Files that staff drop in -> documents that wait in <store>/incoming/.

What was sent as a file's name is shown, never used as a path.
"""

import re
import secrets
import tempfile
import unicodedata
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from assistant.desk.folders import (
    UPLOAD_FILE,
    Folders,
    copy_file,
    write_file,
    write_json,
)
from assistant.desk.reading import Upload
from corpus.errors import DocumentError
from corpus.formats.archive import unpack
from corpus.formats.files import read_bytes, shown_name
from corpus.formats.kinds import HTML_SUFFIXES, IMAGE_SUFFIXES, TEXT_SUFFIXES, Kind, find_kind
from corpus.library import Problem
from corpus.reader import METADATA_FILE

MOST_BYTES = 50 * 1024 * 1024  # of one file
_LONGEST_ID = 40  # characters
_LONGEST_NAME = 200  # characters kept of a file's name
_NAMES_OF_WINDOWS = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)$")
_PAGE_FOLDERS = ("_files", ".files", "_file")  # what a browser saves beside a page
_SUFFIXES = {Kind.PDF: ".pdf", Kind.DOCX: ".docx"}


@dataclass(frozen=True)
class TakenIn:
    """What became of one file: the documents staged, and what was refused with the reason."""

    document_ids: tuple[str, ...]
    refused: tuple[Problem, ...]


def take_in(
    folders: Folders, name: str, path: Path, received: str, taken: Collection[str]
) -> TakenIn:
    """Stage the file at `path` that came under this name; of an archive every member.

    `taken` are ids that other documents have. Reading is another step: `read_folder`.
    """
    shown = shown_name(name.replace("\\", "/").rpartition("/")[2])[-_LONGEST_NAME:] or "未命名"
    used = {one.lower() for one in taken} | _used(folders)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise DocumentError(f"超过 {MOST_BYTES // 1024**2} MB，请拆分后再放入。")
        kind, reason = find_kind(shown, read_bytes(path))
        if kind is Kind.REFUSED:
            raise DocumentError(f"{reason}。")
        if kind is Kind.ARCHIVE:
            return _take_in_archive(folders, shown, path, received, used)
        staged = _stage(folders, shown, path, _suffix(kind, shown), received, used)
    except DocumentError as error:
        message = str(error).replace(path.name, shown)
        return TakenIn((), (Problem(shown, message),))
    return TakenIn((staged,), ())


def _take_in_archive(
    folders: Folders, shown: str, path: Path, received: str, used: set[str]
) -> TakenIn:
    staged: list[str] = []
    folders.incoming.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".zip-", dir=folders.incoming) as place:
        base = Path(place)
        refused = [Problem(f"{shown}/{one.name}", one.reason) for one in unpack(path, base)]
        for member in sorted(one for one in base.rglob("*") if one.is_file()):
            inside = member.relative_to(base)
            if any(part.endswith(_PAGE_FOLDERS) for part in inside.parts[:-1]):
                continue
            taken = take_in(folders, member.name, member, received, used)
            staged += taken.document_ids
            refused += [
                Problem(f"{shown}/{inside.as_posix()}", one.message) for one in taken.refused
            ]
    if not staged and not refused:
        refused.append(Problem(shown, "是空的压缩包，没有可读的文件。"))
    return TakenIn(tuple(staged), tuple(refused))


def _stage(
    folders: Folders, shown: str, path: Path, suffix: str, received: str, used: set[str]
) -> str:
    document_id = new_id(shown, used)
    folders.incoming.mkdir(parents=True, exist_ok=True)
    waiting = folders.incoming / f".new-{secrets.token_hex(8)}"
    waiting.mkdir()
    copy_file(path, waiting / f"text{suffix}")
    write_file(waiting / METADATA_FILE, b"{}\n")
    write_json(waiting / UPLOAD_FILE, asdict(Upload(shown, path.stat().st_size, received)))
    waiting.rename(folders.incoming / document_id)
    return document_id


def new_id(name: str, used: Collection[str]) -> str:
    """A document id out of a file's name: letters, digits and Chinese characters, not yet used.

    >>> new_id("../研发补助 办法（试行）.PDF", ()), new_id("con.txt", ()), new_id("a.b", ("a",))
    ('研发补助-办法-试行', 'document-con', 'a-2')
    """
    stem = PurePosixPath(unicodedata.normalize("NFKC", name)).stem
    plain = re.sub(r"[^0-9a-z\u3400-\u9fff]+", "-", stem.lower())[:_LONGEST_ID].strip("-")
    base = f"document-{plain}".rstrip("-") if _NAMES_OF_WINDOWS.match(plain or "con") else plain
    number, found = 1, base
    while found in used:
        number += 1
        found = f"{base}-{number}"
    return found


def _used(folders: Folders) -> set[str]:
    bases = (folders.incoming, folders.own)
    return {one.name.lower() for base in bases if base.is_dir() for one in base.iterdir()}


def _suffix(kind: Kind, name: str) -> str:
    """The suffix that the reader needs for what the file is, whatever it was called."""
    given = PurePosixPath(name).suffix.lower()
    if kind is Kind.TEXT:
        return given if given in TEXT_SUFFIXES else ".txt"
    if kind is Kind.HTML:
        return given if given in HTML_SUFFIXES else ".html"
    if kind is Kind.IMAGE:
        return given if given in IMAGE_SUFFIXES else ".png"
    return _SUFFIXES[kind]
