"""Words that stand in a file but not in the policy: a download site's notes, a page's footer.

People ask about them because they saw them (9:00-18:30 under a document). They are never an
answer; the question is told where they come from.
"""

import re
from collections.abc import Sequence

from assistant.compose import Draft, as_evidence, bare_title
from assistant.question import Question
from corpus.cleaning import clean
from corpus.document import Clause, Document, Sentence
from index.search import Index

# 9:00-18:30 or an address; a year or an amount alone stands in many places.
_LITERAL = re.compile(r"(?=[\d.]*[A-Za-z:\-–—/])[0-9A-Za-z][0-9A-Za-z:.\-–—/]{3,}")


def find_stray(question: Question, documents: Sequence[Document], index: Index) -> Clause | None:
    """The line outside the policy that holds the question's literal words, as a clause."""
    words = [*_LITERAL.findall(question.plain), *question.quoted]
    for document in documents:
        held = [word for word in words if word in document.text]
        if not held:
            continue
        policy = "".join(one.plain for one in index.clauses_of(document.document_id))
        found = _stray_clause(document, [word for word in held if word not in policy])
        if found is not None:
            return found
    return None


def _stray_clause(document: Document, wanted: Sequence[str]) -> Clause | None:
    for line in clean(document.text, document.page_starts):
        if line.is_noise and not line.mark and any(word in line.plain for word in wanted):
            sentence = Sentence(line.plain, line.origin[0], line.origin[-1] + 1)
            return Clause(
                clause_id=f"{document.document_id}#附加文字",
                document_id=document.document_id,
                path=("附加文字",),
                label="页面附加文字（非政策正文）",
                headings=(),
                sentences=(sentence,),
            )
    return None


def write_stray(draft: Draft, clause: Clause, document: Document) -> None:
    """Say that the words are no part of the policy, and show the line."""
    evidence = as_evidence(clause, document)
    draft.lines.append(
        f"不是。这些字出自网页或文库附加的文字，不是《{bare_title(document)}》的正文，正文未载明："
    )
    draft.quote(evidence, "- ")
