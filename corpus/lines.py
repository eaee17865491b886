"""One line of a document: its words in the form that is searched, each with its offset.

A character of `plain` is a character of the original or its simplified, half-width form, one
for one, so whatever is found in it can be quoted from the original, word for word.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LOST_SPACES = re.compile(r"(?:[?？]\s*){2,}|(?<=[。；])[?？]|^\s*[?？]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]+")
_MARKDOWN = re.compile(r"\s*(#{1,6}(?=[^#])|>(?=\s|$)|[*+-](?=\s)(?!\s*\d+\s*-))\s*")
_EDITORS_NOTE = re.compile("要点摘编|编者|说明[:：]|注[:：]")  # behind ">" in Markdown
_SEPARATOR_ROW = re.compile(r"\s*\|?(?:\s*:?-{3,}:?\s*\|)+(?:\s*:?-{3,}:?\s*)?")  # |---|---|
_PIPE_ROW = re.compile(r"\s*\|.*\|\s*")
_NUMBERED = re.compile(
    r"第[零〇一二三四五六七八九十百]+[编章节条款项]"
    r"|[（(]?[零〇一二三四五六七八九十百\d]{1,4}[)）、.．]|[①-⑳]"
)
_PART = re.compile(r"\s*<!--\s*part:\s*(.+?)\s*-->\s*")


@dataclass(frozen=True)
class Line:
    """One logical line: `plain[i]` stood at `origin[i]` in the document's text."""

    plain: str
    origin: tuple[int, ...]
    is_noise: bool = False
    mark: str = ""  # "#" or "##" in front of a Markdown heading; "part:通知" for a part mark
    is_indented: bool = False
    cells: tuple[str, ...] = ()  # of a table's row

    def is_spaced(self, length: int) -> bool:
        """Whether a blank stood behind the first `length` characters in the original."""
        return len(self.plain) > length > 0 and self.origin[length] > self.origin[length - 1] + 1

    def span(self) -> int:
        """How many characters the line takes in the original, with its blanks."""
        if not self.plain:
            return 0
        return self.origin[-1] + 1 - self.origin[0] + (2 if self.is_indented else 0)

    def squares(self) -> float:
        """The width of the line as printed: a Latin letter takes half a Chinese character's."""
        narrow = sum(character.isascii() for character in self.plain)
        return self.span() - narrow / 2

    def part(self, start: int, end: int) -> "Line":
        """The characters from start to end, with their offsets."""
        return Line(self.plain[start:end], self.origin[start:end])


def read_lines(text: str, simplified: str) -> list[Line]:
    """Every physical line of the text, blank ones as lines without words.

    `simplified` holds the same text in the form that is searched, character for character.
    Lines with tabs between their cells, or in Markdown with |, are rows where two or more
    follow each other.
    """
    spans = list(_physical_lines(text))
    rows = _rows([text[start:end] for start, end in spans])
    return [
        _row(text[start:end], simplified[start:end], start)
        if number in rows
        else _line(text[start:end], simplified[start:end], start)
        for number, (start, end) in enumerate(spans)
    ]


def _rows(raws: list[str]) -> set[int]:
    """The numbers of the lines that are rows of a table."""
    found: set[int] = set()
    run: list[int] = []
    for number, raw in enumerate([*raws, ""]):
        if _is_row(raw, raws[run[-1]] if run else ""):
            run.append(number)
            continue
        if len(run) > 1 or (run and _is_row_alone(raws[run[0]])):
            found.update(run)
        run = []
    return found


def _is_row_alone(raw: str) -> bool:
    """Whether a line is a row without another beside it: no line of names under a notice."""
    return len(_cells(raw)) > 2 and bool(re.search(r"\d", raw))


def _is_row(raw: str, before: str) -> bool:
    """Whether a line has the form of a row; 第一条, tab, text is none, nor 第一章, tab, page."""
    if _PIPE_ROW.fullmatch(raw):
        return True
    cells = _cells(raw)
    if len(cells) < 2:  # 小计 with empty cells beside it
        return "\t" in raw.lstrip(" ") and bool(cells) and bool(before)
    is_numbered = len(cells) == 2 and _NUMBERED.match(raw.strip())
    return not is_numbered or len(_cells(before)) == 2


def _cells(raw: str) -> list[tuple[int, int]]:
    """Where the cells with words begin and end."""
    pattern = r"[^|]+" if _PIPE_ROW.fullmatch(raw) else r"[^\t]+"
    return [match.span() for match in re.finditer(pattern, raw) if match[0].strip()]


def _row(raw: str, plain: str, start: int) -> Line:
    """A table's row: one blank between its cells."""
    if _SEPARATOR_ROW.fullmatch(raw):
        return Line("", ())
    keep: list[int] = []
    cells: list[str] = []
    for first, last in _cells(raw):
        own = _kept(plain[:last], first)
        if own:
            keep.extend([own[0] - 1, *own] if keep else own)
            cells.append("".join(plain[i] for i in own))
    return Line(" ".join(cells), tuple(start + i for i in keep), cells=tuple(cells))


def _physical_lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for piece in text.splitlines(keepends=True):
        yield start, start + len(piece.rstrip("\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"))
        start += len(piece)


def _line(raw: str, plain: str, start: int) -> Line:
    """Drop lost-space runs, spaces between Chinese characters and margins."""
    mark, skip = _markdown_mark(raw)
    keep = _kept(plain, skip)
    return Line(
        plain="".join(plain[i] for i in keep),
        origin=tuple(start + i for i in keep),
        is_noise=mark == ">" and bool(_EDITORS_NOTE.match(raw[skip:])),
        mark=mark,
        is_indented=plain[:1].isspace(),
    )


def _kept(plain: str, start: int) -> list[int]:
    """The places from start on that hold more than idle blanks and lost-space runs."""
    drop: set[int] = set(range(start))
    for pattern in (_LOST_SPACES, _INVISIBLE):
        for match in pattern.finditer(plain):
            drop.update(range(*match.span()))
    keep = [i for i in range(len(plain)) if i not in drop]
    return [i for n, i in enumerate(keep) if not _is_idle_space(plain, keep, n)]


def _is_idle_space(plain: str, keep: list[int], n: int) -> bool:
    if not plain[keep[n]].isspace():
        return False
    if n in (0, len(keep) - 1):
        return True
    before, after = plain[keep[n - 1]], plain[keep[n + 1]]
    return before.isspace() or not (_is_latin(before) and _is_latin(after))


def _is_latin(character: str) -> bool:
    return character.isascii() and not character.isspace()


def _markdown_mark(raw: str) -> tuple[str, int]:
    """The Markdown mark at the line's begin and how many characters it takes."""
    part = _PART.fullmatch(raw)
    if part:
        return f"part:{part[1]}", len(raw)
    if raw.lstrip().startswith("<!--") and raw.rstrip().endswith("-->"):
        return "comment", len(raw)
    match = _MARKDOWN.match(raw)
    return (match[1], match.end()) if match else ("", 0)
