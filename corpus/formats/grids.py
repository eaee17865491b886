"""Ruled lines on a page -> the tables that they draw."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_MOST_RULES = 20_000  # a drawing has more; no table needs so many
_APART = 0.6  # in heights of a character: nearer rules are one


@dataclass(frozen=True)
class Rule:
    """A straight line, level or upright; y runs downwards."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True)
class Grid:
    """A table's rules: `places` gives for each slot the first slot of its (merged) cell."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    places: dict[tuple[int, int], tuple[int, int]]

    @property
    def top(self) -> float:
        """The height of the uppermost rule."""
        return self.ys[0]

    @property
    def rows(self) -> int:
        """How many rows, counting those of merged cells."""
        return len(self.ys) - 1

    @property
    def columns(self) -> int:
        """How many columns, counting those of merged cells."""
        return len(self.xs) - 1

    def holds(self, x: float, y: float) -> bool:
        """Whether the point lies inside the table."""
        return self.xs[0] <= x < self.xs[-1] and self.ys[0] <= y < self.ys[-1]

    def cell(self, x: float, y: float) -> tuple[int, int]:
        """Row and column of the cell at a point inside; of a merged cell its first."""
        return self.places[bisect_right(self.ys, y) - 1, bisect_right(self.xs, x) - 1]

    def is_above(self, row: int, column: int) -> bool:
        """Whether the slot goes on below the first column of a cell that begins above."""
        first = self.places[row, column]
        return first[0] < row and first[1] == column

    def is_whole_row(self, row: int) -> bool:
        """Whether one cell takes the whole row."""
        return {self.places[row, column] for column in range(self.columns)} == {(row, 0)}


def find_grids(rules: Sequence[Rule], size: float) -> list[Grid]:
    """Return the tables from top to bottom; `size` is the height of a character.

    A frame alone is no table: at least two cells have to stand side by side.
    """
    if len(rules) > _MOST_RULES:
        return []
    near = _APART * size
    level = _merged([(r.y0, r.x0, r.x1) for r in rules if r.x1 - r.x0 >= r.y1 - r.y0], near)
    upright = _merged([(r.x0, r.y0, r.y1) for r in rules if r.x1 - r.x0 < r.y1 - r.y0], near)
    level = [one for one in level if one[2] - one[1] > size]
    upright = [one for one in upright if one[2] - one[1] > size / 2]
    grids = [_grid(*group, near) for group in _groups(level, upright, near)]
    return sorted((grid for grid in grids if grid is not None), key=lambda grid: grid.top)


Stroke = tuple[float, float, float]  # where it lies, where it begins, where it ends


def _merged(strokes: Iterable[Stroke], near: float) -> list[Stroke]:
    """Strokes that touch on one line as one."""
    result: list[Stroke] = []
    for place in _by_place(strokes, near):
        for stroke in sorted(place, key=lambda one: one[1]):
            last = result[-1] if result and result[-1][0] == place[0][0] else None
            if last is not None and stroke[1] <= last[2] + near:
                result[-1] = (last[0], last[1], max(last[2], stroke[2]))
            else:
                result.append((place[0][0], stroke[1], stroke[2]))
    return result


def _by_place(strokes: Iterable[Stroke], near: float) -> list[list[Stroke]]:
    places: list[list[Stroke]] = []
    for stroke in sorted(strokes):
        if places and stroke[0] - places[-1][0][0] <= near:
            places[-1].append(stroke)
        else:
            places.append([stroke])
    return places


def _groups(
    level: list[Stroke], upright: list[Stroke], near: float
) -> list[tuple[list[Stroke], list[Stroke]]]:
    """Level and upright strokes that hang together."""
    if len(level) * len(upright) > 1_000_000:
        return []
    left = set(range(len(level)))
    groups = []
    while left:
        rows, columns, waiting = set[int](), set[int](), [min(left)]
        while waiting:
            row = waiting.pop()
            if row in rows:
                continue
            rows.add(row)
            met = {n for n, one in enumerate(upright) if _meet(level[row], one, near)} - columns
            columns |= met
            waiting += [
                n for n in left - rows if any(_meet(level[n], upright[m], near) for m in met)
            ]
        left -= rows
        groups.append(([level[n] for n in rows], [upright[n] for n in columns]))
    return groups


def _meet(level: Stroke, upright: Stroke, near: float) -> bool:
    return (
        level[1] - near <= upright[0] <= level[2] + near
        and upright[1] - near <= level[0] <= upright[2] + near
    )


def _grid(level: list[Stroke], upright: list[Stroke], near: float) -> Grid | None:
    ys = _places(level, near)
    xs = _places(upright, near)
    if len(ys) < 2 or len(xs) < 3:
        return None
    slots = [(row, column) for row in range(len(ys) - 1) for column in range(len(xs) - 1)]
    places: dict[tuple[int, int], tuple[int, int]] = {}
    for row, column in slots:
        middle = (xs[column] + xs[column + 1]) / 2, (ys[row] + ys[row + 1]) / 2
        is_open_above = row > 0 and not _is_ruled(level, ys[row], middle[0], near)
        is_open_left = column > 0 and not _is_ruled(upright, xs[column], middle[1], near)
        places[row, column] = (row, column)
        if is_open_left:
            places[row, column] = places[row, column - 1]
        elif is_open_above:
            places[row, column] = places[row - 1, column]
    return Grid(tuple(xs), tuple(ys), places)


def _places(strokes: list[Stroke], near: float) -> list[float]:
    return [place[0][0] for place in _by_place(strokes, near)]


def _is_ruled(strokes: list[Stroke], place: float, at: float, near: float) -> bool:
    return any(abs(one[0] - place) <= near and one[1] <= at <= one[2] for one in strokes)
