"""PDF with text: reading order, tables, pages, and files that are refused with a reason."""

import random
import time
import zlib

import official_document
import pytest
from conftest import CHROMIUM
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject, StreamObject
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfgen.canvas import Canvas

from corpus.clauses import split_clauses
from corpus.errors import DocumentError
from corpus.formats import pdf
from corpus.formats.pdf import read_pdf
from corpus.formats.pdf_page import PageRecord
from corpus.formats.rows import Cell, table_lines
from corpus.reader import read_document

SENTENCE = "为了规范科技资金管理，提高资金使用效益，根据有关法律法规，结合本省实际，制定本办法。"


@pytest.fixture
def canvas(tmp_path):
    """A page to draw on; `canvas.read()` saves and reads it."""
    registerFont(UnicodeCIDFont("STSong-Light"))
    made = Canvas(str(tmp_path / "drawn.pdf"), pagesize=A4)
    made.setFont("STSong-Light", 10)

    def read():
        made.showPage()
        made.save()
        return read_pdf(tmp_path / "drawn.pdf")

    made.read = read
    made.path = tmp_path / "drawn.pdf"
    return made


def draw(canvas, x, y, lines, pitch=18):
    for number, line in enumerate(lines):
        canvas.drawString(x, y - pitch * number, line)


def cut(text, length):
    return [text[start : start + length] for start in range(0, len(text), length)]


def error_of(path):
    with pytest.raises(DocumentError) as caught:
        read_pdf(path)
    return str(caught.value)


def test_pages_begin_where_page_starts_say(canvas):
    canvas.drawString(72, 700, "第一页的文字")
    canvas.showPage()
    canvas.setFont("STSong-Light", 10)
    canvas.drawString(72, 700, "第二页的文字")
    received = canvas.read()
    assert received.text == "第一页的文字\n第二页的文字"
    assert [received.text[start:][:3] for start in received.page_starts] == ["第一页", "第二页"]
    assert received.doubts == ()


def test_lines_are_read_from_top_to_bottom_however_they_were_drawn(canvas):
    draw(canvas, 72, 600, ["第三行"])
    draw(canvas, 72, 640, ["第一行"])
    draw(canvas, 72, 620, ["第二行"])
    assert canvas.read().text == "第一行\n第二行\n第三行"


def test_an_indented_first_line_keeps_its_indent(canvas):
    draw(canvas, 92, 700, [SENTENCE[:34]])
    draw(canvas, 72, 682, [SENTENCE[34:] + SENTENCE[: 36 - len(SENTENCE[34:])], SENTENCE[:20]])
    draw(canvas, 92, 646, [SENTENCE[:34]])
    draw(canvas, 72, 628, [SENTENCE[:36], SENTENCE[:9]])
    lines = canvas.read().text.split("\n")
    assert [line.startswith("\u3000\u3000为") for line in lines] == [True, *[False] * 2] * 2


def test_two_columns_are_read_one_after_the_other(canvas):
    left, right = (cut(f"{mark}{SENTENCE}" * 6, 20)[:12] for mark in "甲乙")
    canvas.drawCentredString(297, 780, "某某省科技资金管理办法")
    draw(canvas, 72, 750, left)
    draw(canvas, 310, 750, right)
    canvas.drawCentredString(297, 30, "— 1 —")
    lines = [line for line in canvas.read().text.split("\n") if line]
    assert lines == ["某某省科技资金管理办法", *left, *right, "— 1 —"]


def test_columns_of_uneven_length_and_height_are_still_columns(canvas):
    left, right = cut(f"甲{SENTENCE}" * 6, 20)[:14], cut(f"乙{SENTENCE}" * 6, 20)[:8]
    draw(canvas, 72, 750, left, pitch=18)
    draw(canvas, 310, 743, right, pitch=19)
    assert "".join(canvas.read().text.split()) == "".join(left + right)


