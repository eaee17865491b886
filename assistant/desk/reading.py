"""What was read of a document's folder, kept beside it so that nothing is read twice.

What it does not know: where a report's sentences come from (corpus.report).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from assistant.desk.fields import FIELDS, form_value
from assistant.desk.folders import (
    READING_FILE,
    UPLOAD_FILE,
    document_folders,
    stated_in,
    write_json,
)
from corpus.clauses import split_clauses
from corpus.document import Clause, Document
from corpus.errors import DocumentError
from corpus.formats.files import shown_name
from corpus.reader import METADATA_FILE, read_document, text_digest
from corpus.report import report_on
from corpus.validity import RETIRED


@dataclass(frozen=True)
class Upload:
    """How a file came in."""

    name: str  # as it may be shown
    size: int  # bytes
    received: str  # ISO 8601


@dataclass(frozen=True)
class ReadClause:
    """One clause as it was read."""

    clause_id: str
    label: str
    text: str
    page: int | None


@dataclass(frozen=True)
class Field:
    """A field of the metadata as staff see it, and where it was read."""

    label: str
    value: str
    origin: str


@dataclass(frozen=True)
class Summary:
    """What was read of a file; `refused` says why nothing was."""

    title: str = ""
    document_number: str = ""
    validity: str = ""
    values: tuple[tuple[str, str], ...] = ()  # field -> what stands in the form
    fields: tuple[Field, ...] = ()
    clauses: tuple[ReadClause, ...] = ()
    doubts: tuple[str, ...] = ()
    noise: tuple[str, ...] = ()  # examples of the lines that were dropped
    noise_lines: int = 0
    repeals: tuple[str, ...] = ()
    digest: str = ""  # of the words: equal for the same text in another file
    refused: str = ""


@dataclass(frozen=True)
class Item:
    """A document's folder: what came in and what was read; `summary` is None until it is read."""

    document_id: str
    upload: Upload
    summary: Summary | None
    stated: Mapping[str, Any]  # document.yaml

    @property
    def is_retired(self) -> bool:
        """Whether staff have taken it out of use here."""
        return str(self.stated.get("validity_reason") or "").startswith(RETIRED)


def summary_of(folder: Path) -> Summary:
    """What is read of a document's folder; a file that cannot be read is a refused Summary."""
    try:
        document = read_document(folder)
        clauses = split_clauses(document)
    except DocumentError as error:
        # The file's name here is ours; staff know it by theirs.
        name = upload_of(folder).name
        sentence = re.sub(r"\btext\.\w+", lambda _: name, str(error))
        return Summary(refused=sentence)
    if not clauses:
        return Summary(refused="没有读出任何条文。请检查文件是否有正文。")
    return _summary(document, clauses)


def _summary(document: Document, clauses: Sequence[Clause]) -> Summary:
    report = report_on(document, clauses)
    return Summary(
        title=document.title,
        document_number=document.document_number or "",
        validity=document.validity.value,
        values=tuple((name, form_value(getattr(document, name))) for name in FIELDS),
        fields=tuple(Field(one.label, one.value, one.origin) for one in report.fields),
        clauses=read_clauses(document, clauses),
        doubts=report.doubts,
        noise=report.noise_examples,
        noise_lines=report.noise_lines,
        repeals=tuple(
            (f"《{one.title}》" if one.title else "") + (one.document_number or "")
            for one in report.repeals
        ),
        digest=text_digest(document.text),
    )


def read_clauses(document: Document, clauses: Sequence[Clause]) -> tuple[ReadClause, ...]:
    """Clauses with their words as received, in the order of the text."""
    in_order = sorted(clauses, key=lambda one: one.start)
    return tuple(_read_clause(document, one) for one in in_order)


def _read_clause(document: Document, clause: Clause) -> ReadClause:
    words, before = "", clause.start
    for one in clause.sentences:
        starts_anew = "\n" in document.text[before : one.start]
        words += ("\n" if starts_anew else "") + document.text[one.start : one.end]
        before = one.end
    return ReadClause(clause.clause_id, clause.label, words.strip(), clause.page)


def read_folder(folder: Path) -> Summary:
    """Read a document's folder and keep what was read beside it."""
    summary = summary_of(folder)
    write_json(folder / READING_FILE, asdict(summary))
    return summary


def items(base: Path) -> list[Item]:
    """The documents of `incoming` or of the staff's own folder, the last that came first."""
    found = [_item(folder) for folder in document_folders(base)]
    return sorted(found, key=lambda one: (one.upload.received, one.document_id), reverse=True)


def find_item(base: Path, document_id: str) -> Item | None:
    """The document of this id; None when there is none. An id is never used as a path unseen."""
    return next((one for one in items(base) if one.document_id == document_id), None)


def _item(folder: Path) -> Item:
    return Item(folder.name, upload_of(folder), reading_of(folder), stated_in(folder))


def upload_of(folder: Path) -> Upload:
    """How a document's file came in; one put there by hand has only its folder's name."""
    try:
        upload: Upload = TypeAdapter(Upload).validate_json((folder / UPLOAD_FILE).read_bytes())
        return upload
    except (OSError, ValidationError):  # put there by hand
        return Upload(shown_name(folder.name), 0, "")


def reading_of(folder: Path) -> Summary | None:
    """What was read of it; None when it was not read yet, by an earlier version, or when
    document.yaml changed since.
    """
    kept, stated = folder / READING_FILE, folder / METADATA_FILE
    try:
        if stated.exists() and stated.stat().st_mtime_ns > kept.stat().st_mtime_ns:
            return None
        summary: Summary = TypeAdapter(Summary).validate_json(kept.read_bytes())
        is_of_now = bool(summary.refused) or [name for name, _ in summary.values] == list(FIELDS)
        return summary if is_of_now else None
    except (OSError, ValidationError):  # not read yet, or by an earlier version
        return None
