"""Recognised pages, kept by the content of their file: no scan is recognised twice.

Nothing is kept unless the caller says where (`keeping_scans`). A folder of kept pages holds one
JSON file for each file with scanned pages, at most MOST_KEPT of them; it may be deleted at any
time. What it does not know: how pages are recognised (corpus.formats.ocr).
"""

import hashlib
import json
import os
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

LOW_CONFIDENCE = 0.9
MOST_KEPT = 2000  # files; a page takes some 2 kB
_MADE_BY = ("ocr.py", "layout.py", "grids.py", "rows.py")  # a change of these recognises anew
_FOLDER: ContextVar[Path | None] = ContextVar("folder of recognised pages", default=None)


@dataclass(frozen=True)
class Scan:
    """What was recognised on one page; `confidence` is the mean over its characters, 0 to 1."""

    text: str
    confidence: float

    def doubts(self, page: int | None) -> list[str]:
        """What staff should check, in Chinese."""
        where = f"第{page}页" if page else "图片"
        if not re.search(r"\w", self.text):
            return [f"{where}是图像，没有认出文字，请核对"]
        if self.confidence < LOW_CONFIDENCE:
            return [f"{where}由图像识别，平均置信度 {self.confidence:.2f}，请核对"]
        return []


@contextmanager
def keeping_scans(folder: Path) -> Iterator[None]:
    """Keep what is recognised inside the block in this folder, and take from it what it has."""
    before = _FOLDER.set(folder)
    try:
        yield
    finally:
        _FOLDER.reset(before)


def recognised_pages(
    path: Path, pages: Sequence[int], recognise: Callable[[list[int]], Iterable[Scan]]
) -> list[Scan]:
    """The pages of a file, counted from 0; `recognise` is asked for those that are not kept.

    Where it fails on the way, the pages done so far are kept for the next time.
    """
    place = _place(path)
    kept = _read(place) if place else {}
    missing = [page for page in pages if page not in kept]
    before = len(kept)
    try:
        for page, scan in zip(missing, recognise(missing) if missing else (), strict=True):
            kept[page] = scan
    finally:
        if place and len(kept) > before:
            _write(place, kept)
    return [kept[page] for page in pages]


def recognised_frames(path: Path, recognise: Callable[[], Iterable[Scan]]) -> list[Scan]:
    """All frames of a picture; `recognise` is asked where they are not kept."""
    place = _place(path)
    kept = _read(place) if place else {}
    if not kept:
        kept = dict(enumerate(recognise()))
        if place:
            _write(place, kept)
    return [kept[frame] for frame in sorted(kept)]


def _place(path: Path) -> Path | None:
    """Where the pages of this content are kept; None when nothing is to be kept."""
    folder = _FOLDER.get()
    if folder is None:
        return None
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return folder / f"{digest}-{_made_by()}.json"


@cache
def _made_by() -> str:
    """Changes with the code and the models that recognise."""
    try:
        models = version("rapidocr")
    except PackageNotFoundError:
        models = "none"
    own = b"".join((Path(__file__).parent / one).read_bytes() for one in _MADE_BY)
    return hashlib.sha256(own + models.encode()).hexdigest()[:12]


def _read(place: Path) -> dict[int, Scan]:
    try:
        loaded = json.loads(place.read_bytes())
        kept = {
            int(page): Scan(str(one["text"]), float(one["confidence"]))
            for page, one in loaded.items()
        }
        os.utime(place)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}  # not there, or damaged: it is recognised anew
    return kept


def _write(place: Path, kept: dict[int, Scan]) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    waiting = place.with_name(f".{secrets.token_hex(6)}")
    words = json.dumps({page: asdict(scan) for page, scan in kept.items()}, ensure_ascii=False)
    waiting.write_bytes(words.encode("utf-8", "replace"))
    os.replace(waiting, place)
    _drop_oldest(place.parent)


def _drop_oldest(folder: Path) -> None:
    """Delete what was not used for longest, where there is more than may be kept."""
    kept = sorted(folder.glob("*.json"), key=lambda one: one.stat().st_mtime_ns, reverse=True)
    for one in kept[MOST_KEPT:]:
        one.unlink(missing_ok=True)
