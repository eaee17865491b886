import json
import shutil
import threading

import pytest
from small_index import PairEmbedder, write_policies

from corpus.errors import IndexStoreError, UsageError
from index.build import build_index
from index.search import Index


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("index")
    build_index([write_policies(folder / "policies")], folder / "store", PairEmbedder())
    return folder / "store"


@pytest.fixture(scope="module")
def index(store):
    return Index.open(store, PairEmbedder())


@pytest.fixture
def own(tmp_path):
    """A store that the test may damage, and its folder of policies."""
    policies = write_policies(tmp_path / "policies")
    build_index([policies], tmp_path / "store", PairEmbedder())
    return tmp_path / "store", policies


def version_folder(store):
    return next((store / "versions").iterdir())


@pytest.mark.parametrize(
    ("question", "document", "words"),
    [
        ("国科发火〔2016〕32号要做什么", "parks", "认真执行"),
        ("单个企业最多能拿3200万元吗", "grants", "3200万元"),
        ("贴息37%", "loans", "37%"),
        ("生产总值20亿元", "parks", "20亿元"),
        ("每年几月受理申報？", "grants", "三月受理"),
    ],
)
def test_the_clause_that_states_it_comes_first(index, question, document, words):
    hit = index.search(question)[0]
    assert hit.document.document_id == document
    sentences = hit.clause.sentences[hit.first : hit.last + 1]
    assert words in "".join(sentence.plain for sentence in sentences)


def test_a_clause_comes_once_and_scores_fall(index):
    hits = index.search("企业补助", limit=50)
    ids = [hit.clause.clause_id for hit in hits]
    assert len(ids) == len(set(ids))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(0 <= hit.score <= 1 for hit in hits)
    assert len(index.search("企业补助", limit=2)) == 2


def test_dense_is_the_cosine_and_keyword_the_score_of_words(index):
    embedder = PairEmbedder()
    hits = index.search("贴息比例为37%，期限不超过两年。")
    assert hits[0].dense > 0.8
    assert hits[0].keyword > hits[-1].keyword
    assert index.search("zzzz")[0].keyword == 0.0
    assert embedder.embed_question("甲乙") @ embedder.embed_question("甲乙") == pytest.approx(1)


def test_each_search_alone_can_decide(index):
    by_words = index.search("补助对象", words="贴息比例", keyword_weight=1.0)[0]
    by_vectors = index.search("补助对象", words="贴息比例", keyword_weight=0.0)[0]
    assert by_words.document.document_id == "loans"
    assert by_vectors.document.document_id == "grants"


def test_only_documents_asked_for_come_back(index):
    for documents in ({"parks"}, {"parks", "loans"}, set(index.documents)):
        hits = index.search("企业补助标准", documents=documents, limit=50)
        assert {hit.document.document_id for hit in hits} == documents
    assert index.search("企业补助标准", documents=[]) == []
    assert index.search("企业补助标准", documents=["unknown"]) == []


def test_documents_and_clauses_are_there_by_id(index):
    clauses = index.clauses_of("loans")
    assert [clause.label for clause in clauses] == [
        clause.label for clause in index.clauses.values() if clause.document_id == "loans"
    ]
    assert index.documents["loans"].title == "某区科技贷款贴息办法"
    with pytest.raises(UsageError, match="没有编号为 nothing 的政策文件。现有 3 份：grants、loans"):
        index.clauses_of("nothing")


@pytest.mark.parametrize(("question", "limit"), [("", 5), (" \n", 5), ("补助", 0)])
def test_an_empty_question_is_refused(index, question, limit):
    with pytest.raises(UsageError, match="要有问题"):
        index.search(question, limit=limit)


