"""A page as pieces of text with their places -> lines in the order in which people read them.

Shared by PDF text and recognised pictures. Columns are read one after the other, a table's row
becomes one line with tabs, an indented first line keeps its indent, a wide gap between lines
becomes a blank line. What it does not know: vertical writing, and tables without rules whose
cells run over several lines in every column.
"""

import statistics
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from corpus.formats.grids import Grid, Rule, find_grids
from corpus.formats.rows import join_lines, repeated
from corpus.line_kinds import find_mark

_INDENT = "\u3000\u3000"
_CELL_GAP = 1.5  # in widths of a character; narrower gaps are blanks inside a line
_BLANK_GAP = 0.15
_COLUMN_LINES = 4  # columns have at least so many lines each
_COLUMN_WORDS = 8  # characters of a column's line; cells of a table are shorter


@dataclass(frozen=True)
class Piece:
    """Characters that stand together on one line; `y` is the line's middle, downwards."""

    text: str
    left: float
    right: float
    y: float
    size: float  # height of a character


Line = list[Piece]


def page_text(pieces: Sequence[Piece], rules: Sequence[Rule] = ()) -> str:
    """Return the page's lines, joined by line ends.

    >>> page_text([Piece("实施办法", 10, 50, 9, 10), Piece("第一条", 10, 40, 30, 10)])
    '实施办法\\n第一条'
    """
    if not pieces:
        return ""
    size = statistics.median(piece.size for piece in pieces)
    result: list[str] = []
    rest = sorted(pieces, key=lambda piece: piece.y)
    for grid in find_grids(rules, size):
        inside = [piece for piece in rest if grid.holds(_middle(piece), piece.y)]
        rows = _grid_rows(grid, inside)
        if rows is None:
            continue
        taken = set(map(id, inside))
        result += _text_lines([p for p in rest if id(p) not in taken and p.y < grid.top])
        result += rows
        rest = [p for p in rest if id(p) not in taken and p.y >= grid.top]
    return "\n".join(result + _text_lines(rest))


def _middle(piece: Piece) -> float:
    return (piece.left + piece.right) / 2


def _grid_rows(grid: Grid, pieces: list[Piece]) -> list[str] | None:
    """One line a row, tabs between the cells; None for a frame around text that is no table."""
    cells: dict[tuple[int, int], list[Piece]] = {}
    for piece in pieces:
        cells.setdefault(grid.cell(_middle(piece), piece.y), []).append(piece)
    texts = {place: [_joined(line) for line in _lines(held)] for place, held in cells.items()}
    if len(texts) < 2 or any(len(lines) > 25 for lines in texts.values()):
        return None
    rows = []
    for row in range(grid.rows):
        own = [join_lines(texts.get((row, column), ())) for column in range(grid.columns)]
        if grid.is_whole_row(row):
            rows.append("".join(own))  # a caption inside the frame
        elif any(own):
            rows.append("\t".join(_with_cells_above(grid, row, own, texts)))
    return [row for row in rows if row]


def _with_cells_above(
    grid: Grid, row: int, own: list[str], texts: Mapping[tuple[int, int], Sequence[str]]
) -> list[str]:
    """The cells of a row; one that began in a row above is repeated, as in corpus.formats.rows."""
    return [
        repeated(join_lines(texts.get(grid.places[row, column], ())))
        if grid.is_above(row, column)
        else text
        for column, text in enumerate(own)
    ]


def _lines(pieces: Iterable[Piece]) -> list[Line]:
    """Pieces on one height, from left to right; the same words printed twice count once."""
    lines: list[Line] = []
    for piece in sorted(pieces, key=lambda one: one.y):
        if lines and abs(piece.y - _height(lines[-1])) <= 0.5 * min(
            piece.size, max(one.size for one in lines[-1])
        ):
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return [_segments(sorted(line, key=lambda one: one.left)) for line in lines]


def _height(line: Line) -> float:
    return max(line, key=lambda one: one.size).y


def _segments(line: Line) -> Line:
    """Pieces of a line joined where no wide gap parts them."""
    result: Line = []
    for piece in line:
        last = result[-1] if result else None
        if last is None or piece.left - last.right > _CELL_GAP * min(last.size, piece.size):
            result.append(piece)
            continue
        is_double = last.text.endswith(piece.text.strip()) and abs(piece.right - last.right) < (
            0.3 * piece.size
        )
        if not is_double:
            result[-1] = _merged(last, piece)
    return result


