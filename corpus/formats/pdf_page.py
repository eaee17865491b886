"""One page of a PDF -> its pieces of text with their places, its ruled lines and pictures.

pypdf follows the page's drawing; here is only taken down what it draws where. Nothing here
imports pypdf: corpus.formats.pdf hands its calls on.
"""

import math
import time
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from corpus.formats.grids import Rule
from corpus.formats.layout import Piece, page_text

_LINE_WIDTH = 3.0  # points; a filled box thinner than this is a drawn line
_WIDE = 0x2010  # from here on characters of a Chinese font take a whole square
_MOVES = frozenset((b"Td", b"TD", b"Tm", b"T*", b"'", b'"', b"BT"))
_SHOWS = frozenset((b"Tj", b"TJ", b"'", b'"'))
_PATHS = frozenset((b"m", b"l", b"re", b"h", b"c", b"v", b"y"))
_STROKES = frozenset((b"S", b"s", b"B", b"B*", b"b", b"b*"))
_FILLS = frozenset((b"f", b"F", b"f*"))
_PAINTS = _STROKES | _FILLS | {b"Do", b"sh", b"INLINE IMAGE", b"EI"}
_IDENTITY = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

Matrix = tuple[float, ...]
Operation = tuple[Any, bytes]


class OutOfTimeError(Exception):
    """The document has been read for longer than it may."""


