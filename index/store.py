"""One finished version of the index: its files read and checked, its vectors in Chroma.

The only module that knows chromadb. Each version has a Chroma folder of its own, with one
collection: a writer never touches the files that a reader has open, and a version is deleted
with its folder (`delete_collection` leaves the vectors' files behind). What it does not know:
how a version is made (index.build) and how it is searched (index.search).
"""

import threading
import weakref
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import chromadb
import numpy as np
from chromadb.api.client import Client
from chromadb.api.collection_configuration import CreateHNSWConfiguration
from chromadb.config import Settings
from chromadb.errors import ChromaError
from numpy.typing import NDArray

from corpus.errors import IndexStoreError
from index.keyword import KeywordIndex
from index.versions import (
    REBUILD,
    Contents,
    Manifest,
    read_contents,
    version_folder,
    write_contents,
)

_HNSW: CreateHNSWConfiguration = {
    "space": "cosine",
    "ef_construction": 200,
    "max_neighbors": 32,
    "ef_search": 200,
}
_PROBE = 20  # neighbours asked for when a version is checked
# Chroma's registry of open folders is not safe against opening and closing in two threads, and
# a finalizer runs in any thread: so it only notes the client, and the next opening closes it.
_OPENING = threading.Lock()
_ABANDONED: deque[Client] = deque()


class VectorsGoneError(IndexStoreError):
    """The vectors of a version that was open cannot be read any more."""


@dataclass(frozen=True)
class Version:
    """A version that was read and checked."""

    manifest: Manifest
    contents: Contents
    keyword: KeywordIndex
    vectors: "Vectors"


class Vectors:
    """One version's collection. Every Chroma error comes out as VectorsGoneError."""

    def __init__(self, folder: Path, name: str, *, create: bool = False) -> None:
        # After a damaged folder Chroma's client for it fails in other ways at the second try.
        with _as_gone(name, (ChromaError, ValueError, AttributeError)):
            client = _open_client(folder)
            weakref.finalize(self, _ABANDONED.append, client).atexit = False
            self._batch = client.get_max_batch_size()
            self._name = name
            self._collection = (
                client.create_collection(
                    name, embedding_function=None, configuration={"hnsw": _HNSW}
                )
                if create
                else client.get_collection(name, embedding_function=None)
            )

    def add(
        self,
        vectors: NDArray[np.float32],
        document_ids: Sequence[str],
        progress: Callable[[int, int], None],
    ) -> None:
        """Store one vector a row, with the id of its document."""
        with _as_gone(self._name):
            for start in range(0, len(vectors), self._batch):
                rows = range(start, min(start + self._batch, len(vectors)))
                self._collection.add(
                    ids=[str(row) for row in rows],
                    embeddings=vectors[rows.start : rows.stop],
                    metadatas=[{"document_id": document_ids[row]} for row in rows],
                )
                progress(rows.stop, len(vectors))

    def nearest(
        self, vector: NDArray[np.float32], limit: int, documents: Collection[str] | None = None
    ) -> list[tuple[int, float]]:
        """Up to `limit` (row, cosine), nearest first; only of these documents when given."""
        allowed: Any = None if documents is None else {"document_id": {"$in": sorted(documents)}}
        with _as_gone(self._name):
            found = self._collection.query(
                query_embeddings=vector[np.newaxis],
                n_results=limit,
                where=allowed,
                include=["distances"],
            )
        distances = found["distances"] or [[]]
        cosines = (min(1.0, 1.0 - float(distance)) for distance in distances[0])
        return list(zip(map(int, found["ids"][0]), cosines, strict=True))

    def cosines(self, vector: NDArray[np.float32], rows: Sequence[int]) -> dict[int, float]:
        """The cosine of each of these rows with the vector."""
        if not rows:
            return {}
        with _as_gone(self._name):
            found = self._collection.get(ids=[str(row) for row in rows], include=["embeddings"])
        products = np.asarray(found["embeddings"], dtype=np.float32) @ vector
        return {int(row): float(x) for row, x in zip(found["ids"], products, strict=True)}

    def check(self, rows: int) -> None:
        """Raise VectorsGoneError unless all rows are there and can be found.

        Chroma answers a query whose index files are gone with fewer rows, without an error;
        this query also loads these files, so that they may be deleted while they are in use.
        """
        with _as_gone(self._name):
            count = self._collection.count()
            held = self._collection.get(ids=["0"], include=["embeddings"])["embeddings"]
        wanted = min(rows, _PROBE)
        if held is None or len(held) == 0 or count != rows:
            raise VectorsGoneError(
                f"索引 {self._name} 应有 {rows} 条向量，实有 {count} 条。{REBUILD}"
            )
        found = len(self.nearest(np.asarray(held[0], dtype=np.float32), wanted))
        if found != wanted:
            raise VectorsGoneError(f"索引 {self._name} 的向量文件缺失或损坏。{REBUILD}")


def open_version(store: Path, manifest: Manifest) -> Version:
    """Read a version and check that it is whole; raises IndexStoreError when it is not."""
    folder = version_folder(store, manifest.version)
    try:
        contents = read_contents(folder)
        keyword = KeywordIndex.load(folder / "keyword")
    except FileNotFoundError as error:
        name = Path(error.filename or "").name
        raise IndexStoreError(f"索引 {manifest.version} 不完整，缺少 {name}。{REBUILD}") from error
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise IndexStoreError(f"索引 {manifest.version} 损坏：{error}。{REBUILD}") from error
    _check_counts(manifest, contents, keyword)
    if not (folder / "chroma").is_dir():  # opening it would make an empty one
        raise IndexStoreError(f"索引 {manifest.version} 不完整，缺少 chroma。{REBUILD}")
    vectors = Vectors(folder / "chroma", manifest.version)
    vectors.check(manifest.passages)
    return Version(manifest, contents, keyword, vectors)


def write_version(
    store: Path,
    manifest: Manifest,
    contents: Contents,
    keyword: KeywordIndex,
    vectors: NDArray[np.float32],
    progress: Callable[[int, int], None],
) -> None:
    """Write a version beside the one in use and check it; the switch is `switch_to`."""
    folder = version_folder(store, manifest.version)
    folder.mkdir(parents=True)
    write_contents(folder, contents)
    keyword.save(folder / "keyword")
    written = Vectors(folder / "chroma", manifest.version, create=True)
    written.add(vectors, contents.document_ids(), progress)
    written.check(manifest.passages)


def _open_client(folder: Path) -> Client:
    with _OPENING:
        while _ABANDONED:
            _ABANDONED.popleft().close()
        settings = Settings(anonymized_telemetry=False)
        return cast(Client, chromadb.PersistentClient(str(folder.resolve()), settings))


def _check_counts(manifest: Manifest, contents: Contents, keyword: KeywordIndex) -> None:
    expected = (manifest.documents, manifest.clauses, manifest.passages, manifest.passages)
    found = (*map(len, (contents.documents, contents.clauses, contents.passages)), keyword.rows)
    if found != expected:
        raise IndexStoreError(
            f"索引 {manifest.version} 损坏：政策、条文、段落、关键词应有 {expected} 条，"
            f"实有 {found} 条。{REBUILD}"
        )


@contextmanager
def _as_gone(name: str, errors: tuple[type[Exception], ...] = (ChromaError,)) -> Iterator[None]:
    try:
        yield
    except errors as error:
        raise VectorsGoneError(f"索引 {name} 的向量读不出来：{error}。{REBUILD}") from error
