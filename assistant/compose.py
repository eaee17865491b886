"""Evidence -> Answer: what was asked first, then the sentences it rests on, with [n].

Every sentence shown is a clause's own; only the connecting words are written here. What it
does not know: how the evidence was found.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from assistant.answer import Answer, Citation, Status
from assistant.arithmetic import Sum
from assistant.evidence import Evidence
from assistant.question import Question
from assistant.values import Kind
from corpus.document import Clause, Document, Validity
from corpus.line_kinds import CHINESE_NUMBER
from corpus.validity import chinese_day, validity_on

_MARK = re.compile(
    rf"^(?:(?:{CHINESE_NUMBER}、|[（(]{CHINESE_NUMBER}[)）]|\d{{1,3}}[.．、](?!\d)|[（(]\d+[)）]|[①-⑳]|[一二三四五六七八九十]{{1,3}}是)\s*)+"
)
_RESPONSIBLE = re.compile(r"[（(]?责任单位(?:[:：]|是|为)([^）)。；;]+)")
_LEADER = re.compile(
    r"([^，。；,;]*?(?:任组长|牵头|负责|归口管理|承担|(?:由|经|找|是|向)[^，。；]{2,16}(?:部门|税务局|机关|机构|研究院|研究所|中心|委|厅|局))[^。；;]*)"
)
_ASKING = re.compile(r"多少|几")
_PERIOD = re.compile(r"((?:19|20)\d{2})年?\s*[-—–~至]\s*((?:19|20)\d{2})年?")
_ELIGIBILITY = re.compile(
    r"符合|能(不能)?(报|申|评|享|拿|领)|可以(报|申|评|享|领)|够(不够)?条件|满足|资格"
)
_REMARK = re.compile(r"（原文无标题[^）]*）$")
_SHORT = 70  # a sentence up to this length is its own lead


@dataclass
class Draft:
    """An answer being written: its lines, and its sources numbered as they are first cited."""

    day: date
    lines: list[str] = field(default_factory=list)
    sources: list[Evidence] = field(default_factory=list)

    def mark(self, evidence: Evidence) -> str:
        """[n] for a sentence; the same sentence keeps its number."""
        for n, known in enumerate(self.sources, 1):
            if known.sentence == evidence.sentence and known.document is evidence.document:
                return f"[{n}]"
        self.sources.append(evidence)
        return f"[{len(self.sources)}]"

    def quote(self, evidence: Evidence, before: str = "") -> None:
        """Add a sentence of a clause as a line of its own."""
        self.lines.append(f"{before}{shown(evidence)}{self.mark(evidence)}")

    def answer(
        self, question: Question, status: Status, follow_ups: tuple[str, ...] = ()
    ) -> Answer:
        """The finished answer."""
        return Answer(
            question=question.text,
            day=self.day,
            status=status,
            answer="\n".join(self.lines),
            citations=tuple(_citation(n, one, self.day) for n, one in enumerate(self.sources, 1)),
            follow_ups=follow_ups,
        )


def shown(evidence: Evidence) -> str:
    """The sentence without its clause number; a bracket alone follows its task's heading."""
    plain = _MARK.sub("", evidence.sentence.plain).strip()
    if plain.startswith(("(", "（")) and evidence.clause.headings:
        return f"{evidence.clause.headings[-1]}{plain}"
    return plain


def write_findings(draft: Draft, question: Question, evidence: Sequence[Evidence]) -> None:
    """What was asked, then the sentences that say so, then what to mind about time."""
    lead, stating = _lead(question, evidence)
    if lead:
        draft.lines.append(f"{lead}{draft.mark(stating)}" if stating else lead)
    if question.corrections:
        pairs = "、".join(
            f"“{read}”（您写的是“{written}”）" for written, read in question.corrections
        )
        draft.lines.insert(0, f"按{pairs}查找：")
    for one in evidence:
        draft.quote(one, "- " if len(evidence) > 1 or lead else "")
    draft.lines.extend(notes(question, evidence, draft.day))
    if _ELIGIBILITY.search(question.plain):
        draft.lines.append(
            "能否符合，需要结合贵单位的具体情况对照条件，并以主管部门当年的申报通知和审核为准；"
            "仅凭以上条文无法判断。"
        )


