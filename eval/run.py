"""Run a question set through the assistant and score the answers: `python -m eval.run`.

A question is right when its answer holds every `must_include` (alternatives parted by |) and
no `must_not_include`, and cites the right document. A question without an answer is right
when it does not end as `answered`. Every quote must stand word for word in its document.
"""

import argparse
import json
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from assistant.answer import Answer, Citation, Status
from assistant.pipeline import Assistant
from corpus.errors import PolicyError
from index.build import build_index
from index.embedding import default_cache, load_embedder
from index.search import Index

ROOT = Path(__file__).parent.parent
OWN_SET = Path(__file__).parent / "sets" / "plans" / "questions.jsonl"
DOCUMENTS = ROOT / "corpus" / "documents"


@dataclass(frozen=True)
class Score:
    """One question, its answer, and what is wrong with it ("" when nothing)."""

    question: dict[str, Any]
    answer: Answer
    wrong: str


def score_answer(question: dict[str, Any], answer: Answer) -> str:
    """Return what is wrong with an answer in a few words; "" when it is right."""
    forbidden = [one for one in question.get("must_not_include", ()) if one in answer.answer]
    if forbidden:
        return f"says {forbidden}"
    if not question["answerable"]:
        return "answered" if answer.status is Status.ANSWERED else ""
    missing = [
        one
        for one in question["must_include"]
        if not any(alternative in answer.answer for alternative in one.split("|"))
    ]
    if missing:
        return f"lacks {missing}"
    wanted = [evidence["doc"] for evidence in question.get("evidence", ())]
    is_right = any(_is_document(citation, doc) for citation in answer.citations for doc in wanted)
    cited = sorted({citation.document_id for citation in answer.citations})
    return f"cites {cited}" if wanted and not is_right else ""


def _is_document(citation: Citation, doc: str) -> bool:
    """Whether `doc` names the cited document: by its id or file, its 文号, or its title."""
    number = citation.document_number or ""
    short = re.sub(r"^.*公告(?=\d{4}年)", "", number)
    title = re.sub(r"^中华人民共和国|[（(].*", "", citation.title)
    names = [name for name in (number, short, title) if len(name) > 3]
    return Path(doc).stem == citation.document_id or any(name in doc for name in names)


def misquoted(assistant: Assistant, answers: Sequence[Answer]) -> list[str]:
    """The quotes that do not stand in their document at their offsets."""
    return [
        citation.quote
        for answer in answers
        for citation in answer.citations
        if assistant.index.documents[citation.document_id].text[citation.start : citation.end]
        != citation.quote
    ]


def run(questions: Sequence[dict[str, Any]], assistant: Assistant, day: date) -> list[Score]:
    """Ask every question on its own day (or `day`) and score it."""
    scores = []
    for question in questions:
        asked_on = date.fromisoformat(question["day"]) if question.get("day") else day
        answer = assistant.ask(question["question"], day=asked_on)
        scores.append(Score(question, answer, score_answer(question, answer)))
    return scores


def _share(scores: Sequence[Score]) -> str:
    right = sum(not score.wrong for score in scores)
    return f"{right}/{len(scores)} = {right / len(scores):.1%}" if scores else "none"


def _report(scores: Sequence[Score], assistant: Assistant, show_failures: bool) -> str:
    answerable = [score for score in scores if score.question["answerable"]]
    others = [score for score in scores if not score.question["answerable"]]
    quotes = [citation for score in scores for citation in score.answer.citations]
    bad = misquoted(assistant, [score.answer for score in scores])
    times = sorted(sum(ms for _, ms in score.answer.timings_ms) for score in scores)
    lines = [
        f"answerable, right:      {_share(answerable)}",
        f"unanswerable, refused:  {_share(others)}",
        f"quotes word for word:   {len(quotes) - len(bad)}/{len(quotes)}",
        f"milliseconds a question: p50 {times[len(times) // 2]:.0f}, "
        f"p95 {times[int(len(times) * 0.95)]:.0f}",
    ]
    if show_failures:
        for score in scores:
            if score.wrong:
                lines.append(f"\n{score.question['id']} {score.question['question']}")
                lines.append(f"  {score.wrong} | {score.answer.status}")
                lines.append("  " + score.answer.answer.replace("\n", "\n  "))
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Build an index of the documents, ask, print the scores; 1 when a quote is not verbatim."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=Path, default=OWN_SET)
    parser.add_argument("--documents", type=Path, default=DOCUMENTS)
    parser.add_argument("--source", help="only questions with this `source`")
    parser.add_argument("--part", help="only questions of this `part` (dev or test)")
    parser.add_argument("--day", type=date.fromisoformat, default=date(2026, 11, 22))
    parser.add_argument("--store", type=Path, help="keep the index here (default: a temporary one)")
    parser.add_argument("--failures", action="store_true", help="print every wrong answer")
    given = parser.parse_args(arguments)
    questions = [
        json.loads(line) for line in given.questions.open(encoding="utf-8") if line.strip()
    ]
    chosen = [
        one
        for one in questions
        if given.source in (None, one.get("source")) and given.part in (None, one.get("part"))
    ]
    with tempfile.TemporaryDirectory() as folder:
        store = given.store or Path(folder)
        embedder = load_embedder(None, default_cache())
        begin = time.perf_counter()
        report = build_index([given.documents], store, embedder)
        print(
            f"{len(report.documents)} documents, {report.clauses} clauses, "
            f"{report.embedded} passages embedded in {time.perf_counter() - begin:.1f} s"
        )
        assistant = Assistant(Index.open(store, embedder))
        assistant.ask("预热", day=given.day)
        scores = run(chosen, assistant, given.day)
        print(_report(scores, assistant, given.failures))
        return 1 if misquoted(assistant, [score.answer for score in scores]) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except PolicyError as error:
        sys.exit(str(error))