def test_a_reader_sees_the_old_version_until_it_refreshes(own):
    store, policies = own
    index = Index.open(store, PairEmbedder())
    assert not index.refresh()
    (policies / "loans.txt").unlink()
    write_policies(policies, rewards="关于专利奖励的通知\n一、奖励\n每件专利奖励五千元。\n")
    build_index([policies], store, PairEmbedder())
    assert index.search("贴息比例")[0].document.document_id == "loans"
    assert index.refresh()
    assert not index.refresh()
    assert "loans" not in index.documents
    assert index.search("每件专利奖励多少")[0].document.document_id == "rewards"


def test_a_version_whose_files_were_deleted_is_still_searched(own):
    store, policies = own
    index = Index.open(store, PairEmbedder())
    for amount in (1, 2):
        write_policies(policies, rewards=f"关于奖励的通知\n一、奖励\n每件奖励{amount}万元。\n")
        build_index([policies], store, PairEmbedder())
    assert not (store / "versions" / index.manifest.version).exists()
    assert index.search("贴息比例", documents={"loans"})[0].document.document_id == "loans"
    assert index.search("贴息比例")[0].document.document_id == "loans"


def test_searches_go_on_while_versions_change(own):
    store, policies = own
    index = Index.open(store, PairEmbedder())
    failures, stop = [], threading.Event()

    def ask():
        while not stop.is_set():
            index.refresh()
            if index.search("贴息比例")[0].document.document_id != "loans":
                failures.append("another document")

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for amount in (1, 2, 3):
        write_policies(policies, rewards=f"关于奖励的通知\n一、奖励\n每件奖励{amount}万元。\n")
        newest = build_index([policies], store, PairEmbedder()).version
    stop.set()
    for thread in threads:
        thread.join()
    index.refresh()
    assert failures == []
    assert index.manifest.version == newest


def test_no_index_says_what_to_run(tmp_path):
    with pytest.raises(IndexStoreError, match="还没有索引。请先运行 policy index"):
        Index.open(tmp_path / "store", PairEmbedder())


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"format": 1}', "\0\0"])
def test_a_damaged_manifest_is_named(own, content):
    store, _ = own
    (store / "current.json").write_text(content)
    with pytest.raises(IndexStoreError, match=r"current\.json 损坏"):
        Index.open(store, PairEmbedder())


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        ("clauses.jsonl", "缺少 clauses.jsonl"),
        ("documents.jsonl", "缺少 documents.jsonl"),
        ("keyword", "缺少 params.index.json"),
    ],
)
def test_a_version_with_missing_files_is_not_opened(own, missing, message):
    store, _ = own
    path = version_folder(store) / missing
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    with pytest.raises(IndexStoreError, match=message):
        Index.open(store, PairEmbedder())


def test_a_version_with_a_lost_clause_is_not_opened(own):
    store, _ = own
    path = version_folder(store) / "clauses.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]))
    with pytest.raises(IndexStoreError, match="损坏：政策、条文、段落、关键词应有"):
        Index.open(store, PairEmbedder())
    path.write_bytes(b"".join(lines)[:-30])
    with pytest.raises(IndexStoreError, match="损坏"):
        Index.open(store, PairEmbedder())


def test_another_format_and_another_model_are_named(own):
    store, _ = own
    manifest = json.loads((store / "current.json").read_text())
    (store / "current.json").write_text(json.dumps(manifest | {"format": 999}))
    with pytest.raises(IndexStoreError, match="格式是 999，本程序读写的格式是 1"):
        Index.open(store, PairEmbedder())
    (store / "current.json").write_text(json.dumps(manifest | {"embedder": "other-model"}))
    with pytest.raises(IndexStoreError, match="other-model 建的，现在的模型是 pairs-64"):
        Index.open(store, PairEmbedder())


def test_a_refresh_that_fails_keeps_the_version_that_is_open(own):
    store, _ = own
    index = Index.open(store, PairEmbedder())
    (store / "current.json").write_text("{")
    with pytest.raises(IndexStoreError, match="损坏"):
        index.refresh()
    assert index.search("贴息比例")[0].document.document_id == "loans"
