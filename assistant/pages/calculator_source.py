"""The page behind a clause link: the document's whole text with the quoted words marked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from assistant.answer import Citation
from assistant.pages.source import source_html
from assistant.pages.texts import texts_for
from assistant.rules.references import DOCUMENTS
from corpus.citation import parse_label
from corpus.clauses import split_clauses
from corpus.document import Clause, Document
from corpus.errors import UsageError
from corpus.reader import read_document
from corpus.validity import validity_on


@dataclass(frozen=True)
class Opened:
    """A document of the package with its clauses by path."""

    document: Document
    clauses: Mapping[tuple[str, ...], Clause]


def open_document(document_id: str) -> Opened:
    """A document of the package. Raises UsageError for an id that is not there."""
    if document_id not in _document_ids():
        raise UsageError(f"没有编号为“{document_id[:60]}”的文件。请从测算结果里的条款链接打开。")
    return _read(document_id)


@cache
def _document_ids() -> frozenset[str]:
    return frozenset(folder.name for folder in DOCUMENTS.iterdir() if folder.is_dir())


@cache
def _read(document_id: str) -> Opened:
    document = read_document(DOCUMENTS / document_id)
    return Opened(document, {clause.path: clause for clause in split_clauses(document)})


def cited_in(opened: Opened, clause: str, quote: str, day: date) -> Citation:
    """The words of a clause as a citation; of the whole clause where the words are not there.

    Raises UsageError for a clause that the document has not.
    """
    held = opened.clauses.get(parse_label(clause))
    document = opened.document
    if held is None:
        raise UsageError(f"《{document.title}》没有“{clause[:40]}”。请从测算结果里的条款链接打开。")
    place = document.text.find(quote, held.start, held.end) if quote else -1
    start, end = (place, place + len(quote)) if place >= 0 else (held.start, held.end)
    return Citation(
        n=1,
        document_id=document.document_id,
        title=document.title,
        document_number=document.document_number,
        clause=held.label,
        clause_id=held.clause_id,
        quote=document.text[start:end],
        page=held.page,
        start=start,
        end=end,
        validity=str(validity_on(document, day)[0]),
        score=1.0,
    )


def source_fragment(document_id: str, cited: tuple[str, str], day: date, language: str) -> str:
    """The source view of (clause, quote) as HTML. Raises UsageError where it is not there."""
    opened = open_document(document_id)
    citation = cited_in(opened, *cited, day)
    return source_html(opened.document, citation, (citation,), day, texts_for(language))
