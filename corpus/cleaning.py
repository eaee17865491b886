"""From the words as received to lines that can be read as clauses.

Nothing is rewritten: characters are folded one for one, corpus.noise names the lines
that are no policy text, corpus.rejoining undoes line breaks in mid-sentence.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from opencc import OpenCC

from corpus.lines import Line, read_lines
from corpus.noise import NOISE_LINES, find_noise
from corpus.rejoining import rejoin

__all__ = ["NOISE_LINES", "Line", "clean", "mainland", "repair_radicals", "simplify"]


# Unicode's compatibility forms leave out U+2E80..2EFF, which browsers write into PDFs.
_RADICALS = dict(
    zip(
        "⺁⺇⺋⺌⺍⺕⺗⺙⺛⺝⺟⺠⺢⺤⺨⺩⺫⺬⺭⺮⺰⺲⺳⺷⺹⺺⺼⺽⻁⻂⻄⻅⻆⻇⻈⻉⻋⻌⻏⻐⻑⻒⻓⻔⻖⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
        "厂几㔾小小彐心攵旡月母民水爫犭王目示礻竹纟罒网羊耂肀月臼虎衤西见角角讠贝车辶阝钅長镸长门阝青韦页风飞食饣饣马骨鬼鱼鸟卤麦黄齐齿龙龟",
        strict=True,
    )
)


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


@cache
def _word_converter() -> OpenCC:
    return OpenCC("tw2sp")


def mainland(text: str) -> str:
    """The words of Taiwan and Hong Kong as the mainland writes them, simplified.

    Text without traditional characters stays as it is but for `simplify`; the length may change.

    >>> mainland("軟體專案有沒有支援？")
    '软件项目有没有支持？'
    """
    simplified = simplify(text)
    is_traditional = _converter().convert(text) != text
    return simplify(_word_converter().convert(text)) if is_traditional else simplified


def simplify(text: str) -> str:
    """Simplified, half-width letters and digits, whole characters for radicals; same length.

    >>> simplify("２０２５年，科技計劃")
    '2025年，科技计划'
    """
    folded = "".join(map(_plain_character, text))
    converted: str = _converter().convert(folded)
    if len(converted) == len(folded):
        return converted
    return "".join(map(_simplified_line, folded.splitlines(keepends=True)))


def _simplified_line(line: str) -> str:
    """One line, character for character where whole words would change its length."""
    converted: str = _converter().convert(line)
    if len(converted) == len(line):
        return converted
    return "".join(
        one if len(one) == 1 else character
        for character in line
        for one in [_converter().convert(character)]
    )


def repair_radicals(text: str) -> str:
    """Replace Kangxi radicals, which PDFs use for whole characters, by these characters."""
    return "".join(_plain_character(c) if 0x2E80 <= ord(c) <= 0x2FDF else c for c in text)


def clean(text: str, page_starts: Sequence[int] = ()) -> list[Line]:
    """Return the document's logical lines: broken lines rejoined, noise marked, not lost.

    A part mark (`<!-- part: 通知 -->`) is a line without words.
    """
    lines = read_lines(text, simplify(text))
    noise = find_noise(lines, page_starts)
    kept = [replace(line, is_noise=True) if n in noise else line for n, line in enumerate(lines)]
    return [line for line in rejoin(kept) if line.plain or line.mark.startswith("part:")]
