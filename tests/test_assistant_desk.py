"""What staff do with documents: folders in, folders out, and an index built from them."""

import io
import json
import os
import threading
import zipfile
from datetime import date

import pytest
import yaml
from small_index import POLICIES, FailingEmbedder, PairEmbedder, write_policies

from assistant.desk import decisions, folders, reading
from assistant.desk.catalogue import Shelf
from assistant.desk.fields import FIELDS, changed_fields, regions
from assistant.desk.folders import Folders, folders_of
from assistant.desk.intake import MOST_BYTES, new_id, take_in
from assistant.desk.reading import find_item, items, read_folder
from assistant.desk.work import Builder, Reader
from assistant.settings import PACKAGED_DOCUMENTS, Settings
from corpus.errors import UsageError
from corpus.formats import ocr
from corpus.formats.scans import Scan
from index.search import Index

DAY = date(2026, 11, 22)
NOTICE = (
    "某省科学技术厅关于印发创新券管理办法的通知\n"
    "某科规〔2025〕7号\n"
    "第一条 为支持企业购买科技服务，制定本办法。\n"
    "第二条 创新券面额为30万元。\n"
    "第四条 本办法自2025年5月1日起施行。\n"
)


@pytest.fixture
def desk(tmp_path):
    """Folders with one document that staff did not bring in."""
    given = write_policies(tmp_path / "given", grants=POLICIES["grants"])
    own = tmp_path / "own"
    own.mkdir()
    return Folders((given, own), own, tmp_path / "store")


def bring(desk, name="创新券办法.txt", content=NOTICE, taken=()):
    """Take in one file and read what was staged."""
    path = desk.store.parent / "sent"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    number = len(list(desk.incoming.iterdir())) if desk.incoming.is_dir() else 0
    found = take_in(desk, name, path, f"2026-11-22T08:00:{number:02}+00:00", taken)
    for one in found.document_ids:
        read_folder(desk.incoming / one)
    return found


def zipped(**members):
    """A ZIP of these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def built(desk, embedder=None):
    """The index of the desk's folders, built through the desk."""
    builder = Builder(desk, embedder or PairEmbedder())
    builder.start()
    assert builder.wait(60)
    return builder.state


# Taking in and reading


def test_a_file_waits_under_an_id_made_of_its_name(desk):
    assert bring(desk, "关于印发《创新券 办法》的通知.txt").document_ids == (
        "关于印发-创新券-办法-的通知",
    )
    (item,) = items(desk.incoming)
    assert item.upload.name == "关于印发《创新券 办法》的通知.txt"
    assert item.summary.title == "某省科学技术厅关于印发创新券管理办法的通知"
    assert item.summary.document_number == "某科规〔2025〕7号"
    texts = {one.label: one.text for one in item.summary.clauses}
    assert {"第一条", "第二条", "第四条"} <= texts.keys()
    assert texts["第二条"].endswith("创新券面额为30万元。")


def test_a_missing_number_is_a_doubt(desk):
    bring(desk)
    (item,) = items(desk.incoming)
    assert any("第二条" in one and "第四条" in one for one in item.summary.doubts)


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/passwd.txt",
        "..\\..\\windows\\system32\\办法.txt",
        "/etc/cron.d/办法.txt",
        "....//....//办法.txt",
        "办法\x00.txt",
        "办法\x1b[31m\n.txt",
        ".bashrc.txt",
        "..txt",
        "con.txt",
        "a" * 5000 + ".txt",
        "<img src=x onerror=alert(1)>.txt",
        "\u202egpj.办法.txt",
        "document.yaml.txt",
    ],
)
def test_no_name_leads_anywhere_but_below_incoming(desk, name):
    (document_id,) = bring(desk, name).document_ids
    files = sorted(
        path.relative_to(desk.store).as_posix() for path in desk.store.rglob("*") if path.is_file()
    )
    expected = ("document.yaml", "reading.json", "text.txt", "upload.json")
    assert files == [f"incoming/{document_id}/{one}" for one in expected]
    assert not set(document_id) & set("./\\\x00\x1b\n\u202e<>")
    shown = find_item(desk.incoming, document_id).upload.name
    assert len(shown) <= 200
    assert not set(shown) & set("\x00\x1b\n\u202e/\\") - set("\\")


