"""One finished version of the index: written, checked and read; its vectors kept in Chroma.

The only module that knows chromadb. Each version has a Chroma folder of its own, with one
collection: a writer never touches the files that a reader has open, and a version is deleted
with its folder (`delete_collection` leaves the vectors' files behind). With POLICY_CHROMA_URL
the collections are on that server instead. What is searched is a memory-mapped copy
(index.vectors), made again from Chroma when it is missing; so a question needs no Chroma, which
takes a second to import. What this module does not know: how a version is made (index.build)
and how it is searched (index.search).
"""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from corpus.errors import IndexStoreError, UsageError
from index.keyword import KeywordIndex, write_words
from index.vectors import Vectors, VectorsGoneError, write_vectors
from index.versions import (
    REBUILD,
    Contents,
    Manifest,
    read_contents,
    version_folder,
    write_contents,
)

if TYPE_CHECKING:
    from chromadb import Collection
    from chromadb.api.client import Client
    from chromadb.config import Settings

_HNSW: Any = {"space": "cosine", "ef_construction": 100, "max_neighbors": 16, "ef_search": 100}
_PROBE = 20  # neighbours asked for when a version is checked
# Chroma's registry of open folders is not safe against opening and closing in two threads.
_OPENING = threading.Lock()


@dataclass(frozen=True)
class Version:
    """A version that was read and checked."""

    manifest: Manifest
    contents: Contents
    keyword: KeywordIndex
    vectors: Vectors


class KeptVectors:
    """One version's collection. Every Chroma error comes out as VectorsGoneError."""

    def __init__(self, collection: "Collection", batch: int) -> None:
        self._collection, self._batch = collection, batch
        self._name = collection.name

    @classmethod
    @contextmanager
    def open(cls, folder: Path, name: str, *, create: bool = False) -> Iterator["KeptVectors"]:
        """Open, or `create`, the collection of this name, for the time of a `with`."""
        with _client(folder) as client:
            # After a damaged folder Chroma's client fails in other ways at the second try.
            with _as_gone(name, (ValueError, AttributeError)):
                collection = (
                    client.create_collection(
                        name, embedding_function=None, configuration={"hnsw": _HNSW}
                    )
                    if create
                    else client.get_collection(name, embedding_function=None)
                )
                kept = cls(collection, client.get_max_batch_size())
            yield kept

    def add(
        self,
        vectors: NDArray[np.float32],
        document_ids: Sequence[str],
        progress: Callable[[int, int], None],
    ) -> None:
        """Store one vector a row, with the id of its document."""
        with _as_gone(self._name):
            for rows in self._batches(len(vectors)):
                self._collection.add(
                    ids=[str(row) for row in rows],
                    embeddings=vectors[rows.start : rows.stop],
                    metadatas=[{"document_id": document_ids[row]} for row in rows],
                )
                progress(rows.stop, len(vectors))

    def read(self, rows: int, dimension: int) -> NDArray[np.float32]:
        """All vectors, row by row; raises VectorsGoneError when one is missing."""
        vectors = np.full((rows, dimension), np.nan, np.float32)
        with _as_gone(self._name, (ValueError,)):
            for part in self._batches(rows):
                ids = [str(row) for row in part]
                found = self._collection.get(ids=ids, include=["embeddings"])
                if found["ids"]:
                    vectors[[int(row) for row in found["ids"]]] = found["embeddings"]
        if np.isnan(vectors).any():
            raise VectorsGoneError(f"索引 {self._name} 在 Chroma 里缺少向量。{REBUILD}")
        return vectors

    def check(self, rows: int) -> None:
        """Raise VectorsGoneError unless all rows are there and can be found.

        Chroma answers a query whose index files are gone with fewer rows, without an error.
        """
        with _as_gone(self._name):
            count = self._collection.count()
            held = self._collection.get(ids=["0"], include=["embeddings"])["embeddings"]
            if held is None or len(held) == 0 or count != rows:
                raise VectorsGoneError(
                    f"索引 {self._name} 应有 {rows} 条向量，实有 {count} 条。{REBUILD}"
                )
            wanted = min(rows, _PROBE)
            found = self._collection.query(query_embeddings=held, n_results=wanted, include=[])
        if len(found["ids"][0]) != wanted:
            raise VectorsGoneError(f"索引 {self._name} 的向量文件缺失或损坏。{REBUILD}")

    def _batches(self, rows: int) -> Iterator[range]:
        for start in range(0, rows, self._batch):
            yield range(start, min(start + self._batch, rows))


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
    return Version(manifest, contents, keyword, _open_vectors(folder, manifest))


def forget(names: Sequence[str]) -> None:
    """Delete the collections of deleted versions from the Chroma server, if there is one."""
    if not names or not _server():
        return
    from chromadb.errors import NotFoundError

    with _client(Path()) as client, _as_gone("、".join(names)):
        for name in names:
            with suppress(NotFoundError):  # the build was killed before it kept its vectors
                client.delete_collection(name)