def test_one_column_of_short_lines_is_no_second_column(canvas):
    lines = [f"{number}. 支持企业建设研发平台" for number in range(1, 9)]
    draw(canvas, 72, 750, lines)
    draw(canvas, 400, 590, ["某某省科学技术厅", "2024年6月3日"])
    assert canvas.read().text.split("\n")[-2:] == ["某某省科学技术厅", "2024年6月3日"]


ROWS = [
    ("项目", "金额（万元）", "责任单位"),
    ("高新技术企业奖励", "20", "省科技厅"),
    ("研发后补助", "1,200", "省科技厅、省财政厅"),
]


def test_cells_parted_by_wide_gaps_become_rows_with_tabs(canvas):
    draw(canvas, 72, 790, ["附表：资金安排"])
    for number, row in enumerate(ROWS):
        for x, cell in zip((80, 250, 380), row, strict=True):
            canvas.drawString(x, 760 - 18 * number, cell)
    lines = [line for line in canvas.read().text.split("\n") if line]
    assert lines == ["附表：资金安排", *("\t".join(row) for row in ROWS)]


def test_cells_drawn_in_one_text_object_are_parted_too(canvas):
    text = canvas.beginText()
    for number, row in enumerate(ROWS):
        for x, cell in zip((80, 250, 380), row, strict=True):
            text.setTextOrigin(x, 760 - 18 * number)
            text.textOut(cell)
    canvas.drawText(text)
    assert canvas.read().text == "\n".join("\t".join(row) for row in ROWS)


def test_articles_on_one_line_each_are_no_table(canvas):
    for number, name in enumerate("一二三四"):
        canvas.drawString(72, 700 - 18 * number, f"第{name}条")
        canvas.drawString(130, 700 - 18 * number, "各市应当落实本办法。")
    assert canvas.read().text.split("\n") == [
        f"第{name}条\u3000各市应当落实本办法。" for name in "一二三四"
    ]


def test_ruled_cells_keep_words_that_run_over_several_lines(canvas):
    canvas.grid([70, 110, 300, 400], [700, 660, 600, 560])
    for x, y, words in (
        (75, 680, "序号"), (120, 680, "任务"), (310, 680, "责任单位"),
        (75, 630, "1"), (120, 640, "支持企业建设研发平台，"), (120, 625, "完善技术创新体系"),
        (310, 630, "省科技厅"), (75, 580, "2"), (120, 580, "落实政策"), (310, 580, "各市"),
    ):  # fmt: skip
        canvas.drawString(x, y, words)
    canvas.drawString(72, 720, "重点任务见下表")
    canvas.drawString(72, 530, "以上任务应当按期完成。")
    assert canvas.read().text.split("\n") == [
        "重点任务见下表",
        "序号\t任务\t责任单位",
        "1\t支持企业建设研发平台，完善技术创新体系\t省科技厅",
        "2\t落实政策\t各市",
        "以上任务应当按期完成。",
    ]


def test_a_cell_over_several_rows_is_repeated_in_each_as_in_a_word_file(canvas):
    """类别 over three rows; 合计 over two columns is written once."""
    canvas.grid([110, 250, 400], [700, 660, 620, 580, 540])
    canvas.line(70, 700, 110, 700)
    for y in (660, 580, 540):
        canvas.line(70, y, 110, y)
    canvas.line(70, 700, 70, 540)
    canvas.line(70, 540, 110, 540)
    for x, y, words in (
        (72, 680, "类别"), (120, 680, "事项"), (260, 680, "补助"),
        (72, 620, "研发"), (120, 640, "平台"), (260, 640, "50万元"),
        (120, 600, "项目"), (260, 600, "30万元"),
        (72, 560, "人才"), (120, 560, "引进"), (260, 560, "20万元"),
    ):  # fmt: skip
        canvas.drawString(x, y, words)
    cells = (
        (Cell(("类别",)), Cell(("事项",)), Cell(("补助",))),
        (Cell(("研发",), rows=2), Cell(("平台",)), Cell(("50万元",))),
        (Cell(("项目",)), Cell(("30万元",))),
        (Cell(("人才",)), Cell(("引进",)), Cell(("20万元",))),
    )
    assert (
        canvas.read().text.split("\n")
        == list(table_lines(cells))
        == [
            "类别\t事项\t补助",
            "研发\t平台\t50万元",
            "研发\t项目\t30万元",
            "人才\t引进\t20万元",
        ]
    )


