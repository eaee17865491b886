"""A question as people write it -> what it asks, about which region, year and subject.

Words that ask, abbreviations and orders to cut out are data, assistant/vocabulary.yaml.
What it does not know: the documents. Spelling against the corpus is assistant/spelling.py.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import rjieba
import yaml

from assistant.values import Kind
from corpus.citation import find_articles
from corpus.cleaning import mainland, simplify
from corpus.errors import UsageError
from corpus.regions import NATION, NATION_NAMES, find_regions, is_known, region_name

MOST_CHARACTERS = 2000
_VOCABULARY = Path(__file__).parent / "vocabulary.yaml"
_QUOTED = re.compile(r"[“\"「『《]([^”\"」』》]{2,40})[”\"」』》]")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:年|(?=[^\d]|$))(?!\s*[〕\]）)]\s*第?\d+号)")
_GROUP = re.compile(r"([一二三四五六七八九十]+)[大类项种个](?=[\u4e00-\u9fff])")
_NOW = ("现在", "目前", "今年", "眼下", "当前", "如今")
_LAST_YEAR = ("去年", "上一年", "上年度")
_PAST = re.compile(
    r"(?<![年月日号])(?:以前|从前|过去(?![一二两三四五近\d]))|原来(?:的|是|规定|要求)|早先"
    r"|[旧老](?:办法|标准|规定|政策|版|要求|口径)|(?:修订|废止|调整)前"
)
# Last year's own figures say nothing of the year of a policy.
_OWN_FIGURE = re.compile(
    r"(去年|上一?年度?)[^，。；？]{0,8}(收入|营收|销售|研发|利润|亏|花了?|卖|员工|职工|资产|交了)"
)


@dataclass(frozen=True)
class Question:
    """A question understood. `plain` is simplified; `subject` is `plain` without idle words."""

    text: str
    plain: str
    subject: str
    kinds: frozenset[Kind]
    regions: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    is_about_now: bool = False
    is_about_past: bool = False  # 以前, 旧办法: what an earlier document said
    articles: tuple[tuple[str, ...], ...] = ()
    quoted: tuple[str, ...] = ()
    expansions: tuple[str, ...] = ()  # words that policies use for words in the question
    corrections: tuple[tuple[str, str], ...] = ()  # (as written, as understood)
    was_cut: bool = False  # an order hidden in the question was cut out

    def asks(self, *kinds: Kind) -> bool:
        """Whether any of the kinds is asked for."""
        return not self.kinds.isdisjoint(kinds)


@cache
def vocabulary() -> Mapping[str, Any]:
    """The word lists of vocabulary.yaml."""
    loaded: dict[str, Any] = yaml.load(_VOCABULARY.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return loaded


@cache
def _compiled(section: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    entries = vocabulary()[section]
    pairs = entries.items() if isinstance(entries, dict) else ((one, one) for one in entries)
    return tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in pairs)


@cache
def _idle_phrases() -> re.Pattern[str]:
    """Longer ones first, so that 什么时候 goes before 什么."""
    phrases = vocabulary()["idle_phrases"].split()
    return re.compile("|".join(sorted(phrases, key=len, reverse=True)))


def check_question(text: str) -> str:
    """Return the text without margins. Raises UsageError when it is no question."""
    stripped = text.strip()
    if not stripped:
        raise UsageError("问题是空的。请输入想了解的政策问题，例如“高新技术企业有哪些支持？”")
    if len(stripped) > MOST_CHARACTERS:
        raise UsageError(
            f"问题有 {len(stripped)} 个字，最多 {MOST_CHARACTERS} 个字。请缩短，或分成几个问题。"
        )
    if not re.search(r"\w", stripped):
        raise UsageError("问题里只有标点符号，没有文字。请用一句话写出想了解的政策问题。")
    return stripped


def read_question(text: str, day: date, region: str | None = None) -> Question:
    """Read a question asked on `day`; `region` (code or name) holds where it names none.

    Raises UsageError for an empty, overlong or wordless question and an unknown region.
    """
    plain = mainland(check_question(text)).replace("\n", " ")
    kept = _without_orders(plain)
    if not re.search(r"\w", kept):
        raise UsageError("这句话里没有政策问题，只有对系统的指令。请直接写出想了解的政策问题。")
    mentions = find_regions(kept)
    regions = tuple(dict.fromkeys(one.code for one in mentions))
    chosen = region_code(region) if region else None
    return Question(
        text=text,
        plain=kept,
        subject=subject_of(kept),
        kinds=_kinds(kept),
        regions=regions or ((chosen,) if chosen else ()),
        years=_years(kept, day),
        is_about_now=any(word in kept for word in _NOW),
        is_about_past=bool(_PAST.search(kept)),
        articles=tuple(find_articles(kept)),
        quoted=tuple(match[1] for match in _QUOTED.finditer(kept)),
        expansions=_expansions(kept),
        was_cut=kept != plain,
    )


def with_plain(question: Question, plain: str, correction: tuple[str, str]) -> Question:
    """The question after a misspelt word was read as another."""
    return replace(
        question,
        plain=plain,
        subject=subject_of(plain),
        expansions=_expansions(plain),
        corrections=(*question.corrections, correction),
    )


def region_code(region: str) -> str:
    """The code for a region given as a code or a Chinese name. Raises UsageError otherwise."""
    if is_known(region):
        return region
    if region in NATION_NAMES:
        return NATION
    mentions = find_regions(simplify(region))
    if not mentions:
        raise UsageError(
            f"不认识地区“{region}”。请写省、自治区或地市的名称，例如 宁夏、巴彦淖尔，或代码 CN-NX。"
        )
    return mentions[0].code


def refusal(plain: str) -> str | None:
    """The sentence with which a question is refused; None when it is not."""
    for entry in vocabulary()["refusals"]:
        exempt = "unless" in entry and re.search(entry["unless"], plain)
        if not exempt and re.search(entry["pattern"], plain, re.IGNORECASE):
            sentence: str = entry["say"]
            return sentence
    return None


def is_greeting(plain: str) -> bool:
    """Whether the text only greets."""
    return bool(re.match(vocabulary()["greeting"], plain, re.IGNORECASE))


def is_in_domain(plain: str) -> bool:
    """Whether the question uses a word about policy for enterprises."""
    return bool(re.search(vocabulary()["domain"], plain))


def subject_of(plain: str) -> str:
    """What is left without regions, years and idle words; blanks where words were.

    >>> subject_of("宁夏2022年技术合同交易额的目标是多少?")
    '技术合同交易额 目标'
    """
    spans = [(one.start, one.end) for one in find_regions(plain)]
    text = "".join(
        " " if any(start <= i < end for start, end in spans) else character
        for i, character in enumerate(plain)
    )
    text = _YEAR.sub(" ", text)
    text = re.sub("|".join((*_NOW, *_LAST_YEAR)), " ", text)
    text = _idle_phrases().sub(" ", text)
    words = [" " if word in vocabulary()["idle_words"] else word for word in rjieba.cut(text)]
    return " ".join(re.sub(r"[^\w&%+.:-]+", " ", "".join(words)).split())


def _without_orders(plain: str) -> str:
    for _, pattern in _compiled("injections"):
        plain = pattern.sub(" ", plain)
    return plain.strip()


def _kinds(plain: str) -> frozenset[Kind]:
    return frozenset(Kind(name) for name, pattern in _compiled("kinds") if pattern.search(plain))


def _years(plain: str, day: date) -> tuple[int, ...]:
    years = [int(match[1]) for match in _YEAR.finditer(plain)]
    if any(word in plain for word in _LAST_YEAR) and not _OWN_FIGURE.search(plain):
        years.append(day.year - 1)
    return tuple(dict.fromkeys(years))


def _expansions(plain: str) -> tuple[str, ...]:
    words = {**vocabulary()["abbreviations"], **vocabulary()["colloquial"]}
    found = [full for short, full in words.items() if short in plain and full not in plain]
    # 五大计划 and 五项计划 are 五类计划.
    found += [f"{match[1]}{unit}" for match in _GROUP.finditer(plain) for unit in "类项"]
    return tuple(found)


def named_regions(question: Question) -> str:
    """The question's regions as people say them: 宁夏、内蒙古."""
    return "、".join(region_name(code) for code in question.regions)
