"""Scanned pages and pictures: recognised in reading order, or refused with a reason."""

import struct
import zlib

import official_document
import pytest
from conftest import CHROMIUM
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, NumberObject
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfgen.canvas import Canvas

from corpus.clauses import split_clauses
from corpus.errors import DocumentError
from corpus.formats import ocr
from corpus.formats.ocr import has_ocr, read_image
from corpus.formats.pdf import read_pdf
from corpus.formats.scans import Scan, keeping_scans
from corpus.reader import read_document

FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
)
needs_ocr = pytest.mark.skipif(not has_ocr(), reason="没有安装 ocr 扩展，不能识别图像。")
LEFT = (
    "第一条　为规范科技资金管理",
    "提高资金使用效益，根据有关",
    "规定，结合本省实际，制定",
    "本办法。各市应当遵照执行。",
)
RIGHT = (
    "第二条　省级财政安排的科技",
    "资金，其申报、拨付和使用均",
    "适用本办法，中央资金另有规",
    "定的，从其规定，不受限制。",
)


@pytest.fixture(scope="module")
def font():
    from PIL import ImageFont

    for path in FONTS:
        try:
            return ImageFont.truetype(path, 28, index=2)
        except OSError:
            continue
    pytest.skip("这台机器没有 Noto CJK 字体，不能画出汉字")


def picture(font, places, size=(1100, 700)):
    """A white page with words at (x, y)."""
    from PIL import Image, ImageDraw

    made = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(made)
    for x, y, words in places:
        draw.text((x, y), words, font=font, fill="black")
    return made


def error_of(read, path):
    with pytest.raises(DocumentError) as caught:
        read(path)
    return str(caught.value)


@needs_ocr
def test_columns_of_a_picture_are_read_one_after_the_other(tmp_path, font):
    places = [(80, 60 + 50 * n, line) for n, line in enumerate(LEFT)]
    places += [(580, 60 + 50 * n, line) for n, line in enumerate(RIGHT)]
    picture(font, places, (1100, 300)).save(tmp_path / "columns.png")
    received = read_image(tmp_path / "columns.png")
    assert "".join(received.text.split()) == "".join("".join(LEFT + RIGHT).split())
    assert received.page_starts == (0,) and received.doubts == ()


@needs_ocr
def test_a_ruled_table_in_a_crooked_scan_becomes_rows(tmp_path, font):
    from PIL import ImageDraw

    rows = (("序号", "重点任务", "责任单位"), ("1", "支持研发（试行）", "省科技厅"))
    xs, ys = (60, 180, 620, 900), (60, 130, 200)
    places = [
        (x + 20, y + 15, cell)
        for y, row in zip(ys, rows, strict=False)
        for x, cell in zip(xs, row, strict=False)
    ]
    made = picture(font, places, (960, 300))
    draw = ImageDraw.Draw(made)
    for x in xs:
        draw.line((x, ys[0], x, ys[-1]), fill="black", width=2)
    for y in ys:
        draw.line((xs[0], y, xs[-1], y), fill="black", width=2)
    made.rotate(0.7, fillcolor="white", resample=3).save(tmp_path / "table.jpg", quality=85)
    lines = read_image(tmp_path / "table.jpg").text.split("\n")
    assert lines == ["\t".join(row) for row in rows]


@needs_ocr
def test_a_picture_on_its_side_is_turned(tmp_path, font):
    lines = LEFT[1:]
    made = picture(font, [(60, 60 + 60 * n, line) for n, line in enumerate(lines)], (500, 300))
    made.rotate(90, expand=True).save(tmp_path / "side.bmp")
    assert read_image(tmp_path / "side.bmp").text.split("\n") == list(lines)


@needs_ocr
def test_each_frame_of_a_tiff_is_a_page(tmp_path, font):
    frames = [
        picture(font, [(40, 40, words)], (500, 120)) for words in ("第一页文字", "第二页文字")
    ]
    frames[0].save(tmp_path / "fax.tif", save_all=True, append_images=frames[1:])
    received = read_image(tmp_path / "fax.tif")
    assert received.text == "第一页文字\n第二页文字"
    assert received.page_starts == (0, 6)


