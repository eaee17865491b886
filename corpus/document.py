"""A policy document and its clauses, as plain values.

`corpus.reader.read_document` makes a Document from a file; `corpus.clauses.split_clauses`
makes its Clauses. Offsets count characters of `Document.text`, which holds the words as
received: a quote is always `text[start:end]`.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Validity(StrEnum):
    """时效性 of a document on a day."""

    IN_FORCE = "in_force"
    PARTIALLY_IN_FORCE = "partially_in_force"
    NOT_IN_FORCE = "not_in_force"


@dataclass(frozen=True)
class Document:
    """One version of one policy document. Dates not stated anywhere are None."""

    document_id: str
    title: str
    text: str = field(repr=False)
    source: str  # the file's name, without its folder
    document_number: str | None = None  # 文号
    issuing_bodies: tuple[str, ...] = ()
    document_type: str | None = None  # 文种: 通知, 意见, 方案, 要点, 办法 ...
    authority_level: str | None = None  # 效力级别: 法律, 部门规范性文件 ...; see corpus.authority
    jurisdiction: str | None = None  # CN, CN-NX, CN-NM-1508; see corpus/regions.yaml
    signed_on: date | None = None  # 成文日期
    promulgated_on: date | None = None  # 公布日期
    posted_on: date | None = None  # 网上发布日期
    effective_from: date | None = None
    effective_to: date | None = None  # last day in force
    plan_year: int | None = None  # a yearly plan's year (2022年工作意见 -> 2022)
    validity: Validity = Validity.IN_FORCE  # as published; see corpus.validity for a day
    validity_reason: str = ""
    replaced_by: tuple[str, ...] = ()  # document ids
    implements: tuple[str, ...] = ()  # ids of the documents of the level above
    topics: tuple[str, ...] = ()  # 税收, 研发, 认定 ...
    audiences: tuple[str, ...] = ()  # 企业, 高校院所 ...
    is_digest: bool = False  # 要点摘编 written by us, not the original
    source_url: str | None = None  # address of the original
    grade: str | None = None  # grade of trust A to D
    origins: tuple[tuple[str, str], ...] = ()  # field -> where it was read
    page_starts: tuple[int, ...] = ()  # offset of each page's first character; () without pages
    doubts: tuple[str, ...] = ()  # Chinese sentences on what may have been read wrongly


@dataclass(frozen=True)
class Sentence:
    """A sentence of a clause: simplified words for finding, offsets for quoting."""

    plain: str
    start: int
    end: int


@dataclass(frozen=True)
class Clause:
    """The smallest place one can cite, e.g. 二、（一）3. or 第十一条第（五）项.

    `path` is the clause's stable identity inside its document; `clause_id` joins it to the
    document's id. `headings` are the simplified heading texts above it, outermost first.
    """

    clause_id: str
    document_id: str
    path: tuple[str, ...]
    label: str  # as a person cites it: 二、（一）3.
    headings: tuple[str, ...]
    sentences: tuple[Sentence, ...] = field(repr=False)
    page: int | None = None

    @property
    def plain(self) -> str:
        """The clause's simplified text."""
        return "".join(sentence.plain for sentence in self.sentences)

    @property
    def start(self) -> int:
        """Offset of the first character in the document's text."""
        return self.sentences[0].start

    @property
    def end(self) -> int:
        """Offset after the last character in the document's text."""
        return self.sentences[-1].end