def _merged(last: Piece, piece: Piece) -> Piece:
    gap = piece.left - last.right
    before, after = last.text.rstrip(), piece.text.lstrip()
    is_latin = before[-1:].isascii() and after[:1].isascii()
    is_parted = gap > _BLANK_GAP * piece.size or (before, after) != (last.text, piece.text)
    blank = " " if (is_latin and is_parted) or gap > piece.size / 2 else ""
    return Piece(
        before + blank + after,
        last.left,
        max(last.right, piece.right),
        last.y,
        max(last.size, piece.size),
    )


def _joined(line: Line) -> str:
    """The words of a line; wide gaps that part no cells stay as blanks."""
    return "  ".join(piece.text.strip() for piece in line)


def _text_lines(pieces: Sequence[Piece]) -> list[str]:
    result: list[str] = []
    lines = _lines(pieces)
    if lines:
        size = statistics.median(piece.size for piece in pieces)
        for block in _columns(lines, size):
            result += _block_text(block)
    return result


def _columns(lines: list[Line], size: float) -> list[list[Line]]:
    """The lines in blocks, in reading order: what stands above, each column, what stands below."""
    for gutter in _gutters(lines, size):
        zone = _zone(lines, gutter, size)
        inside = [piece for line in lines[slice(*zone)] for piece in line]
        left = _lines(piece for piece in inside if piece.left < gutter)
        right = _lines(piece for piece in inside if piece.left >= gutter)
        if _are_columns(left, right, size):
            return [
                *_columns(lines[: zone[0]], size),
                *_columns(left, size),
                *_columns(right, size),
                *_columns(lines[zone[1] :], size),
            ]
    return [lines] if lines else []


def _gutters(lines: list[Line], size: float) -> list[float]:
    """Places where a second column may begin: where many pieces begin behind the margin."""
    margin = min((line[0].left for line in lines), default=0.0)
    starts = sorted(p.left for line in lines for p in line if p.left > margin + 6 * size)
    found: list[tuple[int, float]] = []
    for start in starts:
        if found and start - found[-1][1] <= 2.5 * size:  # an indented line begins behind
            found[-1] = (found[-1][0] + 1, found[-1][1])
        else:
            found.append((1, start))
    often = [one for one in found if one[0] >= _COLUMN_LINES]
    return [start - 0.5 * size for _, start in sorted(often, reverse=True)[:4]]


def _zone(lines: list[Line], gutter: float, size: float) -> tuple[int, int]:
    """The longest run of lines that none crosses the gutter, without a lone head or foot."""
    best = (0, 0)
    begin = 0
    for number, line in enumerate([*lines, None]):
        is_crossed = line is None or any(
            p.left < gutter - size and p.right > gutter + size for p in line
        )
        if is_crossed:
            if number - begin > best[1] - best[0]:
                best = (begin, number)
            begin = number + 1
    return _without_lone_edges(lines, best, size)


def _without_lone_edges(lines: list[Line], zone: tuple[int, int], size: float) -> tuple[int, int]:
    begin, end = zone
    if end - begin > 2 and _height(lines[begin + 1]) - _height(lines[begin]) > 3 * size:
        begin += 1
    if end - begin > 2 and _height(lines[end - 1]) - _height(lines[end - 2]) > 3 * size:
        end -= 1
    return begin, end


def _are_columns(left: list[Line], right: list[Line], size: float) -> bool:
    """Whether both sides hold running text, side by side; cells of a table do not."""
    if min(len(left), len(right)) < _COLUMN_LINES:
        return False
    begin = max(_height(left[0]), _height(right[0]))
    end = min(_height(left[-1]), _height(right[-1]))
    beside = end - begin >= size * (_COLUMN_LINES - 1)
    return beside and _is_running_text(left) and _is_running_text(right)


def _is_running_text(lines: list[Line]) -> bool:
    """Whether most lines are one long piece that fills the width of the block."""
    pieces = [piece for line in lines for piece in line]
    width = max(p.right for p in pieces) - min(p.left for p in pieces)
    words = statistics.median(len(piece.text) for piece in pieces)
    filled = statistics.median(piece.right - piece.left for piece in pieces)
    return len(pieces) <= 1.3 * len(lines) and words >= _COLUMN_WORDS and filled >= 0.6 * width


