"""Cells of a table -> lines: a row is one line with a tab between its cells.

A cell over several rows is repeated in each, so that every row can be read alone; one over
several columns is written once, with empty cells behind it. A row that is one cell is a caption.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_MOST_COLUMNS = 200
_LONGEST_REPEATED = 300  # characters; nothing longer is repeated row after row


@dataclass(frozen=True)
class Cell:
    """A cell as the file describes it: its lines, and how far it reaches."""

    lines: tuple[str, ...]
    columns: int = 1
    rows: int = 1
    goes_on: bool = False  # with the cell above


def table_lines(rows: Sequence[Sequence[Cell]]) -> Iterator[str]:
    """The lines of a table; those of a frame around paragraphs are these paragraphs."""
    grid = _grid(rows)
    width = max((_used(texts) for texts, is_caption in grid if not is_caption), default=0)
    if width <= 1:
        for row in rows:
            for cell in row:
                yield from cell.lines
        return
    for texts, is_caption in grid:
        if is_caption:
            yield texts[0]
        elif any(texts):
            yield "\t".join([*texts[:width], *[""] * (width - len(texts))])


def _used(texts: Sequence[str]) -> int:
    """How many columns a row fills, without the empty ones behind."""
    return max((n + 1 for n, text in enumerate(texts) if text), default=0)


def _grid(rows: Sequence[Sequence[Cell]]) -> list[tuple[list[str], bool]]:
    """Per row its texts by column, and whether they are one cell."""
    grid: list[tuple[list[str], bool]] = []
    hanging: dict[int, tuple[int, str]] = {}  # column -> rows left, text of the cell above
    for row in rows:
        above = grid[-1][0] if grid else []
        texts = _texts(row, above, hanging)
        is_caption = len(row) == 1 and row[0].columns >= len(texts) and bool(texts[0])
        grid.append((texts, is_caption))
    return grid


def _texts(
    row: Sequence[Cell], above: Sequence[str], hanging: dict[int, tuple[int, str]]
) -> list[str]:
    texts: list[str] = []
    for cell in row:
        _hang(texts, hanging)
        text = _value(cell, above, len(texts))
        if len(texts) >= _MOST_COLUMNS:  # no table is so wide; its words are kept all the same
            texts[-1] = join_lines((texts[-1], text))
            continue
        start, end = len(texts), min(len(texts) + cell.columns, _MOST_COLUMNS)
        texts += [text, *[""] * (end - start - 1)]
        if cell.rows > 1:
            shown = [repeated(text), *[""] * (end - start - 1)]
            hanging.update({start + n: (cell.rows - 1, one) for n, one in enumerate(shown)})
    _hang(texts, hanging)
    return texts


def _hang(texts: list[str], hanging: dict[int, tuple[int, str]]) -> None:
    """Fill the columns that a cell of an earlier row reaches down to."""
    while len(texts) in hanging:
        column = len(texts)
        left, text = hanging.pop(column)
        texts.append(text)
        if left > 1:
            # Kept under its column for the row below; the loop goes on with the next column.
            hanging[column] = (left - 1, text)


def _value(cell: Cell, above: Sequence[str], column: int) -> str:
    if cell.goes_on:
        return repeated(above[column]) if column < len(above) else ""
    return join_lines(cell.lines).replace("\t", " ")


def repeated(text: str) -> str:
    """The words of a cell in a row further down; "" where they are too long to be repeated."""
    return text if len(text) <= _LONGEST_REPEATED else ""


def join_lines(lines: Iterable[str]) -> str:
    """The lines as one, with a blank only between Latin words."""
    result = ""
    for line in map(str.strip, lines):
        is_latin = result[-1:].isascii() and line[:1].isascii()
        result += (" " if result and line and is_latin else "") + line
    return result
