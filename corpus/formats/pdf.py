"""PDF files -> their words, page by page, in reading order.

Text is read by pypdf; pages that are pictures go to corpus.formats.ocr. Running heads and
page numbers stay in: corpus.noise knows them. A file is read whole or refused.
"""

import logging
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.cleaning import repair_radicals
from corpus.errors import DocumentError
from corpus.formats.ocr import check_ocr, read_scanned_pages
from corpus.formats.pdf_page import OutOfTimeError, PageRecord, with_breaks
from corpus.formats.received import Received
from corpus.formats.scans import Scan, recognised_pages

if TYPE_CHECKING:
    from pypdf import PageObject

MOST_PAGES = 2000
MOST_SECONDS = 300.0
_MOST_CONTENT = 256 * 1024 * 1024  # bytes of drawing, all pages together
_STRAY = 50  # characters on a page that is a picture all the same: a stamp, a number
_BROKEN = re.compile("[\ud800-\udfff\x00-\x08\x0e-\x1f]")


@dataclass(frozen=True)
class _Page:
    text: str
    is_scan: bool
    has_hidden_text: bool


def read_pdf(path: Path) -> Received:
    """Return all pages' text joined by line ends, and where each page begins.

    Pages without text are recognised where the extra `ocr` is installed; a page recognised
    with low confidence is a doubt. Raises DocumentError when the file is encrypted, damaged,
    too long, holds no text, or has scanned pages that cannot be recognised here.
    """
    pages = [_read_page(area, record) for area, record in _drawings(path)]
    texts = [page.text for page in pages]
    scans = [number for number, page in enumerate(pages) if page.is_scan]
    doubts = [
        f"第{n}页的文字是扫描件自带的识别结果，请核对"
        for n, page in enumerate(pages, 1)
        if page.has_hidden_text and not page.is_scan
    ]
    if scans:
        for number, scan in zip(scans, _recognised(path, scans, len(pages)), strict=True):
            texts[number] = scan.text
            doubts += scan.doubts(number + 1)
    if not any(re.search(r"\w", text) for text in texts):
        raise DocumentError(f"{path.name} 共 {len(pages)} 页，没有可读的文字。请检查文件。")
    text, page_starts = join_pages(texts)
    return Received(repair_radicals(text), page_starts, tuple(doubts))


def _recognised(path: Path, scans: list[int], pages: int) -> list[Scan]:
    def anew(missing: list[int]) -> Iterator[Scan]:
        check_ocr(path.name, missing, pages)
        return read_scanned_pages(path, missing)

    return recognised_pages(path, scans, anew)


def join_pages(pages: list[str]) -> tuple[str, tuple[int, ...]]:
    """The pages joined by line ends, and where each begins."""
    starts, length = [], 0
    for page in pages:
        starts.append(length)
        length += len(page) + 1
    return "\n".join(pages), tuple(starts)


def _drawings(path: Path) -> Iterator[tuple[float, PageRecord]]:
    """For each page its area in square points and what it draws."""
    from pypdf import PdfReader, apply_configuration
    from pypdf.errors import FileNotDecryptedError, LimitReachedError

    logging.getLogger("pypdf").setLevel(logging.ERROR)
    name = path.name
    try:
        # pypdf would patch up a damaged stream and give back half a page.
        with apply_configuration(zlib_maximum_recovery_input_length=0):
            yield from _pages(name, PdfReader(path))
    except DocumentError:
        raise
    except FileNotDecryptedError as error:
        raise DocumentError(f"{name} 有密码保护，请先去掉密码再放入。") from error
    except OutOfTimeError as error:
        raise DocumentError(
            f"{name} 读了 {MOST_SECONDS:.0f} 秒还没有读完，请拆分后再放入。"
        ) from error
    except LimitReachedError as error:
        raise DocumentError(
            f"{name} 内容损坏或展开后过大（{error}），请重新下载，或拆分后再放入。"
        ) from error
    except Exception as error:  # pypdf raises NotImplementedError and others on damaged files
        raise DocumentError(
            f"{name} 不是完好的 PDF（{type(error).__name__}: {error}），请重新下载或另存。"
        ) from error


def _pages(name: str, reader: Any) -> Iterator[tuple[float, PageRecord]]:
    count = len(reader.pages)
    if count == 0:
        raise DocumentError(f"{name} 里一页也没有，请重新下载或另存。")
    if count > MOST_PAGES:
        raise DocumentError(f"{name} 共 {count} 页，超过 {MOST_PAGES} 页。请拆分成几个文件再放入。")
    deadline = time.monotonic() + MOST_SECONDS
    content = 0
    for page in reader.pages:
        length, record = _record(page, deadline)
        content += length
        if content > _MOST_CONTENT:
            raise DocumentError(f"{name} 展开后超过 256 MB，请拆分后再放入。")
        if time.monotonic() > deadline:
            raise OutOfTimeError
        yield abs(float(page.mediabox.width) * float(page.mediabox.height)), record


def _record(page: "PageObject", deadline: float) -> tuple[int, PageRecord]:
    """Bytes of the page's drawing, and what it draws."""
    from pypdf.generic import ContentStream, NameObject

    record = PageRecord(deadline)
    if page.get_contents() is None:
        return 0, record
    content = ContentStream(page["/Contents"].get_object(), page.pdf, "bytes")
    length = len(content.get_data())
    content.operations = with_breaks(content.operations)
    key = NameObject("/Contents")
    original = page.raw_get(key)
    page[key] = content
    try:
        page.extract_text(visitor_operand_before=record.on_operation, visitor_text=record.on_text)
    finally:
        page[key] = original  # else every page of the document stays in memory
    return length, record


def _read_page(area: float, record: PageRecord) -> _Page:
    words = len(re.findall(r"\w", record.words))
    is_picture = record.picture_area >= 0.5 * area
    is_scan = (
        (words == 0 and record.is_painted)
        or (words < _STRAY and is_picture)
        or (words > 0 and record.is_gibberish())
    )
    has_hidden = is_picture and record.hidden > 0.5 * max(len(record.words), 1)
    return _Page("" if is_scan else _whole(record.text()), is_scan, has_hidden)


def _whole(page: str) -> str:
    """The page without halves of characters and NUL, which no later step can take."""
    return _BROKEN.sub(" ", page)