def test_names_alike_get_ids_of_their_own(desk):
    first = bring(desk, "办法.txt").document_ids
    second = bring(desk, "办法.txt", POLICIES["loans"]).document_ids
    third = bring(desk, "办法.txt", POLICIES["parks"], taken={"办法-3"}).document_ids
    assert (first, second, third) == (("办法",), ("办法-2",), ("办法-4",))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("表.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), "Excel"),
        ("程序.exe", b"MZ\x90\x00", ".exe"),
        ("坏.zip", b"PK\x03\x04" + b"\x00" * 50, "损坏"),
        ("空.zip", zipped(), "空"),
        ("大.txt", b"x" * (MOST_BYTES + 1), "50 MB"),
    ],
)
def test_what_cannot_be_a_policy_is_refused_by_its_name(desk, name, content, said):
    found = bring(desk, name, content)
    assert found.document_ids == ()
    assert [one.source for one in found.refused] == [name]
    assert said in found.refused[0].message
    assert items(desk.incoming) == []


@pytest.mark.parametrize(
    ("name", "content"), [("空白.txt", b" \n"), ("断.pdf", b"%PDF-1.7\n1 0 obj")]
)
def test_what_cannot_be_read_says_why_and_cannot_be_accepted(desk, name, content):
    (document_id,) = bring(desk, name, content).document_ids
    summary = find_item(desk.incoming, document_id).summary
    assert name in summary.refused
    assert "text." not in summary.refused
    with pytest.raises(UsageError, match="没有读成"):
        decisions.accept(desk, document_id)


def test_an_archive_brings_in_each_of_its_members(desk):
    content = zipped(
        **{
            "政策/办法.txt": NOTICE,
            "政策/贴息.txt": POLICIES["loans"],
            "网页_files/logo.txt": "x",
            "表.xlsx": "x",
            "../外.txt": "x",
            "里.zip": "x",
        }
    )
    found = bring(desk, "材料.zip", content)
    assert found.document_ids == ("办法", "贴息")
    assert {one.source for one in found.refused} == {
        "材料.zip/表.xlsx",
        "材料.zip/../外.txt",
        "材料.zip/里.zip",
    }
    assert not (desk.store.parent / "外.txt").exists()
    assert sorted(one.name for one in desk.incoming.iterdir()) == ["办法", "贴息"]


def test_the_reader_reads_what_came_in_and_goes_on_after_a_file_it_cannot_read(desk):
    for name, content in (("a.txt", NOTICE), ("b.pdf", "%PDF-1.7\n1 0 obj"), ("c.txt", "三、好。")):
        path = desk.store.parent / "sent"
        path.write_text(content)
        take_in(desk, name, path, "2026-11-22T08:00:00+00:00", ())
    reader = Reader(desk)
    reader.start()
    reader.start()
    assert reader.wait(60)
    found = {one.document_id: one.summary for one in items(desk.incoming)}
    assert not found["a"].refused
    assert found["b"].refused
    assert reader.done == 3
    reader.start()
    assert reader.wait(60)
    assert reader.done == 3


def test_the_same_text_is_found_whatever_its_name_and_line_ends(desk):
    bring(desk, "一.txt", POLICIES["loans"])
    bring(desk, "二.txt", POLICIES["loans"].replace("\n", "\r\n\r\n"))
    bring(desk, "三.txt", POLICIES["parks"])
    found = {one.document_id: one for one in items(desk.incoming)}
    known = decisions.digests(list(found.values()))
    assert decisions.equal_to(found["一"], known) is None
    assert decisions.equal_to(found["二"], known) == ("一", "某区科技贷款贴息办法")
    assert decisions.equal_to(found["三"], known) is None


# Correcting


