"""Folders -> Documents: one bad file never stops the others, and each is named."""

import os

import pytest

from corpus.errors import UsageError
from corpus.library import Problem, read_folders


def policy(number):
    return f"某某省第{number}号科技办法\n第一条 为规范第{number}类项目管理，制定本办法。\n"


def test_documents_come_in_the_order_of_their_names(tmp_path):
    for name in ("b.txt", "a.md", "c.txt"):
        (tmp_path / name).write_text(policy(name), encoding="utf-8")
    reading = read_folders([tmp_path])
    assert [document.document_id for document in reading.documents] == ["a", "b", "c"]
    assert reading.problems == ()


def test_one_bad_file_never_stops_the_others(tmp_path):
    (tmp_path / "1.txt").write_text(policy(1), encoding="utf-8")
    (tmp_path / "2.txt").write_bytes(b"")
    (tmp_path / "3.pdf").write_bytes(b"%PDF-1.7 truncated")
    (tmp_path / "4.docx").write_bytes(b"PK")
    (tmp_path / "5.txt").write_bytes(b"\0\1\2")
    (tmp_path / "6.txt").symlink_to(tmp_path / "nowhere.txt")
    (tmp_path / "7.txt").write_text(policy(7), encoding="gb18030")
    bad = tmp_path / "8"
    bad.mkdir()
    (bad / "document.yaml").write_text("titel: x\n", encoding="utf-8")
    (bad / "text.md").write_text(policy(8), encoding="utf-8")
    reading = read_folders([tmp_path])
    assert [document.document_id for document in reading.documents] == ["1", "7"]
    assert [problem.source for problem in reading.problems] == [
        "2.txt",
        "3.pdf",
        "4.docx",
        "5.txt",
        "6.txt",
        "8",
    ]
    assert all(problem.message.endswith("。") for problem in reading.problems)


def test_the_same_words_twice_are_taken_up_once_and_reported(tmp_path):
    (tmp_path / "a.txt").write_text(policy(1), encoding="utf-8")
    (tmp_path / "b.txt").write_text(policy(1).replace("\n", "\r\n\r\n"), encoding="gb18030")
    reading = read_folders([tmp_path])
    assert [document.document_id for document in reading.documents] == ["a"]
    assert reading.problems == (Problem("b.txt", "与 a.txt（a）内容相同，未重复收录。"),)


def test_a_second_document_of_the_same_id_is_reported(tmp_path):
    (tmp_path / "a.md").write_text(policy(1), encoding="utf-8")
    (tmp_path / "a.txt").write_text(policy(2), encoding="utf-8")
    reading = read_folders([tmp_path])
    assert [document.source for document in reading.documents] == ["a.md"]
    assert reading.problems == (Problem("a.txt", "编号 a 已被另一份文件使用，请改名后再放入。"),)


def test_folders_inside_are_read_and_hidden_files_are_not(tmp_path):
    inner = tmp_path / "2024" / "notice"
    inner.mkdir(parents=True)
    (inner / "document.yaml").write_text("grade: A\n", encoding="utf-8")
    (inner / "text.txt").write_text(policy(1), encoding="utf-8")
    (tmp_path / "2024" / "other.txt").write_text(policy(2), encoding="utf-8")
    (tmp_path / ".hidden.txt").write_text(policy(3), encoding="utf-8")
    reading = read_folders([tmp_path])
    assert [document.document_id for document in reading.documents] == ["notice", "other"]
    assert reading.problems == ()


def test_an_empty_folder_holds_nothing(tmp_path):
    reading = read_folders([tmp_path])
    assert (reading.documents, reading.problems) == ((), ())


def test_a_folder_that_is_not_there_is_the_users_mistake(tmp_path):
    with pytest.raises(UsageError, match="不存在。请检查路径。"):
        read_folders([tmp_path / "nowhere"])


def test_a_file_in_the_place_of_a_folder_is_the_users_mistake(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(policy(1), encoding="utf-8")
    with pytest.raises(UsageError, match="是文件，应当是放政策文件的文件夹。"):
        read_folders([path])


def test_links_out_of_the_folder_are_refused_and_rings_are_not_walked(tmp_path):
    outside = tmp_path / "外"
    outside.mkdir()
    (outside / "秘密.txt").write_text(policy(1), encoding="utf-8")
    inside = tmp_path / "内"
    inside.mkdir()
    (inside / "甲.txt").write_text(policy(2), encoding="utf-8")
    (inside / "乙.txt").symlink_to(outside / "秘密.txt")
    (inside / "丙").symlink_to(outside)
    (inside / "环").symlink_to(inside)
    (inside / "自己").symlink_to(inside / "自己")
    reading = read_folders([inside])
    assert [document.document_id for document in reading.documents] == ["甲"]
    reasons = {problem.source: problem.message for problem in reading.problems}
    assert reasons["乙.txt"] == "乙.txt 是指向文件夹之外的链接，未读取。请放入文件本身。"
    assert reasons["丙"] == "丙 是指向文件夹之外的链接，未读取。请放入文件本身。"
    assert reasons["环"] == "环 是指向文件夹的链接，未读取。请放入文件本身。"
    assert set(reasons) == {"乙.txt", "丙", "环", "自己"}


def test_a_link_inside_the_folder_is_followed(tmp_path):
    (tmp_path / ".store").mkdir()
    (tmp_path / ".store" / "a.txt").write_text(policy(1), encoding="utf-8")
    (tmp_path / "甲.txt").symlink_to(tmp_path / ".store" / "a.txt")
    assert [one.document_id for one in read_folders([tmp_path]).documents] == ["甲"]


def test_control_characters_in_names_are_shown_escaped(tmp_path):
    (tmp_path / "坏\x1b[2J\n.txt").write_bytes(b"")
    (problem,) = read_folders([tmp_path]).problems
    assert problem.source == "坏\\x1b[2J\\n.txt"
    assert problem.message == "坏\\x1b[2J\\n.txt 是空文件，没有可读的文字。"


def test_a_name_that_is_no_text_is_shown_escaped(tmp_path):
    path = os.path.join(os.fsencode(tmp_path), b"\xff\xfe.txt")
    try:
        with open(path, "wb") as file:
            file.write(policy(1).encode())
    except OSError:
        pytest.skip("此文件系统只收 UTF-8 文件名。")
    (document,) = read_folders([tmp_path]).documents
    assert document.source == "\\udcff\\udcfe.txt"


def test_what_a_browser_saves_beside_a_page_is_not_read(tmp_path):
    page = f"<html><body><p>{policy(1)}</p></body></html>"
    (tmp_path / "通知.html").write_text(page, encoding="utf-8")
    (tmp_path / "通知_files").mkdir()
    (tmp_path / "通知_files" / "a.js").write_text("var a", encoding="utf-8")
    reading = read_folders([tmp_path])
    assert [one.document_id for one in reading.documents] == ["通知"]
    assert reading.problems == ()
