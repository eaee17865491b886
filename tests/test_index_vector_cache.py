import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from small_index import PairEmbedder

from corpus.errors import IndexStoreError
from index.embedding import BATCH
from index.vector_cache import VectorCache

ROOT = Path(__file__).resolve().parent.parent
CLAUSES = [
    "（一）对首次认定的高新技术企业，给予一次性奖励20万元。",
    "企业实际发生的研发费用，再按照实际发生额的100%在税前加计扣除。",
    "R&D 投入强度≥3％；２０２２年①",
]
MANY = [f"第{number}条" + "给予补助。" * (number % 7) for number in range(BATCH * 2 + 5)]


def test_kept_vectors_are_not_made_again(tmp_path):
    embedder = PairEmbedder()
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


def test_no_texts_need_no_vectors(tmp_path):
    vectors, new = VectorCache(tmp_path / "vectors.sqlite").embed(PairEmbedder(), [])
    assert (vectors.shape, new) == ((0, 64), 0)


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
from index.vector_cache import VectorCache

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
