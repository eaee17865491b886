"""A sentence made easy to read, each character still tied to the sentence as written.

Simplified, half-width, without quotation marks and blanks, with misspelt words mended, and
without what only looks like a fact: titles, document numbers, telephone numbers.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from assistant.fact_reading.amounts import Span
from corpus.cleaning import simplify

_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_FORMAL_RUN = re.compile("[壹贰叁肆伍陆柒捌玖拾佰仟零万亿]{2,}")
_MARKS = str.maketrans(";?!:()|~+=", "；？！：（），至、：")
_CJK = "\u4e00-\u9fff"
NOTHING = "＃"  # stands where something was taken out that is no fact
_TAKEN_OUT = tuple(
    re.compile(pattern)
    for pattern in (
        r"《[^》]{0,60}(?:办法|通知|意见|指引|细则|条例|规定|法|方案|规划|措施|公告|政策)[^》]{0,12}》",
        rf"[{_CJK}]{{0,10}}[〔\[［][12]\d{{3}}[〕\]］]\s*第?\d+号",
        r"(?<!\d)(?:0\d{2,3}[- ]?\d{7,8}|1[3-9]\d{9}|400-?\d{3}-?\d{4})(?!\d)",
        r"https?://\S+|[\w.+-]+@[\w.-]+",
        r"(?<![A-Za-z0-9])[0-9A-Z]{15,18}(?![A-Za-z0-9])",
        r"第[\d一二三四五六七八九十百]+[条章款项批届号]",
        r"“?[一二三四五]五”?(?=规划|时期|期间|末)",
    )
)
_DROPPED = re.compile(
    r"[￥¥“”\"'‘’「」『』《》【】*]|（(?!单位|[万亿]?元)[^（）\d]{1,4}）"
    # 由80人增加到120人 tells 120
    r"|[由从][^，。；]{1,8}?(?:增加|增长|扩大|扩充|减少|降低|下降|涨|提高|上升|发展|变)[到至了为成]+"
)
_COMMA = re.compile(r"(?<!\d),|,(?!\d{3})")
_BLANKS = re.compile(r"\s+")
_PAUSE = re.compile(r"…+|——+|\.{3,}")
_SLASH = re.compile(r"(?<=[^\x00-\x7f])/|(?<=[\dwW%])/(?=\D)")
_WIDE_COMMA = re.compile("(?<=[０-９])，(?=[０-９]{3}(?![０-９]))")
_WAN = re.compile(r"(?<=\d)[晚碗](?=元|[，。；]|$)")
_LETTER_O = re.compile("(?<=\\d)[Oo](?=[\\dOo年月人万亿个项])")
_UNIT_FIRST = re.compile(
    r"（(?:单位[：:]?)?(?P<unit>[万亿]元)）[：:]?(?P<number>[\d.,]*\d)(?![\d万亿元])"
)
_NUMBERED = re.compile(r"(?:^|\n)\s*[（(]?\d{1,2}[）).、．]\s*(?=\D)")
_CIRCLED = re.compile("[①-⑳]")
_OR_MORE = re.compile(r"(?<=[\dwW万亿人个])\+(?!\d)([万亿wW]?[人个元]?)")
_LINE = re.compile(r"\s*\n\s*")


@dataclass(frozen=True)
class Plain:
    """`text` as read; text[i] stands at written[at[i]]."""

    written: str
    text: str
    at: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """Where text[start:end] stands in the sentence as written."""
        return self.at[start], self.at[end - 1] + 1

    def replaced(self, pattern: re.Pattern[str], put: Callable[[re.Match[str]], str]) -> "Plain":
        """With each match replaced, each new character tied to a place of the match."""
        at: list[int] = []
        text, last = "", 0
        for match in pattern.finditer(self.text):
            new = put(match)
            text += self.text[last : match.start()] + new
            places = self.at[match.start() : match.end()]
            at += self.at[last : match.start()]
            at += [places[min(i, len(places) - 1)] for i in range(len(new))]
            last = match.end()
        return Plain(self.written, text + self.text[last:], (*at, *self.at[last:]))


def read_plain(written: str, misspelt: Mapping[str, str]) -> Plain:
    """The sentence made easy to read; `misspelt` are words that merely look like others.

    >>> read_plain("營 收３，２００ 萬 元", {}).text
    '营收3,200万元'
    """
    text = simplify(_WIDE_COMMA.sub(",", written))
    text = _FORMAL_RUN.sub(lambda match: match[0].translate(_FORMAL), text)
    text = _WAN.sub("万", text)
    text = _LETTER_O.sub("0", text)
    plain = Plain(written, text, tuple(range(len(text))))
    for pattern in _TAKEN_OUT:
        plain = plain.replaced(pattern, lambda _: NOTHING)
    plain = plain.replaced(_NUMBERED, lambda _: "\n").replaced(_CIRCLED, lambda _: "，")
    plain = plain.replaced(_OR_MORE, lambda match: f"{match[1] or ''}以上")
    plain = plain.replaced(_LINE, lambda _: "。")
    plain = Plain(written, plain.text.translate(_MARKS), plain.at)
    plain = plain.replaced(_UNIT_FIRST, lambda match: match["number"] + match["unit"])
    plain = plain.replaced(_COMMA, lambda _: "，").replaced(_PAUSE, lambda _: "，")
    plain = plain.replaced(_SLASH, lambda _: "、")
    plain = plain.replaced(_DROPPED, lambda _: "")
    plain = plain.replaced(re.compile("[（）]"), lambda _: "，")
    plain = plain.replaced(_BLANKS, lambda match: _blank(match))
    return _mended(plain, misspelt)


def _blank(match: re.Match[str]) -> str:
    """A blank is a comma between two words, and nothing within one (营 收) or by a number."""
    text = match.string
    left, right = text[: match.start()], text[match.end() :]
    if not left or not right:
        return ""
    if (left[-1].isascii() and right[0].isascii()) or left[-1] == right[0] == "，":
        return "，"
    if left[-1].isascii() or right[0].isascii():
        return ""
    before = len(re.split(r"[\s，。、；：]", left)[-1])
    after = len(re.split(r"[\s，。、；：]", right)[0])
    return "" if min(before, after) == 1 else "，"


def _mended(plain: Plain, misspelt: Mapping[str, str]) -> Plain:
    if not misspelt:
        return plain
    pattern = re.compile("|".join(map(re.escape, misspelt)))
    return plain.replaced(pattern, lambda match: misspelt[match[0]])
