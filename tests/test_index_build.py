import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from small_index import POLICIES, FailingEmbedder, PairEmbedder, write_policies

from corpus.errors import IndexStoreError, UsageError
from index.build import DocumentSummary, build_index
from index.search import Index
from index.versions import read_manifest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def policies(tmp_path):
    return write_policies(tmp_path / "policies")


def found(index, question):
    return [hit.document.document_id for hit in index.search(question)]


def test_a_first_build_embeds_every_passage(policies, tmp_path):
    stages = []
    embedder = PairEmbedder()
    report = build_index(
        [policies], tmp_path / "store", embedder, lambda *stage: stages.append(stage)
    )
    assert [one.document_id for one in report.documents] == ["grants", "loans", "parks"]
    assert report.documents[0] == DocumentSummary(
        *("grants", "某市科技局关于印发研发补助办法的通知", "grants.txt", 4),
        doubts=("没有读到文号。", "没有读到适用地域。", "没有读到任何日期，不能判断何时施行。"),
    )
    assert report.embedded == report.passages == len(embedder.embedded) == 10
    assert (report.reused, report.problems, report.removed_documents) == (0, (), ())
    assert not report.unchanged
    assert stages == [
        ("read", 1, 3),
        ("read", 2, 3),
        ("read", 3, 3),
        ("embed", 10, 10),
        ("write", 10, 10),
    ]


def test_a_build_says_per_document_what_was_dropped_and_what_is_doubtful(tmp_path):
    text = "贴息办法\n打印本页 关闭窗口\n第一条 支持企业。\n第三条 贴息比例为37%。\n打印本页\n"
    policies = write_policies(tmp_path / "policies", loans=text)
    for _ in range(2):  # also when nothing changed
        one = build_index([policies], tmp_path / "store", PairEmbedder()).documents[0]
        assert one.noise_lines == 2
        assert one.noise_examples == ("打印本页关闭窗口", "打印本页")
        assert one.noise() == "2 行：打印本页关闭窗口、打印本页"
        assert "“第一条”之后是“第三条”，中间可能缺 1 个，请核对原文。" in one.doubts


def test_the_fields_of_a_document_come_back_from_the_store(tmp_path):
    (tmp_path / "policies").mkdir()
    folder = write_policies(tmp_path / "policies" / "own", text=POLICIES["loans"])
    stated = (
        "authority_level: 地方规范性文件\ntopics: [金融]\naudiences: [企业]\nimplements: [up]\n"
    )
    (folder / "document.yaml").write_text(stated, encoding="utf-8")
    build_index([folder.parent], tmp_path / "store", PairEmbedder())
    document = Index.open(tmp_path / "store", PairEmbedder()).documents["own"]
    assert document.authority_level == "地方规范性文件"
    assert (document.topics, document.audiences, document.implements) == (
        ("金融",),
        ("企业",),
        ("up",),
    )
    assert dict(document.origins)["topics"] == "document.yaml"


def test_a_second_build_embeds_nothing_and_makes_no_version(policies, tmp_path):
    store, embedder = tmp_path / "store", PairEmbedder()
    first = build_index([policies], store, embedder)
    before = (store / "current.json").stat()
    second = build_index([policies], store, FailingEmbedder())
    assert second.unchanged
    assert second.version == first.version
    assert (second.embedded, second.reused) == (0, first.passages)
    assert (store / "current.json").stat().st_ino == before.st_ino


def test_the_same_documents_elsewhere_keep_the_version_and_note_the_folder(policies, tmp_path):
    store = tmp_path / "store"
    first = build_index([policies], store, PairEmbedder())
    moved = policies.rename(tmp_path / "moved")
    assert build_index([moved], store, PairEmbedder()).unchanged
    assert read_manifest(store).folders == (str(moved.resolve()),)
    assert read_manifest(store).version == first.version


def test_a_changed_document_embeds_only_its_changed_passages(policies, tmp_path):
    store, embedder = tmp_path / "store", PairEmbedder()
    build_index([policies], store, embedder)
    embedder.embedded.clear()
    write_policies(policies, grants=POLICIES["grants"].replace("3200万元", "4100万元"))
    report = build_index([policies], store, embedder)
    assert [text.split("\n")[1] for text in embedder.embedded] == [
        "按照研发费用的10%给予补助,单个企业最高4100万元。".replace(",", "，")
    ]
    assert (report.embedded, report.reused) == (1, report.passages - 1)
    assert found(Index.open(store, embedder), "最高4100万元")[0] == "grants"


def test_changed_metadata_alone_make_a_new_version(tmp_path):
    folder = write_policies(tmp_path / "policies") / "notice"
    write_policies(folder, text="关于补助的通知\n一、补助\n企业可以申请补助。\n")
    (folder / "document.yaml").write_text("jurisdiction: CN\n", encoding="utf-8")
    store, embedder = tmp_path / "store", PairEmbedder()
    first = build_index([tmp_path / "policies"], store, embedder)
    (folder / "document.yaml").write_text(
        "jurisdiction: CN\nvalidity: not_in_force\n", encoding="utf-8"
    )
    second = build_index([tmp_path / "policies"], store, embedder)
    assert (second.unchanged, second.embedded) == (False, 0)
    assert second.version != first.version
    assert Index.open(store, embedder).documents["notice"].validity == "not_in_force"


