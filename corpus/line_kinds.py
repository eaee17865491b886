"""What a line of an official document is, by its form alone: number, title, date, signature."""

import re
from dataclasses import dataclass

from corpus.numbers import chinese_number

CJK = "\u3400-\u9fff"
CHINESE_NUMBER = "[零〇一二三四五六七八九十百]+"
TYPE_WORDS = (
    "通知|意见|方案|要点|办法|措施|细则|规定|规划|计划|条例|决定|公告|指南|指引|通告|批复"
    "|解释|函|法"
)
BODIES = "厅|局|委|委员会|办公室|政府|部|院|中心|总局|党组|领导小组"

# (kind, pattern) in the order of nesting: that of 《立法法》第六十五条, then that of notices.
UNITS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("part", re.compile(rf"第({CHINESE_NUMBER})(?:编|部分)(?![{CJK}]*第)")),
    ("chapter", re.compile(rf"第({CHINESE_NUMBER})章")),
    ("section", re.compile(rf"第({CHINESE_NUMBER})节")),
    ("article", re.compile(rf"第({CHINESE_NUMBER})条(?:之{CHINESE_NUMBER})?")),
    ("cn", re.compile(rf"({CHINESE_NUMBER})、")),
    (
        "cn_brackets",  # not （三）项 or （一）、（二）, which name another place
        re.compile(rf"[（(]({CHINESE_NUMBER})[)）](?!项(?!目)|[至和或、]第?[（(])、?"),
    ),
    ("digit", re.compile(r"(\d{1,3})[.．、](?!\d(?!\d{3}年))")),
    ("digit_brackets", re.compile(r"[（(](\d{1,2})[)）]")),
    ("circled", re.compile(r"([①-⑳])")),
    ("listed", re.compile(r"([一二三四五六七八九十]+)是")),
)
# What follows 第八条 where it is named inside a sentence and opens no article.
_REFERENCE = re.compile(
    r"第[^条]{1,6}[款项]|第?[（(].{1,3}[)）]项|的|[，,；;。)）”》]|、(?:第|本)|[和或至及]第|之规定"
)
# The same where no blank stands behind 第八条: an article's own text may begin so after a blank.
_CLOSE_REFERENCE = re.compile(
    r"规定|所[称列述指规]|[和或至及与、]|以[上下外]|情形|确定|执行|处[罚理]|办理|要求|除外|修改"
)
_CLOSE_CHAPTER_REFERENCE = re.compile(r"规定[的，,。]?")
_ENUMERATION = re.compile(rf"{CHINESE_NUMBER}(?:、|等|类|级|期|档|次|三)")
_TITLE = re.compile(rf"[^。；;，,：:]{{4,80}}(?:{TYPE_WORDS})(?:[（(][^）)]{{1,12}}[)）])?")
_BLOCK = re.compile(r"[•·]?【.{2,6}】.*")
# What a government site writes in the table above a document.
_FIELD_LABELS = (
    "(?:索引号|主题分类|主题词|信息分类|发文机关|发文单位|发布机构|制定机关|成文日期|发布日期|公布日期"
    "|发文字号|文号|标题|名称|时效性|有效性|效力状态|施行日期|生效日期|失效日期|废止日期|公开方式"
    "|公开类别|体裁分类|公文种类|来源)"
)
_FIELD_LABEL = re.compile(f"{_FIELD_LABELS}[:：]?")
_FIELD = re.compile(f"{_FIELD_LABELS}[:：]")
_LONGEST_FIELD = 60
_DOCUMENT_NUMBER = re.compile(
    rf"[{CJK}]{{1,16}}[〔\[(（【]\d{{4}}[〕\])）】]第?\d{{1,5}}号"
    rf"|[{CJK}\s]{{0,20}}公告\d{{4}}年第\d{{1,4}}号"
    rf"|(?:中华人民共和国)?(?:国务院|主席|[{CJK}]{{1,8}}?(?:部|局|委员会|政府))令第\d{{1,4}}号"
)
_DAY = r"\d{4}年\d{1,2}月\d{1,2}日"
_DATE = re.compile(
    r"[•·]?(?:发布(?:时间|日期)|成文日期|公布日期|来源|索引号|发文机关|时间|日期)[:：].*"
    rf"|[（(]?{_DAY}[^，,。；;]{{0,12}}[)）]?|[（(]?{_DAY}[^。；;]{{0,240}}(?:通过|批准|修订|修正|公布|施行|发布)[^，,。]{{0,40}}"
)
_ADDRESSEE = re.compile(r"[^。；;]{4,200}[:：]")
_SIGNATURE = re.compile(rf"[{CJK}、 ]{{2,40}}(?:{BODIES})")


