"""Words of facts misspelt by sound: 研法费用 -> 研发费用, 高薪技术企业 -> 高新技术企业.

A character is replaced only where it is no part of another word of the language.
"""

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

import rjieba

from assistant.fact_reading.words import Vocabulary, fact_words
from assistant.spelling import sounds

_LONGEST = 8
# Characters that stand beside a shorter word rather than in a longer one: 研发费占, 研发费两百万.
_NO_SLIPS = (
    "占为是有达约共花投近超不两一二三四五六七八九十百千万亿几多少和与及在等比率额总数上下的了"
)


@cache
def _sound(character: str) -> str:
    return next(iter(sounds(character)))


def _is_chinese(text: str) -> bool:
    return all("\u4e00" <= one <= "\u9fff" for one in text)


@lru_cache(maxsize=8)
def _by_sound(words: frozenset[str]) -> Mapping[tuple[str, ...], str]:
    ordered = sorted(words, key=lambda one: (len(one), one))
    return {tuple(map(_sound, one)): one for one in ordered if _is_chinese(one)}


@lru_cache(maxsize=8)
def _worth_mending(words: frozenset[str]) -> frozenset[str]:
    return frozenset(one for one in words if len(one) > 3) | frozenset(fact_words().mended.split())


def misspelt(text: str, words: Vocabulary) -> dict[str, str]:
    """The misspelt words of a text and what they stand for.

    >>> from assistant.fact_reading.words import vocabulary
    >>> from assistant.rules.facts import common_facts
    >>> misspelt("研法费用30万，应收账款200万", vocabulary(common_facts()))
    {'研法费用': '研发费用'}
    """
    right = _worth_mending(frozenset(words.by_word))
    by_sound = _by_sound(right)
    single = _single(rjieba.cut(text, False))
    found: dict[str, str] = {}
    end = 0
    for start in range(len(text)):
        for length in range(_LONGEST, 1, -1):
            written = text[start : start + length]
            if start < end or len(written) < length or not _is_chinese(written):
                continue
            word = by_sound.get(tuple(map(_sound, written))) or _looks_like(written)
            if word is None:
                continue
            end = start + length  # a right word is not looked into either
            if word != written and _is_slip(written, word, start, single):
                found[written] = word
            break
    return found


@cache
def _by_rest() -> Mapping[tuple[str, str], str]:
    """The long words by what is before and behind each of their characters."""
    words = [one for one in fact_words().mended.split() if len(one) > 3]
    return {(one[:i], one[i + 1 :]): one for one in words for i in range(len(one))}


def _looks_like(written: str) -> str | None:
    """The long word that differs in one character only: 销售收人 for 销售收入."""
    if len(written) < 4:
        return None
    for i, character in enumerate(written):
        word = _by_rest().get((written[:i], written[i + 1 :]))
        if word and character not in _NO_SLIPS:
            return word
    return None


def _is_slip(written: str, word: str, start: int, single: frozenset[int]) -> bool:
    wrong = [start + i for i, one in enumerate(written) if one != word[i]]
    sounds_alike = len(written) > 3 and list(map(_sound, written)) == list(map(_sound, word))
    return all(one in single for one in wrong) or (sounds_alike and len(wrong) == 1)


def _single(tokens: Iterable[str]) -> frozenset[int]:
    """The places of characters that are no part of a longer word."""
    found, at = set(), 0
    for token in tokens:
        found |= {at} if len(token) == 1 else set()
        at += len(token)
    return frozenset(found)
