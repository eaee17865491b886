"""The vectors of one version, memory-mapped: the nearest ones to a question, filtered for free.

Chroma keeps the vectors (index.store); what is searched is this copy, because Chroma's own
filter costs more the more it keeps. A search looks at every row: exactly while there are few,
and by a short form of each row, made exact for the best ones, once there are many. What this
module does not know: what a row stands for.
"""

import os
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.errors import IndexStoreError
from index.versions import REBUILD

MANY = 20_000  # rows; from here on a look at all of them takes longer than a short form's
SHORT = 128  # numbers of a short form: a third of the bytes that a search has to read
CANDIDATES = 10  # times the limit: rows whose short form is near, to be compared exactly
_SAMPLE = 20_000  # rows that the axes of the short forms are found from
_ROWS, _SHORT, _AXES = "vectors.npy", "short.npy", "axes.npy"

Floats = NDArray[np.float32]


class VectorsGoneError(IndexStoreError):
    """The vectors of a version are missing or damaged."""


class Vectors:
    """Rows of unit length. Threads and processes may share them; the system keeps one copy."""

    def __init__(
        self, rows: Floats, short: Floats | None = None, axes: Floats | None = None
    ) -> None:
        self._rows, self._short, self._axes = rows, short, axes

    @classmethod
    def open(cls, folder: Path, rows: int, dimension: int) -> "Vectors":
        """Open what `write_vectors` wrote; raises VectorsGoneError unless it is all there."""
        found = [_open(folder / _ROWS, (rows, dimension))]
        if rows >= MANY:
            found.append(_open(folder / _SHORT, (rows, SHORT)))
            found.append(_open(folder / _AXES, (dimension, SHORT)))
        return cls(*found)

    def nearest(
        self, vector: Floats, limit: int, mask: NDArray[np.bool_] | None = None
    ) -> list[tuple[int, float]]:
        """Up to `limit` (row, cosine), nearest first; only rows where the mask, if any, is True."""
        rows = self._candidates(vector, limit * CANDIDATES, mask)
        cosines = self._cosines(vector, rows)
        best = np.lexsort((rows, -cosines))[:limit]
        return [(int(rows[place]), float(cosines[place])) for place in best]

    def cosines(self, vector: Floats, rows: Sequence[int]) -> dict[int, float]:
        """The cosine of each of these rows with the vector."""
        found = self._cosines(vector, np.asarray(rows, dtype=np.int64))
        return dict(zip(rows, found.tolist(), strict=True))

    def _candidates(
        self, vector: Floats, limit: int, mask: NDArray[np.bool_] | None
    ) -> NDArray[np.int64]:
        """The rows to compare exactly: all allowed ones, or the nearest by their short forms."""
        allowed = np.arange(len(self._rows)) if mask is None else np.flatnonzero(mask)
        if self._short is None or self._axes is None or len(allowed) <= limit:
            return allowed
        likeness = self._short @ (vector @ self._axes)
        if mask is not None:
            likeness = likeness[allowed]
        return allowed[np.argpartition(likeness, -limit)[-limit:]]

    def _cosines(self, vector: Floats, rows: NDArray[np.int64]) -> Floats:
        # All rows are taken as they lie; picking them out would copy them.
        taken = self._rows if len(rows) == len(self._rows) else self._rows[rows]
        found: Floats = np.minimum(taken @ vector, np.float32(1))
        return found[rows] if taken is self._rows else found


def write_vectors(folder: Path, vectors: Floats) -> None:
    """Write the rows, and their short forms when there are many."""
    _save(folder / _ROWS, vectors)
    if len(vectors) >= MANY:
        axes = _axes(vectors)
        _save(folder / _AXES, axes)
        _save(folder / _SHORT, vectors @ axes)


def _save(path: Path, rows: Floats) -> None:
    """Write the whole file or none: two readers may be making it again at once."""
    made = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}.npy")
    np.save(made, rows)
    os.replace(made, path)


def _axes(vectors: Floats) -> Floats:
    """The directions in which the vectors differ most, as columns: their principal axes.

    The mean is left in, so that a product of short forms comes near the product of the rows.
    """
    step = -(-len(vectors) // _SAMPLE)
    sample = vectors[::step]
    _values, directions = np.linalg.eigh(sample.T @ sample)
    return np.ascontiguousarray(directions[:, ::-1][:, :SHORT], dtype=np.float32)


def _open(path: Path, shape: tuple[int, int]) -> Floats:
    try:
        found = np.asarray(np.load(path, mmap_mode="r"))
    except (OSError, ValueError, EOFError) as error:
        raise VectorsGoneError(f"索引文件 {path.name} 缺失或损坏：{error}。{REBUILD}") from error
    if found.shape != shape or found.dtype != np.float32:
        raise VectorsGoneError(
            f"索引文件 {path.name} 应有 {shape} 个 float32 数，实为 {found.shape} 个 "
            f"{found.dtype} 数。{REBUILD}"
        )
    return found