def write_sum(draft: Draft, question: Question, worked: Sum, evidence: Sequence[Evidence]) -> None:
    """A sum with its working, and the sentences whose figures it uses."""
    used = worked.evidence or tuple(evidence[:2])
    draft.lines.append(f"测算：{worked.working}。")
    for one in used:
        draft.quote(one, "- ")
    draft.lines.extend(notes(question, used, draft.day))


def notes(question: Question, evidence: Iterable[Evidence], day: date) -> list[str]:
    """What a reader must mind: periods that have ended, yearly plans."""
    evidence = list(evidence)
    said: list[str] = []
    for one in evidence:
        for match in _PERIOD.finditer(one.sentence.plain):
            if int(match[2]) < day.year and int(match[1]) <= int(match[2]):
                said.append(
                    f"注意：文中的期限为{match[0]}，到提问日（{chinese_day(day)}）已经届满，"
                    "是否延续须查新文件。"
                )
    for document in _documents(evidence):
        said.append(_standing(document, day))
        begin = document.effective_from
        if begin and begin <= day and (question.is_about_now or question.asks(Kind.VALIDITY)):
            said.append(f"《{bare_title(document)}》自{chinese_day(begin)}起执行。")
    return [line for line in dict.fromkeys(said) if line]


def _standing(document: Document, day: date) -> str:
    validity, reason = validity_on(document, day)
    if validity is not Validity.IN_FORCE or (document.plan_year or day.year) < day.year:
        joint = "是" if document.plan_year and validity is Validity.IN_FORCE else ""
        return f"注意：《{bare_title(document)}》{joint}{reason}。"
    return ""


def bare_title(document: Document) -> str:
    """The title without its own 《》 and without a remark, to be set in 《》."""
    return _REMARK.sub("", document.title).replace("《", "〈").replace("》", "〉")


def _documents(evidence: Iterable[Evidence]) -> list[Document]:
    return list({one.document.document_id: one.document for one in evidence}.values())


def _lead(question: Question, evidence: Sequence[Evidence]) -> tuple[str, Evidence | None]:
    """The thing asked for, in front, and the sentence that states it: a number, a department."""
    first = evidence[0]
    if question.asks(Kind.BODY):
        return responsible(first)
    if first.value is not None and first.value.kind is not Kind.NUMBER and first.is_sure:
        if len(_ASKING.findall(question.plain)) > 1:
            return f"{first.fragment}。", first
        context = "" if len(shown(first)) <= _SHORT else f"（{first.fragment}）"
        return f"{first.value.text}{context}。", first
    if question.asks(Kind.YES_NO):
        return "库中文件有相关内容：", None
    return "", None


def responsible(evidence: Evidence) -> tuple[str, Evidence | None]:
    """The bodies that the clause makes responsible, and the sentence that says so."""
    for position, sentence in enumerate(evidence.clause.sentences):
        match = _RESPONSIBLE.search(sentence.plain)
        if match:
            return f"责任单位：{match[1].strip()}。", replace(evidence, position=position)
    leader = _LEADER.search(_MARK.sub("", evidence.sentence.plain))
    if leader is None or len(leader[1]) > _SHORT:
        return "", None
    return f"{leader[1].strip('，, ')}。", evidence


def _citation(n: int, evidence: Evidence, day: date) -> Citation:
    clause, document, sentence = evidence.clause, evidence.document, evidence.sentence
    return Citation(
        n=n,
        document_id=document.document_id,
        title=document.title,
        document_number=document.document_number,
        clause=clause.label,
        clause_id=clause.clause_id,
        quote=document.text[sentence.start : sentence.end],
        page=clause.page,
        start=sentence.start,
        end=sentence.end,
        validity=str(validity_on(document, day)[0]),
        score=round(evidence.score, 4),
    )


def as_evidence(clause: Clause, document: Document, position: int = 0) -> Evidence:
    """A sentence that is cited for what it is, not for a search."""
    return Evidence(clause, document, position, 1.0, 1.0, 1.0)
