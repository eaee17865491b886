"""One answer against what was expected: facts, numbers, citations, refusal, verdict, amount.

Each score is 0.0 to 1.0, or None where the question doesn't ask for it, so that a mean is over
the questions that do. No judge model: everything is compared word for word and number for number.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from assistant.answer import Answer, Citation, Status
from assistant.rules.ranges import Verdict
from corpus.cleaning import simplify
from corpus.document import Clause
from eval.questions import Query
from index.keyword import terms

SHOWN = (Status.ANSWERED, Status.NOT_IN_FORCE)  # endings whose words are an answer
_MARK = re.compile(r"\[(\d+)\]")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_OWN_WORDS = ("注意", "请", "按您所说", "- 测算", "测算")  # lines that state nothing of a policy
_HELD = 0.6  # of a line's terms that its clause must hold to support it


@dataclass(frozen=True)
class Score:
    """What became of one question. `wrong` says in a few words what is missing; "" when right."""

    right: float
    facts: float | None  # share of the required facts that the answer states
    numbers: float | None  # the same of those that are numbers
    refused: bool
    citation_precision: float | None
    citation_recall: float | None
    clause_exact: float | None  # a clause that states the answer is cited
    verdict: float | None
    amount: float | None
    stale: float | None  # a clause not in force is cited as if it were
    wrong: str


def score(query: Query, answer: Answer, clauses: Mapping[str, Clause]) -> Score:
    """Score one answer. `clauses` are the index's, by id."""
    is_shown = answer.status in SHOWN or (
        bool(query.statuses) and str(answer.status) in query.statuses
    )
    wrong = _wrong(query, answer)
    facts = _facts(query, answer) if query.answerable else None
    supports = [_supports(answer, line, clauses) for line in _claims(answer)]
    marked = [held for marks, held in supports if marks]
    is_answer = is_shown and bool(supports)
    return Score(
        right=float(not wrong),
        facts=facts,
        numbers=_numbers(query, answer) if query.answerable else None,
        refused=answer.status not in SHOWN,
        citation_precision=sum(marked) / len(marked) if marked and is_answer else None,
        citation_recall=len(marked) / len(supports) if is_answer else None,
        clause_exact=_clause_exact(query, answer),
        verdict=_verdict(query, answer),
        amount=_amount(query, answer),
        stale=_stale(answer),
        wrong=wrong,
    )


def _wrong(query: Query, answer: Answer) -> str:
    """What is wrong with an answer in a few words; "" when it is right."""
    forbidden = [one for one in query.must_not_include if one in answer.answer]
    if forbidden:
        return f"says {forbidden}"
    if query.statuses and str(answer.status) not in query.statuses:
        return f"ends as {answer.status}, expected {'/'.join(sorted(query.statuses))}"
    if not query.answerable and not query.statuses:
        return "answered" if answer.status is Status.ANSWERED else ""
    if answer.status not in SHOWN:
        return "" if str(answer.status) in query.statuses else f"ends as {answer.status}"
    missing = [one for one in query.must_include if not _states(answer.answer, one)]
    if missing and _amount(query, answer) != 1.0:
        return f"lacks {missing}"
    return _wrong_documents(query, answer)


def _wrong_documents(query: Query, answer: Answer) -> str:
    cited = sorted({one.document_id for one in answer.citations})
    lacking = [
        doc for doc in query.documents if not any(names(one, doc) for one in answer.citations)
    ]
    if lacking:
        return f"cites {cited}, not {lacking}"
    some = query.documents_any
    if some and not any(names(one, doc) for one in answer.citations for doc in some):
        return f"cites {cited}, none of {list(some)}"
    return ""


def names(citation: Citation, doc: str) -> bool:
    """Whether `doc` names the cited document: by its id or file, its 文号, or its title."""
    number = citation.document_number or ""
    short = re.sub(r"^.*公告(?=\d{4}年)", "", number)
    title = re.sub(r"^中华人民共和国|[（(].*", "", citation.title)
    held = [name for name in (number, short, title) if len(name) > 3]
    bare = re.sub(r"^[A-Z]+\d+[a-z]?\s*|[（(].*", "", doc)  # NX06 科技创新券管理办法(2021…)
    is_titled = len(bare) > 4 and bare in citation.title
    return is_titled or Path(doc).stem == citation.document_id or any(one in doc for one in held)


def _states(text: str, wanted: str) -> bool:
    return any(alternative in text for alternative in wanted.split("|"))


def _facts(query: Query, answer: Answer) -> float | None:
    if not query.must_include:
        return None
    if answer.status not in SHOWN:
        return float(str(answer.status) in query.statuses)
    if _amount(query, answer) == 1.0:
        return 1.0
    held = [_states(answer.answer, one) for one in query.must_include]
    return sum(held) / len(held)