def test_only_what_was_changed_is_stated(desk):
    (document_id,) = bring(desk).document_ids
    shown = dict(find_item(desk.incoming, document_id).summary.values)
    changes = {
        "issuing_bodies": "某省科学技术厅、 某省财政厅",
        "jurisdiction": "CN-NX",
        "effective_to": "2028-04-30",
    }
    assert decisions.correct(desk.incoming, document_id, shown | changes)
    stated = yaml.safe_load((desk.incoming / document_id / "document.yaml").read_bytes())
    assert stated == {
        "issuing_bodies": ["某省科学技术厅", "某省财政厅"],
        "jurisdiction": "CN-NX",
        "effective_to": date(2028, 4, 30),
    }
    assert find_item(desk.incoming, document_id).summary is None  # until it is read again
    read_folder(desk.incoming / document_id)
    summary = find_item(desk.incoming, document_id).summary
    assert dict(summary.values) == shown | {"issuing_bodies": "某省科学技术厅、某省财政厅"} | {
        name: changes[name] for name in ("jurisdiction", "effective_to")
    }
    origins = {one.label: one.origin for one in summary.fields}
    assert origins["适用地域"] == "document.yaml"
    assert origins["文号"] != "document.yaml"


def test_a_form_sent_unchanged_states_nothing(desk):
    (document_id,) = bring(desk).document_ids
    before = (desk.incoming / document_id / "document.yaml").read_bytes()
    shown = dict(find_item(desk.incoming, document_id).summary.values)
    assert not decisions.correct(desk.incoming, document_id, shown)
    assert (desk.incoming / document_id / "document.yaml").read_bytes() == before


@pytest.mark.parametrize(
    ("name", "written", "said"),
    [
        ("effective_from", "昨天", "施行日期"),
        ("effective_from", "2026-02-30", "施行日期"),
        ("plan_year", "26", "年度"),
        ("jurisdiction", "CN-XX", "适用地域"),
        ("validity", "void", "时效性"),
        ("source_url", "javascript:alert(1)", "原文地址"),
        ("title", "长" * 1001, "1000"),
        ("title", "", "不能清空"),
        ("authority_level", "最高级", "效力级别"),
    ],
)
def test_a_field_that_cannot_be_used_is_named_and_nothing_is_written(desk, name, written, said):
    (document_id,) = bring(desk).document_ids
    with pytest.raises(UsageError, match=said):
        decisions.correct(desk.incoming, document_id, {name: written})
    assert (desk.incoming / document_id / "document.yaml").read_bytes() == b"{}\n"


def test_a_field_emptied_has_nothing_until_it_is_to_be_as_it_was_read(desk):
    (document_id,) = bring(desk).document_ids
    folder = desk.incoming / document_id
    shown = dict(find_item(desk.incoming, document_id).summary.values)
    assert (shown["document_number"], shown["effective_from"]) == (
        "某科规〔2025〕7号",
        "2025-05-01",
    )
    empty = {"document_number": " ", "effective_from": "", "issuing_bodies": ""}
    assert decisions.correct(desk.incoming, document_id, empty)
    stated = yaml.safe_load((folder / "document.yaml").read_bytes())
    assert stated == {"document_number": None, "effective_from": None, "issuing_bodies": []}
    summary = read_folder(folder)
    assert dict(summary.values) == shown | dict.fromkeys(empty, "")
    assert "没有读到文号。" not in summary.doubts
    back = {"as_read:document_number": "1", "as_read:effective_from": "1"}
    assert decisions.correct(desk.incoming, document_id, dict(summary.values) | back)
    assert yaml.safe_load((folder / "document.yaml").read_bytes()) == {"issuing_bodies": []}
    assert dict(read_folder(folder).values) == shown | {"issuing_bodies": ""}


def test_an_emptied_field_is_empty_in_the_index_too(desk):
    (document_id,) = bring(desk).document_ids
    decisions.correct(desk.incoming, document_id, {"document_number": ""})
    read_folder(desk.incoming / document_id)
    decisions.accept(desk, document_id)
    built(desk)
    document = Index.open(desk.store, PairEmbedder()).documents[document_id]
    assert (document.document_number, document.effective_from) == (None, date(2025, 5, 1))


