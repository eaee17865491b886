"""What is indexed and since when. Reads the store beside the readers' index, not through it."""

import hashlib
import json
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.desk.folders import write_json
from corpus.document import Document
from corpus.errors import IndexStoreError
from corpus.reader import text_digest
from index.versions import (
    Contents,
    Manifest,
    read_contents,
    read_manifest,
    stamp,
    to_json,
    version_folder,
)

DAYS_FILE = "indexed.json"


@dataclass(frozen=True)
class Indexed:
    """One document of the version in use."""

    document: Document
    clauses: int
    since: str  # ISO 8601: the version in which it first stood as it is


@dataclass(frozen=True)
class Catalogue:
    """The version in use; without one `error` says why."""

    version: str = ""
    created: str = ""
    rows: tuple[Indexed, ...] = ()
    error: str = ""
    contents: Contents | None = None

    @property
    def clauses(self) -> int:
        """How many clauses all documents have."""
        return sum(row.clauses for row in self.rows)

    def find(self, document_id: str) -> Indexed | None:
        """The document of this id."""
        return next((row for row in self.rows if row.document.document_id == document_id), None)


class Shelf:
    """The catalogue of a store, read again when the version in use has changed."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._stamp: tuple[int, int, int] | None = None
        self._catalogue = Catalogue()
        self._digests: dict[str, tuple[str, str]] = {}

    def catalogue(self) -> Catalogue:
        """What is indexed now."""
        with self._lock:
            now = stamp(self._store)
            if now != self._stamp:
                self._catalogue = _read(self._store)
                self._stamp = now
                self._digests = {}
            return self._catalogue

    def digests(self) -> Mapping[str, tuple[str, str]]:
        """Digest -> (id, title) of every text that is indexed now."""
        rows = self.catalogue().rows
        with self._lock:
            if not self._digests:
                documents = (row.document for row in rows)
                self._digests = {
                    text_digest(one.text): (one.document_id, one.title) for one in documents
                }
            return self._digests


def _read(store: Path) -> Catalogue:
    try:
        manifest = read_manifest(store)
        contents = read_contents(version_folder(store, manifest.version))
    except IndexStoreError as error:
        return Catalogue(error=str(error))
    except (OSError, ValueError) as error:
        return Catalogue(error=f"索引读不出来：{error}。请更新索引。")
    counts = Counter(clause.document_id for clause in contents.clauses)
    since = _since(store, manifest, contents)
    rows = tuple(
        Indexed(one, counts[one.document_id], since[one.document_id]) for one in contents.documents
    )
    return Catalogue(manifest.version, manifest.created, rows, contents=contents)


def _since(store: Path, manifest: Manifest, contents: Contents) -> Mapping[str, str]:
    """When each document came into the index as it is; kept in the store from build to build."""
    before = _kept(store)
    after: dict[str, tuple[str, str]] = {}
    for document in contents.documents:
        digest = hashlib.sha256(to_json(document)).hexdigest()
        known = before.get(document.document_id)
        same = known is not None and known[0] == digest
        after[document.document_id] = known if known and same else (digest, manifest.created)
    if after != before:
        write_json(store / DAYS_FILE, after)
    return {one: when for one, (_, when) in after.items()}


def _kept(store: Path) -> dict[str, tuple[str, str]]:
    try:
        loaded = json.loads((store / DAYS_FILE).read_bytes())
        return {str(one): (str(digest), str(when)) for one, (digest, when) in loaded.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