def test_a_cell_over_several_columns_is_written_once(canvas):
    canvas.grid([70, 160, 400], [700, 660, 620])
    canvas.grid([160, 280, 400], [660, 620])
    for x, y, words in (
        (75, 680, "项目"), (165, 680, "补助标准"),
        (75, 640, "平台"), (165, 640, "50万元"), (290, 640, "20%"),
    ):  # fmt: skip
        canvas.drawString(x, y, words)
    assert canvas.read().text.split("\n") == ["项目\t补助标准\t", "平台\t50万元\t20%"]


def test_a_frame_around_text_is_no_table(canvas):
    canvas.rect(60, 500, 400, 250)
    draw(canvas, 72, 720, [SENTENCE[:30], SENTENCE[30:]])
    assert canvas.read().text == f"{SENTENCE[:30]}\n{SENTENCE[30:]}"


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_turned_page_is_read_in_its_own_direction(canvas, angle):
    canvas.translate(300, 400)
    canvas.rotate(angle)
    draw(canvas, 0, 100, ["第一条　适用范围", "第二条　支持方式"])
    assert canvas.read().text == "第一条　适用范围\n第二条　支持方式"


def test_a_slanted_watermark_does_not_cut_the_lines(canvas):
    draw(canvas, 72, 700, [SENTENCE[:30], SENTENCE[30:]])
    canvas.translate(200, 600)
    canvas.rotate(45)
    canvas.drawString(0, 0, "内部资料")
    assert canvas.read().text == f"{SENTENCE[:30]}\n{SENTENCE[30:]}\n内部资料"


def test_words_printed_twice_to_look_bold_count_once(canvas):
    canvas.drawString(72, 700, "科技资金管理办法")
    canvas.drawString(72.3, 700, "科技资金管理办法")
    assert canvas.read().text == "科技资金管理办法"


def test_running_heads_and_page_numbers_stay_in_the_text(canvas):
    for number in range(1, 4):
        canvas.setFont("STSong-Light", 10)
        draw(canvas, 72, 800, ["某某省人民政府公报"])
        draw(canvas, 72, 700, [SENTENCE[:30]])
        canvas.drawCentredString(297, 30, f"— {number} —")
        canvas.showPage()
    text = canvas.read().text
    assert text.count("某某省人民政府公报") == 3 and "— 2 —" in text


def test_latin_words_keep_their_blanks(canvas):
    draw(canvas, 72, 700, ["Science and Technology 科技 R&D (2024) 3.5%"])
    assert canvas.read().text == "Science and Technology 科技 R&D (2024) 3.5%"


def writer_of(canvas, pages=1):
    draw(canvas, 72, 700, [SENTENCE[:30]])
    canvas.read()
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_page(PdfReader(canvas.path).pages[0])
    return writer


def test_an_encrypted_file_says_so(canvas, tmp_path):
    writer = writer_of(canvas)
    writer.encrypt("secret", algorithm="AES-256")
    writer.write(tmp_path / "locked.pdf")
    assert error_of(tmp_path / "locked.pdf") == "locked.pdf 有密码保护，请先去掉密码再放入。"


def test_five_thousand_pages_are_refused_at_once(tmp_path):
    writer = PdfWriter()
    for _ in range(5000):
        writer.add_blank_page(100, 100)
    writer.write(tmp_path / "long.pdf")
    begin = time.process_time()
    error = error_of(tmp_path / "long.pdf")
    assert error == "long.pdf 共 5000 页，超过 2000 页。请拆分成几个文件再放入。"
    assert time.process_time() - begin < 10


