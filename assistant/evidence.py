"""From hits to the sentences that answer: which sentence states what is asked.

A sentence is scored by how much of the question's subject it holds (rare words count more),
alone and together with its headings, by the likeness of its passage, and by whether it states
a value of the kind that is asked. What it does not know: how the answer is worded.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import rjieba

from assistant.question import Question
from assistant.values import Kind, Value, find_values
from corpus.document import Clause, Document, Sentence
from index.keyword import terms
from index.search import Hit, Index

STRICT = (Kind.MONEY, Kind.PERCENT, Kind.COUNT, Kind.DATE, Kind.PERIOD, Kind.PHONE, Kind.ADDRESS)
# Fitted on the development questions so that the clauses which answer come first.
_OWN, _WITH_HEADINGS, _WITH_CLAUSE, _LIKENESS, _STATES = 0.11, 0.17, 0.13, 0.32, 0.12
_SEARCH = 0.15  # of the merged search score of the clause
_ASIDE = 0.06
_EXAMPLE = re.compile(r"例子|算例|举例|例如|比如|不是|不适用|(?<!折)旧|已经过期|不能再用|＝|min")
_SURE = 0.5
_HEAD = 0.8  # titles and addressees hold the words of the subject, and say nothing of it
_LIKENESS_RANGE = (0.84, 0.94)  # cosines of the built-in model lie between
_FRAGMENT = re.compile(r"[^，,；;：:。]+[，,；;：:。]?")
_BODY = re.compile(
    r"责任单位(?:[:：]|是)|牵头|负责|归口|组长|主管|由[^，。]{2,20}(?:管理|组织|承担)"
)
# Two characters or more, and no numeral: 五大 says nothing of the subject.
_GROWTH = re.compile(r"增长|增幅|提高|上升|下降|降低")
_SHARE = re.compile(r"比例|占比|税率|百分之")
_WORD = re.compile("[\u3400-\u4dff\u4e00-\u9fff]{2,}(?<![一二三四五六七八九十]大)")
_ASKS_BODY = re.compile(r"责任单位|责任|负责|牵头|主管|归口|部门|单位")
_RESPONSIBLE = re.compile(r"责任单位(?:[:：]|是)")
_ENUMERATION = re.compile(r"(?:包括|分为|下设|有|设立|为)[^。]*、|、[^。]*、|是[:：]")


@dataclass(frozen=True)
class Evidence:
    """A sentence that bears on the question, and the value in it that is asked for."""

    clause: Clause
    document: Document
    position: int  # of the sentence in the clause
    score: float
    coverage: float  # share of the subject, by weight, in the sentence and its headings
    likeness: float  # cosine of its passage
    own: float = 1.0  # share of the subject in the sentence alone
    value: Value | None = None
    fragment: str = ""  # the part between commas that states the value
    is_aside: bool = False  # an example or an earlier rule: its value is not the rule's own

    @property
    def is_sure(self) -> bool:
        """Whether the sentence itself holds enough of the subject to state its value alone."""
        return self.own >= _SURE

    @property
    def sentence(self) -> Sentence:
        """The sentence itself."""
        return self.clause.sentences[self.position]


def subject_weights(question: Question, index: Index) -> dict[str, float]:
    """The subject's terms that the corpus knows, with their rarity."""
    words = " ".join([question.subject, *question.quoted, *question.expansions])
    if question.asks(Kind.BODY):
        words = _ASKS_BODY.sub(" ", words) or words
    return {term: index.keyword.idf(term) for term in terms(words) if index.keyword.knows(term)}


def unknown_share(question: Question, index: Index) -> float:
    """The share of the subject's words, by rarity, that the corpus never uses; 0 to 1."""
    words = {word for word in rjieba.cut(question.subject) if _WORD.fullmatch(word)}
    total = sum(index.keyword.idf(word) for word in words)
    unknown = sum(index.keyword.idf(word) for word in words if not index.keyword.knows(word))
    return unknown / total if total else 0.0


def rank_evidence(
    hits: Sequence[Hit], question: Question, weights: Mapping[str, float]
) -> list[Evidence]:
    """Every sentence of the hit clauses, best first."""
    found = [
        _weigh(hit, position, question, weights)
        for hit in hits
        for position in range(len(hit.clause.sentences))
    ]
    return sorted(found, key=lambda one: -one.score)


def coverage(text: str, weights: Mapping[str, float]) -> float:
    """The share of the weights whose terms stand in the text."""
    total = sum(weights.values())
    if not total:
        return 0.0
    lowered = text.lower()
    return sum(weight for term, weight in weights.items() if term in lowered) / total