def check_kept(store: Path, manifest: Manifest) -> None:
    """Raise VectorsGoneError unless Chroma holds every vector of the version."""
    with _kept(version_folder(store, manifest.version), manifest) as kept:
        kept.check(manifest.passages)


def write_version(
    store: Path,
    manifest: Manifest,
    contents: Contents,
    words: tuple[Sequence[str], Sequence[str]],
    vectors: NDArray[np.float32],
    progress: Callable[[int, int], None],
) -> None:
    """Write a version beside the one in use and check it; the switch is `switch_to`.

    `words` are the texts and the headings of the passages, for the keyword index.
    """
    folder = version_folder(store, manifest.version)
    folder.mkdir(parents=True)
    write_contents(folder, contents)
    write_words(folder / "keyword", *words)
    write_vectors(folder, vectors)
    with KeptVectors.open(folder / "chroma", manifest.version, create=True) as kept:
        kept.add(vectors, contents.document_ids(), progress)
        kept.check(manifest.passages)


def _open_vectors(folder: Path, manifest: Manifest) -> Vectors:
    """The copy that is searched; one that is missing or damaged is made again from Chroma."""
    size = manifest.passages, manifest.dimension
    try:
        return Vectors.open(folder, *size)
    except VectorsGoneError:
        with _kept(folder, manifest) as kept:
            vectors = kept.read(*size)
    try:
        write_vectors(folder, vectors)
    except OSError as error:
        raise IndexStoreError(
            f"索引 {manifest.version} 的向量写不进 {folder}：{error}。"
            "请检查磁盘空间和写权限后重试。"
        ) from error
    return Vectors.open(folder, *size)


def _kept(folder: Path, manifest: Manifest) -> AbstractContextManager[KeptVectors]:
    if not _server() and not (folder / "chroma").is_dir():  # opening it would make an empty one
        raise VectorsGoneError(f"索引 {manifest.version} 不完整，缺少 chroma。{REBUILD}")
    return KeptVectors.open(folder / "chroma", manifest.version)


def _server() -> str:
    """The address of the Chroma server that keeps the vectors; "" for folders of our own."""
    return os.environ.get("POLICY_CHROMA_URL", "").strip()


@contextmanager
def _client(folder: Path) -> Iterator["Client"]:
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    if address := _server():
        client = _connect(address, settings)
        try:
            yield client
        finally:
            _hang_up(client)
        return
    with _OPENING, _as_gone(folder.parent.name, (ValueError, AttributeError)):
        local = cast("Client", chromadb.PersistentClient(str(folder.resolve()), settings))
    try:
        yield local
    finally:
        with _OPENING:
            local.close()


def _hang_up(client: Any) -> None:
    """Close a server's client, and the two connections that its own `close` leaves open."""
    client.close()
    for server in (client._server, client._admin_client._server):
        server._session.close()


def _connect(address: str, settings: "Settings") -> "Client":
    import chromadb
    import httpx
    from chromadb.errors import ChromaError

    found = urlsplit(address)
    if found.scheme not in ("http", "https") or not found.hostname:
        raise UsageError(
            f"POLICY_CHROMA_URL 的值“{address}”不能用。应为 Chroma 服务器的地址，"
            "如 http://127.0.0.1:8000；不设则向量存放在索引文件夹里。"
        )
    secure = found.scheme == "https"
    port = found.port or (443 if secure else 8000)
    try:
        return cast("Client", chromadb.HttpClient(found.hostname, port, secure, settings=settings))
    except (ValueError, httpx.HTTPError, ChromaError) as error:
        raise IndexStoreError(
            f"连不上 Chroma 服务器 {address}：{error}。请检查 POLICY_CHROMA_URL 和服务器后重试；"
            "不设 POLICY_CHROMA_URL 则向量存放在索引文件夹里。"
        ) from error


def _check_counts(manifest: Manifest, contents: Contents, keyword: KeywordIndex) -> None:
    expected = (manifest.documents, manifest.clauses, manifest.passages, manifest.passages)
    found = (*map(len, (contents.documents, contents.clauses, contents.passages)), keyword.rows)
    if found != expected:
        raise IndexStoreError(
            f"索引 {manifest.version} 损坏：政策、条文、段落、关键词应有 {expected} 条，"
            f"实有 {found} 条。{REBUILD}"
        )


@contextmanager
def _as_gone(name: str, others: tuple[type[Exception], ...] = ()) -> Iterator[None]:
    import httpx
    from chromadb.errors import ChromaError

    errors: tuple[type[Exception], ...] = (ChromaError, httpx.HTTPError, *others)
    try:
        yield
    except errors as error:
        raise VectorsGoneError(f"索引 {name} 的向量读不出来：{error}。{REBUILD}") from error
