"""The words by which facts are called: where a sentence names one.

Words are `said` and `name` of each fact type and the patterns of fact_words.yaml. What it does
not know: which value a named fact has.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from assistant.rules.facts import NUMERIC, FactType, Kind
from assistant.rules.files import Strict, read_yaml, validate

_FILE = Path(__file__).parent.parent / "fact_words.yaml"
_IN_A_NAME = re.compile(r"（[^）]*）|“|”|^上年度|^近一年|^有效期内的|^已入库的|^年度")
_SHARE = re.compile(r"占[^，。]*比例$|占比$|比例$|占$")
_YEARS = re.compile("近?[二两三四五]年")
_OF_OTHERS = re.compile("(?<!公司)(?<!我们)(?<!咱们)(?<!企业)(?<!厂里)的$")  # 从事…的人员
_OF_YEARS = re.compile("[二两三四五2-5]个?(?:会计)?年")
_UNIT_WORDS = re.compile(r"^(?:.|[个号名位]人)$")  # 人, 个人: units, not names


class Fixed(Strict):
    """A number that a phrase tells without a digit."""

    pattern: str
    value: int


class FactWords(Strict):
    """fact_words.yaml; the file says what each entry is for."""

    misspelt: Mapping[str, str]
    mended: str
    phrases: Mapping[str, tuple[str, ...]]
    other_things: tuple[str, ...]
    may_precede: str
    makes_other: str
    may_not_precede: str
    pending: str
    opposites: Mapping[str, str]
    affirmed: Mapping[str, str]
    bad_things: Mapping[str, str]
    told_in_full: Mapping[str, tuple[Fixed, ...]]
    none_words: Mapping[str, tuple[str, ...]]
    negative_words: Mapping[str, str]
    scopes: Mapping[str, str]
    titles: Mapping[str, str]
    places: Mapping[str, str]
    counties: Mapping[str, str]
    gaps: Mapping[str, str]
    choices: Mapping[str, Mapping[str, str]]
    choice_before: str
    choice_after: str


@dataclass(frozen=True)
class Mention:
    """Facts that plain[start:end] may name, the likeliest first; none where it is another thing."""

    start: int
    end: int
    word: str
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Vocabulary:
    """Every way to name a fact of some types."""

    types: Mapping[str, FactType]
    by_word: Mapping[str, tuple[str, ...]]
    pattern: re.Pattern[str]
    phrases: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]


@cache
def fact_words() -> FactWords:
    """The words of fact_words.yaml, read once. Raises RuleError for a malformed file."""
    return validate(FactWords, read_yaml(_FILE), _FILE.name)


@lru_cache(maxsize=256)
def pattern(group: str, name: str) -> re.Pattern[str]:
    """One pattern of fact_words.yaml, such as pattern("scopes", "future")."""
    return re.compile(getattr(fact_words(), group)[name])


@lru_cache(maxsize=8)
def _vocabulary(types: tuple[tuple[str, FactType], ...]) -> Vocabulary:
    by_word: dict[str, list[str]] = {}
    known = dict(types)
    for name, fact in types:
        has_base = re.sub(r"_\dy$", "", name) in known
        for word in _words_of(fact):
            if _YEARS.match(word) and has_base:
                continue  # the period and the word are read one by one
            held = by_word.setdefault(word, [])
            held += [] if name in held else [name]
    for word, facts in fact_words().none_words.items():
        by_word.setdefault(word, [one for one in facts if one in known])
    phrases: list[tuple[re.Pattern[str], tuple[str, ...]]] = [
        (re.compile(one), ()) for one in fact_words().other_things
    ]
    phrases += [
        (re.compile(one), (name,))
        for name, patterns in fact_words().phrases.items()
        for one in patterns
        if name in known
    ]
    phrases += [
        (re.compile(one), (name,))
        for name, one in fact_words().negative_words.items()
        if name in known
    ]
    ordered = sorted(by_word, key=len, reverse=True)
    found = {word: tuple(facts) for word, facts in by_word.items()}
    either = re.compile(f"(?=({'|'.join(map(re.escape, ordered)) or '(?!)'}))")
    return Vocabulary(known, found, either, tuple(phrases))


def vocabulary(types: Mapping[str, FactType]) -> Vocabulary:
    """The vocabulary of these types; worked out once for each set of types."""
    return _vocabulary(tuple(types.items()))


def _words_of(fact: FactType) -> list[str]:
    """The words of a fact; a share is also called by what it is a share of (研发占 -> 研发)."""
    if fact.kind in (Kind.REGION, Kind.CHOICE):
        return []
    short = _IN_A_NAME.sub("", fact.name)
    words = [*fact.said, short, short.removesuffix("数") if fact.kind is Kind.COUNT else short]
    words = [_IN_A_NAME.sub("", one) for one in words]
    if fact.kind is Kind.RATIO:
        words = [_SHARE.sub("", one) for one in words]
    return [one for one in dict.fromkeys(words) if len(one) > 1 and not _UNIT_WORDS.match(one)]


def find_mentions(plain: str, words: Vocabulary) -> list[Mention]:
    """Every name of a fact in order, longest first where names overlap.

    >>> from assistant.rules.facts import common_facts
    >>> found = find_mentions("研发人员25人，软著12个", vocabulary(common_facts()))
    >>> [(one.word, one.facts[0]) for one in found]
    [('研发人员', 'rd_staff'), ('软著', 'class2_ip')]
    """
    found = [
        Mention(*match.span(1), match[1], words.by_word[match[1]])
        for match in words.pattern.finditer(plain)
    ]
    for phrase, facts in words.phrases:
        found += [
            Mention(*match.span(), match[0], facts) for match in phrase.finditer(plain) if match[0]
        ]
    found.sort(key=lambda one: (one.start - one.end, one.start, one.facts != ()))
    kept: list[Mention] = []
    for one in found:
        if kept and kept[-1].facts and (one.start, one.end) == (kept[-1].start, kept[-1].end):
            both = tuple(dict.fromkeys((*kept[-1].facts, *one.facts)))
            kept[-1] = Mention(one.start, one.end, one.word, both)
        elif all(one.end <= other.start or one.start >= other.end for other in kept):
            kept.append(one)
    joined: list[Mention] = []
    for one in sorted(kept, key=lambda one: one.start):
        if _stands_alone(plain, one, words):
            joined.append(one)
        elif joined and _goes_on(joined[-1], one, words):
            first = joined[-1]
            joined[-1] = Mention(first.start, one.end, plain[first.start : one.end], first.facts)
        else:
            joined.append(Mention(one.start, one.end, one.word, ()))
    return joined


def _goes_on(first: Mention, second: Mention, words: Vocabulary) -> bool:
    """Whether two words are one: 委托境内 and 研发花了 in 委托境内高校研发花了100万."""
    names = [words.types[one].name for one in first.facts]
    return second.start - first.end <= 3 and any(second.word[:2] in name for name in names)


def _stands_alone(plain: str, mention: Mention, words: Vocabulary) -> bool:
    """Whether no noun before the word makes it another thing (软件产品收入, 女员工)."""
    kinds = {words.types[one].kind for one in mention.facts}
    before = plain[max(mention.start - 10, 0) : mention.start]
    if kinds & set(NUMERIC) and re.search(fact_words().may_not_precede, before):
        return False
    if mention.word.startswith("人") and _OF_OTHERS.search(before):
        return False
    if Kind.MONEY in kinds or mention.word.startswith("人"):
        if re.search("累计|合计|总共?$", before) and _OF_YEARS.search(plain, 0, mention.start):
            return True
        if len(mention.word) > 2 or mention.word in ("营收", "净利"):
            return not re.search(fact_words().makes_other, before)
        return bool(re.search(fact_words().may_precede, before))
    return True