@dataclass(frozen=True)
class Mark:
    """The number at a line's begin: its kind, its value and how many characters it takes."""

    kind: str
    number: int
    length: int


def find_mark(plain: str, is_spaced: bool = True) -> Mark | None:
    """The clause number that a line begins with; None for a reference to another place.

    `is_spaced` says whether a blank stood behind the number in the original.
    """
    for kind, pattern in UNITS:
        match = pattern.match(plain)
        if match is None:
            continue
        if plain.startswith("第") and _is_reference(kind, plain[match.end() :], is_spaced):
            return None
        text = match[1]
        number = int(text) if text.isdecimal() else chinese_number(text)
        return Mark(kind, number, match.end())
    return None


def _is_reference(kind: str, rest: str, is_spaced: bool) -> bool:
    if _REFERENCE.match(rest):
        return True
    close = _CLOSE_REFERENCE if kind == "article" else _CLOSE_CHAPTER_REFERENCE
    return not is_spaced and bool(close.match(rest))


@dataclass
class Numbering:
    """Follows the articles through a document, to tell 第八条 from a reference to it."""

    last: int = 0

    def admits(self, plain: str, mark: Mark, is_spaced: bool, is_open: bool) -> bool:
        """Whether the mark opens a unit; `is_open`: the line before stops in mid-sentence."""
        if mark.kind == "cn":
            return not (is_open and _ENUMERATION.match(plain[mark.length :]))
        if mark.kind != "article" or is_spaced or not self.last:
            return True
        if "之" in plain[: mark.length]:
            return mark.number == self.last
        if is_open:
            return mark.number == self.last + 1
        return mark.number > self.last or mark.number == 1

    def count(self, mark: Mark) -> None:
        """Take note of an article that was opened."""
        if mark.kind == "article":
            self.last = mark.number


def is_heading(plain: str) -> bool:
    """Whether the line begins with a clause number: 第十条, 一、, （一）, 1., 一是."""
    return find_mark(plain) is not None


def is_title(plain: str) -> bool:
    """Whether the line reads like a title: no punctuation inside, 办法 or 通知 at its end."""
    return bool(_TITLE.fullmatch(plain)) and not is_heading(plain)


def is_block(plain: str) -> bool:
    """Whether the line is a field of a 【制定机关】… block."""
    return bool(_BLOCK.fullmatch(plain))


def is_field_label(plain: str) -> bool:
    """Whether the words name a field of a document: 发文字号：, 成文日期."""
    return bool(_FIELD_LABEL.fullmatch(plain))


def is_document_number(plain: str) -> bool:
    """Whether the line is a 文号 alone."""
    return bool(_DOCUMENT_NUMBER.fullmatch(plain))


def find_document_number(plain: str) -> re.Match[str] | None:
    """The first 文号 in the text."""
    return _DOCUMENT_NUMBER.search(plain)


def is_date(plain: str) -> bool:
    """Whether the line is a date, or a labelled date or source."""
    return bool(_DATE.fullmatch(plain)) and "。" not in plain


def is_addressee(plain: str) -> bool:
    """Whether the line names whom a notice is addressed to: 各市科技局:"""
    return bool(_ADDRESSEE.fullmatch(plain)) and not is_heading(plain)


def is_signature(plain: str) -> bool:
    """Whether the line is the issuing body or the date under a notice."""
    return bool(re.fullmatch(_DAY, plain) or _SIGNATURE.fullmatch(plain))


def is_label(plain: str) -> bool:
    """Whether the line is a date, a 文号 or a field of a block: never a part of a sentence."""
    is_field = len(plain) <= _LONGEST_FIELD and _FIELD.match(plain) is not None
    return is_block(plain) or is_document_number(plain) or is_date(plain) or is_field


def stands_alone(plain: str) -> bool:
    """Whether a line without a full stop is whole as it is."""
    return is_heading(plain) or is_title(plain) or is_label(plain) or is_signature(plain)