def test_level_topics_audiences_and_the_document_above_can_be_corrected(desk):
    (document_id,) = bring(desk).document_ids
    changes = {
        "authority_level": "地方规范性文件",
        "topics": "研发、 奖补",
        "audiences": "企业",
        "implements": "sti-progress-law",
    }
    decisions.correct(desk.incoming, document_id, changes)
    summary = read_folder(desk.incoming / document_id)
    assert {name: dict(summary.values)[name] for name in changes} == changes | {
        "topics": "研发、奖补"
    }


def test_what_an_earlier_version_read_is_read_again(desk):
    (document_id,) = bring(desk).document_ids
    path = desk.incoming / document_id / "reading.json"
    kept = json.loads(path.read_bytes())
    kept["values"] = [one for one in kept["values"] if one[0] != "topics"]
    path.write_text(json.dumps(kept), encoding="utf-8")
    assert find_item(desk.incoming, document_id).summary is None


def test_an_end_before_the_start_is_refused():
    with pytest.raises(UsageError, match="早于"):
        changed_fields({}, {}, {"effective_from": "2026-05-01", "effective_to": "2026-04-30"})


def test_words_in_a_form_stay_one_line_of_yaml(desk):
    (document_id,) = bring(desk).document_ids
    title = "办法: {x}\nvalidity: not_in_force # \x1b"
    decisions.correct(desk.incoming, document_id, {"title": title})
    stated = yaml.safe_load((desk.incoming / document_id / "document.yaml").read_bytes())
    assert stated == {"title": "办法: {x} validity: not_in_force # \\x1b"}
    read_folder(desk.incoming / document_id)
    assert find_item(desk.incoming, document_id).summary.title == stated["title"]


def test_every_region_has_a_name_and_the_fields_are_those_of_a_document():
    assert regions()["CN-NX"] == "宁夏回族自治区"
    assert regions()["CN-NM-1508"] == "内蒙古自治区 巴彦淖尔市"
    shown = {name: "" for name in FIELDS}
    assert changed_fields({}, shown, shown) == {}


# Accepting, retiring, removing


@pytest.mark.parametrize(
    "document_id", ["../own", "..", "", ".", "没有", "创新券办法/../创新券办法"]
)
def test_an_id_that_is_none_touches_nothing(desk, document_id):
    bring(desk)
    for action in (
        lambda: decisions.accept(desk, document_id),
        lambda: decisions.correct(desk.incoming, document_id, {}),
        lambda: decisions.retire(desk, document_id, "试", DAY),
        lambda: decisions.remove(desk, desk.incoming, document_id),
    ):
        with pytest.raises(UsageError, match="没有编号为"):
            action()
    assert (desk.incoming / "创新券办法" / "text.txt").exists()


def test_a_linked_folder_is_no_document(desk, tmp_path):
    bring(desk)
    (desk.incoming / "创新券办法").rename(tmp_path / "elsewhere")
    (desk.incoming / "创新券办法").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="没有编号为"):
        decisions.accept(desk, "创新券办法")


def test_what_was_not_read_yet_is_not_accepted(desk):
    (document_id,) = bring(desk).document_ids
    (desk.incoming / document_id / "reading.json").unlink()
    with pytest.raises(UsageError, match="还没有读完"):
        decisions.accept(desk, document_id)


def test_an_accepted_document_is_found_a_retired_one_is_out_of_force_and_comes_back(desk):
    (document_id,) = bring(desk).document_ids
    decisions.accept(desk, document_id)
    assert items(desk.incoming) == []
    report = built(desk)
    assert (report.documents, report.error, report.problems) == (2, "", ())
    index = Index.open(desk.store, PairEmbedder())
    assert any("30万元" in hit.clause.plain for hit in index.search("创新券面额"))

    decisions.retire(desk, document_id, " 被\n代替 ", DAY)
    built(desk)
    assert index.refresh()
    document = index.documents[document_id]
    assert document.validity.value == "not_in_force"
    assert document.validity_reason == "由管理员于2026年11月22日停用：被 代替"
    with pytest.raises(UsageError, match="已经停用"):
        decisions.retire(desk, document_id, "再", DAY)

    decisions.restore(desk, document_id)
    built(desk)
    assert index.refresh()
    assert index.documents[document_id].validity.value == "in_force"
    assert index.documents[document_id].validity_reason == ""
    with pytest.raises(UsageError, match="没有停用"):
        decisions.restore(desk, document_id)


