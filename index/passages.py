"""The unit that is embedded and searched: a few neighbouring sentences of one clause.

A clause may run over a page; one vector for all of it says little about any sentence. What
this module does not know: how passages are ranked, or that a clause is what is shown.
"""

from dataclasses import dataclass

from corpus.cleaning import simplify
from corpus.document import Clause, Document

LENGTH = 220  # characters; a longer sentence stands alone
PREFIX_LENGTH = 60  # characters of title and headings in front of what is embedded
_TITLE_LENGTH = 36


@dataclass(frozen=True)
class Passage:
    """The sentences `first` to `last` (both included) of one clause."""

    clause_id: str
    first: int
    last: int


def split_passages(clause: Clause) -> list[Passage]:
    """Return passages that cover the clause's sentences once each, in order."""
    passages: list[Passage] = []
    first = length = 0
    for number, sentence in enumerate(clause.sentences):
        if number > first and length + len(sentence.plain) > LENGTH:
            passages.append(Passage(clause.clause_id, first, number - 1))
            first, length = number, 0
        length += len(sentence.plain)
    passages.append(Passage(clause.clause_id, first, len(clause.sentences) - 1))
    return passages


def passage_words(clause: Clause, passage: Passage) -> str:
    """The passage's own simplified words, without title and headings."""
    sentences = clause.sentences[passage.first : passage.last + 1]
    return "".join(sentence.plain for sentence in sentences)


def embedded_text(document: Document, clause: Clause, passage: Passage) -> str:
    """What is embedded: title and nearest headings, shortened, then the passage's words."""
    return f"{_prefix(document, clause)}\n{passage_words(clause, passage)}"


def heading_words(document: Document, clause: Clause) -> str:
    """The keyword index's second field: all that names the place, 文号 and 第十一条 included."""
    names = (simplify(document.title), simplify(document.document_number or ""))
    return "\n".join((*names, *clause.headings, clause.label))


def _prefix(document: Document, clause: Clause) -> str:
    """The title's beginning and as many headings, innermost first, as there is room for."""
    prefix = simplify(document.title)[:_TITLE_LENGTH]
    headings: list[str] = []
    room = PREFIX_LENGTH - len(prefix) - 1
    for heading in reversed(clause.headings):
        if room <= 0:
            break
        headings.insert(0, heading[:room])
        room -= len(heading) + 1
    return " ".join((prefix, *headings))
