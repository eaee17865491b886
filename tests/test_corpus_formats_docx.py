"""Word files: automatic numbers as a reader sees them, tables, tracked changes, bad files."""

import time
import zipfile

import pytest
from make_docx import (
    cell,
    document,
    level,
    numbering,
    paragraph,
    run,
    styles,
    table,
    write_docx,
)

from corpus.errors import DocumentError
from corpus.formats.docx import read_docx
from corpus.formats.numbering import format_number
from corpus.reader import read_document

CHAPTERS = {
    "5": [
        level(0, "chineseCounting", "第%1章"),
        level(1, "chineseCountingThousand", "第%2条", extra='<w:lvlRestart w:val="0"/>'),
        level(2, "chineseCounting", "（%3）"),
        level(3, "decimal", "%4."),
        level(4, "decimalEnclosedCircle", "%5", extra='<w:suff w:val="nothing"/>'),
    ]
}


def lines_of(tmp_path, body, **parts):
    return read_docx(write_docx(tmp_path / "文件.docx", body, **parts)).text.split("\n")


def error_of(path):
    with pytest.raises(DocumentError) as caught:
        read_document(path)
    return str(caught.value)


def test_numbers_are_written_as_word_shows_them(tmp_path):
    items = [
        (0, "总则"), (1, "目的。"), (2, "甲；"), (2, "乙。"), (3, "细目；"), (4, "小目；"),
        (4, "小目。"), (1, "范围。"), (2, "丙。"), (0, "附则"), (1, "施行。"),
    ]  # fmt: skip
    body = "".join(paragraph(text, numbered=("1", depth)) for depth, text in items)
    assert lines_of(tmp_path, body, numbers=numbering(CHAPTERS, {"1": ("5", "")})) == [
        "第一章 总则",
        "第一条 目的。",
        "（一） 甲；",
        "（二） 乙。",
        "1. 细目；",
        "①小目；",
        "②小目。",
        "第二条 范围。",
        "（一） 丙。",
        "第二章 附则",
        "第三条 施行。",
    ]


@pytest.mark.parametrize(
    ("kind", "number", "shown"),
    [
        ("decimal", 3, "3"),
        ("decimalZero", 3, "03"),
        ("chineseCounting", 21, "二十一"),
        ("chineseCountingThousand", 105, "一百零五"),
        ("japaneseCounting", 10, "十"),
        ("ideographDigital", 10, "一〇"),
        ("chineseLegalSimplified", 12, "壹拾贰"),
        ("ideographTraditional", 11, "甲"),
        ("decimalEnclosedCircle", 20, "⑳"),
        ("decimalEnclosedCircleChinese", 21, "21"),
        ("decimalEnclosedParen", 2, "⑵"),
        ("decimalFullWidth", 12, "１２"),
        ("upperRoman", 14, "XIV"),
        ("lowerLetter", 28, "bb"),
        ("none", 5, ""),
        ("a format of the future", 5, "5"),
    ],
)
def test_a_number_format_gives_the_words_of_word(kind, number, shown):
    assert format_number(number, kind) == shown


def test_a_second_list_starts_again_only_where_it_says_so(tmp_path):
    again = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    numbers = numbering(
        {"7": [level(0, "decimal", "%1.")]},
        {"1": ("7", ""), "2": ("7", ""), "3": ("7", again)},
    )
    body = "".join(paragraph(f"列表{one}", numbered=(one, 0)) for one in "112233")
    assert lines_of(tmp_path, body, numbers=numbers) == [
        "1. 列表1",
        "2. 列表1",
        "3. 列表2",
        "4. 列表2",
        "1. 列表3",
        "2. 列表3",
    ]


def test_a_level_that_is_overridden_takes_the_new_form(tmp_path):
    other = f'<w:lvlOverride w:ilvl="0">{level(0, "chineseCounting", "%1、", start=3)}'
    numbers = numbering(
        {"7": [level(0, "decimal", "%1.")]}, {"1": ("7", f"{other}</w:lvlOverride>")}
    )
    assert lines_of(tmp_path, paragraph("保障措施", numbered=("1", 0)), numbers=numbers) == [
        "三、 保障措施"
    ]


