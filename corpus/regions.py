"""Names of places: which region a question or a document is about.

The names are data, corpus/regions.yaml: ISO 3166-2 for provinces (CN-NX), GB/T 2260 for
prefectures below them (CN-NM-1508).
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

NATION = "CN"
NATION_NAMES = ("全国", "国家", "中国")  # no mention of a region in running text
_FILE = Path(__file__).parent / "regions.yaml"


@dataclass(frozen=True)
class Mention:
    """A region named in a text, at text[start:end]."""

    code: str
    start: int
    end: int


@cache
def _regions() -> Mapping[str, Mapping[str, object]]:
    loaded: dict[str, dict[str, object]] = yaml.load(
        _FILE.read_text(encoding="utf-8"), yaml.CSafeLoader
    )
    return loaded


def _words(entry: Mapping[str, object], key: str) -> list[str]:
    value = entry.get(key) or []
    assert isinstance(value, list)
    return [str(one) for one in value]


@cache
def _names() -> Mapping[str, str]:
    """Every name in lower case -> code; the nation's own names are no mention of a region."""
    names: dict[str, str] = {}
    for code, entry in _regions().items():
        for one in [str(entry["name"]), *_words(entry, "short"), *_words(entry, "aliases")]:
            if code != NATION:
                names.setdefault(one.lower(), code)
    return names


@cache
def _pattern() -> re.Pattern[str]:
    words = sorted(_names(), key=len, reverse=True)
    parts = [
        rf"(?<![a-z0-9]){re.escape(word)}(?![a-z])" if word.isascii() else re.escape(word)
        for word in words
    ]
    return re.compile("|".join(parts))


def find_regions(text: str) -> list[Mention]:
    """The regions named in simplified text, in order, longest name first.

    >>> [one.code for one in find_regions("巴彦淖尔和宁夏的政策")]
    ['CN-NM-1508', 'CN-NX']
    """
    names = _names()
    return [
        Mention(names[match[0]], match.start(), match.end())
        for match in _pattern().finditer(text.lower())
    ]


def region_name(code: str) -> str:
    """The short Chinese name of a region: CN-NX -> 宁夏."""
    entry = _regions()[code]
    return next(iter(_words(entry, "short")), str(entry["name"]))


def is_known(code: str) -> bool:
    """Whether the code stands in regions.yaml."""
    return code in _regions()


def codes() -> tuple[str, ...]:
    """Every code, the nation first, each province before its prefectures."""
    return tuple(_regions())


def parent(code: str) -> str | None:
    """The region one level up: CN-NM-1508 -> CN-NM -> CN -> None."""
    return code.rpartition("-")[0] or None


def is_within(code: str, other: str) -> bool:
    """Whether `code` is `other` or lies in it."""
    return code == other or code.startswith(f"{other}-")


def main_region(text: str) -> str | None:
    """The province that a text is about, where one is named far more often than others."""
    counts: Counter[str] = Counter()
    for mention in find_regions(text):
        counts["-".join(mention.code.split("-")[:2])] += 1
    ranked = counts.most_common(2)
    if not ranked or ranked[0][1] < 2:
        return None
    if len(ranked) > 1 and ranked[0][1] < 2 * ranked[1][1]:
        return None
    return ranked[0][0]
