"""Scanned pages and pictures -> their words, by rapidocr, whose models come in its wheel.

An optional extra: without it the file is refused and told how to install it. What it does not
know: handwriting, seals over words, formulas.
"""

import importlib.util
import math
import re
import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from corpus.errors import DocumentError
from corpus.formats.grids import Rule
from corpus.formats.layout import Piece, page_text
from corpus.formats.received import Received
from corpus.formats.scans import Scan, recognised_frames
from corpus.line_kinds import CJK

MOST_SCANS = 300  # pages; a page takes a second or more
MOST_SECONDS = 1200.0
MOST_PIXELS = 60_000_000
_MODULES = ("rapidocr", "onnxruntime", "pypdfium2", "cv2", "PIL", "numpy")
_DPI = 170  # more costs time and finds no more characters
_READ_PIXELS = 4_500_000
_LONGEST_SIDE = 4000
_LEAST_SCORE = 0.3  # below, what was taken for a line is a stain, a seal or a drawing
_LOCK = threading.Lock()  # pdfium and the models serve one caller at a time


def has_ocr() -> bool:
    """Whether the extra `ocr` is installed."""
    return all(importlib.util.find_spec(one) is not None for one in _MODULES)


def check_ocr(name: str, scans: Sequence[int], pages: int) -> None:
    """Raise DocumentError where these pages, counted from 0, cannot be recognised."""
    which = "全部" if len(scans) == pages else f"第 {_numbers(scans)} 页"
    if not has_ocr():
        raise DocumentError(
            f"{name} 共 {pages} 页，{which}没有文字层，应是扫描件。请安装文字识别后再读："
            "pip install 'policy-calculator[ocr]'；或先作文字识别再放入。"
        )
    if len(scans) > MOST_SCANS:
        raise DocumentError(
            f"{name} 有 {len(scans)} 页是扫描件，超过 {MOST_SCANS} 页。请拆分成几个文件再放入。"
        )