def test_a_style_numbers_its_paragraphs_and_those_of_styles_based_on_it(tmp_path):
    numbers = numbering(
        {
            "7": [
                level(0, "chineseCounting", "%1、", extra='<w:pStyle w:val="H1"/>'),
                level(1, "chineseCounting", "（%2）", extra='<w:pStyle w:val="H2"/>'),
            ]
        },
        {"4": ("7", "")},
    )
    sheet = styles(
        '<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/>'
        '<w:pPr><w:numPr><w:numId w:val="4"/></w:numPr></w:pPr></w:style>',
        '<w:style w:type="paragraph" w:styleId="H2"><w:name w:val="heading 2"/>'
        '<w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="4"/></w:numPr></w:pPr></w:style>',
        '<w:style w:type="paragraph" w:styleId="H2b"><w:name w:val="mine"/>'
        '<w:basedOn w:val="H2"/></w:style>',
        '<w:style w:type="paragraph" w:styleId="T1"><w:name w:val="toc 1"/></w:style>',
    )
    none = '<w:numPr><w:numId w:val="0"/></w:numPr>'
    body = (
        paragraph("一、总体要求 1", style="T1")
        + paragraph("总体要求", style="H1")
        + paragraph("目标", style="H2")
        + paragraph("任务", style="H2b")
        + paragraph("无号标题", style="H1", properties=none)
        + paragraph("保障措施", style="H1")
    )
    assert lines_of(tmp_path, body, numbers=numbers, style_sheet=sheet) == [
        "一、 总体要求",
        "（一） 目标",
        "（二） 任务",
        "无号标题",
        "二、 保障措施",
    ]


def test_a_bullet_numbers_nothing_and_an_empty_item_counts(tmp_path):
    numbers = numbering(
        {"1": [level(0, "bullet", "\uf0b7")], "2": [level(0, "decimal", "%1.")]},
        {"1": ("1", ""), "2": ("2", "")},
    )
    body = (
        paragraph("要点", numbered=("1", 0))
        + paragraph("甲", numbered=("2", 0))
        + paragraph(numbered=("2", 0))
        + paragraph("丙", numbered=("2", 0))
    )
    assert lines_of(tmp_path, body, numbers=numbers) == ["要点", "1. 甲", "3. 丙"]


def test_deleted_words_are_left_out_and_inserted_ones_kept(tmp_path):
    body = (
        paragraph("补助", "<w:del><w:r><w:delText>10</w:delText><w:t>十</w:t></w:r></w:del>",
                  f"<w:ins>{run('20')}</w:ins>", "万元。")
        + paragraph("前半句，", properties="<w:rPr><w:del/></w:rPr>")
        + paragraph("后半句。")
        + paragraph(run("看不见", "<w:vanish/>"), run("看得见。", '<w:vanish w:val="0"/>'))
        + f"<w:ins>{paragraph('整段加入。')}</w:ins>"
    )  # fmt: skip
    assert lines_of(tmp_path, body) == [
        "补助20万元。",
        "前半句，后半句。",
        "看得见。",
        "整段加入。",
    ]


def test_breaks_tabs_boxes_and_controls_keep_their_words(tmp_path):
    box = (
        "<w:r><AlternateContent><Choice><w:drawing><w:txbxContent>"
        f"{paragraph('某某省科学技术厅文件')}</w:txbxContent></w:drawing></Choice>"
        f"<Fallback><w:pict><w:txbxContent>{paragraph('某某省科学技术厅文件')}"
        "</w:txbxContent></w:pict></Fallback></AlternateContent></w:r>"
    )
    body = (
        paragraph("标题", box)
        + paragraph("<w:r><w:t>第一行</w:t><w:br/><w:t>第二</w:t><w:tab/><w:t>行</w:t></w:r>")
        + f"<w:sdt><w:sdtContent>{paragraph('控件里的话。')}</w:sdtContent></w:sdt>"
        + paragraph(f"<w:hyperlink>{run('链接里的话。')}</w:hyperlink>")
        + "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/>"
        f"</w:docPartObj></w:sdtPr><w:sdtContent>{paragraph('目录')}</w:sdtContent></w:sdt>"
    )
    assert lines_of(tmp_path, body) == [
        "标题",
        "某某省科学技术厅文件",
        "第一行",
        "第二 行",
        "控件里的话。",
        "链接里的话。",
    ]


def test_a_row_is_a_line_and_a_merged_cell_is_repeated_downwards(tmp_path):
    start, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    inner = table([cell("嵌套甲"), cell("嵌套乙")], [cell("一"), cell("二")])
    body = (
        table(
            [cell("附表：奖励标准", properties='<w:gridSpan w:val="3"/>')],
            [cell("类别"), cell("标准"), cell("单位")],
            [cell("奖励", properties=start), cell("10万元", "一次性"), cell("科技厅")],
            [cell(properties=on), cell("20万元", properties='<w:gridSpan w:val="2"/>')],
            [cell("补助"), cell(inner, "说明"), cell()],
        )
        + table([cell("框里的第一段。", "框里的第二段。")])
        + paragraph("表后。")
    )
    assert lines_of(tmp_path, body) == [
        "附表：奖励标准",
        "类别\t标准\t单位",
        "奖励\t10万元一次性\t科技厅",
        "奖励\t20万元\t",
        "补助\t嵌套甲 嵌套乙一 二说明\t",
        "框里的第一段。",
        "框里的第二段。",
        "表后。",
    ]


