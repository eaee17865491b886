import dataclasses
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from small_index import PairEmbedder

from corpus.document import Clause, Document, Sentence, Validity
from corpus.errors import IndexStoreError
from index.passages import Passage, embedded_text, split_passages
from index.store import KeptVectors, check_kept, open_version, write_version
from index.vectors import VectorsGoneError
from index.versions import (
    FORMAT,
    Contents,
    Manifest,
    clean,
    from_json,
    read_manifest,
    stamp,
    switch_to,
    to_json,
    writing,
)

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = Document(
    document_id="notice",
    title="关于印发《方案》的通知",
    text="第一行\n“引号”\u2028 与 \x0b 怪字符 𠮷",
    source="notice.txt",
    document_number="内科资字〔2024〕75号",
    issuing_bodies=("科技厅", "财政厅"),
    jurisdiction="CN-NM-1508",
    signed_on=date(2024, 2, 29),
    plan_year=2024,
    validity=Validity.PARTIALLY_IN_FORCE,
    replaced_by=("later",),
    is_digest=True,
    origins=(("title", "document.yaml"), ("signed_on", "text")),
    page_starts=(0, 4),
)
CLAUSE = Clause(
    clause_id="notice#一、/（一）",
    document_id="notice",
    path=("一、", "（一）"),
    label="一、（一）",
    headings=("总体要求",),
    sentences=(Sentence("甲" * 100, 0, 100), Sentence("乙" * 100, 100, 200)),
    page=2,
)


def manifest(version="version-1", previous=None, passages=3):
    return Manifest(
        format=FORMAT,
        version=version,
        previous=previous,
        created="2024-05-01T00:00:00+00:00",
        embedder="pairs-64",
        dimension=64,
        documents=1,
        clauses=1,
        passages=passages,
        digest="d",
        folders=("policies",),
    )


def write(store, version="version-1", passages=3):
    contents = Contents((DOCUMENT,), (CLAUSE,), (Passage(CLAUSE.clause_id, 0, 1),) * passages)
    texts = [f"第{row}段补助" for row in range(passages)]
    write_version(
        store,
        manifest(version, passages=passages),
        contents,
        (texts, texts),
        PairEmbedder().embed_clauses(texts),
        lambda _done, _total: None,
    )
    return contents


@pytest.mark.parametrize("record", [DOCUMENT, CLAUSE, Passage("notice#一、", 3, 5)])
def test_a_record_comes_back_from_its_line_as_it_was(record):
    line = to_json(record)
    assert b"\n" not in line
    assert from_json(type(record), line) == record


def test_every_field_of_a_document_changes_the_digest():
    digest = Contents((DOCUMENT,), (CLAUSE,), ()).digest()
    for change in ({"validity_reason": "已废止"}, {"effective_to": date(2025, 1, 1)}):
        other = dataclasses.replace(DOCUMENT, **change)
        assert Contents((other,), (CLAUSE,), ()).digest() != digest
    assert Contents((DOCUMENT,), (CLAUSE,), ()).digest() == digest


def test_passages_cover_each_sentence_once_and_stay_short():
    lengths = [100, 100, 30, 300, 10, 10]
    sentences = tuple(Sentence("字" * length, 0, length) for length in lengths)
    clause = dataclasses.replace(CLAUSE, sentences=sentences)
    spans = [(passage.first, passage.last) for passage in split_passages(clause)]
    assert spans == [(0, 1), (2, 2), (3, 3), (4, 5)]


def test_the_embedded_text_has_a_short_prefix_with_the_nearest_heading():
    clause = dataclasses.replace(CLAUSE, headings=("远" * 50, "近处的标题"))
    document = dataclasses.replace(DOCUMENT, title="題" * 80)
    prefix, words = embedded_text(document, clause, Passage("x", 1, 1)).split("\n")
    assert prefix.startswith("题" * 36 + " 远")
    assert prefix.endswith(" 近处的标题")
    assert len(prefix) <= 60
    assert words == "乙" * 100


