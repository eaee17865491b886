"""One document as Word file, web page and text: the same clauses, word for word."""

import make_docx
import official_document
import pytest
from make_docx import cell, level, numbering, paragraph, table, write_docx

from corpus.clauses import split_clauses
from corpus.reader import read_document

TITLE = "某某省科学技术厅关于印发《某某省科技资金管理办法》的通知"
# (kind, words): what automatic numbering counts has no number of its own here.
CONTENT = [
    ("", TITLE),
    ("", "某科发〔2024〕8号"),
    ("", "各市科技局，各有关单位："),
    ("", "现将《某某省科技资金管理办法》印发给你们，请认真贯彻执行。"),
    ("", "附件：某某省科技资金管理办法"),
    ("", "某某省科学技术厅"),
    ("", "2024年6月1日"),
    ("", "附件"),
    ("", "某某省科技资金管理办法"),
    ("chapter", "总则"),
    ("article", "为规范科技资金管理，提高资金使用效益，结合本省实际，制定本办法。"),
    ("article", "本办法所称科技资金，是指省级财政安排的下列资金："),
    ("item", "重点研发计划资金；"),
    ("item", "科技奖励资金。"),
    ("", "前款资金的预算由省财政厅批复，依照第一条的规定使用。"),
    ("chapter", "支持标准"),
    ("article", "支持标准按照下表执行："),
    ("table", (("类别", "标准", "单位"), ("奖励", "10万元", "科技厅"), ("补助", "20万元", "财政"))),
    ("article", "违反本办法规定骗取资金的，责令退回，三年内不得申报。"),
    ("chapter", "附则"),
    ("article", "本办法自2024年7月1日起施行，有效期五年。"),
]  # fmt: skip
CHINESE = "零一二三四五六七八九十"
FORMS = {"chapter": "第{}章 ", "article": "第{}条 ", "item": "（{}）"}
LEVELS = {"chapter": 0, "article": 1, "item": 2}


def numbered():
    """The content with the numbers that a reader sees."""
    counts = dict.fromkeys(FORMS, 0)
    for kind, words in CONTENT:
        if kind not in FORMS:
            yield kind, words
            continue
        counts[kind] += 1
        if kind == "article":
            counts["item"] = 0
        yield kind, FORMS[kind].format(CHINESE[counts[kind]]) + words


def as_text(path):
    lines = [
        "\n".join("\t".join(row) for row in words) if kind == "table" else words
        for kind, words in numbered()
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def as_page(path):
    inner = []
    for kind, words in numbered():
        if kind == "table":
            rows = ("".join(f"<td>{one}</td>" for one in row) for row in words)
            inner.append("<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>")
        else:
            inner.append(f"<p>　　{words}</p>")
    path.write_text(
        f'<html><head><meta charset="gbk"><title>{TITLE}_某某省科学技术厅</title></head><body>'
        '<div class="nav"><a href="/">首页</a></div>'
        '<div>当前位置：<a href="/">首页</a> &gt; 正文</div>'
        f'<div class="TRS_Editor">{"".join(inner)}</div><div>【打印】【关闭】</div>'
        '<div class="footer">主办：某某省科学技术厅</div></body></html>',
        encoding="gb18030",
    )
    return path


def as_word(path):
    body = ""
    for kind, words in CONTENT:
        if kind == "table":
            body += table(*([cell(one) for one in row] for row in words))
        else:
            body += paragraph(words, numbered=("1", LEVELS[kind]) if kind else None)
    levels = [
        level(0, "chineseCounting", "第%1章"),
        level(1, "chineseCounting", "第%2条", extra='<w:lvlRestart w:val="0"/>'),
        level(2, "chineseCounting", "（%3）", extra='<w:suff w:val="nothing"/>'),
    ]
    return write_docx(path, body, numbers=numbering({"3": levels}, {"1": ("3", "")}))


MAKERS = {"txt": as_text, "html": as_page, "docx": as_word}


def clauses_of(tmp_path, kind):
    path = MAKERS[kind](tmp_path / f"办法.{kind}")
    return [(one.clause_id, one.headings, one.plain) for one in split_clauses(read_document(path))]


@pytest.mark.parametrize("kind", ["html", "docx"])
def test_one_document_has_the_same_clauses_in_every_format(tmp_path, kind):
    assert clauses_of(tmp_path, kind) == clauses_of(tmp_path, "txt")


@pytest.mark.parametrize("kind", MAKERS)
def test_every_format_has_the_clauses_that_the_document_has(tmp_path, kind):
    ids = [one for one, _, _ in clauses_of(tmp_path, kind)]
    for article in "一二三四五":
        assert f"办法#第{article}条" in ids
    assert "办法#第二条/（一）" in ids and "办法#第二条/（二）" in ids
    assert any(one.startswith("办法#通知") for one in ids)


@pytest.mark.parametrize("kind", MAKERS)
def test_every_format_has_the_same_metadata(tmp_path, kind):
    document = read_document(MAKERS[kind](tmp_path / f"办法.{kind}"))
    assert (document.title, document.document_number) == (TITLE, "某科发〔2024〕8号")
    assert str(document.effective_from) == "2024-07-01"


def notice_as_word(path):
    """The printed notice of the PDF and OCR tests, as a Word file."""
    rows = make_docx.table(
        *([make_docx.cell(one) for one in row] for row in official_document.TABLE)
    )
    body = "".join(
        rows if kind == "table" else make_docx.paragraph(text)
        for kind, text in official_document.LINES
    )
    return write_docx(path, body)


def test_the_notice_that_is_printed_and_scanned_has_the_same_clauses_as_word_and_as_a_page(
    tmp_path,
):
    (tmp_path / "notice.txt").write_text(official_document.as_text(), encoding="utf-8")
    (tmp_path / "notice.html").write_text(official_document.as_page(), encoding="utf-8")
    notice_as_word(tmp_path / "notice.docx")
    texts, pages, words = (
        split_clauses(read_document(tmp_path / f"notice.{kind}"))
        for kind in ("txt", "html", "docx")
    )
    assert [one.clause_id for one in words] == [one.clause_id for one in texts]
    assert [one.clause_id for one in pages] == [one.clause_id for one in texts]
    assert official_document.likeness(texts, words) >= 0.995
    assert official_document.likeness(texts, pages) >= 0.995