def test_what_is_not_read_is_told(tmp_path):
    body = paragraph("有图有注。", "<w:r><w:drawing><pic/></w:drawing><w:footnoteReference/></w:r>")
    received = read_docx(write_docx(tmp_path / "a.docx", body))
    assert received.doubts == (
        "文中有 1 幅图片，图片里的文字没有读入。",
        "文中有 1 条脚注，脚注没有读入。",
    )
    assert read_document(tmp_path / "a.docx").doubts == received.doubts


def test_a_word_file_of_pictures_is_refused(tmp_path):
    path = write_docx(tmp_path / "扫描.docx", paragraph("<w:r><w:drawing><pic/></w:drawing></w:r>"))
    assert error_of(path).startswith("扫描.docx 里没有文字，只有图片，应是扫描件。")


ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "哈哈哈哈哈哈哈哈哈哈">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefg", "bcdefgh", strict=True))
    + "]><document><body><p><r><t>&h;</t></r></p></body></document>"
)
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    "<document><body><p><r><t>&a;</t></r></p></body></document>"
)


@pytest.mark.parametrize("whole", [ENTITIES, OUTSIDE, ENTITIES.encode("utf-16")])
def test_entities_are_refused_before_they_grow(tmp_path, whole):
    begin = time.monotonic()
    path = write_docx(tmp_path / "bomb.docx", "", whole=whole)
    assert "含有 DTD 声明，未读取" in error_of(path)
    assert time.monotonic() - begin < 2


def test_a_bomb_of_blanks_is_refused_unread(tmp_path):
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("[Content_Types].xml", "<Types/>")
        container.writestr("word/document.xml", b" " * (30 << 20))
    assert "压缩比异常" in error_of(path)


@pytest.mark.parametrize(
    ("whole", "message"),
    [
        ("<document><body><p>", "不完整或已损坏"),
        ("没有标记", "不完整或已损坏"),
        ("<document><body>" + "<tbl><tr><tc>" * 100, "嵌套过深"),
        (document("").encode()[:60], "不完整或已损坏"),
    ],
)
def test_a_damaged_body_says_so(tmp_path, whole, message):
    assert message in error_of(write_docx(tmp_path / "坏.docx", "", whole=whole))


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_truncated_file_says_so(tmp_path, share):
    content = write_docx(tmp_path / "whole.docx", paragraph("第一条 目的。") * 50).read_bytes()
    (tmp_path / "cut.docx").write_bytes(content[: int(len(content) * share)])
    assert error_of(tmp_path / "cut.docx").startswith("cut.docx ")


def test_flipped_bits_never_crash(tmp_path):
    content = write_docx(tmp_path / "whole.docx", paragraph("第一条 目的。") * 20).read_bytes()
    path = tmp_path / "flipped.docx"
    for place in range(0, len(content), 23):
        path.write_bytes(content[:place] + bytes([content[place] ^ 0x41]) + content[place + 1 :])
        try:
            assert "目的" in read_document(path).text
        except DocumentError as error:
            assert str(error).startswith("flipped.docx")


def test_thirty_thousand_paragraphs_take_seconds(tmp_path):
    body = "".join(paragraph(f"第{n}款内容。", numbered=("1", 1)) for n in range(30_000))
    path = write_docx(tmp_path / "long.docx", body, numbers=numbering(CHAPTERS, {"1": ("5", "")}))
    begin = time.monotonic()
    assert read_docx(path).text.count("\n") == 29_999
    assert time.monotonic() - begin < 20


def test_old_word_files_are_refused_with_what_to_do(tmp_path):
    magic = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    (tmp_path / "旧.doc").write_bytes(magic + "WordDocument".encode("utf-16-le"))
    (tmp_path / "锁.docx").write_bytes(magic + "EncryptedPackage".encode("utf-16-le"))
    assert error_of(tmp_path / "旧.doc") == (
        "旧.doc 是旧版 Word（.doc）文件，不能读取。请用 Word 或 WPS 另存为 .docx 再放入。"
    )
    assert error_of(tmp_path / "锁.docx") == "锁.docx 有密码保护，请先去掉密码再放入。"


def test_a_word_file_under_another_name_is_read_as_what_it_is(tmp_path):
    path = write_docx(tmp_path / "其实是新版.doc", paragraph("第一条 为规范管理，制定本办法。"))
    assert read_document(path).text == "第一条 为规范管理，制定本办法。"