def test_a_file_that_takes_too_long_is_refused(canvas, monkeypatch):
    draw(canvas, 72, 700, [SENTENCE[:30]])
    canvas.read()
    monkeypatch.setattr(pdf, "MOST_SECONDS", 0.0)
    assert error_of(canvas.path) == "drawn.pdf 读了 0 秒还没有读完，请拆分后再放入。"


def with_content(canvas, tmp_path, content, is_packed=False):
    """The drawn file with another drawing on its page."""
    writer = writer_of(canvas)
    stream = StreamObject() if is_packed else DecodedStreamObject()
    stream._data = content
    if is_packed:
        stream[NameObject("/Filter")] = NameObject("/FlateDecode")
    writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)
    writer.write(tmp_path / "made.pdf")
    return tmp_path / "made.pdf"


def test_a_flate_bomb_is_refused_without_unpacking_it(canvas, tmp_path):
    bomb = with_content(canvas, tmp_path, zlib.compress(b"0 " * 100_000_000, 1), is_packed=True)
    begin = time.process_time()
    assert error_of(bomb).startswith("made.pdf 内容损坏或展开后过大")
    assert time.process_time() - begin < 10


def test_a_damaged_page_refuses_the_whole_file(canvas, tmp_path):
    packed = bytearray(zlib.compress(b"BT /F1 10 Tf 72 700 Td (half of a page) Tj ET " * 200))
    packed[len(packed) // 2] ^= 0xFF
    assert "made.pdf" in error_of(with_content(canvas, tmp_path, bytes(packed), is_packed=True))


@pytest.mark.parametrize("share", [0.0, 0.3, 0.7, 0.97])
def test_a_truncated_file_is_refused(canvas, share):
    draw(canvas, 72, 700, [SENTENCE[:30]])
    canvas.read()
    whole = canvas.path.read_bytes()
    canvas.path.write_bytes(whole[: int(len(whole) * share)])
    assert error_of(canvas.path).endswith("请重新下载或另存。")


def test_flipped_bits_are_refused_or_read_but_never_crash(canvas):
    draw(canvas, 72, 700, cut(SENTENCE * 3, 30))
    canvas.read()
    whole = canvas.path.read_bytes()
    dice = random.Random(3)
    refused = 0
    for _ in range(12):
        flipped = bytearray(whole)
        for _ in range(3):
            flipped[dice.randrange(len(flipped))] ^= 1 << dice.randrange(8)
        canvas.path.write_bytes(flipped)
        try:
            read_pdf(canvas.path)
        except DocumentError as error:
            refused += 1
            assert str(error).startswith("drawn.pdf ")
    assert refused > 0


def test_a_font_that_does_not_tell_its_characters_is_gibberish():
    place = ((1, 0, 0, 1, 0, 0), (1, 0, 0, 1, 72, 700), None, 12)
    garbled, clear = PageRecord(deadline=1e9), PageRecord(deadline=1e9)
    garbled.on_text("\ue123\ue456\ufffd的", *place)
    clear.on_text("科技资金管理办法\ue123", *place)
    assert garbled.is_gibberish() and not clear.is_gibberish()


def test_a_page_without_anything_on_it_is_no_scan(canvas):
    draw(canvas, 72, 700, ["第一页"])
    canvas.showPage()
    assert canvas.read().text == "第一页\n"


@pytest.mark.skipif(CHROMIUM is None, reason="没有 Chromium，不能打印网页为 PDF。")
def test_a_printed_notice_has_the_clauses_of_its_text(tmp_path):
    (tmp_path / "notice.txt").write_text(official_document.as_text(), encoding="utf-8")
    official_document.print_pdf(official_document.as_page(), tmp_path / "notice.pdf", str(CHROMIUM))
    expected, found = (
        split_clauses(read_document(tmp_path / name)) for name in ("notice.txt", "notice.pdf")
    )
    assert [one.clause_id for one in found] == [one.clause_id for one in expected]
    assert official_document.likeness(expected, found) >= 0.995