@dataclass
class PageRecord:
    """What one page draws. Feed it with pypdf's visitor calls, then ask for the text."""

    deadline: float  # of time.monotonic()
    pieces: dict[int, list[Piece]] = field(default_factory=dict)  # by direction, quarter turns
    slanted: list[str] = field(default_factory=list)
    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)
    picture_area: float = 0.0  # of the largest picture, in square points
    is_painted: bool = False
    hidden: int = 0  # characters that are there but not shown
    _mode: int = 0
    _operations: int = 0
    _moved: bool = True
    _pen: float = 0.0
    _blank: str = ""
    _path: list[tuple[float, float, float, float]] = field(default_factory=list)
    _point: tuple[float, float] = (0.0, 0.0)

    def on_operation(self, operator: bytes, operands: Any, cm: Matrix, _tm: Matrix) -> None:
        """Take down pictures and ruled lines; raise OutOfTimeError after the deadline."""
        self._operations += 1
        if self._operations % 500 == 0 and time.monotonic() > self.deadline:
            self._operations -= 1  # pypdf swallows one error inside a form: raise it again
            raise OutOfTimeError
        if operator in _MOVES:
            self._moved = True
        elif operator in _PATHS:
            self._draw(operator, operands, cm)
        elif operator == b"Tr" and operands:
            self._mode = int(operands[0])
        elif operator in _PAINTS:
            self._paint(operator, cm)
        elif operator == b"n":
            self._path.clear()

    def _draw(self, operator: bytes, operands: Any, cm: Matrix) -> None:
        numbers = [float(one) for one in operands]
        if operator == b"m":
            self._point = _moved(cm, numbers[0], numbers[1])
        elif operator == b"l":
            end = _moved(cm, numbers[0], numbers[1])
            self._path.append((*self._point, *end))
            self._point = end
        elif operator == b"re":
            x, y, width, height = numbers
            self._path.append((*_moved(cm, x, y), *_moved(cm, x + width, y + height)))
            self._path.append(self._path[-1])  # twice: a box, not a line

    def _paint(self, operator: bytes, cm: Matrix) -> None:
        self.is_painted = True
        if operator in (b"Do", b"INLINE IMAGE", b"EI"):
            area = abs(cm[0] * cm[3] - cm[1] * cm[2])
            self.picture_area = max(self.picture_area, area)
            return
        is_stroke = operator in _STROKES
        number = 0
        while number < len(self._path):
            one = self._path[number]
            is_box = number + 1 < len(self._path) and self._path[number + 1] == one
            self._add_box(one, is_box, is_stroke)
            number += 2 if is_box else 1
        self._path.clear()

    def _add_box(
        self, box: tuple[float, float, float, float], is_box: bool, is_stroke: bool
    ) -> None:
        x0, x1 = sorted((box[0], box[2]))
        y0, y1 = sorted((box[1], box[3]))
        if min(x1 - x0, y1 - y0) <= _LINE_WIDTH:
            self.boxes.append((x0, y0, x1, y1))
        elif is_box and is_stroke:
            sides = ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1))
            self.boxes.extend(sides)

    def on_text(self, text: str, cm: Matrix, tm: Matrix, _font: Any, size: float) -> None:
        """Take down a run of characters where it stands."""
        text = text.replace("\n", "")
        if not text:
            return
        m = _product(tm, cm)
        turn = math.atan2(m[1], m[0]) / (math.pi / 2)
        quarter = round(turn) % 4
        if abs(turn - round(turn)) > 0.1:
            self.slanted.append(text)
            return
        height = abs(size) * math.hypot(m[2], m[3])
        width = abs(size) * math.hypot(m[0], m[1])
        x, y = _turned(m[4], m[5], quarter)
        lead = len(text) - len(text.lstrip())
        # A move made by the font's own widths alone leaves no trace in the matrices.
        left = x if self._moved else max(x, self._pen)
        is_gap = self._moved and text[:1] == " " and lead == 1
        start = left + (0.0 if is_gap else _width(text[:lead]) * width)
        self._pen = start + _width(text[lead:]) * width
        self._moved = False
        if not text.strip():
            self._blank = " "
            return
        self._add(
            Piece(
                self._blank + (" " if lead else "") + text.strip(),
                start,
                start + _width(text.strip()) * width,
                y - 0.35 * height,
                max(height, 0.1),
            ),
            quarter,
        )
        self._blank = " " if text[-1:].isspace() else ""

    def _add(self, piece: Piece, quarter: int) -> None:
        if self._mode == 3:
            self.hidden += len(piece.text)
        self.pieces.setdefault(quarter, []).append(piece)

    @property
    def words(self) -> str:
        """All characters of the page, in the order in which they are drawn."""
        return "".join(p.text for pieces in self.pieces.values() for p in pieces)

    def is_gibberish(self) -> bool:
        """Whether the font does not tell which characters it shows."""
        words = "".join(self.words.split())
        kinds = Counter(
            one == "\ufffd" or unicodedata.category(one) in ("Co", "Cn", "Cc") for one in words
        )
        return kinds[True] > 0.2 * len(words)

    def text(self) -> str:
        """The page's lines: those in the main direction first, then what runs another way."""
        turns = sorted(
            self.pieces, key=lambda one: -sum(len(piece.text) for piece in self.pieces[one])
        )
        parts = [page_text(self.pieces[turn], self._rules(turn)) for turn in turns]
        slanted = "".join(self.slanted).strip()
        return "\n".join([*parts, slanted] if slanted else parts)

    def _rules(self, quarter: int) -> list[Rule]:
        rules = []
        for x0, y0, x1, y1 in self.boxes:
            (ax, ay), (bx, by) = _turned(x0, y0, quarter), _turned(x1, y1, quarter)
            rules.append(Rule(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)))
        return rules


def with_breaks(operations: list[Operation]) -> list[Operation]:
    """The page's operations, so that pypdf hands on the text before every move of the pen.

    It would join the cells of a table's row else; a change of nothing in the coordinates
    makes it hand on what it has.
    """
    result: list[Operation] = []
    has_text = False
    for operands, operator in operations:
        if has_text and operator in _MOVES:
            result.append(([*_IDENTITY], b"cm"))
            has_text = False
        if operator in _SHOWS:
            has_text = True
        elif operator in (b"Tf", b"BT", b"ET", b"cm"):
            has_text = False
        result.append((operands, operator))
    return result


def _product(m: Matrix, n: Matrix) -> Matrix:
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def _moved(m: Matrix, x: float, y: float) -> tuple[float, float]:
    return x * m[0] + y * m[2] + m[4], x * m[1] + y * m[3] + m[5]


def _turned(x: float, y: float, quarter: int) -> tuple[float, float]:
    """A place as the reader of text that runs this way sees it, y downwards."""
    return ((x, -y), (y, x), (-x, y), (-y, -x))[quarter]


def _width(text: str) -> float:
    """The width of the characters, in squares of a Chinese character."""
    return sum(1.0 if ord(one) >= _WIDE else 0.5 for one in text)
