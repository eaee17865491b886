"""Run a test set and keep the result: `policy eval`, also `python -m eval.run`.

A run is one folder's worth of per-question lines, written as they come, so that a run that was
interrupted goes on where it stopped; the summary is made of the lines. A question is right
when its answer ends as expected, states every required fact, nothing forbidden, and cites the
right document. Every quote must stand word for word in its document.
"""

import json
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from assistant.answer import Answer, Status
from assistant.pipeline import Assistant
from assistant.state import Turn
from corpus.errors import UsageError
from eval.metrics import Mean, mean, ndcg, recall, reciprocal_rank, refusals
from eval.questions import Query, bare_clauses, check_clauses
from eval.scoring import score
from eval.systems import Finds, Retriever, systems, turns

RESULTS = Path(__file__).parent / "results"
_ANSWER_SCORES = (
    "right",
    "facts",
    "numbers",
    "citation_precision",
    "citation_recall",
    "clause_exact",
    "verdict",
    "amount",
    "stale",
)
Progress = Callable[[str, int, int], None]  # stage, done, total


@dataclass(frozen=True)
class Options:
    """What a run covers. `retrieval` also runs the baselines side by side."""

    name: str
    part: str | None = None
    retrieval: bool = True


def run_set(
    queries: Sequence[Query], assistant: Assistant, options: Options, lines: Path, say: Progress
) -> dict[str, Any]:
    """Ask every question, score it, and return the run; `lines` holds what is done so far.

    Raises UsageError for a graded clause that the index does not hold.
    """
    chosen = [one for one in queries if options.part in (None, one.part)]
    if not chosen:
        raise UsageError(f"测试集里没有 part 为 {options.part} 的问题。")
    strange = check_clauses(chosen, assistant.index.clauses)
    if strange:
        raise UsageError(f"索引里没有这些条文：{'；'.join(strange[:5])}。请改正 qrels.tsv。")
    words = bare_clauses(assistant.index.clauses)
    chosen = [one.with_clauses(words) for one in chosen]
    kept = _answered(chosen, assistant, lines, say)
    run = {
        "name": options.name,
        "part": options.part,
        "made": date.today().isoformat(),
        "commit": _commit(),
        "index": assistant.index.manifest.digest,
        "summary": summarise(list(kept.values())),
        "retrieval": {},
        "queries": list(kept.values()),
    }
    if options.retrieval:
        with tempfile.TemporaryDirectory() as folder:
            run["retrieval"] = compare_retrieval(chosen, systems(assistant, Path(folder)), say)
    return run


def _answered(
    queries: Sequence[Query], assistant: Assistant, lines: Path, say: Progress
) -> dict[str, dict[str, Any]]:
    """One scored line a question, those of an interrupted run with the same index included."""
    digest = assistant.index.manifest.digest
    kept = {one["id"]: one for one in _held(lines) if one.get("index") == digest}
    lines.parent.mkdir(parents=True, exist_ok=True)
    with lines.open("a", encoding="utf-8") as file:
        for number, query in enumerate(queries, 1):
            if query.id not in kept:
                kept[query.id] = {**_line(query, assistant), "index": digest}
                file.write(json.dumps(kept[query.id], ensure_ascii=False) + "\n")
                file.flush()
            say("answer", number, len(queries))
    return {query.id: kept[query.id] for query in queries}


def _held(lines: Path) -> list[dict[str, Any]]:
    """The whole lines of a file; the last may have been cut off."""
    if not lines.exists():
        return []
    held = []
    for line in lines.read_text(encoding="utf-8").splitlines():
        try:
            held.append(json.loads(line))
        except json.JSONDecodeError:
            break
    return held


def _line(query: Query, assistant: Assistant) -> dict[str, Any]:
    earlier = turns(assistant, query)
    begin = time.perf_counter()
    answer = _answer(query, assistant, earlier)
    spent = (time.perf_counter() - begin) * 1000
    scored = score(query, answer, assistant.index.clauses)
    return {
        "id": query.id,
        "kind": query.kind,
        "part": query.part,
        "question": query.text,
        "answerable": query.answerable,
        "expected": {"must_include": query.must_include, "statuses": sorted(query.statuses)},
        "status": str(answer.status),
        "answer": answer.answer,
        "citations": [{"clause_id": one.clause_id, "quote": one.quote} for one in answer.citations],
        "misquoted": misquoted(assistant, [answer]),
        "ms": round(spent, 1),
        **asdict(scored),
    }