def test_what_was_stated_before_a_retirement_holds_again_after_it(desk):
    (document_id,) = bring(desk).document_ids
    stated = {"validity": "partially_in_force", "validity_reason": "第二条已废止"}
    decisions.correct(desk.incoming, document_id, stated)
    read_folder(desk.incoming / document_id)
    decisions.accept(desk, document_id)
    decisions.retire(desk, document_id, "试", DAY)
    decisions.restore(desk, document_id)
    assert yaml.safe_load((desk.own / document_id / "document.yaml").read_bytes()) == stated


def test_a_retirement_needs_a_reason(desk):
    (document_id,) = bring(desk).document_ids
    decisions.accept(desk, document_id)
    with pytest.raises(UsageError, match="原因"):
        decisions.retire(desk, document_id, " \n", DAY)


def test_what_is_removed_is_kept_aside_each_time(desk):
    for number in (1, 2):
        (document_id,) = bring(desk).document_ids
        kept = decisions.remove(desk, desk.incoming, document_id)
        assert kept == desk.removed / f"{document_id}-{number}"
        assert (kept / "text.txt").read_text() == NOTICE
    assert items(desk.incoming) == []


def test_a_move_to_another_disk_arrives_whole_or_not_at_all(desk, monkeypatch):
    (document_id,) = bring(desk).document_ids
    rename = folders.Path.rename

    def across(self, target):
        if self.parent == desk.incoming:
            raise OSError(18, "Invalid cross-device link")
        return rename(self, target)

    monkeypatch.setattr(folders.Path, "rename", across)
    decisions.accept(desk, document_id)
    assert items(desk.incoming) == []
    (item,) = items(desk.own)
    assert item.summary.title == "某省科学技术厅关于印发创新券管理办法的通知"
    assert [one.name for one in desk.own.iterdir()] == [document_id]


def test_a_write_that_fails_leaves_what_was_there(desk, monkeypatch):
    (document_id,) = bring(desk).document_ids
    path = desk.incoming / document_id / "document.yaml"
    before = path.read_bytes()

    def full(_file):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        decisions.correct(desk.incoming, document_id, {"title": "新"})
    assert path.read_bytes() == before


# The index


def test_progress_names_each_stage_and_readers_keep_their_version_meanwhile(desk):
    built(desk)
    (document_id,) = bring(desk).document_ids
    decisions.accept(desk, document_id)
    index = Index.open(desk.store, PairEmbedder())
    may_go_on, seen = threading.Event(), []

    class WaitingEmbedder(PairEmbedder):
        def embed_clauses(self, texts, progress=None):
            seen.append((builder.state.stage, builder.state.running, len(index.documents)))
            assert not index.refresh()
            assert may_go_on.wait(30)
            return super().embed_clauses(texts, progress)

    builder = Builder(desk, WaitingEmbedder())
    builder.start()
    while not seen:
        pass
    assert seen == [("read", True, 1)]
    assert index.search("研发补助")
    builder.start()  # asked for once more while it runs
    may_go_on.set()
    assert builder.wait(60)
    assert builder.state.documents == 2
    assert builder.state.unchanged  # of the second build
    assert index.refresh()
    assert len(index.documents) == 2


def test_a_build_that_breaks_says_so_and_keeps_the_old_version(desk, caplog):
    version = built(desk).version
    (document_id,) = bring(desk).document_ids
    decisions.accept(desk, document_id)
    state = built(desk, FailingEmbedder())
    assert "仍在使用原来的索引" in state.error
    assert "out of memory" in caplog.text
    assert Shelf(desk.store).catalogue().version == version


