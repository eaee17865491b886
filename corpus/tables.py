"""Rows of tables: which row names the columns, and which rows it names them for.

What it does not know: headings of two rows, and headings down the side.
"""

import re
from collections.abc import Iterator, Sequence

from corpus.lines import Line

_LONGEST_NAME = 30  # characters of a column's name
# Figures, days and telephone numbers are what a table says, not what a column is called.
_VALUE = re.compile(
    r"[\d,，.．%\-—~～/:：]+|\d[\d,.]*(?:万|亿)?元.*|.*\d{4}年\d{1,2}月\d{1,2}日.*|.*\d{7}.*"
)


def with_columns(lines: Sequence[Line]) -> Iterator[tuple[Line, str]]:
    """Each line with its table's column headings joined by ｜, "" for what is in no table.

    The row of headings is left out where rows follow it, also where a page repeats it.
    """
    columns: tuple[str, ...] = ()
    for before, line, following in zip([None, *lines], lines, [*lines[1:], None], strict=False):
        if not line.cells:
            columns = ()
        elif columns and line.cells == columns:
            continue
        elif before is None or not before.cells:
            columns = line.cells if _names_columns(line, following) else ()
            if columns:
                continue
        yield line, "｜".join(columns)


def _names_columns(line: Line, following: Line | None) -> bool:
    """Whether a table's first row names its columns: short words over at least one row."""
    if following is None or not following.cells or len(following.cells) > len(line.cells):
        return False
    return all(_is_name(cell) for cell in line.cells)


def _is_name(cell: str) -> bool:
    return (
        len(cell) <= _LONGEST_NAME and not re.search("[。；;]", cell) and not _VALUE.fullmatch(cell)
    )
