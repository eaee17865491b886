"""Measure times and memory: `python -m eval.bench` prints one JSON object.

Indexing from nothing and again, the time of a warm question by step, and the memory of the
process. Figures hold for this machine and its load; compare only within one run.
"""

import argparse
import json
import os
import platform
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from assistant.pipeline import Assistant
from corpus.errors import PolicyError
from eval.bench_reading import measure_reading
from eval.questions import DOCUMENTS, OWN_SET, read_set
from index.build import build_index
from index.embedding import Embedder, default_cache, load_embedder
from index.search import Index

_DAY = date(2026, 11, 22)
_ROUNDS = 3
_MOST_ASKED = 100


def measure_index(folder: Path, store: Path, embedder: Embedder) -> dict[str, Any]:
    """Seconds of a first and of a second build of the same folder, and what each embedded."""
    first = build_index([folder], store, embedder)
    second = build_index([folder], store, embedder)
    return {
        "documents": len(first.documents),
        "clauses": first.clauses,
        "passages": first.passages,
        "first_seconds": round(first.seconds, 2),
        "second_seconds": round(second.seconds, 2),
        "second_embedded": second.embedded,
    }


def questions_of(path: Path) -> list[str]:
    """The first questions of a set that have an answer; an order to the system is no question."""
    answerable = (one.text for one in read_set(path) if one.answerable)
    return list(islice(answerable, _MOST_ASKED))


def measure_questions(assistant: Assistant, questions: Sequence[str]) -> dict[str, Any]:
    """Milliseconds of warm questions, each asked in other words so that nothing is kept."""
    whole: list[float] = []
    steps: dict[str, list[float]] = {}
    for round_number in range(_ROUNDS):
        for question in questions:
            begin = time.perf_counter()
            answer = assistant.ask(f"{question}{'？' * (round_number + 1)}", day=_DAY)
            whole.append((time.perf_counter() - begin) * 1000)
            for name, milliseconds in answer.timings_ms:
                steps.setdefault(name, []).append(milliseconds)
    return {
        "questions": len(whole),
        **_quantiles(whole),
        "steps": {name: _quantiles(times) for name, times in steps.items()},
    }


def _quantiles(times: Sequence[float]) -> dict[str, float]:
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return {"p50_ms": round(cuts[49], 1), "p95_ms": round(cuts[94], 1)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print the JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=Path, default=DOCUMENTS)
    parser.add_argument("--questions", type=Path, default=OWN_SET)
    given = parser.parse_args(arguments)
    questions = questions_of(given.questions)
    begin = time.perf_counter()
    embedder = load_embedder(None, default_cache())
    loaded = time.perf_counter() - begin
    with tempfile.TemporaryDirectory() as folder:
        indexed = measure_index(given.documents, Path(folder), embedder)
        assistant = Assistant(Index.open(Path(folder), embedder))
        assistant.ask(questions[0], day=_DAY)
        asked = measure_questions(assistant, questions)
    result = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "load_average": [round(one, 2) for one in os.getloadavg()],
        "model_load_seconds": round(loaded, 2),
        "reading": measure_reading(),
        "index": indexed,
        "ask": asked,
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(result, ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except PolicyError as error:
        sys.exit(str(error))
