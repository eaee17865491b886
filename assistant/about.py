"""Questions about a document itself: its 文号, dates, issuing bodies and validity.

Answered from the document's metadata; cited where its head states it.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from assistant.compose import Draft, as_evidence, bare_title
from assistant.evidence import Evidence, coverage
from assistant.question import Question
from assistant.values import Kind
from corpus.document import Document
from corpus.metadata import parse_day
from corpus.validity import chinese_day, validity_on
from index.search import Index

_ISSUE = r"印发|发布|公布|成文|落款|签署|出台|下发|制发|施行|生效|签发"
_ABOUT = re.compile(
    rf"(?:{_ISSUE})[^，。]{{0,4}}(?:日期|时间)|(?:什么时候|何时|哪天|哪一天|哪年)[^，。]{{0,4}}(?:{_ISSUE})"
    rf"|(?:{_ISSUE})[^，。]{{0,4}}(?:什么时候|何时|哪天|哪年)"
)
_ISSUER = re.compile(
    r"(谁|哪个?(部门|单位|机构|机关)|哪里)[^，。]{0,4}(印发|发布|制定|出台|下发|(?<![研开])发)的?"
    r"|(印发|发布|制定|发文|制发)(机关|单位|部门)|由(谁|哪[^，。]{1,4})(印发|发布|制定|出台)"
)
_DATES = (
    ("signed_on", "成文日期", r"成文|落款|签署|印发|签发|下发|制发|出台"),
    ("promulgated_on", "公布日期", r"公布|发布|出台|印发"),
    ("posted_on", "网上发布日期", r"发布|上网"),
    ("effective_from", "施行日期", r"施行|生效|执行|实施"),
    ("effective_to", "失效日期", r"失效|到期|有效期"),
)


def is_about_document(question: Question) -> bool:
    """Whether the question asks for a document's 文号, dates, issuer or validity."""
    return question.asks(Kind.DOCUMENT_NUMBER, Kind.VALIDITY) or bool(
        _ABOUT.search(question.plain) or _ISSUER.search(question.plain)
    )


def named_documents(
    documents: Sequence[Document], weights: Mapping[str, float], question: Question
) -> list[Document]:
    """The documents whose 文号 or titles fit the question best; several when it names none."""
    numbered = [one for one in documents if is_named_by_number(one, question)]
    if numbered:
        return numbered[:3]
    scored = [
        (coverage(f"{document.title} {document.plan_year or ''}", weights), document)
        for document in documents
    ]
    best = max((score for score, _ in scored), default=0.0)
    if best < _LEAST_OF_A_TITLE and not question.asks(Kind.DOCUMENT_NUMBER):
        return []
    return [document for score, document in scored if score >= best - 1e-9][:3]


_LEAST_OF_A_TITLE = 0.3  # of the question's subject; below it, it asks for something inside one
_NUMBER = re.compile(r"(?:(\d{4})\s*[〕\]）)年]\s*第?\s*)?(?<!\d)0*(\d{1,4})\s*号")


def is_named_by_number(document: Document, question: Question) -> bool:
    """Whether the question names the document's 文号, in whole or as 172号文."""
    own = _NUMBER.search(document.document_number or "")
    return own is not None and any(
        number == own[2] and year in ("", own[1])
        for year, number in _NUMBER.findall(question.plain)
    )


def write_about(
    draft: Draft, question: Question, documents: Sequence[Document], index: Index
) -> None:
    """One line a document: the fields asked for, each cited where the head states it."""
    for document in documents:
        said = [
            *_number(question, document),
            *_dates(question, document),
            *_issuers(question, document),
        ]
        if question.asks(Kind.VALIDITY):
            said.append(_validity(document, draft.day))
        marks = "".join(draft.mark(one) for one in _places(question, document, index))
        draft.lines.append(f"《{bare_title(document)}》：{'；'.join(said)}。{marks}")
        if question.asks(Kind.VALIDITY):
            _write_successors(draft, question, document, index)


def _write_successors(draft: Draft, question: Question, document: Document, index: Index) -> None:
    """What replaces the document, as far as the index holds it."""
    for successor in (index.documents.get(one) for one in document.replaced_by):
        if successor is not None:
            number = f"（{successor.document_number}）" if successor.document_number else ""
            marks = "".join(draft.mark(one) for one in _places(question, successor, index))
            draft.lines.append(f"- 现看《{bare_title(successor)}》{number}。{marks}")


def _number(question: Question, document: Document) -> list[str]:
    if not question.asks(Kind.DOCUMENT_NUMBER):
        return []
    return [f"文号 {document.document_number or '原文未载明'}"]


def _dates(question: Question, document: Document) -> list[str]:
    wanted = [entry for entry in _DATES if re.search(entry[2], question.plain)]
    if not wanted or not _ABOUT.search(question.plain):
        return []
    said = [
        f"{name} {chinese_day(day)}"
        for field, name, _ in wanted
        if (day := getattr(document, field)) is not None
    ]
    return said or [f"{'、'.join(name for _, name, _ in wanted)}原文未载明"]


def _issuers(question: Question, document: Document) -> list[str]:
    if not _ISSUER.search(question.plain):
        return []
    return [f"发文机关 {'、'.join(document.issuing_bodies) or '原文未载明'}"]


def _validity(document: Document, day: date) -> str:
    status, reason = validity_on(document, day)
    names = {
        "in_force": "未见失效",
        "partially_in_force": "部分有效",
        "not_in_force": "已失效或未施行",
    }
    published = f"{document.validity_reason}；" if document.validity_reason not in reason else ""
    return f"按{chinese_day(day)}看，时效性为{names[status]}：{published}{reason}"


def _places(question: Question, document: Document, index: Index) -> list[Evidence]:
    """The sentences of the head that hold what was asked; else the document's first sentence."""
    clauses = index.clauses_of(document.document_id)
    heads = [one for one in clauses if one.path[0] in ("文首", "通知")] or clauses[:1]
    days = {
        getattr(document, name) for name, _, words in _DATES if re.search(words, question.plain)
    }
    found = [
        as_evidence(clause, document, position)
        for clause in heads
        for position, sentence in enumerate(clause.sentences)
        if (document.document_number and document.document_number in sentence.plain)
        or (parse_day(sentence.plain) or 0) in days
    ]
    return found[:3] or [as_evidence(heads[0], document)]
