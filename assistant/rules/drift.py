"""Rules whose clause is no longer what they quote: found when documents are indexed again.

A rule rests on clauses by id and words. Where a document of the same id comes with other words,
the rule must be read again by a person before it speaks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from assistant.rules.catalogue import catalogue
from assistant.rules.references import find_source
from corpus.document import Clause, Document


@dataclass(frozen=True)
class Drift:
    """A quote of a programme that an index does not hold; `text` says so in Chinese."""

    programme: str
    clause_id: str
    quote: str
    text: str


@cache
def quotes_of(programme: str) -> tuple[tuple[str, str], ...]:
    """(clause id, quote) of every clause that a programme rests on, each once."""
    rule = catalogue().programmes[programme].rule
    sources = [find_source(one) for one in dict.fromkeys(rule.references())]
    return tuple((one.clause.clause_id, one.quote) for one in sources)


def holds(
    clause_id: str,
    quote: str,
    clauses: Mapping[str, Clause],
    documents: Mapping[str, Document],
) -> bool:
    """Whether the clause is there with the words quoted."""
    clause = clauses.get(clause_id)
    if clause is None:
        return False
    return quote in documents[clause.document_id].text[clause.start : clause.end]


def find_drift(
    clauses: Mapping[str, Clause], documents: Mapping[str, Document]
) -> tuple[Drift, ...]:
    """Every quote that the documents at hand no longer hold; documents not at hand are none."""
    return tuple(
        _drift(name, clause_id, quote, clause_id in clauses)
        for name in catalogue().programmes
        for clause_id, quote in quotes_of(name)
        if clause_id.partition("#")[0] in documents
        and not holds(clause_id, quote, clauses, documents)
    )


def _drift(programme: str, clause_id: str, quote: str, is_there: bool) -> Drift:
    name = catalogue().programmes[programme].rule.name
    what = f"其中没有“{quote}”" if is_there else "没有这一条"
    text = (
        f"政策项目“{name}”（{programme}）所据的 {clause_id} 已变化：{what}。"
        "请对照新文本改正 rule.yaml；在此之前问答不用这项规则。"
    )
    return Drift(programme, clause_id, quote, text)
