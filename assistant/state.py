"""What is known on the way from a question to its answer: one value, step after step."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from assistant.answer import Answer
from assistant.evidence import Evidence
from assistant.question import Question
from assistant.scope import Scope
from index.search import Hit, Index


@dataclass(frozen=True)
class Turn:
    """An earlier question of the same conversation, and its answer."""

    question: str
    answer: Answer


@dataclass(frozen=True)
class State:
    """A question on its way. Steps fill in what follows `history`."""

    text: str
    day: date
    index: Index
    by_sound: Mapping[str, list[str]]  # the corpus' characters by their sound
    region: str | None = None
    history: tuple[Turn, ...] = ()
    question: Question | None = None
    scope: Scope = Scope(())
    unknown: float = 0.0  # share of the subject that the corpus never uses
    weights: Mapping[str, float] = field(default_factory=dict)
    hits: tuple[Hit, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    answer: Answer | None = None
    timings: tuple[tuple[str, float], ...] = ()

    @property
    def asked(self) -> Question:
        """The question; every step after the first has it."""
        assert self.question is not None
        return self.question