def test_a_version_is_read_as_it_was_written(tmp_path):
    contents = write(tmp_path)
    version = open_version(tmp_path, manifest())
    assert version.contents == contents
    question = PairEmbedder().embed_question("第1段补助")
    row, cosine = version.vectors.nearest(question, 1)[0]
    assert row == 1
    assert cosine == pytest.approx(1.0, abs=1e-5)
    assert version.keyword.search("补助", 5) != []


def test_more_vectors_than_one_batch_are_all_kept(tmp_path):
    count = 5600  # Chroma takes 5461 at once
    vectors = np.random.default_rng(0).normal(size=(count, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    done = []
    with KeptVectors.open(tmp_path / "chroma", "many", create=True) as kept:
        kept.add(vectors, ["d"] * count, lambda part, _total: done.append(part))
    assert done == [5461, 5600]
    with KeptVectors.open(tmp_path / "chroma", "many") as kept:
        kept.check(count)
        assert np.allclose(kept.read(count, 8), vectors, atol=1e-6)
        with pytest.raises(VectorsGoneError, match="在 Chroma 里缺少向量"):
            kept.read(count + 1, 8)


def test_a_collection_that_lost_vectors_is_reported(tmp_path):
    write(tmp_path)
    check_kept(tmp_path, manifest())
    with pytest.raises(VectorsGoneError, match="应有 4 条向量，实有 3 条"):
        check_kept(tmp_path, manifest(passages=4))


@pytest.mark.parametrize("damage", ["missing", "cut", "other"])
def test_a_damaged_copy_of_the_vectors_is_made_again_from_chroma(tmp_path, damage):
    write(tmp_path)
    copy = tmp_path / "versions/version-1/vectors.npy"
    whole = copy.read_bytes()
    if damage == "missing":
        copy.unlink()
    elif damage == "cut":
        copy.write_bytes(whole[:-10])
    else:
        np.save(copy, np.zeros((3, 5), np.float32))
    question = PairEmbedder().embed_question("第1段补助")
    assert open_version(tmp_path, manifest()).vectors.nearest(question, 1)[0][0] == 1
    assert copy.read_bytes() == whole
    assert list(tmp_path.rglob("vectors.*.npy")) == []


def test_without_copy_and_without_chroma_there_is_no_version(tmp_path):
    write(tmp_path)
    (tmp_path / "versions/version-1/vectors.npy").unlink()
    shutil.rmtree(tmp_path / "versions/version-1/chroma")
    with pytest.raises(VectorsGoneError, match="缺少 chroma.*请重新运行 policy index"):
        open_version(tmp_path, manifest())


READ = """
import sys
from pathlib import Path
from index.store import open_version
from index.versions import read_manifest

store = Path(sys.argv[1])
open_version(store, read_manifest(store))
print("chromadb" in sys.modules)
"""


def test_a_version_is_opened_without_chroma(tmp_path):
    write(tmp_path)
    switch_to(tmp_path, manifest())
    done = subprocess.run(
        [sys.executable, "-c", READ, tmp_path], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


def test_the_switch_changes_the_stamp_and_leaves_no_other_file(tmp_path):
    before = stamp(tmp_path)
    switch_to(tmp_path, manifest())
    assert stamp(tmp_path) != before
    assert read_manifest(tmp_path) == manifest()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    left = sorted(path.relative_to(tmp_path).as_posix() for path in files)
    assert left == ["current.json", "versions/version-1/manifest.json"]


def test_cleaning_keeps_the_version_in_use_and_the_one_before(tmp_path):
    for name in ("version-1", "version-2", "version-3", "half-written"):
        (tmp_path / "versions" / name).mkdir(parents=True)
    switch_to(tmp_path, manifest("version-3", previous="version-2"))
    clean(tmp_path)
    left = sorted(entry.name for entry in (tmp_path / "versions").iterdir())
    assert left == ["version-2", "version-3"]


def test_a_second_writer_is_told_at_once_who_is_writing(tmp_path):
    with (
        writing(tmp_path),
        pytest.raises(IndexStoreError, match=r"进程 \d+（.* 开始）正在写索引"),
        writing(tmp_path),
    ):
        pytest.fail("two writers at a time")
    with writing(tmp_path):
        assert (tmp_path / "writer.txt").exists()
    assert not (tmp_path / "writer.txt").exists()
