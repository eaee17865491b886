"""Values that a sentence states: money, percent, counts, dates, telephone numbers.

One pattern a kind, so that the same reading decides what is asked, what is answered and what
a citation must hold. What it does not know: which value belongs to which subject.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from corpus.line_kinds import CHINESE_NUMBER, find_document_number


class Kind(StrEnum):
    """What a question asks for."""

    MONEY = "money"
    PERCENT = "percent"
    COUNT = "count"
    NUMBER = "number"
    DATE = "date"
    PERIOD = "period"
    PHONE = "phone"
    ADDRESS = "address"
    DOCUMENT_NUMBER = "document_number"
    BODY = "body"
    LIST = "list"
    DEFINITION = "definition"
    HOW = "how"
    YES_NO = "yes_no"
    VALIDITY = "validity"


_ORDINAL = re.compile(r"第[\d一二三四五六七八九十百零]+$")  # 第十二条 is no number of things
_LEAD_IN = re.compile(r"^.*?(?:依据|根据|按照|依照|参照|执行|落实|关于|文号是?|请问)")
_NUMBER = r"\d[\d,，]*(?:\.\d+)?(?:\s*[-—~至到]\s*\d[\d,]*(?:\.\d+)?)?"
_SCALE = r"(?:万亿|亿|千万|百万|万|千)?"
_RANGE = r"(?:\d[\d,.]*(?:万亿|亿|千万|百万|万|千)元?\s*[-—~至到]\s*)?"
_QUALIFIER_BEFORE = r"(?:不低于|不少于|不超过|不高于|超过|突破|达到|至少|最高|约|近)?"
_QUALIFIER_AFTER = r"(?:以上|以下|以内|左右)?"
_COUNTED = "家|项|个|人|名|种|类|处|所|次|件|条|批|倍|亩|户|篇|场|(?<!百)分|台|套|支|期|座|款"
PATTERNS: dict[Kind, re.Pattern[str]] = {
    Kind.MONEY: re.compile(
        rf"{_QUALIFIER_BEFORE}(?:{_RANGE}{_NUMBER}{_SCALE}|{CHINESE_NUMBER}[万亿千百]+)(?:元|块钱){_QUALIFIER_AFTER}"
        rf"|{_QUALIFIER_BEFORE}{_NUMBER}(?:万亿|亿|千万|百万|万){_QUALIFIER_AFTER}(?!{_COUNTED})"
    ),
    Kind.PERCENT: re.compile(
        rf"{_QUALIFIER_BEFORE}(?:{_NUMBER}\s*(?:%|‰|个百分点)|百分之{CHINESE_NUMBER}){_QUALIFIER_AFTER}"
    ),
    Kind.COUNT: re.compile(
        rf"{_QUALIFIER_BEFORE}(?:{_NUMBER}{_SCALE}|{CHINESE_NUMBER}|两)多?余?(?:{_COUNTED})(?!百分点|目){_QUALIFIER_AFTER}"
    ),
    Kind.NUMBER: re.compile(rf"{_QUALIFIER_BEFORE}{_NUMBER}{_SCALE}{_QUALIFIER_AFTER}"),
    Kind.DATE: re.compile(
        r"\d{4}\s*[年.-]\s*\d{1,2}\s*[月.-]\s*\d{1,2}日?|\d{4}年(?:\d{1,2}月)?(?:底|末|初|起|前|以前)?"
        r"|\d{1,2}月(?:\d{1,2}日|底|初|中旬|上旬|下旬)"
        # A day that another event fixes: 从认定之日的次月起, 自获利年度起
        r"|[自从][^，。；、自从]{2,24}?(?:之日|的?次月|年度)(?:的次月)?起算?"
    ),
    Kind.PERIOD: re.compile(
        rf"\d{{4}}年?\s*[-—–~至到]\s*\d{{4}}年?|(?:(?<!\d)\d{{1,3}}|{CHINESE_NUMBER}|两)(?:年|个月|个工作日|天|日)(?:内|以上)?"
        r"|“?[一二三四五十]+五”?时期"
    ),
    Kind.PHONE: re.compile(
        r"(?<!\d)(?:[（(]?0\d{2,3}[)）]?[-— ]?\d{7,8}|1[3-9]\d{9}|400[-\d]{7,10}|12[13]\d{2})(?!\d)"
    ),
    Kind.ADDRESS: re.compile(
        r"https?://\S+|\w+\.gov\.cn|[A-Za-z0-9_.+-]+@[A-Za-z0-9.-]+|\S{2,12}[路街]\d+号"
    ),
}


@dataclass(frozen=True)
class Value:
    """A value in a text, at text[start:end]."""

    kind: Kind
    text: str
    start: int
    end: int


def find_values(text: str, kind: Kind) -> list[Value]:
    """Every value of one kind in simplified text, in order.

    >>> [one.text for one in find_values("突破30亿元,培育50家以上,增长8%", Kind.MONEY)]
    ['突破30亿元']
    >>> [one.text for one in find_values("突破30亿元,培育50家以上,增长8%", Kind.COUNT)]
    ['50家以上']
    """
    if kind is Kind.DOCUMENT_NUMBER:
        number = find_document_number(text)
        if number is None:
            return []
        text_only = _LEAD_IN.sub("", number[0])
        return [Value(kind, text_only, number.end() - len(text_only), number.end())]
    pattern = PATTERNS.get(kind)
    if pattern is None:
        return []
    return [
        Value(kind, match[0], *match.span())
        for match in pattern.finditer(text)
        if not (match[0].endswith("条") and _ORDINAL.search(text[: match.start() + 1]))
    ]


_COMPARED = re.compile(
    r"[\s,，]|元|以上|以下|左右|约|不低于|不少于|不超过|超过|突破|达到|至少|最高"
)


def same_value(value: str) -> str:
    """A form in which equal values are equal strings: 5,000万元 and 5000万."""
    return _COMPARED.sub("", value)