@needs_ocr
def test_only_pages_without_text_are_recognised(tmp_path, font, monkeypatch):
    words = "为了规范科技资金管理，提高资金使用效益。"
    registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(tmp_path / "mixed.pdf"), pagesize=A4)
    canvas.setFont("STSong-Light", 12)
    canvas.drawString(72, 700, words)
    canvas.showPage()
    picture(font, [(60, 60, "第二页是扫描的文字")], (700, 990)).save(tmp_path / "page.png")
    canvas.drawImage(str(tmp_path / "page.png"), 0, 0, *A4)
    canvas.setFont("STSong-Light", 8)
    canvas.drawString(500, 820, "存档")  # a stamp over the scan
    canvas.save()
    asked = []
    recognise = ocr.recognise
    monkeypatch.setattr(ocr, "recognise", lambda one: asked.append(1) or recognise(one))
    received = read_pdf(tmp_path / "mixed.pdf")
    assert received.text.startswith(f"{words}\n") and "第二页是扫描的文字" in received.text
    assert received.page_starts == (0, len(words) + 1) and len(asked) == 1


@needs_ocr
def test_a_scan_is_recognised_once_and_read_again_without_the_extra(tmp_path, font, monkeypatch):
    path = tmp_path / "scan.pdf"
    picture(font, [(60, 60, "第一条 支持创新")], (500, 120)).save(path)
    frames = [picture(font, [(40, 40, words)], (500, 120)) for words in ("第一页", "第二页")]
    frames[0].save(tmp_path / "fax.tif", save_all=True, append_images=frames[1:])
    with keeping_scans(tmp_path / "kept"):
        first = read_pdf(path), read_image(tmp_path / "fax.tif")
        monkeypatch.setattr(ocr, "has_ocr", lambda: False)
        assert (read_pdf(path), read_image(tmp_path / "fax.tif")) == first
    assert first[1].text == "第一页\n第二页"
    assert "pip install" in error_of(read_pdf, path)  # outside of the block nothing is kept


def test_a_page_of_low_confidence_is_a_doubt():
    assert Scan("文字", 0.71).doubts(3) == ["第3页由图像识别，平均置信度 0.71，请核对"]
    assert Scan("文字", 0.95).doubts(3) == []
    assert Scan("", 0.0).doubts(4) == ["第4页是图像，没有认出文字，请核对"]


def scanned(path, pages):
    canvas = Canvas(str(path), pagesize=A4)
    for _ in range(pages):
        canvas.rect(100, 100, 300, 400, fill=1)
        canvas.showPage()
    canvas.save()
    return path


def test_the_hidden_text_of_a_scan_is_taken_with_a_doubt(tmp_path):
    from PIL import Image

    Image.new("L", (100, 140), 200).save(tmp_path / "grey.png")
    registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(tmp_path / "searchable.pdf"), pagesize=A4)
    canvas.drawImage(str(tmp_path / "grey.png"), 0, 0, *A4)
    words = canvas.beginText(72, 700)
    words.setFont("STSong-Light", 12)
    words.setTextRenderMode(3)
    for _ in range(4):
        words.textLine("为了规范科技资金管理，提高资金使用效益，制定本办法。")
    canvas.drawText(words)
    canvas.save()
    received = read_pdf(tmp_path / "searchable.pdf")
    assert received.text.count("制定本办法") == 4
    assert received.doubts == ("第1页的文字是扫描件自带的识别结果，请核对",)


def test_without_the_extra_a_scan_says_how_to_install_it(tmp_path, monkeypatch):
    monkeypatch.setattr(ocr, "has_ocr", lambda: False)
    path = scanned(tmp_path / "scan.pdf", 2)
    assert error_of(read_pdf, path) == (
        "scan.pdf 共 2 页，全部没有文字层，应是扫描件。请安装文字识别后再读："
        "pip install 'policy-calculator[ocr]'；或先作文字识别再放入。"
    )
    assert "pip install" in error_of(read_image, tmp_path / "photo.png")


