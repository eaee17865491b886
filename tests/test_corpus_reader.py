"""One file -> Document: encodings, PDFs made here, broken files, document.yaml."""

import codecs
import io
import os
import shutil
import subprocess
import time
import zipfile
from datetime import date

import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfgen.canvas import Canvas

from corpus.clauses import split_clauses
from corpus.document import Validity
from corpus.errors import DocumentError
from corpus.reader import read_document, text_digest

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
POLICY = "某某省科技资金管理办法\n第一条 为规范管理，制定本办法。\n第二条 支持民营企业加大投入。\n"
PAGES = [
    [
        "第一条 为规范科技资金管理，提高资金使用效益，根据有关法律法规，结合本",
        "省实际，制定本办法。",
        "第二条 本办法适用于省级财政安排的科技资金，资金的申报、拨付、使用和监",
    ],
    [
        "督管理适用本办法。中央财政资金另有规定的，从其规定，并同时遵守本办法第",
        "十条的规定。",
        "第三条 对首次认定的高新技术企业给予20万元补助，对重新认定的企业给予10",
    ],
    [
        "万元补助。",
        "第四条 科技部门应当自受理申请之日起三十日内作出决定，不予批准的，应当书",
        "面说明理由，并告知申请人享有的权利。",
    ],
    [
        "第五条 违反本办法规定骗取资金的，由科技部门责令退回，三年内不得申报；情",
        "节严重的，依法追究责任。",
        "第六条 本办法自2024年7月1日起施行，有效期五年。",
    ],
]


def write(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def make_pdf(path, pages, title="某某省科技资金管理办法"):
    """A PDF with Chinese text, a running head and page numbers as offices print them."""
    registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(path), pagesize=A4)
    for number, lines in enumerate(pages, 1):
        canvas.setFont("STSong-Light", 12)
        canvas.drawString(72, 800, "某某省人民政府公报 2024年第6期")
        if number == 1:
            canvas.drawString(200, 770, title)
        for row, line in enumerate(lines):
            canvas.drawString(72, 740 - 20 * row, line)
        canvas.drawString(290, 40, f"— {number} —")
        canvas.showPage()
    canvas.save()
    return path