def _block_text(lines: list[Line]) -> list[str]:
    """The lines of one column: rows with tabs, indents, blank lines where the text parts."""
    size = statistics.median(line[0].size for line in lines)
    lines = [_with_number(line) for line in lines]
    indented = _indented(lines, size)
    pitch = _pitch(lines)
    result: list[str] = []
    number = 0
    while number < len(lines):
        if number and _is_apart(lines[number - 1], lines[number], pitch, size):
            result.append("")
        end = _rows_end(lines, number, size)
        if end > number:
            result += _rows(lines[number:end], size)
            number = end
            continue
        result.append((_INDENT if number in indented else "") + _joined(lines[number]))
        number += 1
    return result


def _with_number(line: Line) -> Line:
    """第一条 and what stands behind it are one piece, however wide the gap."""
    if len(line) < 2:
        return line
    text = line[0].text.strip()
    mark = find_mark(f"{text} 某")
    if mark is None or mark.length != len(text) or text.isdecimal():
        return line
    first = Piece(
        f"{text}\u3000{line[1].text.strip()}",
        line[0].left,
        line[1].right,
        line[0].y,
        line[0].size,
    )
    return [first, *line[2:]]


def _pitch(lines: list[Line]) -> float:
    """The usual distance of two lines; 0 where there are too few to tell."""
    apart = [_height(b) - _height(a) for a, b in zip(lines, lines[1:], strict=False)]
    return statistics.median(apart) if len(apart) >= 3 else 0.0


def _is_apart(before: Line, line: Line, pitch: float, size: float) -> bool:
    scale = max(1.0, max(before[0].size, line[0].size) / size)
    return pitch > 0 and _height(line) - _height(before) > 1.4 * pitch * scale


def _indented(lines: list[Line], size: float) -> set[int]:
    """Numbers of the lines that begin a paragraph by an indent of about two characters.

    Blocks that stand in as a whole, and hanging numbers, are no such indent: then a full line
    at the indent is followed by another one there.
    """
    margin = min(line[0].left for line in lines)
    edge = max(line[-1].right for line in lines)
    found = {n for n, line in enumerate(lines) if 1.4 < (line[0].left - margin) / size < 3.4}
    full = [n for n in found if lines[n][-1].right > edge - 2.5 * size and n + 1 < len(lines)]
    returning = sum(n + 1 not in found and lines[n + 1][0].left < margin + size for n in full)
    return found if not full or returning >= 0.5 * len(full) else set()


def _rows_end(lines: list[Line], begin: int, size: float) -> int:
    """Where the run of table rows ends that begins here; `begin` where none does."""
    starts = [piece.left for piece in lines[begin]]
    end = begin + 1
    if len(starts) < 2:
        return begin
    rows = 1
    while end < len(lines) and _fits(lines[end], starts, size):
        rows += len(lines[end]) == len(starts)
        end += 1
    needed = 2 if len(starts) > 2 else 3
    return end if rows >= needed else begin


def _fits(line: Line, starts: list[float], size: float) -> bool:
    """Whether each piece stands in a column of its own; a row that goes on leaves out some."""
    columns = [_column_of(piece, starts, size) for piece in line]
    if None in columns or len(set(columns)) < len(columns):
        return False
    return len(line) == len(starts) or (len(line) < len(starts) and 0 not in columns)


def _column_of(piece: Piece, starts: list[float], size: float) -> int | None:
    number = bisect_right(starts, piece.left + 2 * size) - 1
    if number < 0 or (number + 1 < len(starts) and piece.right > starts[number + 1] + 2 * size):
        return None
    return number


def _rows(lines: list[Line], size: float) -> list[str]:
    starts = [piece.left for piece in lines[0]]
    rows: list[list[str]] = []
    for line in lines:
        if len(line) == len(starts):
            rows.append([piece.text.strip() for piece in line])
            continue
        for piece in line:
            number = _column_of(piece, starts, size)
            rows[-1][number or 0] += piece.text.strip()
    return ["\t".join(row) for row in rows]
