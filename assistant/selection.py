"""Which of the ranked sentences are shown: the one that answers, and those that belong to it."""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.compose import responsible
from assistant.evidence import STRICT, Evidence
from assistant.question import Question
from assistant.values import Kind
from corpus.document import Clause
from index.search import Index

_MOST = 3
_MOST_OF_A_LIST = 5
_CLOSE = 0.80  # of the best score
_CLOSE_VALUE = 0.92
_CLOSE_IN_A_LIST = 0.68
_MOST_ITEMS = 12
_NEAR_THE_TOP = 6
_SAME_SUBJECT = 0.8
_OPENING = 0.5  # of the subject, in the sentence that opens a list
_CONDITIONS = re.compile(r"条件|要求|标准|指标|评分|材料|占比|比例")
_STATED = 0.75  # a sentence with the asked value may be this much weaker than the best


def best_stated(evidence: Sequence[Evidence]) -> Evidence | None:
    """The best sentence that states the asked value; None when none near the top does.

    An example's or an earlier rule's value counts only where it heads the list.
    """
    if not evidence:
        return None
    floor = _STATED * evidence[0].score
    stating = [one for one in evidence if one.value is not None and one.score >= floor]
    own = [one for one in stating if not one.is_aside]
    return next(iter(own or stating[:1]), None)


def naming_a_body(evidence: Sequence[Evidence]) -> Evidence | None:
    """The sentence near the top that says who is responsible, and holds most of the subject."""
    near = evidence[:_NEAR_THE_TOP]
    about = [one for one in near if one.coverage >= _SAME_SUBJECT * near[0].coverage]
    naming = [one for one in about if responsible(one)[0]]
    return max(naming, key=lambda one: one.coverage, default=None)


def choose(question: Question, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The sentences of the answer, the most telling first; never the same words twice."""
    first = evidence[0]
    if question.asks(*STRICT, Kind.NUMBER):
        first = best_stated(evidence) or first
    if question.asks(Kind.BODY):
        body = naming_a_body(evidence)
        if body is not None:
            return [body]
    if first.value is not None and question.asks(*STRICT):
        floor = _CLOSE_VALUE * first.score
        also = [one for one in evidence if one.value and one is not first and one.score >= floor]
        return [first, *also[:1]]
    chosen = [first, *_continuation(first)]
    is_list = question.asks(Kind.LIST, Kind.HOW) or not question.kinds
    most, close = (_MOST_OF_A_LIST, _CLOSE_IN_A_LIST) if is_list else (_MOST, _CLOSE)
    for one in evidence:
        if len(chosen) >= most or one.score < close * first.score:
            break
        if all(_words(one) != _words(known) for known in chosen):
            chosen.append(one)
    return chosen


def whole_list(
    question: Question, first: Evidence, evidence: Sequence[Evidence], index: Index
) -> list[Evidence]:
    """The clause with all its items, in order, where conditions are asked and it has items."""
    if not _CONDITIONS.search(question.plain) and not question.asks(Kind.LIST):
        return []
    clauses = index.clauses_of(first.document.document_id)
    path = first.clause.path
    above = [one for one in clauses if one.path == path[:-1]]
    items = [one for one in clauses if one.path[:-1] == path and len(one.path) == len(path) + 1]
    is_list = question.asks(Kind.LIST) and first.sentence.plain.endswith(("；", ";", "。"))
    if (
        not items
        and above
        and (len(path) > 2 or (is_list and _opens_this_list(above[0], evidence)))
    ):
        items = [one for one in clauses if one.path[:-1] == path[:-1]]
        parents = above
    else:
        parents = [first.clause]
    if not 2 <= len(items) <= _MOST_ITEMS:
        return []
    return [
        replace(first, clause=clause, position=position, value=None)
        for clause in [*parents, *items]
        for position in range(len(clause.sentences))
    ]


def with_openings(chosen: Sequence[Evidence], index: Index) -> list[Evidence]:
    """Each item after the words that open its list: 有下列情形之一的，取消资格：."""
    shown: list[Evidence] = []
    for one in chosen:
        opening = None if one.value else _opening(one, index)
        if opening and all(known.clause is not opening for known in (*shown, *chosen)):
            last = len(opening.sentences) - 1
            shown.append(replace(one, clause=opening, position=last, value=None))
        shown.append(one)
    return shown


def _opening(item: Evidence, index: Index) -> Clause | None:
    """The clause above an item whose last words lead to it; None where there is none."""
    above = item.clause.path[:-1]
    clauses = index.clauses_of(item.document.document_id) if above else []
    return next(
        (one for one in clauses if one.path == above and one.plain.rstrip().endswith(("：", ":"))),
        None,
    )


def _opens_this_list(clause: Clause, evidence: Sequence[Evidence]) -> bool:
    """Whether a clause leads to its items (有下列情形之一的：) and speaks of the subject itself."""
    own = max((one.own for one in evidence if one.clause is clause), default=0.0)
    return clause.plain.rstrip().endswith(("：", ":")) and own >= _OPENING


def _continuation(evidence: Evidence) -> list[Evidence]:
    """What follows a semicolon up to the full stop; a sentence is not cut off in its middle."""
    following = []
    sentences = evidence.clause.sentences
    for position in range(evidence.position + 1, min(evidence.position + 3, len(sentences))):
        if not sentences[position - 1].plain.endswith(("；", ";", "：", ":")):
            break
        following.append(replace(evidence, position=position))
    return following


def _words(evidence: Evidence) -> str:
    return evidence.sentence.plain.strip("。；;， ")
