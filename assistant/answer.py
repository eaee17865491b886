"""What the assistant gives back: an Answer with its status and its citations."""

from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from assistant.rules.assessment import Assessment
from assistant.rules.facts import Facts


class Status(StrEnum):
    """Every way in which answering can end."""

    ANSWERED = "answered"
    NEEDS_FACTS = "needs_facts"
    NOT_IN_CORPUS = "not_in_corpus"
    NOT_IN_FORCE = "not_in_force"
    OUT_OF_SCOPE = "out_of_scope"
    REFUSED = "refused"
    NOT_GROUNDED = "not_grounded"
    MODEL_ERROR = "model_error"


@dataclass(frozen=True)
class Citation:
    """One source of an answer. `quote` is `text[start:end]` of the document's text."""

    n: int
    document_id: str
    title: str
    document_number: str | None
    clause: str  # readable path: 二、（一）3.
    clause_id: str
    quote: str
    page: int | None
    start: int
    end: int
    validity: str
    score: float


@dataclass(frozen=True)
class Worked:
    """What the rules made of an answer's turn, for the next turn to go on from."""

    facts: Facts
    assessments: tuple[Assessment, ...]
    asked: str | None = None  # the fact that the answer asks for


@dataclass(frozen=True)
class Answer:
    """The answer to one question on one day. `answer` carries the marks [1] [2]."""

    question: str
    day: date
    status: Status
    answer: str
    citations: tuple[Citation, ...] = ()
    needs: tuple[str, ...] = ()  # what the asker should add, in Chinese
    follow_ups: tuple[str, ...] = ()  # questions the corpus can answer next
    timings_ms: tuple[tuple[str, float], ...] = ()  # step -> milliseconds, in order
    worked: Worked | None = None  # of an answer that the rules gave


def answer_as_json(answer: Answer, question_id: str | None = None) -> dict[str, Any]:
    """The answer as plain JSON values; the keys are stable for the command line and the API."""
    return {
        "id": question_id,
        "question": answer.question,
        "day": answer.day.isoformat(),
        "status": str(answer.status),
        "answer": answer.answer,
        "citations": [asdict(citation) for citation in answer.citations],
        "needs": list(answer.needs),
        "follow_ups": list(answer.follow_ups),
        "timings_ms": dict(answer.timings_ms),
        "calculation": _worked_as_json(answer.worked) if answer.worked else None,
    }


def _worked_as_json(worked: Worked) -> dict[str, Any]:
    """The verdicts and amounts; the whole result is what `policy calc` gives."""
    return {
        "programmes": [
            {
                "id": one.programme,
                "verdict": str(one.verdict),
                "amounts": {
                    amount.id: [
                        str(end) if end.is_finite() else None
                        for end in (amount.value.low, amount.value.high)
                    ]
                    for amount in one.amounts
                },
            }
            for one in worked.assessments
        ],
        "asked": worked.asked,
    }