def _weigh(hit: Hit, position: int, question: Question, weights: Mapping[str, float]) -> Evidence:
    clause = hit.clause
    sentence = clause.sentences[position].plain
    headings = " ".join((hit.document.title, *clause.headings))
    own = coverage(sentence, weights)
    with_headings = coverage(f"{sentence} {headings}", weights)
    with_clause = coverage(f"{clause.plain} {headings}", weights)
    if question.asks(Kind.BODY) and _RESPONSIBLE.search(clause.plain):
        own = with_headings = with_clause  # the bodies stand behind the task, in brackets
    low, high = _LIKENESS_RANGE
    likeness = min(1.0, max(0.0, (hit.dense - low) / (high - low)))
    value, fragment = _asked_value(sentence, question, weights)
    is_aside = bool(_EXAMPLE.search(sentence))
    stated = None if is_aside and not question.is_about_past else value
    return Evidence(
        clause=clause,
        document=hit.document,
        position=position,
        score=(_HEAD if clause.path == ("文首",) else 1.0)
        * (
            _OWN * own
            + _WITH_HEADINGS * with_headings
            + _WITH_CLAUSE * with_clause
            + _LIKENESS * likeness
            + _SEARCH * hit.score
            + _STATES * _states(sentence, question, stated, coverage(fragment, weights))
            - _ASIDE * (is_aside and not question.is_about_past)
        ),
        coverage=with_headings,
        likeness=hit.dense,
        own=coverage(sentence, weights),
        value=value,
        fragment=fragment,
        is_aside=is_aside,
    )


def _states(sentence: str, question: Question, value: Value | None, near: float) -> float:
    """0 to 1: whether the sentence is of the form that answers the question."""
    if question.asks(*STRICT, Kind.NUMBER):
        return 0.4 + 0.6 * near if value else 0.0
    if question.asks(Kind.BODY):
        return 1.0 if _BODY.search(sentence) else 0.0
    if question.asks(Kind.DEFINITION):
        names = question.quoted or tuple(question.subject.split())
        return 2.0 if any(_defines(sentence, name) for name in names) else 0.0
    if question.asks(Kind.LIST):
        return 1.0 if _ENUMERATION.search(sentence) else 0.0
    return 0.0


def _defines(sentence: str, name: str) -> bool:
    opening = r"(?:^|[。；，、:：“\"])"
    return bool(re.search(rf"{opening}{re.escape(name)}[”\"]?(?:是|指|系指|即|[:：])", sentence))


def asked_kinds(question: Question) -> tuple[Kind, ...]:
    """The kinds of value that answer the question, the particular ones before plain numbers."""
    if Kind.PERCENT in question.kinds and _SHARE.search(question.plain):
        return (Kind.PERCENT,)
    strict = tuple(kind for kind in STRICT if kind in question.kinds)
    return strict or ((Kind.NUMBER,) if Kind.NUMBER in question.kinds else ())


# What also answers when no value of the asked kind is stated: 补多少钱 with 按投入的30%.
_INSTEAD = {
    Kind.MONEY: Kind.PERCENT,
    Kind.COUNT: Kind.PERCENT,
    Kind.DATE: Kind.PERIOD,
    Kind.PERIOD: Kind.DATE,
}


def _asked_value(
    sentence: str, question: Question, weights: Mapping[str, float]
) -> tuple[Value | None, str]:
    """The asked value nearest to the subject, and the fragment that states it."""
    kinds = asked_kinds(question)
    found = _best_value(sentence, kinds, question, weights)
    instead = tuple(_INSTEAD[kind] for kind in kinds if kind in _INSTEAD)
    return found if found[0] else _best_value(sentence, instead, question, weights)


def _best_value(
    sentence: str, kinds: tuple[Kind, ...], question: Question, weights: Mapping[str, float]
) -> tuple[Value | None, str]:
    best: tuple[float, Value | None, str] = (-1.0, None, "")
    for fragment, start in _fragments(sentence):
        for value in _values(fragment, kinds):
            if value.text in question.plain:
                continue  # the question states it; it does not ask for it
            if _is_change(fragment, value, question):
                continue
            digits = sum(character.isdigit() for character in value.text)
            near = coverage(fragment, weights) + digits / 1000  # 2021-2023年 before 三年
            if near > best[0]:
                moved = Value(value.kind, value.text, start + value.start, start + value.end)
                best = (near, moved, fragment)
    return best[1], best[2]


def _is_change(fragment: str, value: Value, question: Question) -> bool:
    """Whether a percentage tells a growth where a share is asked for."""
    is_share = value.kind is Kind.PERCENT and _SHARE.search(question.plain)
    return bool(is_share and _GROWTH.search(fragment[: value.start]))


def _values(fragment: str, kinds: Iterable[Kind]) -> list[Value]:
    return [value for kind in kinds for value in find_values(fragment, kind)]


def _fragments(sentence: str) -> list[tuple[str, int]]:
    return [
        (match[0].rstrip("，,；;：:。"), match.start()) for match in _FRAGMENT.finditer(sentence)
    ]