def test_without_the_extra_a_mixed_file_names_its_scanned_pages(tmp_path, monkeypatch):
    monkeypatch.setattr(ocr, "has_ocr", lambda: False)
    registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(tmp_path / "mixed.pdf"), pagesize=A4)
    for number in range(1, 8):
        canvas.setFont("STSong-Light", 12)
        if number in (2, 4, 5, 6):
            canvas.rect(100, 100, 300, 400, fill=1)
        else:
            canvas.drawString(72, 700, "有文字的一页")
        canvas.showPage()
    canvas.save()
    assert "共 7 页，第 2、4-6 页没有文字层" in error_of(read_pdf, tmp_path / "mixed.pdf")


@needs_ocr
def test_a_file_where_nothing_is_recognised_is_refused(tmp_path):
    assert "没有可读的文字" in error_of(read_pdf, scanned(tmp_path / "drawing.pdf", 1))


@needs_ocr
def test_too_many_scanned_pages_are_refused_before_any_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(ocr, "MOST_SCANS", 2)
    error = error_of(read_pdf, scanned(tmp_path / "scan.pdf", 3))
    assert error == "scan.pdf 有 3 页是扫描件，超过 2 页。请拆分成几个文件再放入。"


def png_bomb(width, height):
    """A small PNG file that claims to be a huge picture."""

    def chunk(kind, content):
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


@needs_ocr
@pytest.mark.parametrize("side", [12_000, 60_000])
def test_a_picture_bomb_is_refused_by_its_size(tmp_path, side):
    (tmp_path / "bomb.png").write_bytes(png_bomb(side, side))
    assert error_of(read_image, tmp_path / "bomb.png").startswith("bomb.png ")


@needs_ocr
def test_a_picture_bomb_in_a_pdf_is_refused_by_its_size(tmp_path, font):
    picture(font, [(60, 60, "扫描")], (200, 280)).save(tmp_path / "page.png")
    canvas = Canvas(str(tmp_path / "small.pdf"), pagesize=A4)
    canvas.drawImage(str(tmp_path / "page.png"), 0, 0, *A4)
    canvas.save()
    writer = PdfWriter(clone_from=PdfReader(tmp_path / "small.pdf"))
    for one in writer.pages[0]["/Resources"]["/XObject"].values():
        for key in (NameObject("/Width"), NameObject("/Height")):
            one.get_object()[key] = NumberObject(50_000)
    writer.write(tmp_path / "bomb.pdf")
    assert "50000×50000 像素，过大" in error_of(read_pdf, tmp_path / "bomb.pdf")


@needs_ocr
@pytest.mark.parametrize("share", [0.1, 0.6])
def test_a_truncated_picture_is_refused(tmp_path, font, share):
    picture(font, [(60, 60, "科技资金管理办法")], (600, 200)).save(tmp_path / "whole.png")
    whole = (tmp_path / "whole.png").read_bytes()
    (tmp_path / "cut.png").write_bytes(whole[: int(len(whole) * share)])
    assert "cut.png 不是完好的图像" in error_of(read_image, tmp_path / "cut.png")


@needs_ocr
def test_a_picture_without_words_is_refused(tmp_path):
    from PIL import Image

    Image.new("RGB", (300, 200), "white").save(tmp_path / "white.png")
    assert error_of(read_image, tmp_path / "white.png").startswith("white.png 中没有认出文字")


@needs_ocr
@pytest.mark.skipif(CHROMIUM is None, reason="没有 Chromium，不能打印网页为 PDF。")
def test_a_scanned_notice_has_the_clauses_of_its_text(tmp_path):
    import pypdfium2

    (tmp_path / "notice.txt").write_text(official_document.as_text(), encoding="utf-8")
    printed = official_document.print_pdf(
        official_document.as_page(), tmp_path / "printed.pdf", str(CHROMIUM)
    )
    with pypdfium2.PdfDocument(printed) as document:
        pages = [page.render(scale=200 / 72).to_pil().convert("L") for page in document]
    pages[0].save(
        tmp_path / "notice.pdf", save_all=True, append_images=pages[1:], resolution=200, quality=80
    )
    expected, found = (
        split_clauses(read_document(tmp_path / name)) for name in ("notice.txt", "notice.pdf")
    )
    assert [one.clause_id for one in found] == [one.clause_id for one in expected]
    assert official_document.likeness(expected, found) >= 0.98