def test_a_removed_document_is_no_longer_found(policies, tmp_path):
    store, embedder = tmp_path / "store", PairEmbedder()
    build_index([policies], store, embedder)
    assert "loans" in found(Index.open(store, embedder), "贴息比例")
    (policies / "loans.txt").unlink()
    report = build_index([policies], store, embedder)
    assert report.removed_documents == ("loans",)
    assert "loans" not in found(Index.open(store, embedder), "贴息比例")


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_indexed(policies, tmp_path):
    (policies / "scan.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    report = build_index([policies], tmp_path / "store", PairEmbedder())
    assert [problem.source for problem in report.problems] == ["scan.xls"]
    assert len(report.documents) == 3


def test_a_build_that_fails_leaves_the_version_in_use(policies, tmp_path):
    store, embedder = tmp_path / "store", PairEmbedder()
    first = build_index([policies], store, embedder)
    write_policies(policies, new="关于奖励的通知\n一、奖励\n给予奖励。\n")
    with pytest.raises(RuntimeError, match="out of memory"):
        build_index([policies], store, FailingEmbedder())
    index = Index.open(store, embedder)
    assert index.manifest.version == first.version
    assert found(index, "贴息比例")[0] == "loans"
    assert build_index([policies], store, embedder).documents[2].document_id == "new"


def test_what_a_killed_build_left_is_deleted_by_the_next(policies, tmp_path):
    store, embedder = tmp_path / "store", PairEmbedder()
    first = build_index([policies], store, embedder)
    left = store / "versions" / "clauses-20240101-000000-dead"
    shutil.copytree(store / "versions" / first.version, left)
    assert build_index([policies], store, embedder).unchanged
    assert [entry.name for entry in (store / "versions").iterdir()] == [first.version]


def test_only_the_version_before_is_kept(policies, tmp_path):
    store, embedder = tmp_path / "store", PairEmbedder()
    versions = []
    for amount in (1, 2, 3):
        write_policies(policies, new=f"关于奖励的通知\n一、奖励\n给予奖励{amount}万元。\n")
        versions.append(build_index([policies], store, embedder).version)
    left = {entry.name for entry in (store / "versions").iterdir()}
    assert left == set(versions[1:])


@pytest.mark.parametrize("damage", ["chroma", "keyword/text", "clauses.jsonl"])
def test_a_damaged_store_is_rebuilt_from_the_cache(policies, tmp_path, damage):
    store, embedder = tmp_path / "store", PairEmbedder()
    first = build_index([policies], store, embedder)
    path = store / "versions" / first.version / damage
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    report = build_index([policies], store, FailingEmbedder())
    assert (report.unchanged, report.embedded) == (False, 0)
    assert found(Index.open(store, embedder), "贴息比例")[0] == "loans"


def test_another_format_is_replaced(policies, tmp_path):
    store, embedder = tmp_path / "store", PairEmbedder()
    build_index([policies], store, embedder)
    manifest = json.loads((store / "current.json").read_text())
    (store / "current.json").write_text(json.dumps(manifest | {"format": 999}))
    assert not build_index([policies], store, embedder).unchanged
    assert found(Index.open(store, embedder), "贴息比例")[0] == "loans"


def test_folders_without_any_document_never_empty_the_index(policies, tmp_path):
    store, embedder = tmp_path / "store", PairEmbedder()
    build_index([policies], store, embedder)
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "blank.txt").write_text("\n", encoding="utf-8")
    with pytest.raises(IndexStoreError, match="没有一份可用的政策文件.*\n.*blank.txt"):
        build_index([empty], store, embedder)
    with pytest.raises(UsageError, match="不存在"):
        build_index([tmp_path / "nowhere"], store, embedder)
    assert found(Index.open(store, embedder), "贴息比例")[0] == "loans"


def test_the_manifest_says_which_engine_made_the_newest_vectors(policies, tmp_path):
    class FasterEmbedder(PairEmbedder):
        engine = "pairs, faster"

    store = tmp_path / "store"
    build_index([policies], store, PairEmbedder())
    assert read_manifest(store).engine == "pairs"
    (policies / "loans.txt").unlink()
    assert build_index([policies], store, FasterEmbedder()).embedded == 0
    assert read_manifest(store).engine == "pairs"
    write_policies(policies, loans=POLICIES["loans"].replace("37%", "62%"))
    assert build_index([policies], store, FasterEmbedder()).embedded == 1
    assert read_manifest(store).engine == "pairs, faster"


def test_another_model_embeds_everything_again(policies, tmp_path):
    class OtherEmbedder(PairEmbedder):
        identity = "pairs-32"
        dimension = 32

    store = tmp_path / "store"
    build_index([policies], store, PairEmbedder())
    report = build_index([policies], store, OtherEmbedder())
    assert report.embedded == report.passages
    assert found(Index.open(store, OtherEmbedder()), "贴息比例")[0] == "loans"


KILLED = """
import os, sys
from pathlib import Path
from small_index import PairEmbedder
from index.build import build_index

def die(stage, done, total):
    if stage == "write":
        os._exit(9)

build_index([Path(sys.argv[1])], Path(sys.argv[2]), PairEmbedder(), die)
"""


def test_a_build_that_is_killed_while_writing_leaves_the_version_in_use(policies, tmp_path):
    store, embedder = tmp_path / "store", PairEmbedder()
    first = build_index([policies], store, embedder)
    write_policies(policies, new="关于奖励的通知\n一、奖励\n给予奖励。\n")
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")])
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, policies, store],
        env=os.environ | {"PYTHONPATH": paths},
        check=False,
    )
    assert killed.returncode == 9
    assert len(list((store / "versions").iterdir())) == 2
    index = Index.open(store, embedder)
    assert index.manifest.version == first.version
    assert found(index, "贴息比例")[0] == "loans"
    embedder.embedded.clear()
    second = build_index([policies], store, embedder)  # the lock died with its process
    assert embedder.embedded == []  # and what it had embedded was kept
    left = {entry.name for entry in (store / "versions").iterdir()}
    assert left == {first.version, second.version}