def zipped(*names):
    """A ZIP with members of these names."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as container:
        for name in names:
            container.writestr(name, "x")
    return content.getvalue()


def error_of(path):
    with pytest.raises(DocumentError) as caught:
        read_document(path)
    return str(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        POLICY.encode("utf-8"),
        codecs.BOM_UTF8 + POLICY.encode("utf-8"),
        POLICY.encode("gb18030"),
        POLICY.replace("\n", "\r\n").encode("utf-8"),
        codecs.BOM_UTF16_LE + POLICY.encode("utf-16-le"),
    ],
    ids=["utf-8", "utf-8 with BOM", "gb18030", "CRLF", "utf-16"],
)
def test_every_encoding_gives_the_same_clauses(tmp_path, content):
    document = read_document(write(tmp_path, "policy.txt", content))
    assert document.title == "某某省科技资金管理办法"
    assert [(clause.label, clause.plain) for clause in split_clauses(document)][:2] == [
        ("第一条", "第一条为规范管理，制定本办法。"),
        ("第二条", "第二条支持民营企业加大投入。"),
    ]


def test_the_files_name_is_id_and_source(tmp_path):
    document = read_document(write(tmp_path, "某某办法.md", POLICY))
    assert (document.document_id, document.source) == ("某某办法", "某某办法.md")


def test_a_suffix_may_be_in_capitals(tmp_path):
    assert read_document(write(tmp_path, "A.TXT", POLICY)).title == "某某省科技资金管理办法"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("空.txt", b"", "空.txt 是空文件，没有可读的文字。"),
        ("空白.txt", b" \r\n\t\n", "空白.txt 是空文件，没有可读的文字。"),
        ("符号.txt", "……——\n！".encode(), "符号.txt 里没有文字，只有空白或符号。"),
        ("图.md", bytes(range(1, 32)) * 40, "含有二进制内容"),
        ("零.txt", "第一条 正文。\n".encode() * 800 + b"\0", "含有二进制内容"),
        ("坏.txt", POLICY.encode() * 20 + b"\xe7\xac", "UTF-8 编码中有损坏的字节"),
        ("乱.txt", b"\xff\xff\xff\xff" * 9, "编码既不是 UTF-8 也不是 GB18030"),
        ("表.csv", b"a,b", "是 .csv 文件，目前能读 .pdf、.docx、.html、.txt、.md、图片"),
        ("没有扩展名", b"PK", "是 无扩展名 文件"),
        ("假.docx", POLICY.encode(), "的扩展名是 .docx，内容却不是（可能已损坏）。"),
        ("假.doc", b"PK", "的扩展名是 .doc，内容却不是"),
        ("假.zip", b"PK\x05", "的扩展名是 .zip，内容却不是"),
        ("书.txt", b"{\\rtf1 x}", "是 RTF 文件。"),
        ("包.txt", b"Rar!\x1a\x07\0", "是 RAR 压缩包。"),
        ("包.zip", b"7z\xbc\xaf\x27\x1c\0", "是 7z 压缩包。"),
        ("页.mht", b"From: <Saved by Blink>\r\nMIME-Version: 1.0", "是网页归档（.mht）文件。"),
        ("词.doc", b'<?xml version="1.0"?><?mso-application progid="Word.Document"?>', "2003 XML"),
        ("表.txt", zipped("[Content_Types].xml", "xl/workbook.xml"), "是 Excel（.xlsx）文件。"),
        ("讲.docx", zipped("[Content_Types].xml", "ppt/slides/1.xml"), "是 PowerPoint"),
        ("文.pdf", zipped("OFD.xml", "Doc_0/Document.xml"), "是 OFD 版式文件。"),
        ("文.docx", zipped("mimetype", "content.xml"), "是 OpenDocument"),
        ("包.docx", zipped("甲.txt"), "是压缩包，含多份文件。"),
        ("空.pdf", b"", "空.pdf 是空文件"),
        ("假.pdf", POLICY.encode(), "假.pdf 不是完好的 PDF"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_its_reason(tmp_path, name, content, message):
    error = error_of(write(tmp_path, name, content))
    assert error.startswith(name)
    assert message in error
    assert error.endswith("。")


def test_a_link_to_nothing_is_named(tmp_path):
    link = tmp_path / "失效.txt"
    link.symlink_to(tmp_path / "没有这个文件.txt")
    assert error_of(link) == "失效.txt 不存在，或是指向别处的失效链接。请检查文件。"


def test_a_file_without_permission_is_named(tmp_path):
    path = write(tmp_path, "保密.txt", POLICY)
    path.chmod(0)
    try:
        path.read_bytes()
    except PermissionError:
        assert error_of(path) == "保密.txt 没有读取权限。请检查文件权限。"
    else:
        pytest.skip("以 root 身份运行，文件权限不起作用。")
    finally:
        path.chmod(0o600)


def test_a_printed_pdf_gives_whole_articles_with_their_pages(tmp_path):
    document = read_document(make_pdf(tmp_path / "公报.pdf", PAGES))
    assert len(document.page_starts) == 4
    clauses = {one.label: one for one in split_clauses(document) if one.path != ("文首",)}
    assert {label: (one.page, one.plain) for label, one in clauses.items()} == {
        "第一条": (
            1,
            "第一条为规范科技资金管理，提高资金使用效益，根据有关法律法规，结合本省实际，制定本办法。",
        ),
        "第二条": (
            1,
            "第二条本办法适用于省级财政安排的科技资金，资金的申报、拨付、使用和监督管理适用本办法。"
            "中央财政资金另有规定的，从其规定，并同时遵守本办法第十条的规定。",
        ),
        "第三条": (
            2,
            "第三条对首次认定的高新技术企业给予20万元补助，对重新认定的企业给予10万元补助。",
        ),
        "第四条": (
            3,
            "第四条科技部门应当自受理申请之日起三十日内作出决定，不予批准的，应当书面说明理由，"
            "并告知申请人享有的权利。",
        ),
        "第五条": (
            4,
            "第五条违反本办法规定骗取资金的，由科技部门责令退回，三年内不得申报；情节严重的，依法追究责任。",
        ),
        "第六条": (4, "第六条本办法自2024年7月1日起施行，有效期五年。"),
    }
    assert (document.title, document.effective_from, document.effective_to) == (
        "某某省科技资金管理办法",
        date(2024, 7, 1),
        date(2029, 6, 30),
    )


def test_a_file_is_read_as_what_it_is_under_any_name(tmp_path):
    pdf = make_pdf(tmp_path / "公报.pdf", PAGES).read_bytes()
    page = f"<html><body><p>{POLICY}</p></body></html>"
    assert len(read_document(write(tmp_path, "其实是PDF.txt", pdf)).page_starts) == 4
    assert "制定本办法" in read_document(write(tmp_path, "其实是网页.pdf", page)).text


def test_a_pipe_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "管道.txt")
    assert error_of(tmp_path / "管道.txt").startswith("管道.txt 不是普通文件")


def test_a_huge_file_is_refused_unread(tmp_path):
    path = tmp_path / "大.txt"
    with path.open("wb") as file:
        file.truncate(400 * 1024 * 1024)
    begin = time.monotonic()
    assert error_of(path) == "大.txt 超过 100 MB，请拆分后再放入。"
    assert time.monotonic() - begin < 1


def test_a_text_of_millions_of_words_is_refused(tmp_path):
    path = write(tmp_path, "长.txt", "政策" * 1_300_000)
    assert error_of(path) == "长.txt 有 260 万字，超过 200 万字。请拆分后再放入。"


def test_control_characters_of_a_name_are_shown_escaped(tmp_path):
    document = read_document(write(tmp_path, "通知\x1b[31m\u202e.txt", POLICY))
    assert document.source == "通知\\x1b[31m\\u202e.txt"
    assert document.document_id == "通知\\x1b[31m\\u202e"


def test_a_document_folder_does_not_reach_outside(tmp_path):
    folder = folder_with(tmp_path, "grade: A\n")
    (folder / "text.md").unlink()
    (folder / "text.md").symlink_to(write(tmp_path, "别处.md", POLICY))
    assert error_of(folder) == "text.md 是指向文件夹之外的链接，未读取。请放入文件本身。"


@pytest.mark.skipif(CHROMIUM is None, reason="没有 Chromium，不能打印网页为 PDF。")
def test_a_web_page_printed_by_a_browser_has_whole_characters(tmp_path):
    page = write(
        tmp_path,
        "page.html",
        "<meta charset=utf-8><h1>某某省科技人才办法</h1>"
        "<p>第一条 支持民营企业引进人才，用足用好政策，干部和工人同等对待。</p>"
        "<p>第二条 见证机构由门户网站公布，文化和革新项目按照本办法第一条规定执行。</p>",
    )
    path = tmp_path / "page.pdf"
    subprocess.run(
        [
            str(CHROMIUM),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--no-pdf-header-footer",
            f"--user-data-dir={tmp_path / 'profile'}",
            f"--print-to-pdf={path}",
            page.as_uri(),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    document = read_document(path)
    assert not [one for one in document.text if 0x2E80 <= ord(one) <= 0x2FDF]
    assert [clause.plain for clause in split_clauses(document)][:2] == [
        "第一条支持民营企业引进人才，用足用好政策，干部和工人同等对待。",
        "第二条见证机构由门户网站公布，文化和革新项目按照本办法第一条规定执行。",
    ]


def test_a_pdf_with_a_password_says_so(tmp_path):
    writer = PdfWriter(clone_from=PdfReader(make_pdf(tmp_path / "open.pdf", PAGES[:1])))
    writer.encrypt("secret", algorithm="AES-256")
    writer.write(tmp_path / "locked.pdf")
    assert error_of(tmp_path / "locked.pdf") == "locked.pdf 有密码保护，请先去掉密码再放入。"


def test_a_pdf_that_is_only_protected_against_printing_is_read(tmp_path):
    writer = PdfWriter(clone_from=PdfReader(make_pdf(tmp_path / "open.pdf", PAGES[:1])))
    writer.encrypt("", owner_password="owner", algorithm="AES-256")
    writer.write(tmp_path / "protected.pdf")
    assert "提高资金使用效益" in read_document(tmp_path / "protected.pdf").text


@pytest.mark.parametrize("share", [0.5, 0.95])
def test_a_truncated_pdf_says_so(tmp_path, share):
    whole = make_pdf(tmp_path / "whole.pdf", PAGES).read_bytes()
    error = error_of(write(tmp_path, "cut.pdf", whole[: int(len(whole) * share)]))
    assert error.startswith("cut.pdf 不是完好的 PDF") and error.endswith("请重新下载或另存。")


def test_a_page_of_nothing_but_a_drawing_says_so(tmp_path):
    canvas = Canvas(str(tmp_path / "图.pdf"), pagesize=A4)
    canvas.rect(100, 100, 300, 400, fill=1)
    canvas.showPage()
    canvas.save()
    assert error_of(tmp_path / "图.pdf").startswith("图.pdf 共 1 页，没有")


def folder_with(tmp_path, metadata, text=POLICY):
    folder = tmp_path / "some-policy"
    folder.mkdir()
    write(folder, "document.yaml", metadata)
    write(folder, "text.md", text)
    return folder


def test_document_yaml_overrules_the_text(tmp_path):
    document = read_document(
        folder_with(
            tmp_path,
            "title: 正式标题\njurisdiction: CN-NX\neffective_from: 2025-01-01\n"
            "validity: partially_in_force\nissuing_bodies: [甲厅, 乙厅]\nsigned_on: null\n",
        )
    )
    assert document.document_id == "some-policy"
    assert document.source == "text.md"
    assert document.title == "正式标题"
    assert document.jurisdiction == "CN-NX"
    assert document.effective_from == date(2025, 1, 1)
    assert document.validity is Validity.PARTIALLY_IN_FORCE
    assert document.issuing_bodies == ("甲厅", "乙厅")
    origins = dict(document.origins)
    assert (origins["title"], origins["document_type"]) == ("document.yaml", "标题")


def test_what_document_yaml_leaves_out_comes_from_the_text(tmp_path):
    document = read_document(folder_with(tmp_path, "grade: A\n"))
    assert (document.title, document.grade) == ("某某省科技资金管理办法", "A")


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        ("titel: 某某办法\n", "没有“titel”这个字段，可用的字段是 title、document_number"),
        ("signed_on: 昨天\n", "“signed_on”的值 '昨天' 不合要求（应为日期，例如 2024-12-31）"),
        ("validity: 有效\n", "应为 in_force、partially_in_force 或 not_in_force"),
        ("issuing_bodies: 科技厅\n", "应为列表，例如 [某某厅]"),
        ("- title\n", "应为“字段: 值”的列表"),
        ("title: [\n", "不是有效的 YAML"),
        ("jurisdiction: CN-XX\n", "不在 corpus/regions.yaml 中。请改用其中的代码，例如 CN-NX。"),
    ],
)
def test_a_mistake_in_document_yaml_is_named(tmp_path, metadata, message):
    error = error_of(folder_with(tmp_path, metadata))
    assert error.startswith("some-policy/document.yaml")
    assert message in error


def test_a_folder_holds_exactly_one_text(tmp_path):
    folder = folder_with(tmp_path, "grade: A\n")
    write(folder, "other.txt", POLICY)
    assert error_of(folder).startswith("some-policy 中有 2 个正文文件，应当恰有一个")


def test_blanks_and_line_ends_do_not_change_a_texts_digest():
    assert text_digest("第一条 正文。\r\n\r\n") == text_digest("第一条　正文。\n")
    assert text_digest("第一条 正文。") != text_digest("第一条 正文！")


def test_null_in_document_yaml_says_that_there_is_none_whatever_was_read(tmp_path):
    text = "某某省科技厅关于印发《资金管理办法》的通知\n某科规〔2024〕3号\n第一条 支持创新。\n"
    (tmp_path / "silent").mkdir()
    silent = read_document(folder_with(tmp_path / "silent", "{}\n", text))
    assert (silent.document_number, silent.issuing_bodies) == (
        "某科规〔2024〕3号",
        ("某某省科技厅",),
    )
    stated = (
        "document_number: null\nissuing_bodies: []\njurisdiction: null\nvalidity_reason: null\n"
        "title: null\nvalidity: null\n"
    )
    document = read_document(folder_with(tmp_path, stated, text))
    assert (document.document_number, document.issuing_bodies) == (None, ())
    assert (document.jurisdiction, document.validity_reason) == (None, "")
    assert dict(document.origins)["document_number"] == "document.yaml"
    assert (document.title, document.validity) == (silent.title, Validity.IN_FORCE)