def _answer(query: Query, assistant: Assistant, earlier: Sequence[Turn]) -> Answer:
    """The answer, or the sentence by which a line that is no question is turned away."""
    try:
        return assistant.ask(query.text, day=query.day, region=query.region, history=earlier)
    except UsageError as error:
        return Answer(query.text, query.day, Status.REFUSED, str(error))


def misquoted(assistant: Assistant, answers: Iterable[Answer]) -> list[str]:
    """The quotes that do not stand in their document at their offsets."""
    return [
        citation.quote
        for answer in answers
        for citation in answer.citations
        if assistant.index.documents[citation.document_id].text[citation.start : citation.end]
        != citation.quote
    ]


def summarise(lines: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Means with intervals, over all and by kind, from the lines of a run."""
    kinds = defaultdict(list)
    for one in lines:
        kinds[one["kind"]].append(one)
    unanswerable = [not one["answerable"] for one in lines]
    times = sorted(one["ms"] for one in lines)
    quotes = sum(len(one["citations"]) for one in lines)
    return {
        "questions": len(lines),
        "scores": {name: asdict(_mean(lines, name)) for name in _ANSWER_SCORES},
        "kinds": {
            kind: {name: asdict(_mean(own, name)) for name in ("right", "facts")}
            for kind, own in sorted(kinds.items())
        },
        "refusal": asdict(refusals([one["refused"] for one in lines], unanswerable)),
        "quotes": quotes,
        "misquoted": sum(len(one["misquoted"]) for one in lines),
        "ms_p50": times[len(times) // 2],
        "ms_p95": times[int(len(times) * 0.95)],
    }


def _mean(lines: Sequence[Mapping[str, Any]], name: str) -> Mean:
    return mean([one[name] for one in lines if one[name] is not None])


def compare_retrieval(
    queries: Sequence[Query], by_name: Mapping[str, Retriever], say: Progress
) -> dict[str, Any]:
    """Recall, MRR and nDCG of every system over the questions with graded clauses."""
    graded = [one for one in queries if max(one.relevant.values(), default=0) == 2]
    held = {}
    for number, (name, retrieve) in enumerate(by_name.items(), 1):
        rankings = {one.id: _ranking(retrieve(one), one.relevant) for one in graded}
        held[name] = _ranking_scores(graded, rankings)
        say("retrieval", number, len(by_name))
    return held


def _ranking(finds: Finds, relevant: Mapping[str, int]) -> list[str]:
    """Each find as the best of the clauses it covers that no find before it stands for."""
    ranking: list[str] = []
    for covered in finds:
        rest = [one for one in covered if one not in ranking]
        ranking.append(max(rest, key=lambda one: relevant.get(one, 0), default=""))
    return ranking


def _ranking_scores(
    queries: Sequence[Query], rankings: Mapping[str, list[str]]
) -> dict[str, dict[str, Any]]:
    measures: dict[str, Callable[[list[str], Mapping[str, int]], float]] = {
        "recall@1": lambda ranking, relevant: recall(ranking, relevant, 1),
        "recall@5": lambda ranking, relevant: recall(ranking, relevant, 5),
        "recall@10": lambda ranking, relevant: recall(ranking, relevant, 10),
        "mrr": reciprocal_rank,
        "ndcg@10": ndcg,
    }
    scores = {}
    for name, measure in measures.items():
        each = {one.id: measure(rankings[one.id], one.relevant) for one in queries}
        scores[name] = {**asdict(mean(list(each.values()))), "each": each}
    return scores


def _commit() -> str:
    """The commit that was run, "unknown" outside a repository."""
    found = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parent,
    )
    return found.stdout.strip() or "unknown"
