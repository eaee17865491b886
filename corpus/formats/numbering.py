"""Automatic numbering of Word, written out as a reader sees it: 第一条, 一、, （一）, 1., ①.

What it does not know: pictures as bullets; bullets at large are left out, they number nothing.
Source: ECMA-376 part 1, 17.9 and 17.18.59.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from corpus.formats.office_xml import child, is_on, value
from corpus.numbers import number_in_chinese

_LEVELS = 9
_MOST_LETTERS = 780  # Word repeats letters: aa, bb; thirty of one are no number any more
_BIG = dict(zip("零一二三四五六七八九十百", "零壹贰叁肆伍陆柒捌玖拾佰", strict=True))
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
    (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


def _roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    text = ""
    for worth, letters in _ROMAN:
        count, number = divmod(number, worth)
        text += letters * count
    return text


def _letters(number: int) -> str:
    if not 0 < number <= _MOST_LETTERS:
        return str(number)
    return chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _digits(number: int) -> str:
    return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))


def _chinese(number: int) -> str:
    return number_in_chinese(number) or "零"


def _legal(number: int) -> str:
    """As on cheques: 壹拾贰."""
    text = _chinese(number)
    return "".join(_BIG.get(one, one) for one in ("一" if text[0] == "十" else "") + text)


def _enclosed(first: str, most: int, number: int) -> str:
    """①, ⑴ or ⒈; plain digits behind the last of them, as Word does."""
    return chr(ord(first) + number - 1) if 0 < number <= most else str(number)


def _cycle(words: str, number: int) -> str:
    return words[(number - 1) % len(words)] if number > 0 else str(number)


_FORMATS: dict[str, Callable[[int], str]] = {
    "none": lambda _: "",
    "decimalZero": lambda number: f"{number:02d}",
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperLetter": _letters,
    "lowerLetter": lambda number: _letters(number).lower(),
    "chineseLegalSimplified": _legal,
    "ideographLegalTraditional": _legal,
    "ideographDigital": _digits,
    "japaneseDigitalTenThousand": _digits,
    "taiwaneseDigital": _digits,
    "ideographTraditional": lambda number: _cycle("甲乙丙丁戊己庚辛壬癸", number),
    "ideographZodiac": lambda number: _cycle("子丑寅卯辰巳午未申酉戌亥", number),
    "decimalEnclosedCircle": lambda number: _enclosed("①", 20, number),
    "decimalEnclosedCircleChinese": lambda number: _enclosed("①", 20, number),
    "decimalEnclosedParen": lambda number: _enclosed("⑴", 20, number),
    "decimalEnclosedFullstop": lambda number: _enclosed("⒈", 20, number),
    "ideographEnclosedCircle": lambda number: _enclosed("㊀", 10, number),
    "decimalFullWidth": lambda number: "".join(chr(ord(d) + 0xFEE0) for d in str(number)),
    "decimalFullWidth2": lambda number: "".join(chr(ord(d) + 0xFEE0) for d in str(number)),
    # Word counts 一百 in some of these and 一○○ in others; what people cite is the same number.
    **dict.fromkeys(
        (
            "chineseCounting",
            "chineseCountingThousand",
            "japaneseCounting",
            "taiwaneseCounting",
            "taiwaneseCountingThousand",
        ),
        _chinese,
    ),
}


def format_number(number: int, kind: str) -> str:
    """Return a number in one of Word's number formats, an unknown format in digits.

    >>> [format_number(12, one) for one in ("chineseCounting", "ideographDigital", "lowerRoman")]
    ['十二', '一二', 'xii']
    """
    return _FORMATS.get(kind, str)(number)


@dataclass(frozen=True)
class Level:
    """How the paragraphs of one level are numbered."""

    start: int = 0
    kind: str = "decimal"
    text: str = ""  # 第%1条
    style: str | None = None  # paragraphs of this style are numbered so
    suffix: str = "tab"
    restart: int | None = None  # starts again behind this level or one above; 0 never
    is_legal: bool = False  # all numbers in digits


@dataclass(frozen=True)
class _List:
    """One w:num: the abstract list that it counts in, and what it overrides."""

    abstract: str
    levels: dict[int, Level]
    starts: dict[int, int]


@dataclass
class Numbering:
    """All lists of a file, and how far each has counted."""

    lists: dict[str, _List] = field(default_factory=dict)
    _counts: dict[str, list[int | None]] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)

    def level_of_style(self, list_id: str, style: str) -> int | None:
        """The level of a list that a paragraph style is tied to."""
        levels = self.lists[list_id].levels if list_id in self.lists else {}
        return next((n for n, level in levels.items() if level.style == style), None)

    def next_label(self, list_id: str, depth: int) -> str:
        """Count one paragraph on and return what stands in front of it, "" for a bullet."""
        numbered = self.lists.get(list_id)
        level = numbered.levels.get(depth) if numbered else None
        if numbered is None or level is None:
            return ""
        counts = self._counts.setdefault(numbered.abstract, [None] * _LEVELS)
        self._begin(list_id, numbered, counts)
        before = counts[depth]
        counts[depth] = level.start if before is None else before + 1
        for deeper in range(depth + 1, _LEVELS):
            if _restarts(numbered.levels.get(deeper), deeper, depth):
                counts[deeper] = None
        if level.kind == "bullet":
            return ""
        label = re.sub(r"%([1-9])", lambda m: _part(numbered, counts, level, int(m[1])), level.text)
        return label if level.suffix == "nothing" or not label else f"{label} "

    def _begin(self, list_id: str, numbered: _List, counts: list[int | None]) -> None:
        """A list that overrides a start starts there the first time that it is used."""
        if list_id not in self._begun:
            self._begun.add(list_id)
            for depth in numbered.starts:
                counts[depth] = None


def _restarts(level: Level | None, deeper: int, depth: int) -> bool:
    if level is None or level.restart is None:
        return True
    return level.restart > 0 and depth < min(level.restart, deeper)


def _part(numbered: _List, counts: list[int | None], level: Level, number: int) -> str:
    """The number of one level inside a label; a level not counted yet shows its start."""
    other = numbered.levels.get(number - 1, Level())
    count = counts[number - 1]
    kind = "decimal" if level.is_legal else other.kind
    return format_number(other.start if count is None else count, kind)


def read_numbering(elements: Iterable[ET.Element]) -> Numbering:
    """Return the lists that the children of w:numbering define."""
    abstracts: dict[str, ET.Element] = {}
    nums: list[ET.Element] = []
    for element in elements:
        if element.tag == "abstractNum":
            abstracts[element.get("abstractNumId", "")] = element
        elif element.tag == "num":
            nums.append(element)
    styles = {
        name: key for key, one in abstracts.items() if (name := value(child(one, "styleLink")))
    }
    numbering = Numbering()
    for num in nums:
        key = value(child(num, "abstractNumId")) or ""
        # A list style: the levels stand in another abstract list.
        key = styles.get(value(child(abstracts.get(key), "numStyleLink")) or "", key)
        numbering.lists[num.get("numId", "")] = _list(key, abstracts.get(key), num)
    return numbering


def _list(key: str, abstract: ET.Element | None, num: ET.Element) -> _List:
    levels = _levels(abstract) if abstract is not None else {}
    starts: dict[int, int] = {}
    for override in num.findall("lvlOverride"):
        depth = _number(override.get("ilvl"), 0)
        levels |= _levels(override)
        start = value(child(override, "startOverride"))
        if start is not None and 0 <= depth < _LEVELS:
            starts[depth] = _number(start, 1)
            levels[depth] = replace(levels.get(depth, Level()), start=starts[depth])
    return _List(key, levels, starts)


def _levels(element: ET.Element) -> dict[int, Level]:
    found = {}
    for one in element.findall("lvl"):
        depth = _number(one.get("ilvl"), 0)
        restart = value(child(one, "lvlRestart"))
        if 0 <= depth < _LEVELS:
            found[depth] = Level(
                start=_number(value(child(one, "start")), 0),
                kind=_kind(one),
                text=value(child(one, "lvlText")) or "",
                style=value(child(one, "pStyle")),
                suffix=value(child(one, "suff")) or "tab",
                restart=None if restart is None else _number(restart, 0),
                is_legal=is_on(child(one, "isLgl")),
            )
    return found


def _kind(level: ET.Element) -> str:
    """The number format; newer ones stand in mc:AlternateContent with a plain one beside them."""
    plain = child(level, "numFmt")
    found = plain if plain is not None else child(level, "AlternateContent", "Fallback", "numFmt")
    return value(found) or "decimal"


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and re.fullmatch(r"-?\d{1,6}", text) else otherwise
