"""Facts that are one of several words: the industry, the way of a technology transfer."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.fact_reading.scope import Scopes, Segment
from assistant.fact_reading.words import Mention, fact_words
from assistant.rules.facts import FactType, Kind

_ASKS = re.compile("什么|哪|多少|政策|补助|补贴|奖励|能不能|可以|吗$|区别|怎么|比例|能享受")
_OWN = re.compile("我们|咱|我司|我公司|我厂|公司|我是|本企业|企业主|主营|行业")
_REST = re.compile("（.*")


@dataclass(frozen=True)
class Chosen:
    """A choice told for a fact at plain[start:end]."""

    fact: str
    choice: str
    start: int
    end: int


def find_choices(
    plain: str,
    segments: Sequence[Segment],
    mentions: Sequence[Mention],
    types: Mapping[str, FactType],
    scopes: Scopes,
) -> list[Chosen]:
    """The choices told, one a fact."""
    masked = plain
    for one in mentions:
        masked = masked[: one.start] + "＃" * (one.end - one.start) + masked[one.end :]
    found = []
    for name, fact in types.items():
        if fact.kind is not Kind.CHOICE:
            continue
        chosen = _literal(plain, name, fact, segments, scopes)
        chosen = chosen or _by_pattern((plain, masked), name, segments, scopes)
        found += [chosen] if chosen else []
    return found


def _literal(
    plain: str, name: str, fact: FactType, segments: Sequence[Segment], scopes: Scopes
) -> Chosen | None:
    """A choice in its own words, beside a word of the fact unless it is a long one."""
    for choice in sorted(fact.choices, key=len, reverse=True):
        for segment in segments:
            text = plain[segment.start : segment.end]
            at = text.find(choice)
            if at < 0 or len(choice) < 2 or not _is_usable(text, segment, scopes):
                continue
            is_named = any(word in text for word in (*fact.said, fact.name))
            is_alone = len(choice) >= 5 and text == choice
            if is_named or is_alone or _is_industry(name, text, choice):
                start = segment.start + at
                return Chosen(name, choice, start, start + len(choice))
    return None


def _is_usable(text: str, segment: Segment, scopes: Scopes) -> bool:
    is_told = scopes.is_own(segment, segment.end) and not scopes.is_general(segment)
    return is_told and not _is_asked(text)


def _is_industry(name: str, text: str, choice: str) -> bool:
    """Whether a choice that has patterns of its own is told as what the enterprise is."""
    if name not in fact_words().choices:
        return False
    before, _, after = text.partition(choice)
    return bool(
        re.search(fact_words().choice_before, before)
        or re.search(fact_words().choice_after, after)
        or not (before + after)
    )


def _is_asked(text: str) -> bool:
    return bool(_ASKS.search(text)) and not _OWN.search(text)


def _by_pattern(
    texts: tuple[str, str], name: str, segments: Sequence[Segment], scopes: Scopes
) -> Chosen | None:
    """The first pattern that fits; words of facts are no industry, and blank in texts[1]."""
    plain, masked = texts
    patterns = fact_words().choices.get(name)
    if not patterns:
        return None
    for choice, written in patterns.items():
        for match, segment in _matches(masked, written, segments):
            if scopes.is_general(segment) or not scopes.is_own(segment, match.start()):
                continue
            if _describes(plain, match, segment):
                return Chosen(name, _REST.sub("", choice), *match.span())
    return None


def _matches(
    masked: str, written: str, segments: Sequence[Segment]
) -> Iterator[tuple[re.Match[str], Segment]]:
    compiled = re.compile(written)
    for segment in segments:
        for match in compiled.finditer(masked, segment.start, segment.end):
            yield match, segment


def _describes(plain: str, match: re.Match[str], segment: Segment) -> bool:
    """Whether the words around say that this is what the enterprise does."""
    text = plain[segment.start : segment.end]
    if _is_asked(text):
        return False
    before, after = plain[segment.start : match.start()], plain[match.end() : segment.end]
    if re.match("[^，。；]{0,4}领域", after) or re.search("委托|聘请?|请了?|购买|采购", before):
        return False
    if re.search(fact_words().choice_before, before) or re.match("做|种|养|卖|采|开", match[0]):
        return True
    if re.search(fact_words().choice_after, after) or re.search("[厂店校]$", match[0]):
        return True
    return len(text) <= 8 and not re.search(r"\d", text)
