"""Where the enterprise is, out of all the places that a sentence names."""

import re
from collections.abc import Sequence
from functools import cache

from assistant.fact_reading.scope import Scopes, Segment
from assistant.fact_reading.words import fact_words, pattern
from corpus.regions import Mention, find_regions, is_within

_ASKS = re.compile("什么|哪|多少|政策|补助|补贴|奖励|文件|能不能|吗|区别|有啥|怎么|规定|办法")
_OWN = re.compile("(?:(?<![帮给替])我们?|咱们?|我司|公司|企业|厂|总部|注册地?|单位)[^，。；]{0,6}$")


@cache
def _counties() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((code, re.compile(names)) for code, names in fact_words().counties.items())


def find_place(plain: str, segments: Sequence[Segment], scopes: Scopes) -> Mention | None:
    """The region in which the enterprise says it is, the smallest named; else None."""
    best: tuple[int, Mention] | None = None
    for mention in _joined(_all(plain)):
        segment = next((one for one in segments if one.start <= mention.start < one.end), None)
        if segment is None or scopes.is_general(segment):
            continue
        if not scopes.is_own(segment, mention.start):
            continue
        weight = _weight(plain, mention, segment)
        is_deeper = best is not None and is_within(mention.code, best[1].code)
        if weight and (best is None or weight > best[0] or is_deeper):
            best = max(weight, best[0] if best else 0), mention
    return best[1] if best else None


def _all(plain: str) -> list[Mention]:
    found = find_regions(plain)
    for code, names in _counties():
        found += [Mention(code, *match.span()) for match in names.finditer(plain)]
    return sorted(found, key=lambda one: one.start)


def _joined(mentions: Sequence[Mention]) -> list[Mention]:
    """宁夏石嘴山市 as one place: names that follow each other and lie in each other."""
    joined: list[Mention] = []
    for one in mentions:
        last = joined[-1] if joined else None
        if last and one.start <= last.end and one.end <= last.end:
            continue
        if last and one.start - last.end <= 1 and is_within(one.code, last.code):
            joined[-1] = Mention(one.code, last.start, one.end)
        elif last and one.start - last.end <= 1 and is_within(last.code, one.code):
            joined[-1] = Mention(last.code, last.start, one.end)
        else:
            joined.append(one)
    return joined


def _weight(plain: str, mention: Mention, segment: Segment) -> int:
    """How plainly a place is where the enterprise is; 0 where it is not."""
    before = plain[segment.start : mention.start]
    after = plain[mention.end : segment.end]
    whole = before + after
    if pattern("places", "not_here").search(whole):
        return 0
    is_here = pattern("places", "here_before").search(before)
    is_own = _OWN.search(before)
    if _ASKS.search(whole) and not (is_own and is_here):
        return 0
    if pattern("places", "best_here").search(before):
        return 3
    if is_here:
        return 2
    if len(before + after) <= 8 and not re.search(r"\d", before + after):
        return 1
    starts = not before or re.fullmatch("[我你您好，一家个是]*", before) or is_own
    return 1 if starts and pattern("places", "here_after").search(after) else 0
