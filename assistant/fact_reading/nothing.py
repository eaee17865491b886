"""Numbers told without a digit: 没有发明专利 is 0, 研发全部在境内 is 100 %."""

import re
from collections.abc import Mapping, Sequence

from assistant.fact_reading.amounts import Amount
from assistant.fact_reading.scope import Scopes, Segment
from assistant.fact_reading.telling import Told
from assistant.fact_reading.words import Mention, fact_words
from assistant.rules.facts import FactType, Kind
from assistant.rules.ranges import Range

_NONE_BEFORE = re.compile(
    r"(?:(?<!有)没有?|还没有?|暂?无|零|都没)(?:任何|取得|获得|新增|专职|全职|专门|过|一[项个件])?(?:有效)?的?$"
    r"|未(?:新增|取得|获得|拥有|发生)(?:任何)?$"
)
_NONE_AFTER = re.compile(
    r"^(?:也|都|还|暂时|目前|方面|一[个项件]|半[个项件]|一分钱|：|现在|是|数量?)*"
    r"(?:没有?|无|零|为[0零]|是[0零]|还没有)(?:了|呢|的|过|做|投入?|一个|下来)*$"
)
_LIST = re.compile(r"(?:专利)?[、和与及或](?:也没有?|没有?)?")
_ASKED = re.compile("是不是|是否|如果|要是|必须|才能|就不能|不能没有|有没有")
_WHOLE = (Kind.COUNT, Kind.MONEY)


def find_nothing(
    plain: str,
    segments: Sequence[Segment],
    mentions: Sequence[Mention],
    amounts: Sequence[Amount],
    types: Mapping[str, FactType],
    scopes: Scopes,
) -> list[Told]:
    """The facts that are said to be none."""
    found: list[Told] = []
    for segment in segments:
        inside = [one for one in mentions if segment.start <= one.start < segment.end]
        if _ASKED.search(plain, segment.start, segment.end):
            continue
        last: Mention | None = None
        for one in inside:
            facts = _whole(one, types)
            if not facts or not scopes.is_own(segment, one.start) or scopes.is_general(segment):
                continue
            is_listed = last and _LIST.fullmatch(plain[last.end : one.start])
            if is_listed or _is_none(plain, segment, one):
                if _has_amount(plain, one, segment, amounts):
                    continue
                found += [Told(fact, Range.of(0), one.start, one.end, one.word) for fact in facts]
                last = one
    return found


def _whole(mention: Mention, types: Mapping[str, FactType]) -> list[str]:
    """The facts that 没有 makes 0: all of 知识产权, else the one that the word names."""
    facts = [one for one in mention.facts if types[one].kind in _WHOLE]
    if mention.word in fact_words().none_words:
        return facts
    return facts if len(facts) == 1 else []


def _is_none(plain: str, segment: Segment, mention: Mention) -> bool:
    after = plain[mention.end : segment.end]
    if _NONE_AFTER.search(after):
        return True
    ends = not after or after[0] in "、和与及或也的呢啊吧了" or after.startswith("都")
    return ends and bool(_NONE_BEFORE.search(plain, segment.start, mention.start))


def _has_amount(plain: str, mention: Mention, segment: Segment, amounts: Sequence[Amount]) -> bool:
    """Whether a number stands right behind: 没有专利，软著2个 tells 2."""
    after = [one for one in amounts if mention.end <= one.start < segment.end]
    return bool(after) and after[0].start - mention.end <= 1 and plain[mention.end] not in "也都一"


def find_in_full(
    plain: str, segments: Sequence[Segment], types: Mapping[str, FactType], scopes: Scopes
) -> list[Told]:
    """The numbers that a phrase tells: 研发都在境内."""
    return [
        Told(name, Range.of(one.value), *match.span(), match[0])
        for name, phrases in fact_words().told_in_full.items()
        if name in types
        for one in phrases
        for segment in segments
        for match in re.compile(one.pattern).finditer(plain, segment.start, segment.end)
        if "研发" in plain[slice(*segment.within)] and scopes.is_own(segment, match.start())
    ]
