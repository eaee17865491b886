"""Yes and no: 是高企, 小巨人没评上, 查账征收, 没出过事故; a title that is asked for is neither.

What it does not know: which title leads to which other one.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.fact_reading.scope import Scopes, Segment
from assistant.fact_reading.words import Mention, fact_words, pattern
from assistant.rules.facts import FactType, Kind

# Between two titles of one list, and words of facts that are statements by themselves.
_AND = re.compile(r"(?:中小)?(?:企业)?(?:[、和与及]|以及)?(?:自治区|国家|省|级|宁夏)*")
_MINOR = re.compile("的企业|影响|一般|轻微|小$|问题")  # no plain word of a serious incident
_COUNTED = re.compile(r"\d[多余]?[家个]?$")  # 20多家高企
_RATED = re.compile(r"(?:[是按为]|享受)?\d+(?:\.\d+)?%|[是有]?\d+[多余]?[家个]")  # 高企是15%
_OWN_DENIES = re.compile("没(?<!有没)|(?<![是能])不(?![光仅但只])|未|非|无")
_NOT_YET = re.compile("还|尚|从|[没未]申[请报]")
_FAILED = re.compile("[没未]能?(?:过|评|拿|成|通过|入|获|中)|过期|驳回")
_NEVER = re.compile("[没未无零]|(?<!是)不(?:[在属算是]|存在|涉及)")
_HAPPENED = re.compile("(?<![未没])(?<!没有)(?:被列|发生过|出过|有过|因)")
_ASKED = re.compile("吗|么$|怎么|什么|能不能|是否|还能|可以|多久")
_FILLED_IN = re.compile("(?:企业|资质)?：(是|有|否|无|没有|不是)")
_NONE_AFTER = re.compile(
    "(?:一[次起个件])?[都也：为是]*(?:没有?(?=[，。；]|$)|没有?[发出]|从没|无(?=[，。；]|$)|零|0)"
)
_OVER = re.compile("(?<![未没])(?<!没有)(?:已经?)?(?:移出|修复|解除|移除)")
_LONG_AGO = re.compile("(?:[二两三四五六七八九十]|\\d+)年前|早年|以前|曾经")
_WHETHER = re.compile("(?:是不是|是否|有没有|算不算)[^，。；]{0,4}$")
_SAYS_SO = re.compile("属于|拥有|有(?!效)|取得|获|认定为|已|实行|符合|没|无|未|不")


@dataclass(frozen=True)
class Stated:
    """A yes or no for a fact, told at plain[start:end]."""

    fact: str
    is_so: bool
    start: int
    end: int


class Statements:
    """Reads the yes and no of one text."""

    def __init__(
        self, plain: str, segments: Sequence[Segment], types: Mapping[str, FactType], scopes: Scopes
    ) -> None:
        self.plain = plain
        self.segments = segments
        self.types = {one: fact for one, fact in types.items() if fact.kind is Kind.YES_NO}
        self.scopes = scopes

    def read(self, mentions: Sequence[Mention]) -> list[Stated]:
        """Every yes and no in the order of the text."""
        found = self._bad_things()
        found += self._told("opposites", False)
        found += self._told("affirmed", True)
        settled = {one.fact for one in found}
        said: list[tuple[Mention, bool | None]] = []
        for mention in mentions:
            if mention.facts and mention.facts[0] in self.types.keys() - settled:
                said.append((mention, self._is_so(mention, mentions)))
        for mention, is_so in self._listed(self._listed(said), is_backward=True):
            if is_so is not None:
                found.append(Stated(mention.facts[0], is_so, mention.start, mention.end))
        return sorted(found, key=lambda one: one.start)

    def _listed(
        self, said: list[tuple[Mention, bool | None]], is_backward: bool = False
    ) -> list[tuple[Mention, bool | None]]:
        """What is said of one title of a list, said of its neighbours: 高企和科小都没有."""
        ordered = said[::-1] if is_backward else said
        filled: list[tuple[Mention, bool | None]] = []
        for mention, is_so in ordered:
            last = filled[-1] if filled else None
            if is_so is None and last:
                first, second = sorted((last[0], mention), key=lambda one: one.start)
                gap = self.plain[first.end : second.start]
                is_so = last[1] if _AND.fullmatch(gap) else None
            filled.append((mention, is_so))
        return filled

    def _bad_things(self) -> list[Stated]:
        """没出过事故 is a yes to having had none, 出过事故 a no; a minor one is neither."""
        found = []
        for name, thing in fact_words().bad_things.items():
            for match, segment in self._matches(name, thing):
                before = self.plain[segment.start : match.start()]
                around = before + self.plain[match.end() : segment.end]
                denied = _last(_NEVER, before + match[0])
                is_denied = denied > _last(_HAPPENED, before + match[0])
                is_denied = is_denied or bool(_NONE_AFTER.match(self.plain[match.end() :]))
                is_open = _OVER.search(self.plain, match.end(), segment.within[1])
                is_open = is_open or _OVER.search(before) or _LONG_AGO.search(before)
                is_open = is_open or _ASKED.search(around) or _MINOR.search(around)
                if is_denied or not (is_open or match[0].startswith("环保")):
                    found.append(Stated(name, is_denied, *match.span()))
        return self._worst(found)

    @staticmethod
    def _worst(found: Sequence[Stated]) -> list[Stated]:
        """One statement a fact: a single incident outweighs what did not happen."""
        bad = {one.fact for one in found if not one.is_so}
        return [one for one in found if not (one.is_so and one.fact in bad)]

    def _told(self, group: str, is_so: bool) -> list[Stated]:
        """What a pattern says outright, such as 核定征收."""
        found = []
        for name, told in getattr(fact_words(), group).items():
            for match, segment in self._matches(name, told):
                before = self.plain[segment.start : match.start()]
                is_denied = bool(re.search("(?:不是|不属于|没有?|未|非)$", before))
                text = self.plain[segment.start : segment.end]
                if not re.search("是不是|是否|吗|怎么|什么|能不能", text):
                    found.append(Stated(name, is_so != is_denied, *match.span()))
        return found

    def _matches(self, name: str, written: str) -> list[tuple[re.Match[str], Segment]]:
        if name not in self.types:
            return []
        return [
            (match, segment)
            for segment in self.segments
            for match in re.compile(written).finditer(self.plain, segment.start, segment.end)
            if self.scopes.is_own(segment, match.start()) and not self.scopes.is_general(segment)
        ]

    def _is_so(self, mention: Mention, mentions: Sequence[Mention]) -> bool | None:
        """What the words around a title say of it; None where they say neither."""
        segment = next(one for one in self.segments if one.start <= mention.start < one.end)
        if self.scopes.is_general(segment) or not self.scopes.is_own(segment, mention.start):
            return None
        before = self.plain[segment.start : mention.start]
        after = self.plain[mention.end : segment.end]
        if filled := _FILLED_IN.fullmatch(after):
            return filled[1] in "是有"
        ends_asking = self.plain[segment.end : segment.end + 1] == "？"
        own = pattern("titles", "own_statement").search(before)
        is_own = own is not None
        is_denied = self._is_denied(before, after) or bool(own and _OWN_DENIES.search(own[0]))
        is_denied = is_denied or self._has_lapsed(mention, mentions, segment.within[1])
        if _WHETHER.search(before) or _COUNTED.search(before) or _RATED.match(after):
            return None
        is_asked = bool(pattern("titles", "asking").search(before + "＿" + after)) or ends_asking
        says_so = bool(_SAYS_SO.match(mention.word))
        if is_denied or (says_so and re.search("[不没未]$", before)):
            return None if is_asked and not is_own and not _plainly(before, after) else False
        if is_asked and not (is_own and not re.search("^(?:企业)?[吗么呢]?$", after)):
            return None
        is_said = is_own or says_so or self._is_alone(mention, segment, mentions)
        return True if is_said or self._is_affirmed(before, after) else None

    def _has_lapsed(self, mention: Mention, mentions: Sequence[Mention], end: int) -> bool:
        """Whether the sentence goes on to say that a title has run out."""
        later = [one.start for one in mentions if one.start >= mention.end and one.facts]
        stop = min([end, *later])
        return bool(pattern("titles", "lapsed").search(self.plain, mention.end, stop))

    @staticmethod
    def _is_denied(before: str, after: str) -> bool:
        return bool(
            pattern("titles", "denied_before").search(before)
            or pattern("titles", "denied_after").search(after)
            or pattern("titles", "lapsed").search(after)
        )

    @staticmethod
    def _is_affirmed(before: str, after: str) -> bool:
        return bool(
            pattern("titles", "said_before").search(before)
            or pattern("titles", "said_after").search(after)
        )

    def _is_alone(self, mention: Mention, segment: Segment, mentions: Sequence[Mention]) -> bool:
        """Whether a segment holds nothing but titles: 高企，科小、专精特新."""
        rest = self.plain[segment.start : segment.end]
        for one in mentions:
            if segment.start <= one.start < segment.end and set(one.facts) & set(self.types):
                rest = rest.replace(one.word, "、")
        return bool(pattern("titles", "alone").match(rest.replace(mention.word, "、")))


def _plainly(before: str, after: str) -> bool:
    """Whether a denial stands although the segment asks on: 还没申请高企，想知道."""
    return bool(_NOT_YET.search(before)) or bool(_FAILED.search(after))


def _last(pattern: re.Pattern[str], text: str) -> int:
    """Where a pattern stands last; -1 where it does not."""
    return max((match.start() for match in pattern.finditer(text)), default=-1)