@pytest.mark.skipif(not ocr.has_ocr(), reason="没有安装 ocr 扩展，不能识别图像。")
def test_a_scan_is_recognised_when_it_comes_in_and_at_no_build_after(desk, monkeypatch):
    from PIL import Image

    recognised = []

    def recognise(picture):
        recognised.append(picture.shape)
        return Scan("第一条 支持企业购买设备，每台补助9万元。\n第二条 自发布之日起施行。", 0.8)

    monkeypatch.setattr(ocr, "recognise", recognise)
    picture = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(picture, "PNG")
    path = desk.store.parent / "sent"
    path.write_bytes(picture.getvalue())
    (document_id,) = take_in(desk, "设备.png", path, "2026-11-22T08:00:00+00:00", ()).document_ids
    reader = Reader(desk)
    reader.start()
    assert reader.wait(60)
    decisions.accept(desk, document_id)
    decisions.correct(desk.own, document_id, {"title": "设备补助办法"})
    for _ in range(2):
        state = built(desk)
    assert recognised == [(40, 60, 3)]
    one = next(one for one in state.read if one.document_id == document_id)
    assert (one.title, one.clauses) == ("设备补助办法", 2)
    assert "图片由图像识别，平均置信度 0.80，请核对" in one.doubts


def test_the_report_of_the_last_build_outlives_the_program(desk):
    (desk.own / "空.txt").write_text(" ")
    state = built(desk)
    assert [one.source for one in state.problems] == ["空.txt"]
    again = Builder(desk, PairEmbedder()).state
    assert again == state
    assert not again.running


def test_the_catalogue_says_since_when_each_document_stands_as_it_is(desk):
    shelf = Shelf(desk.store)
    assert "policy index" in shelf.catalogue().error
    built(desk)
    first = shelf.catalogue()
    assert [(row.document.document_id, row.clauses) for row in first.rows] == [("grants", 4)]
    days = desk.store / "indexed.json"
    kept = {
        one: [digest, "2025-01-01T00:00:00+00:00"]
        for one, (digest, _) in json.loads(days.read_bytes()).items()
    }
    days.write_text(json.dumps(kept))
    (document_id,) = bring(desk).document_ids
    decisions.accept(desk, document_id)
    built(desk)
    second = shelf.catalogue()
    assert second.find("grants").since == "2025-01-01T00:00:00+00:00"
    assert second.find(document_id).since == second.created
    assert second.clauses == sum(row.clauses for row in second.rows)
    assert {title for _, title in shelf.digests().values()} == {
        "某市科技局关于印发研发补助办法的通知",
        "某省科学技术厅关于印发创新券管理办法的通知",
    }


def test_a_document_put_there_by_hand_is_read_and_changed_like_the_others(desk):
    folder = desk.own / "手工"
    folder.mkdir()
    (folder / "正文.txt").write_text(NOTICE)
    (folder / "document.yaml").write_text("jurisdiction: CN-QH\n")
    reader = Reader(desk)
    reader.start()
    assert reader.wait(60)
    (item,) = items(desk.own)
    assert (item.upload.name, dict(item.summary.values)["jurisdiction"]) == ("手工", "CN-QH")
    decisions.retire(desk, "手工", "试", DAY)
    assert reading.find_item(desk.own, "手工").is_retired


def test_the_own_folder_is_made_and_indexed_beside_the_others(tmp_path):
    settings = Settings(store=tmp_path / "data" / "index", cache=tmp_path)
    found = folders_of(settings)
    assert found.own.is_dir()
    assert found.own != PACKAGED_DOCUMENTS
    assert found.indexed == (*settings.documents, found.own) or found.own in found.indexed
    assert len(set(found.indexed)) == len(found.indexed)


def test_ids_are_short_and_never_empty():
    assert new_id("《》.txt", ()) == "document"
    assert new_id("", ()) == "document"
    assert len(new_id("字" * 300 + ".pdf", ())) == 40
