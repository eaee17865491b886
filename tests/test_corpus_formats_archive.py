"""ZIP archives: members are read like files in a folder, bad ones are named, nothing escapes."""

import io
import stat
import time
import zipfile

import pytest
from make_docx import paragraph, write_docx

from corpus.formats.archive import unpack
from corpus.library import Problem, read_files, read_folders

POLICY = "某某省第{}号科技办法\n第一条 为规范第{}类项目管理，制定本办法。\n"


def policy(number):
    return POLICY.format(number, number).encode()


def archive(path, members):
    """Write (name or ZipInfo, bytes) members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in members:
            container.writestr(name, content, zipfile.ZIP_DEFLATED)
    return path


def named_in_gbk(path, name, content):
    """A ZIP as Chinese Windows writes it: names in GBK, and no flag that says so."""
    raw = name.encode("gb18030")
    stand_in = "x" * len(raw)
    archive(path, [(stand_in, content)])
    path.write_bytes(path.read_bytes().replace(stand_in.encode(), raw))
    return path


def test_members_are_read_like_files_in_a_folder(tmp_path):
    word = write_docx(tmp_path / "w.docx", paragraph("第一条 为规范管理，制定本办法。"))
    inputs = tmp_path / "资料"
    inputs.mkdir()
    archive(
        inputs / "包.zip",
        [
            ("2024/甲.txt", policy(1)),
            ("乙.docx", word.read_bytes()),
            ("notice/document.yaml", b"grade: A\n"),
            ("notice/text.md", policy(2)),
            ("坏.pdf", b"%PDF-1.7 cut"),
            ("同文.txt", policy(1)),
            ("__MACOSX/._甲.txt", b"\0"),
            (".hidden.txt", policy(9)),
        ],
    )
    (inputs / "丙.txt").write_bytes(policy(3))
    reading = read_folders([inputs])
    assert [one.document_id for one in reading.documents] == ["丙", "甲", "notice", "乙"]
    assert [one.grade for one in reading.documents] == [None, None, "A", None]
    assert [problem.source for problem in reading.problems] == ["包.zip/同文.txt", "包.zip/坏.pdf"]
    assert reading.problems[0].message == "与 甲.txt（甲）内容相同，未重复收录。"


def test_an_archive_given_by_itself_is_read(tmp_path):
    reading = read_files([archive(tmp_path / "a.zip", [("甲.txt", policy(1))])])
    assert [one.source for one in reading.documents] == ["甲.txt"]


def test_names_in_gbk_are_chinese(tmp_path):
    path = named_in_gbk(tmp_path / "a.zip", "科技办法\\某某省办法.txt", policy(1))
    reading = read_files([path])
    assert [one.source for one in reading.documents] == ["某某省办法.txt"]


def link(name):
    member = zipfile.ZipInfo(name)
    member.create_system = 3
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    return member


@pytest.mark.parametrize(
    ("member", "message"),
    [
        ("../外.txt", "的名称指向压缩包之外"),
        ("里/../../外.txt", "的名称指向压缩包之外"),
        ("/tmp/外.txt", "的名称指向压缩包之外"),
        ("C:\\外.txt", "的名称指向压缩包之外"),
        ("..\\外.txt", "的名称指向压缩包之外"),
        (link("链.txt"), "是链接，不是文件"),
        ("内层.zip", "是压缩包中的压缩包"),
        ("颜色\x1b[31m.txt", "的名称含有控制字符"),
        ("长" * 100 + ".txt", "的名称过长"),
        ("深/" * 30 + "a.txt", "的名称过长"),
    ],
)
def test_a_member_that_could_do_harm_is_refused(tmp_path, member, message):
    folder = tmp_path / "解开"
    folder.mkdir()
    path = archive(tmp_path / "a.zip", [(member, policy(1)), ("好.txt", policy(2))])
    (refused,) = unpack(path, folder)
    assert message in refused.reason and refused.reason.endswith("。")
    assert "\x1b" not in refused.name + refused.reason
    assert sorted(one.name for one in folder.rglob("*")) == ["好.txt"]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.zip", "解开"]


def test_an_archive_that_hides_its_suffix_is_refused_inside_another(tmp_path):
    inner = archive(tmp_path / "inner.zip", [("甲.txt", policy(1))]).read_bytes()
    reading = read_files([archive(tmp_path / "a.zip", [("乙.txt", inner)])])
    assert reading.problems == (
        Problem("a.zip/乙.txt", "乙.txt 是压缩包中的压缩包，未读取。请先解开再放入。"),
    )


def test_a_bomb_is_refused_and_the_rest_is_read(tmp_path):
    begin = time.monotonic()
    bomb = archive(tmp_path / "a.zip", [("弹.txt", b"a" * (60 << 20)), ("好.txt", policy(2))])
    reading = read_files([bomb])
    assert [one.document_id for one in reading.documents] == ["好"]
    assert "压缩比异常" in reading.problems[0].message
    assert time.monotonic() - begin < 10


def test_too_many_members_are_refused(tmp_path):
    path = archive(tmp_path / "a.zip", [(f"{n}.txt", b"x") for n in range(2001)])
    assert [one.message for one in read_files([path]).problems] == [
        "a.zip 中的文件太多，超过 2000 个。请拆分后再放入。"
    ]


def test_a_directory_of_countless_entries_is_not_even_read(tmp_path):
    path = archive(tmp_path / "a.zip", [("甲.txt", policy(1))])
    path.write_bytes(path.read_bytes()[:4] + b"PK\x01\x02" * 60_000)
    assert "文件太多" in read_files([path]).problems[0].message


def test_an_encrypted_member_is_refused(tmp_path):
    path = archive(tmp_path / "a.zip", [("锁.txt", policy(1)), ("好.txt", policy(2))])
    content = bytearray(path.read_bytes())
    content[6] |= 1  # the local header's flags
    content[content.index(b"PK\x01\x02") + 8] |= 1  # the directory's
    path.write_bytes(content)
    reading = read_files([path])
    assert reading.problems == (Problem("a.zip/锁.txt", "锁.txt 有密码保护，请先去掉密码再放入。"),)
    assert [one.document_id for one in reading.documents] == ["好"]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_truncated_archive_says_so(tmp_path, share):
    content = archive(tmp_path / "a.zip", [("甲.txt", policy(1))] * 1).read_bytes()
    (tmp_path / "cut.zip").write_bytes(content[: int(len(content) * share)])
    (problem,) = read_files([tmp_path / "cut.zip"]).problems
    assert problem.message == "cut.zip 不完整或已损坏，请重新下载或另存。"


def test_flipped_bits_never_crash_and_never_give_half_a_file(tmp_path):
    content = archive(
        tmp_path / "a.zip", [("甲.txt", policy(1)), ("b.txt", policy(2))]
    ).read_bytes()
    whole = {policy(1).decode(), policy(2).decode()}
    path = tmp_path / "flipped.zip"
    for place in range(0, len(content), 3):
        path.write_bytes(content[:place] + bytes([content[place] ^ 0x15]) + content[place + 1 :])
        reading = read_files([path])
        assert {one.text for one in reading.documents} <= whole
        assert reading.documents or reading.problems


def test_two_members_of_one_name_are_not_mixed_up(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = archive(tmp_path / "a.zip", [("甲.txt", policy(1)), ("甲.txt", policy(2))])
    reading = read_files([path])
    assert [one.text for one in reading.documents] == [policy(1).decode()]
    assert "重名" in reading.problems[0].message


def test_the_temporary_folder_is_gone_afterwards(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    assert read_files([archive(tmp_path / "a.zip", [("甲.txt", policy(1))])]).documents
    assert list((tmp_path / "tmp").iterdir()) == []


def test_an_empty_archive_holds_nothing(tmp_path):
    content = io.BytesIO()
    zipfile.ZipFile(content, "w").close()
    (tmp_path / "a.zip").write_bytes(content.getvalue())
    reading = read_files([tmp_path / "a.zip"])
    assert reading.documents == ()
    assert [one.message for one in reading.problems] == ["a.zip 是空的压缩包，没有可读的文件。"]
