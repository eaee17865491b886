"""Text -> vectors, by the built-in model or any sentence-transformers model on this machine.

The only module that knows sentence-transformers and torch; importing them takes seconds, so it
happens where they are needed: never for a question to the built-in model. What it does not
know: what a clause is, where vectors are kept (index.vector_cache) and searched (index.store).
"""

import hashlib
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ModelError
from index.builtin_model import IDENTITY, builtin_model

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]
Progress = Callable[[int, int], None]  # texts newly embedded so far, texts to embed

BATCH = 32  # texts; on CPUs larger ones are no faster
MANY = 128  # texts; from here on an engine that starts late and runs fast gains time
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


class Engine(Protocol):
    """What computes vectors; `name` says how, for the index's manifest."""

    name: str
    dimension: int

    def encode(self, texts: Sequence[str], kind: str) -> Vectors:
        """One row of unit length for each text; `kind` is query or document."""


class Embedder:
    """A loaded model. Make it with `load_embedder`; threads may share it.

    `identity` changes when the model does: vectors of two identities must not be compared.
    One model may have two engines, whose vectors are alike to 0.999 and better: the first
    answers at once, the other is loaded when MANY clauses are to be embedded.
    """

    def __init__(
        self, identity: str, engine: Engine, for_many: Callable[[], Engine] | None = None
    ) -> None:
        self.identity = identity
        self.dimension = engine.dimension
        self._questions = self._clauses = engine
        self._for_many = for_many
        self._clauses_seen = 0
        self._lock = threading.Lock()

    @property
    def engine(self) -> str:
        """What computes the vectors of clauses, as the index's manifest records it."""
        return self._clauses.name

    def embed_clauses(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return one row of `dimension` and unit length for each text.

        Words beyond the model's window do not count. `progress` is told after each batch.
        """
        engine = self._engine_for(len(texts))
        vectors = np.empty((len(texts), self.dimension), np.float32)
        done = 0
        for batch in of_like_length(texts):
            vectors[batch] = engine.encode([_clean(texts[place]) for place in batch], "document")
            done += len(batch)
            if progress is not None:
                progress(done, len(texts))
        return vectors

    def embed_question(self, text: str) -> Vectors:
        """Return the question's vector: `dimension` numbers, unit length."""
        vector: Vectors = self._questions.encode([_clean(text)], "query")[0]
        return vector

    def _engine_for(self, count: int) -> Engine:
        """The engine for so many more clauses; a build sends them a batch at a time."""
        with self._lock:
            self._clauses_seen += count
            if self._for_many is not None and self._clauses_seen >= MANY:
                self._clauses, self._for_many = self._for_many(), None
            return self._clauses


def as_bytes(text: str) -> bytes:
    """UTF-8; half of a surrogate pair, as a browser can send it, is no text and becomes `?`."""
    return text.encode("utf-8", "replace")


def _clean(text: str) -> str:
    return as_bytes(text).decode()


def of_like_length(texts: Sequence[str]) -> Iterator[list[int]]:
    """The places of the texts, BATCH at a time, shortest first: a batch costs as its longest."""
    places = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    for start in range(0, len(places), BATCH):
        yield places[start : start + BATCH]


class TorchEngine:
    """A sentence-transformers model, on a GPU where torch finds one."""

    def __init__(self, folder: Path, *, bfloat16: bool = False) -> None:
        """Load the model; with `bfloat16` a CPU computes in it where that loses nothing."""
        self._model = _load(folder)
        device = self._model.device.type
        self._bfloat16 = bfloat16 and device == "cpu"
        self.name = f"sentence-transformers, {device}{', bfloat16' if self._bfloat16 else ''}"
        self._lock = threading.Lock()  # a tokenizer does not bear two threads
        self.dimension = len(self.encode(["政策"], "query")[0])

    def encode(self, texts: Sequence[str], kind: str) -> Vectors:
        """One row of unit length for each text; `kind` is query or document."""
        model = self._model
        encode: Callable[..., Any] = (
            model.encode_query if kind == "query" else model.encode_document
        )
        with self._lock, self._precision():
            found = encode(
                list(texts), batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False
            )
        return np.asarray(found, np.float32)

    def _precision(self) -> AbstractContextManager[Any]:
        if not self._bfloat16:
            return nullcontext()
        import torch

        return torch.autocast("cpu", torch.bfloat16)


def load_embedder(model: str | None, cache: Path) -> Embedder:
    """Load a model: the built-in one (None, "" or "builtin"), or one by folder or name.

    The built-in one loads in half a second; where torch embeds its clauses faster, a form for torch
    is written under `cache`, once. A name is looked for among the models that Hugging Face
    libraries keep on this machine; nothing is fetched. Raises ModelError when there is no such
    model or it cannot be loaded.
    """
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    if not model or model == "builtin":
        return _builtin(cache)
    folder = Path(model).expanduser()
    name = folder.resolve().name  # an index stays good when its model's folder is moved
    if not folder.is_dir():
        folder, name = _kept_by_hugging_face(model), model
    if not (folder / "modules.json").is_file():
        raise ModelError(
            f"{folder} 不是 sentence-transformers 模型：里面没有 modules.json。"
            "请给出含有 modules.json 的文件夹；不写模型则用内置模型。"
        )
    return Embedder(f"{name}@{_digest(folder)}", TorchEngine(folder))


def _builtin(cache: Path) -> Embedder:
    from index.builtin_engine import OnnxEngine

    engine = OnnxEngine.load()

    def for_many() -> Engine:
        bfloat16 = _cpu_knows_bfloat16()
        if bfloat16 or _torch_has_gpu():
            return TorchEngine(builtin_model(cache), bfloat16=bfloat16)
        return engine.for_many()

    return Embedder(IDENTITY, engine, for_many)


def _cpu_knows_bfloat16() -> bool:
    """Whether the CPU has instructions for it; imitating them is slower than float32."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:  # no Linux; torch would know, but takes seconds to ask
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags


def _torch_has_gpu() -> bool:
    """Whether torch can use a GPU; it is asked only where the system shows one."""
    if not any(Path(device).exists() for device in ("/dev/nvidiactl", "/dev/kfd")):
        return False
    import torch

    return torch.cuda.is_available()


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


def _digest(folder: Path) -> str:
    """Eight hexadecimal digits over every file that decides the vectors."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in MODEL_FILES and path.is_file():
            total.update(path.relative_to(folder).as_posix().encode())
            with path.open("rb") as file:
                total.update(hashlib.file_digest(file, "sha256").digest())
    return total.hexdigest()[:8]
