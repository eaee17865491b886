"""Misspelt words that sound like words of the corpus: 高薪技术企业 -> 高新技术企业.

A character is replaced by another of the same sound only where the question's spelling is
unknown to the corpus on both sides, and where the corpus writes the new character between the
same neighbours. Words that merely look alike are left as they are.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache

from pypinyin import lazy_pinyin

from assistant.question import Question, with_plain
from corpus.line_kinds import CJK

_ASKING = "几多少哪谁何么吗呢"
_RUN = re.compile(f"[{CJK}]{{3,}}")


@cache
def _sound(character: str) -> str:
    return lazy_pinyin(character)[0]


def sounds(characters: Iterable[str]) -> dict[str, list[str]]:
    """The corpus' characters by their sound, tones aside."""
    table: dict[str, list[str]] = {}
    for character in sorted(set(characters)):
        table.setdefault(_sound(character), []).append(character)
    return table


def correct(
    question: Question,
    knows: Callable[[str], bool],
    holds: Callable[[str], bool],
    by_sound: Mapping[str, list[str]],
) -> Question:
    """Return the question with misspelt words read as the corpus writes them.

    `knows` tells whether the corpus has a word or pair, `holds` whether it has any string.
    """
    for match in list(_RUN.finditer(question.subject)):
        written = match[0]
        read = _corrected(written, knows, holds, by_sound)
        if read != written and written in question.plain:
            plain = question.plain.replace(written, read)
            question = with_plain(question, plain, (written, read))
    return question


def _corrected(
    written: str,
    knows: Callable[[str], bool],
    holds: Callable[[str], bool],
    by_sound: Mapping[str, list[str]],
) -> str:
    characters = list(written)
    for i, character in enumerate(characters):
        if character in _ASKING or any(knows(pair) for pair in _pairs(characters, i)):
            continue
        for other in by_sound.get(_sound(character), ()):
            changed = [*characters[:i], other, *characters[i + 1 :]]
            start = min(max(i - 1, 0), len(changed) - 3)
            known = all(knows(pair) for pair in _pairs(changed, i))
            if other != character and known and holds("".join(changed[start : start + 3])):
                characters = changed
                break
    return "".join(characters)


def _pairs(characters: list[str], i: int) -> list[str]:
    """The two-character words around position i."""
    return [
        "".join(characters[start : start + 2])
        for start in (i - 1, i)
        if start >= 0 and start + 2 <= len(characters)
    ]
