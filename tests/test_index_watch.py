import os

import pytest
from small_index import POLICIES, PairEmbedder, write_policies

from corpus.errors import IndexStoreError, UsageError
from index.build import build_index, roll_back
from index.search import Index
from index.versions import read_manifest, writing
from index.watch import watch_folders

REWARD = "关于专利奖励的通知\n一、奖励\n每件专利奖励五千元。\n"


@pytest.fixture
def policies(tmp_path):
    return write_policies(tmp_path / "policies")


def test_a_watch_builds_at_once_and_after_each_change(policies, tmp_path):
    store = tmp_path / "store"
    builds = watch_folders([policies], store, PairEmbedder(), every=0.02)
    assert len(next(builds).documents) == 3
    write_policies(policies, rewards=REWARD)
    second = next(builds)
    assert [one.document_id for one in second.documents] == ["grants", "loans", "parks", "rewards"]
    assert second.embedded == 2
    (policies / "grants.txt").unlink()
    assert next(builds).removed_documents == ("grants",)


def test_a_watch_that_may_not_write_says_so_and_goes_on(policies, tmp_path):
    store = tmp_path / "store"
    builds = watch_folders([policies], store, PairEmbedder(), every=0.02)
    with writing(store):
        refused = next(builds)
    assert isinstance(refused, IndexStoreError)
    assert "正在写索引" in str(refused)
    write_policies(policies, rewards=REWARD)
    assert len(next(builds).documents) == 4


def test_a_watch_of_a_missing_folder_says_so(tmp_path):
    builds = watch_folders([tmp_path / "nowhere"], tmp_path / "store", PairEmbedder(), every=0.02)
    assert isinstance(next(builds), UsageError)


def test_touching_a_file_makes_no_version(policies, tmp_path):
    builds = watch_folders([policies], tmp_path / "store", PairEmbedder(), every=0.02)
    first = next(builds)
    os.utime(policies / "grants.txt", (1, 1))
    second = next(builds)
    assert (second.unchanged, second.version) == (True, first.version)


def test_rolling_back_brings_the_version_before_and_a_second_time_the_newer(policies, tmp_path):
    store, embedder = tmp_path / "store", PairEmbedder()
    old = build_index([policies], store, embedder).version
    reader = Index.open(store, embedder)
    write_policies(policies, loans=POLICIES["loans"].replace("37%", "62%"))
    new = build_index([policies], store, embedder).version
    assert reader.refresh()
    assert reader.search("贴息比例62%")[0].keyword > 0

    assert roll_back(store).version == old
    assert (read_manifest(store).version, read_manifest(store).previous) == (old, new)
    assert reader.refresh()
    assert "贴息比例为37%，期限不超过两年。" in [one.plain for one in reader.clauses_of("loans")]

    assert roll_back(store).version == new
    assert reader.refresh()
    assert "贴息比例为62%，期限不超过两年。" in [one.plain for one in reader.clauses_of("loans")]


def test_a_build_after_rolling_back_follows_the_documents_again(policies, tmp_path):
    store, embedder = tmp_path / "store", PairEmbedder()
    build_index([policies], store, embedder)
    write_policies(policies, rewards=REWARD)
    build_index([policies], store, embedder)
    roll_back(store)
    assert "rewards" not in Index.open(store, embedder).documents
    report = build_index([policies], store, embedder)
    assert (report.unchanged, report.embedded) == (False, 0)
    assert "rewards" in Index.open(store, embedder).documents


def test_without_a_version_before_there_is_no_way_back(policies, tmp_path):
    store = tmp_path / "store"
    with pytest.raises(IndexStoreError, match="还没有索引"):
        roll_back(store)
    build_index([policies], store, PairEmbedder())
    with pytest.raises(IndexStoreError, match="没有可以退回的上一个版本"):
        roll_back(store)


def test_nobody_rolls_back_while_another_writes(policies, tmp_path):
    build_index([policies], tmp_path / "store", PairEmbedder())
    with writing(tmp_path / "store"), pytest.raises(IndexStoreError, match="正在写索引"):
        roll_back(tmp_path / "store")
