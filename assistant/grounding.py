"""The last check: a line with [n] states no number that its sources do not hold."""

import re

from assistant.answer import Answer
from assistant.question import Question
from corpus.cleaning import simplify

_MARK = re.compile(r"\[(\d+)\]")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
# Lines that state metadata or show their own arithmetic; both are made from values, not words.
_OWN_WORDS = ("《", "测算", "注意", "- 《", "- 现看《")


def _numbers(text: str) -> list[str]:
    """Whole numbers as written, without blanks and thousands' commas: 5 does not stand in 50."""
    return _NUMBER.findall(re.sub(r"\s+|(?<=\d),(?=\d{3})", "", text))


def ungrounded(answer: Answer, question: Question | None) -> list[str]:
    """The numbers that stand in a cited line and in none of its sources; [9] without a source."""
    sources = {citation.n: citation for citation in answer.citations}
    asked = question.plain if question else ""
    stray: list[str] = []
    for line in answer.answer.splitlines():
        numbers = [int(one) for one in _MARK.findall(line)]
        stray += [f"[{n}]" for n in numbers if n not in sources]
        if not numbers or line.startswith(_OWN_WORDS):
            continue
        held = asked + " ".join(
            simplify(f"{sources[n].quote} {sources[n].title} {sources[n].document_number}")
            for n in numbers
            if n in sources
        )
        stated = set(_numbers(held))
        stray += [one for one in _numbers(_MARK.sub("", line)) if one not in stated]
    return list(dict.fromkeys(stray))
