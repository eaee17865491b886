"""From a rule's reference to the clause in the packaged documents, word for word."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import corpus
from assistant.rules.rule import Reference
from corpus.citation import parse_label
from corpus.clauses import split_clauses
from corpus.document import Clause, Document
from corpus.errors import RuleError
from corpus.reader import read_document

DOCUMENTS = Path(corpus.__file__).parent / "documents"
_DOUBTFUL = ("C", "D", "U")


@dataclass(frozen=True)
class Source:
    """A clause that a rule rests on. `quote` is document.text[start:end]."""

    document: Document
    clause: Clause
    quote: str
    start: int
    end: int

    @property
    def is_unverified(self) -> bool:
        """Whether a result that rests on it must say 待核."""
        words = self.document.text[self.clause.start : self.clause.end]
        return self.document.grade in _DOUBTFUL or "待核" in words


@cache
def _clauses(document_id: str) -> tuple[Document, Mapping[tuple[str, ...], Clause]]:
    folder = DOCUMENTS / document_id
    if not folder.is_dir():
        raise RuleError(f"corpus/documents 没有 {document_id}。请改正规则中的 document。")
    document = read_document(folder)
    return document, {clause.path: clause for clause in split_clauses(document)}


@cache
def find_source(reference: Reference) -> Source:
    """The clause that a reference names. Raises RuleError when clause or quote is not there."""
    document, clauses = _clauses(reference.document)
    clause = clauses.get(parse_label(reference.clause))
    if clause is None:
        held = "、".join(one.label for one in clauses.values())
        raise RuleError(
            f"{reference.document} 没有 {reference.clause}。它有：{held}。请改正规则中的 clause。"
        )
    place = document.text.find(reference.quote, clause.start, clause.end)
    if place >= 0:
        return Source(document, clause, reference.quote, place, place + len(reference.quote))
    raise RuleError(
        f"{reference.document} {clause.label} 没有“{reference.quote}”这句话。该条是："
        f"“{document.text[clause.start : clause.end]}”。请改正规则中的 quote。"
    )
