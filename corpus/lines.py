"""One line of a document: its words in the form that is searched, each with its offset.

A character of `plain` is a character of the original or its simplified, half-width form, one
for one, so whatever is found in it can be quoted from the original, word for word.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LOST_SPACES = re.compile(r"(?:[?？]\s*){2,}|(?<=[。；])[?？]|^\s*[?？]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]+")
_MARKDOWN = re.compile(r"\s*(#{1,6}(?=[^#])|>|[*+-](?=\s)(?!\s*\d+\s*-))\s*")
_EDITORS_NOTE = re.compile("要点摘编|编者|说明[:：]|注[:：]")  # behind ">" in Markdown
_PART = re.compile(r"\s*<!--\s*part:\s*(.+?)\s*-->\s*")


@dataclass(frozen=True)
class Line:
    """One logical line: `plain[i]` stood at `origin[i]` in the document's text."""

    plain: str
    origin: tuple[int, ...]
    is_noise: bool = False
    mark: str = ""  # "#" or "##" in front of a Markdown heading; "part:通知" for a part mark
    is_indented: bool = False

    def is_spaced(self, length: int) -> bool:
        """Whether a blank stood behind the first `length` characters in the original."""
        return len(self.plain) > length > 0 and self.origin[length] > self.origin[length - 1] + 1

    def span(self) -> int:
        """How many characters the line takes in the original, with its blanks."""
        if not self.plain:
            return 0
        return self.origin[-1] + 1 - self.origin[0] + (2 if self.is_indented else 0)

    def part(self, start: int, end: int) -> "Line":
        """The characters from start to end, with their offsets."""
        return Line(self.plain[start:end], self.origin[start:end])


def read_lines(text: str, simplified: str) -> list[Line]:
    """Every physical line of the text, blank ones as lines without words.

    `simplified` holds the same text in the form that is searched, character for character.
    """
    return [
        _line(text[start:end], simplified[start:end], start) for start, end in _physical_lines(text)
    ]


def _physical_lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for piece in text.splitlines(keepends=True):
        yield start, start + len(piece.rstrip("\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"))
        start += len(piece)


def _line(raw: str, plain: str, start: int) -> Line:
    """Fold characters, drop lost-space runs, spaces between Chinese characters and margins."""
    mark, skip = _markdown_mark(raw)
    drop: set[int] = set(range(skip))
    for pattern in (_LOST_SPACES, _INVISIBLE):
        for match in pattern.finditer(plain):
            drop.update(range(*match.span()))
    keep = [i for i in range(len(plain)) if i not in drop]
    keep = [i for n, i in enumerate(keep) if not _is_idle_space(plain, keep, n)]
    return Line(
        plain="".join(plain[i] for i in keep),
        origin=tuple(start + i for i in keep),
        is_noise=mark == ">" and bool(_EDITORS_NOTE.match(raw[skip:])),
        mark=mark,
        is_indented=plain[:1].isspace(),
    )


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
