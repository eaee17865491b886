"""One line of a document: its words in the form that is searched, each with its offset.

A character of `plain` is a character of the original or its simplified, half-width form, one
for one, so whatever is found in it can be quoted from the original, word for word.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from opencc import OpenCC

_LOST_SPACES = re.compile(r"(?:[?？]\s*){2,}|(?<=[。；])[?？]|^\s*[?？]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]+")
_MARKDOWN = re.compile(r"\s*(#{1,6}(?=[^#])|>|[*+-](?=\s)(?!\s*\d+\s*-))\s*")
_PART = re.compile(r"\s*<!--\s*part:\s*(.+?)\s*-->\s*")
# Unicode's compatibility forms leave out U+2E80..2EFF, which browsers write into PDFs.
_RADICALS = dict(
    zip(
        "⺁⺇⺋⺌⺍⺕⺗⺙⺛⺝⺟⺠⺢⺤⺨⺩⺫⺬⺭⺮⺰⺲⺳⺷⺹⺺⺼⺽⻁⻂⻄⻅⻆⻇⻈⻉⻋⻌⻏⻐⻑⻒⻓⻔⻖⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
        "厂几㔾小小彐心攵旡月母民水爫犭王目示礻竹纟罒网羊耂肀月臼虎衤西见角角讠贝车辶阝钅長镸长门阝青韦页风飞食饣饣马骨鬼鱼鸟卤麦黄齐齿龙龟",
        strict=True,
    )
)


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

    def part(self, start: int, end: int) -> "Line":
        """The characters from start to end, with their offsets."""
        return Line(self.plain[start:end], self.origin[start:end])


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


@cache
def _plain_character(character: str) -> str:
    """The half-width, whole-character form of one character; itself when there is none."""
    if character in _RADICALS:
        return _RADICALS[character]
    code = ord(character)
    is_radical = 0x2F00 <= code <= 0x2FDF
    is_wide = 0xFF10 <= code <= 0xFF5A and character.isalnum() or character in "％　＋．－／＆"
    if is_radical or is_wide:
        return unicodedata.normalize("NFKC", character)
    return " " if character in "\u00a0\u2002\u2003\t" else character


def simplify(text: str) -> str:
    """Simplified, half-width letters and digits, whole characters for radicals; same length.

    >>> simplify("２０２５年，科技計劃")
    '2025年，科技计划'
    """
    folded = "".join(map(_plain_character, text))
    converted: str = _converter().convert(folded)
    if len(converted) == len(folded):
        return converted
    return "".join(
        one if len(one) == 1 else character
        for character in folded
        for one in [_converter().convert(character)]
    )


def repair_radicals(text: str) -> str:
    """Replace Kangxi radicals, which PDFs use for whole characters, by these characters."""
    return "".join(_plain_character(c) if 0x2E80 <= ord(c) <= 0x2FDF else c for c in text)


def read_lines(text: str) -> list[Line]:
    """Every physical line of the text, blank ones as lines without words."""
    return [_line(text, start, end) for start, end in _physical_lines(text)]


def _physical_lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for piece in text.splitlines(keepends=True):
        yield start, start + len(piece.rstrip("\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"))
        start += len(piece)


def _line(text: str, start: int, end: int) -> Line:
    """Fold characters, drop lost-space runs, spaces between Chinese characters and margins."""
    raw = text[start:end]
    mark, skip = _markdown_mark(raw)
    plain = simplify(raw)
    drop: set[int] = set(range(skip))
    for pattern in (_LOST_SPACES, _INVISIBLE):
        for match in pattern.finditer(plain):
            drop.update(range(*match.span()))
    keep = [i for i in range(len(plain)) if i not in drop]
    keep = [i for n, i in enumerate(keep) if not _is_idle_space(plain, keep, n)]
    return Line(
        plain="".join(plain[i] for i in keep),
        origin=tuple(start + i for i in keep),
        is_noise=mark == ">",
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