def _numbers(pages: Sequence[int]) -> str:
    """3、5-7: page numbers from 1, runs shortened."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][-1]:
            runs[-1][-1] = page + 1
        else:
            runs.append([page + 1, page + 1])
    return "、".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)


def read_scanned_pages(path: Path, pages: Sequence[int]) -> Iterator[Scan]:
    """Recognise these pages of a PDF, counted from 0, one after the other."""
    import pypdfium2

    deadline = time.monotonic() + MOST_SECONDS
    try:
        with _LOCK:
            document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise DocumentError(f"{path.name} 不能显示为图像（{error}），请重新下载或另存。") from error
    try:
        for number in pages:
            if time.monotonic() > deadline:
                raise DocumentError(
                    f"{path.name} 识别了 {MOST_SECONDS:.0f} 秒还没有完成，请拆分后再放入。"
                )
            with _LOCK:
                picture = _render(path.name, document, number)
            yield recognise(picture)
    finally:
        with _LOCK:
            document.close()


def _render(name: str, document: Any, number: int) -> Any:
    import pypdfium2

    try:
        page = document[number]
        _check_pictures(name, page, number)
        width, height = page.get_size()
        fitting = math.sqrt(_READ_PIXELS / max(width * height, 1.0))
        scale = min(_DPI / 72, fitting, _LONGEST_SIDE / max(width, height, 1.0))
        bitmap = page.render(scale=scale)
        picture = bitmap.to_numpy().copy()
        bitmap.close()
        page.close()
    except pypdfium2.PdfiumError as error:
        raise DocumentError(
            f"{name} 第 {number + 1} 页不能显示为图像（{error}），请重新下载或另存。"
        ) from error
    return picture[:, :, :3] if picture.ndim == 3 else picture


def _check_pictures(name: str, page: Any, number: int) -> None:
    import pypdfium2.raw as raw

    for picture in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]):
        width, height = picture.get_px_size()
        if width * height > MOST_PIXELS:
            raise DocumentError(
                f"{name} 第 {number + 1} 页的图像有 {width}×{height} 像素，过大。"
                "请降低分辨率（300 dpi 已足够）再放入。"
            )


def read_image(path: Path) -> Received:
    """Recognise a picture; each frame of a TIFF is a page.

    Raises DocumentError when it is damaged, too large, holds no words, or the extra `ocr` is
    not installed.
    """
    name = path.name
    scans = recognised_frames(path, lambda: _read_frames(path))
    if not any(re.search(r"\w", scan.text) for scan in scans):
        raise DocumentError(f"{name} 中没有认出文字。请检查图像是否清晰、方向是否正确。")
    starts, length = [], 0
    for scan in scans:
        starts.append(length)
        length += len(scan.text) + 1
    numbers = range(1, len(scans) + 1) if len(scans) > 1 else [None]
    doubts = [doubt for n, scan in zip(numbers, scans, strict=True) for doubt in scan.doubts(n)]
    return Received("\n".join(scan.text for scan in scans), tuple(starts), tuple(doubts))


def _read_frames(path: Path) -> Iterator[Scan]:
    if not has_ocr():
        raise DocumentError(
            f"{path.name} 是图像，要作文字识别。请安装后再读："
            "pip install 'policy-calculator[ocr]'；或先作文字识别再放入。"
        )
    import numpy
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        # PIL warns of large pictures before their size can be asked; here it is refused.
        with _opened(path) as picture:
            frames = getattr(picture, "n_frames", 1)
            if frames > MOST_SCANS:
                raise DocumentError(f"{path.name} 有 {frames} 页，超过 {MOST_SCANS} 页。请拆分。")
            for frame in range(frames):
                picture.seek(frame)
                _check_size(path.name, picture.size)
                upright = ImageOps.exif_transpose(picture)
                pixels = numpy.asarray(_fitting(upright).convert("RGB"))[:, :, ::-1]
                yield recognise(numpy.ascontiguousarray(pixels))
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise _damaged(path.name, error) from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise _damaged(path.name, error) from error


def _damaged(name: str, error: Exception) -> DocumentError:
    return DocumentError(
        f"{name} 不是完好的图像（{type(error).__name__}: {error}），请重新扫描或另存。"
    )


def _opened(path: Path) -> Any:
    import warnings

    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        return Image.open(path, formats=("PNG", "JPEG", "TIFF", "BMP", "WEBP"))


def _check_size(name: str, size: tuple[int, int]) -> None:
    if size[0] * size[1] > MOST_PIXELS:
        raise DocumentError(
            f"{name} 有 {size[0]}×{size[1]} 像素，过大。请降低分辨率（300 dpi 已足够）再放入。"
        )


def _fitting(picture: Any) -> Any:
    scale = math.sqrt(_READ_PIXELS / (picture.width * picture.height))
    if scale >= 1:
        return picture
    size = (max(1, int(picture.width * scale)), max(1, int(picture.height * scale)))
    return picture.resize(size)


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.max_side_len": _LONGEST_SIDE,
            "Global.text_score": _LEAST_SCORE,
        }
    )


def recognise(picture: Any) -> Scan:
    """The words of a picture, an array of height x width x 3 (BGR), in reading order."""
    import cv2

    pieces, scores = _boxes(picture)
    if _stands_on_its_side(pieces):
        turned = [
            cv2.rotate(picture, way)
            for way in (cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_90_COUNTERCLOCKWISE)
        ]
        found = [(*_boxes(one), one) for one in turned]
        pieces, scores, picture = max(found, key=lambda one: _confidence(*one[:2]))
    pieces = [replace(piece, text=_full_width(piece.text)) for piece in pieces]
    return Scan(page_text(pieces, _rules(picture, pieces)), _confidence(pieces, scores))


def _confidence(pieces: list[Piece], scores: list[float]) -> float:
    weight = sum(len(piece.text) for piece in pieces)
    pairs = zip(pieces, scores, strict=True)
    return sum(len(piece.text) * score for piece, score in pairs) / weight if weight else 0.0


def _boxes(picture: Any) -> tuple[list[Piece], list[float]]:
    """The lines that were recognised, on a page set straight, and how sure each is."""
    with _LOCK:
        found = _engine()(picture)
    if found.txts is None or found.boxes is None:
        return [], []
    corners = [[(float(x), float(y)) for x, y in box] for box in found.boxes]
    slope = _slope(corners)
    pieces = [_piece(text, box, slope) for text, box in zip(found.txts, corners, strict=True)]
    return pieces, [float(score) for score in found.scores]


def _slope(corners: list[list[tuple[float, float]]]) -> float:
    """How much the lines of a page fall to the right; 0 where there are too few long ones."""
    slopes = []
    for (x0, y0), (x1, y1), _, (_, y3) in corners:
        if x1 - x0 > 5 * abs(y3 - y0) > 0:
            slopes.append((y1 - y0) / (x1 - x0))
    slope = statistics.median(slopes) if len(slopes) >= 3 else 0.0
    return slope if abs(slope) < 0.2 else 0.0


def _piece(text: str, box: list[tuple[float, float]], slope: float) -> Piece:
    xs, ys = [x for x, _ in box], [y for _, y in box]
    middle = sum(ys) / 4 - slope * sum(xs) / 4
    height = (math.dist(box[0], box[3]) + math.dist(box[1], box[2])) / 2
    # The box is a little higher than the characters.
    return Piece(text, min(xs), max(xs), middle, 0.8 * height)


def _stands_on_its_side(pieces: list[Piece]) -> bool:
    tall = [p for p in pieces if len(p.text) > 1 and p.size > 1.5 * (p.right - p.left)]
    return len(tall) > 0.5 * len(pieces) if len(pieces) > 2 else False


def _rules(picture: Any, pieces: list[Piece]) -> list[Rule]:
    """Long straight lines: the rules of tables."""
    import cv2

    if not pieces:
        return []
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) if picture.ndim == 3 else picture
    dark = cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 15
    )
    size = statistics.median(piece.size for piece in pieces)
    length = max(15, int(2.5 * size))
    rules = []
    for shape in ((length, 1), (1, length)):
        kernel = cv2.getStructuringElement(cv2.MORPH_RECT, shape)
        lines = cv2.morphologyEx(dark, cv2.MORPH_OPEN, kernel)
        _, _, stats, _ = cv2.connectedComponentsWithStats(lines)
        for x, y, width, height, _ in stats[1:]:
            if min(width, height) < 0.6 * size:
                rules.append(_rule(int(x), int(y), int(width), int(height)))
    return rules


def _rule(x: int, y: int, width: int, height: int) -> Rule:
    if width >= height:
        return Rule(x, y + height / 2, x + width, y + height / 2)
    return Rule(x + width / 2, y, x + width / 2, y + height)


_WIDE_MARKS = {"(": "（", ")": "）", ",": "，", ":": "：", ";": "；", "?": "？", "!": "！"}
_MARK_BESIDE_CHINESE = re.compile(rf"(?<=[{CJK}》”）。])[(),:;?!]|[(),:;?!](?=[{CJK}《“（])")
_PAIR = re.compile(r"\(([^()（）]*)）|（([^()（）]*)\)")


def _full_width(text: str) -> str:
    """The text with full-width marks beside Chinese characters, as it was printed.

    >>> _full_width("办法(试行),执行(GB/T 1)至2:30")
    '办法（试行），执行（GB/T 1）至2:30'
    """
    text = _MARK_BESIDE_CHINESE.sub(lambda match: _WIDE_MARKS[match[0]], text)
    return _PAIR.sub(lambda match: f"（{match[1] or match[2] or ''}）", text)
