"""Measure reading: `python -m eval.bench_reading` prints pages a second for each format.

The files are made here, of made-up articles. A page of a format without pages counts as
PAGE_CHARACTERS characters. Figures hold for this machine and its load; compare only within
one run. `cpu` figures leave out the time in which others had the processor.
"""

import html
import json
import os
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from corpus.formats.ocr import has_ocr
from corpus.reader import read_received

PAGES = 100
SCANNED_PAGES = 2
_LINES, _WIDTH = 32, 36
PAGE_CHARACTERS = _LINES * _WIDTH
_SENTENCE = (
    "为了规范科技资金管理，提高资金使用效益，根据《中华人民共和国科学技术进步法》等有关法律法规，"
    "结合本省实际，制定本办法（试行）。科技部门负责组织实施，财政部门负责资金拨付，2024年安排120万元。"
)


def measure_reading() -> dict[str, Any]:
    """Return for each format its pages, pages a second by the clock and by processor time."""
    result: dict[str, Any] = {"load_average": round(os.getloadavg()[0], 2)}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        read_received(_text(folder / "warm.txt", 1))
        for suffix, make in _MAKERS.items():
            path = make(folder / f"policy{suffix}", PAGES)
            result[suffix[1:]] = _measure(path, PAGES)
        if not has_ocr():
            result["scan"] = "文字识别未安装"
        else:
            path = _scan(folder / "policy.pdf", folder / "scan.pdf")
            read_received(_scan(folder / "policy.pdf", folder / "warm.pdf", 1))
            result["scan"] = _measure(path, SCANNED_PAGES)
    return result


def _measure(path: Path, pages: int) -> dict[str, float]:
    begin, begin_cpu = time.perf_counter(), time.process_time()
    received = read_received(path)
    seconds, cpu = time.perf_counter() - begin, time.process_time() - begin_cpu
    return {
        "pages": pages,
        "characters": len(received.text),
        "pages_per_second": round(pages / seconds, 2),
        "pages_per_cpu_second": round(pages / cpu, 2),
    }


def _articles(pages: int) -> Iterator[str]:
    count = pages * PAGE_CHARACTERS // (len(_SENTENCE) + 6)
    return (f"第{number}条　{_SENTENCE}" for number in range(1, count + 1))


def _text(path: Path, pages: int) -> Path:
    path.write_text("\n".join(_articles(pages)), encoding="utf-8")
    return path


def _html(path: Path, pages: int) -> Path:
    body = "".join(f"<p>{html.escape(one)}</p>" for one in _articles(pages))
    page = f"<!doctype html><html><meta charset=utf-8><title>办法</title><body>{body}</body></html>"
    path.write_text(page, encoding="utf-8")
    return path


_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"


def _docx(path: Path, pages: int) -> Path:
    body = "".join(f"<w:p><w:r><w:t>{one}</w:t></w:r></w:p>" for one in _articles(pages))
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_TYPE}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def _pdf(path: Path, pages: int) -> Path:
    """A PDF of plain lines in a Chinese font that readers have of their own."""
    words = "".join(f"　　{one}" for one in _articles(pages + 1))
    lines = [words[n : n + _WIDTH] for n in range(0, len(words), _WIDTH)]
    kids = " ".join(f"{5 + 2 * n} 0 R" for n in range(pages))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {pages}/Kids[{kids}]>>",
        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H"
        "/DescendantFonts[4 0 R]>>",
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 0>>"
        "/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 4"
        "/FontBBox[0 -250 1000 850]/ItalicAngle 0/Ascent 750/Descent -250/StemV 90>>>>",
    ]
    for number in range(pages):
        drawing = _drawing(lines[number * _LINES : (number + 1) * _LINES])
        objects += [
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>"
            f"/Contents {6 + 2 * number} 0 R>>",
            f"<</Length {len(drawing)}>>stream\n{drawing}\nendstream",
        ]
    path.write_bytes(_numbered(objects))
    return path


def _drawing(lines: list[str]) -> str:
    shown = (
        f"BT /F1 12 Tf 1 0 0 1 72 {780 - 22 * row} Tm <{line.encode('utf-16-be').hex()}> Tj ET"
        for row, line in enumerate(lines)
    )
    return "\n".join(shown)


def _numbered(objects: list[str]) -> bytes:
    """The objects as a file, with the table of where each begins."""
    content = "%PDF-1.4\n"
    places = []
    for number, one in enumerate(objects, 1):
        places.append(len(content))
        content += f"{number} 0 obj\n{one}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer<</Size {size}/Root 1 0 R>>\n"
    return f"{content}{end}startxref\n{len(content)}\n%%EOF\n".encode("ascii")


def _scan(printed: Path, path: Path, pages: int = SCANNED_PAGES) -> Path:
    """The first pages of a PDF as pictures; without a Chinese font on the machine they are bare."""
    import pypdfium2

    with pypdfium2.PdfDocument(printed) as document:
        shown = [document[n].render(scale=200 / 72).to_pil() for n in range(pages)]
    shown[0].save(path, save_all=True, append_images=shown[1:], resolution=200)
    return path


_MAKERS: dict[str, Callable[[Path, int], Path]] = {
    ".pdf": _pdf,
    ".docx": _docx,
    ".html": _html,
    ".md": _text,
    ".txt": _text,
}


def main() -> int:
    """Measure and print the JSON object."""
    print(json.dumps(measure_reading(), ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
