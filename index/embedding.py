"""Text -> vectors, by the built-in model or any sentence-transformers model on this machine.

The only module that knows sentence-transformers and torch; importing them takes seconds, so it
happens where a model is loaded. What it does not know: what a clause is, and where vectors are
searched (index.store).
"""

import hashlib
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from corpus.errors import IndexStoreError, ModelError
from index.builtin_model import IDENTITY, builtin_model

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]
Progress = Callable[[int, int], None]  # texts newly embedded so far, texts to embed

BATCH = 32  # texts; on CPUs larger ones are no faster
MODEL_FILES = {".json", ".txt", ".model", ".safetensors", ".bin"}  # what decides the vectors
ENVIRONMENT = {
    "HF_HUB_OFFLINE": "1",
    "OMP_WAIT_POLICY": "passive",  # waiting threads would take the processor from other work
    "TOKENIZERS_PARALLELISM": "false",
}


def default_cache() -> Path:
    """Return the folder for what can be made again: $XDG_CACHE_HOME or ~/.cache, then ours."""
    given = Path(os.environ.get("XDG_CACHE_HOME", ""))
    base = given if given.is_absolute() else Path.home() / ".cache"
    return base / "policy-calculator"


class Embedder:
    """A loaded model. Make it with `load_embedder`; threads may share it.

    `identity` changes when the model does: vectors of two identities must not be compared.
    With `bfloat16`, clauses (not questions) are computed in it where it loses nothing.
    """

    def __init__(self, model: "SentenceTransformer", identity: str, bfloat16: bool = False) -> None:
        self.identity = identity
        self._model = model
        self._bfloat16 = bfloat16
        self._lock = threading.Lock()  # a tokenizer does not bear two threads
        self.dimension = len(self._encode(model.encode_query, ["政策"])[0])

    def embed_clauses(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return one row of `dimension` and unit length for each text.

        Words beyond the model's window do not count. `progress` is told after each batch.
        """
        vectors = np.empty((len(texts), self.dimension), np.float32)
        done = 0
        for batch in _batches(texts):
            with self._precision():
                vectors[batch] = self._encode(
                    self._model.encode_document, [texts[place] for place in batch]
                )
            done += len(batch)
            if progress is not None:
                progress(done, len(texts))
        return vectors

    def embed_question(self, text: str) -> Vectors:
        """Return the question's vector: `dimension` numbers, unit length."""
        vector: Vectors = self._encode(self._model.encode_query, [text])[0]
        return vector

    def _encode(self, encode: Callable[..., Any], texts: Sequence[str]) -> Vectors:
        clean = [_bytes(text).decode() for text in texts]
        with self._lock:
            found = encode(
                clean, batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False
            )
        return np.asarray(found, np.float32)

    def _precision(self) -> AbstractContextManager[Any]:
        if not self._bfloat16:
            return nullcontext()
        import torch

        return torch.autocast("cpu", torch.bfloat16)


def _bytes(text: str) -> bytes:
    """Half of a surrogate pair, as a browser can send it, is no text: it becomes a `?`."""
    return text.encode("utf-8", "replace")


def _batches(texts: Sequence[str]) -> Iterator[list[int]]:
    """The places of the texts, those of like length together: a batch costs as its longest."""
    places = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    for start in range(0, len(places), BATCH):
        yield places[start : start + BATCH]


def load_embedder(model: str | None, cache: Path) -> Embedder:
    """Load a model: the built-in one (None, "" or "builtin"), or one by folder or name.

    The built-in one is written under `cache` first, once, which takes some seconds. A name is
    looked for among the models that Hugging Face libraries keep on this machine; nothing is
    fetched. Raises ModelError when there is no such model or it cannot be loaded.
    """
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    if not model or model == "builtin":
        found = _load(builtin_model(cache))
        return Embedder(found, IDENTITY, found.device.type == "cpu" and _cpu_knows_bfloat16())
    folder = Path(model).expanduser()
    name = folder.resolve().name  # an index stays good when its model's folder is moved
    if not folder.is_dir():
        folder, name = _kept_by_hugging_face(model), model
    if not (folder / "modules.json").is_file():
        raise ModelError(
            f"{folder} 不是 sentence-transformers 模型：里面没有 modules.json。"
            "请给出含有 modules.json 的文件夹；不写模型则用内置模型。"
        )
    return Embedder(_load(folder), f"{name}@{_digest(folder)}")


def _kept_by_hugging_face(name: str) -> Path:
    from huggingface_hub import snapshot_download

    full = name if "/" in name else f"sentence-transformers/{name}"
    try:
        return Path(snapshot_download(full, local_files_only=True))
    except (OSError, ValueError) as error:  # not kept here; not a name at all
        raise ModelError(
            f"本机上没有名为 {name} 的向量模型，也没有这个文件夹；程序不会联网下载。"
            "请给出模型文件夹的路径；不写模型则用内置模型。"
        ) from error


def _load(folder: Path) -> "SentenceTransformer":
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(str(folder), local_files_only=True)
    except Exception as error:  # a folder can be wrong in as many ways as it has files
        raise ModelError(
            f"向量模型 {folder} 载入失败：{error}。请检查这个文件夹是否完整；不写模型则用内置模型。"
        ) from error


def _cpu_knows_bfloat16() -> bool:
    """Whether the CPU has instructions for it; imitating them is slower than float32."""
    import torch

    able = torch.cpu.get_capabilities()
    return bool(able.get("avx512_bf16") or able.get("amx_bf16"))


def _digest(folder: Path) -> str:
    """Eight hexadecimal digits over every file that decides the vectors."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in MODEL_FILES and path.is_file():
            total.update(path.relative_to(folder).as_posix().encode())
            with path.open("rb") as file:
                total.update(hashlib.file_digest(file, "sha256").digest())
    return total.hexdigest()[:8]


class VectorCache:
    """Vectors kept in a file, by model and text, so that no text is embedded twice.

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
        keys = [hashlib.sha256(_bytes(text)).digest() for text in texts]
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
        for batch in _batches(words):
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
