"""Vectors kept in a file, by model and text, so that no text is embedded twice.

What this module does not know: how vectors are made (index.embedding) and what a clause is.
"""

import hashlib
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from corpus.errors import IndexStoreError
from index.embedding import Embedder, Progress, Vectors, as_bytes, of_like_length


class VectorCache:
    """Vectors by model and text in one SQLite file.

    The file holds no text, only its sha256. It can always be made again: one that is damaged
    is replaced.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def embed(
        self, embedder: Embedder, texts: Sequence[str], progress: Progress | None = None
    ) -> tuple[Vectors, int]:
        """Return the vectors of the texts, row by row, and how many were embedded now.

        Each batch is kept as soon as it is made: a run that is killed loses one at most.
        Raises IndexStoreError when the file cannot be written.
        """
        try:
            return self._embed(embedder, texts, progress)
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise self._unusable(error) from error
        for path in (self.path, self.path.with_name(f"{self.path.name}-journal")):
            path.unlink(missing_ok=True)
        return self._embed(embedder, texts, progress)

    def _embed(
        self, embedder: Embedder, texts: Sequence[str], progress: Progress | None
    ) -> tuple[Vectors, int]:
        keys = [hashlib.sha256(as_bytes(text)).digest() for text in texts]
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._unusable(error) from error
        with closing(sqlite3.connect(self.path, timeout=60)) as file:
            file.execute(
                "CREATE TABLE IF NOT EXISTS vectors"
                " (model TEXT, text BLOB, vector BLOB, PRIMARY KEY (model, text))"
            )
            known = _Known(file, embedder, keys)
            new = known.add_missing(texts, progress)
        return known.rows(), new

    def _unusable(self, error: Exception) -> IndexStoreError:
        return IndexStoreError(
            f"向量缓存 {self.path} 不能读写：{error}。"
            "请检查磁盘空间和写权限，并确认没有别的程序在用它，然后重试。"
        )


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest says where
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class _Known:
    """The vectors of one model for these keys, as far as the open file has them."""

    def __init__(self, file: sqlite3.Connection, embedder: Embedder, keys: list[bytes]) -> None:
        self._file, self._embedder, self._keys = file, embedder, keys
        self._vectors: dict[bytes, Vectors] = {}
        for key in set(keys):
            row = file.execute(
                "SELECT vector FROM vectors WHERE model = ? AND text = ?", (embedder.identity, key)
            ).fetchone()
            if row is not None:
                self._vectors[key] = np.frombuffer(row[0], "<f4")

    def add_missing(self, texts: Sequence[str], progress: Progress | None) -> int:
        """Embed what is missing and keep it, a batch at a time; returns how many texts."""
        pairs = zip(self._keys, texts, strict=True)
        missing = {key: text for key, text in pairs if key not in self._vectors}
        keys, words = list(missing), list(missing.values())
        done = 0
        for batch in of_like_length(words):
            made = self._embedder.embed_clauses([words[place] for place in batch])
            self._keep({keys[place]: row for place, row in zip(batch, made, strict=True)})
            done += len(batch)
            if progress is not None:
                progress(done, len(words))
        return done

    def _keep(self, made: dict[bytes, Vectors]) -> None:
        identity = self._embedder.identity
        rows = [(identity, key, row.astype("<f4").tobytes()) for key, row in made.items()]
        with self._file:  # a transaction
            self._file.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)
        self._vectors.update(made)

    def rows(self) -> Vectors:
        """The vectors in the order of the keys."""
        found = np.empty((len(self._keys), self._embedder.dimension), np.float32)
        for place, key in enumerate(self._keys):
            found[place] = self._vectors[key]
        return found