def _numbers(query: Query, answer: Answer) -> float | None:
    """The share of required numbers that the answer states whole: 5 does not stand in 15."""
    wanted = [one for one in query.must_include if _NUMBER.search(one)]
    if not wanted or (answer.status not in SHOWN and str(answer.status) in query.statuses):
        return None
    if _amount(query, answer) == 1.0:
        return 1.0
    text = answer.answer.replace(",", "") if answer.status in SHOWN else ""
    held = [any(_states_whole(text, each) for each in one.split("|")) for one in wanted]
    return sum(held) / len(held)


def _states_whole(text: str, wanted: str) -> bool:
    plain = wanted.replace(",", "")
    return any(
        not (text[: match.start()][-1:].isdigit() and plain[:1].isdigit())
        and not (text[match.end() :][:1].isdigit() and plain[-1:].isdigit())
        for match in re.finditer(re.escape(plain), text)
    )


def _claims(answer: Answer) -> list[str]:
    """The lines that state something; headings, notes and own arithmetic state nothing."""
    return [
        line
        for line in answer.answer.splitlines()
        if line.strip()
        and not line.startswith(_OWN_WORDS)
        and not _MARK.sub("", line).rstrip().endswith(("：", ":"))
    ]


def _supports(answer: Answer, line: str, clauses: Mapping[str, Clause]) -> tuple[list[int], bool]:
    """The marks of a line, and whether the clauses they name hold its words and numbers."""
    sources = {one.n: one for one in answer.citations}
    marks = [int(one) for one in _MARK.findall(line)]
    cited = [sources[n] for n in marks if n in sources]
    held = " ".join(_source_text(one, clauses) for one in cited)
    if answer.worked is not None:  # a rule's line also says the enterprise's own numbers
        return marks, bool(cited) and all(one.quote in _whole(one, clauses) for one in cited)
    plain = simplify(_MARK.sub("", line))
    stated = set(_NUMBER.findall(plain)) <= set(_NUMBER.findall(held))
    words = {one for one in terms(plain) if len(one) > 1}
    share = len(words & set(terms(held))) / len(words) if words else 1.0
    return marks, bool(cited) and stated and share >= _HELD


def _source_text(citation: Citation, clauses: Mapping[str, Clause]) -> str:
    clause = clauses.get(citation.clause_id)
    held = f"{clause.plain} {' '.join(clause.headings)}" if clause else citation.quote
    return simplify(f"{held} {citation.title} {citation.document_number or ''} {citation.clause}")


def _whole(citation: Citation, clauses: Mapping[str, Clause]) -> str:
    """The clause's own words, with the quote where the clause is gone from the index."""
    clause = clauses.get(citation.clause_id)
    return citation.quote if clause is None else f"{clause.plain}{citation.quote}"


def _clause_exact(query: Query, answer: Answer) -> float | None:
    best = max(query.relevant.values(), default=0)
    if best < 2 or answer.status not in SHOWN or not answer.citations:
        return None
    right = {one for one, grade in query.relevant.items() if grade == best}
    right |= set(query.also_stated_in)
    return float(any(one.clause_id in right for one in answer.citations))


def _verdict(query: Query, answer: Answer) -> float | None:
    """Whether it ends as expected; without a calculation, whether the words say so.

    Questions ask for a programme or for one condition of it: of an open programme, what the told
    facts settle counts too, where they settle one way only.
    """
    if query.verdict is None:
        return None
    if answer.worked is not None:
        held = {str(one.verdict) for one in answer.worked.assessments}
        for one in answer.worked.assessments:
            settled = {top.verdict for top in one.conditions} - {Verdict.UNKNOWN}
            held |= {str(each) for each in settled} if len(settled) == 1 else set()
        return float(query.verdict in held)
    words = {"met": "符合", "not_met": "不符合|不满足|不能", "unknown": "信息不足|未提及|没有"}
    return float(_states(answer.answer, words[query.verdict]))


def _amount(query: Query, answer: Answer) -> float | None:
    """Whether the amount stands among the calculation's results or steps, or in the words."""
    if query.amount is None:
        return None
    if answer.worked is None:
        return float(query.amount in _amounts_in(answer.answer))
    ends = set()
    for one in answer.worked.assessments:
        ends |= {end for each in one.amounts for end in (each.value.low, each.value.high)}
        ends |= {end for step in one.steps for end in (step.amount.low, step.amount.high)}
        if one.verdict is Verdict.NOT_MET:
            ends.add(Decimal(0))
    return float(query.amount in ends)


_SCALES = {"亿": Decimal(100_000_000), "万": Decimal(10_000), "": Decimal(1)}


def _amounts_in(text: str) -> set[Decimal]:
    """Every amount of money that a text states, in CNY."""
    found = re.findall(r"(\d+(?:\.\d+)?)\s*(亿|万)?元", text.replace(",", ""))
    return {Decimal(number) * _SCALES[scale] for number, scale in found}


def _stale(answer: Answer) -> float | None:
    """Whether a clause that is not in force is cited without a word about it."""
    if answer.status is not Status.ANSWERED or not answer.citations:
        return None
    stale = any(one.validity == "not_in_force" for one in answer.citations)
    said = re.search(r"失效|废止|替代|停止执行|未施行|旧|此前|原", answer.answer)
    return float(stale and not said)
