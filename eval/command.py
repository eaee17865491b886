"""The command `policy eval`: run a test set, keep the result, show it and compare it."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.pipeline import Assistant
from corpus.errors import UsageError
from eval.questions import SETS, Query, read_set
from eval.report import as_html, as_text, compare
from eval.run import RESULTS, Options, Progress, run_set
from index.build import build_index
from index.embedding import default_cache, load_embedder
from index.search import Index


@dataclass(frozen=True)
class Asked:
    """What the command was given. `documents` are indexed into `store` first."""

    questions: str
    documents: Path
    store: Path | None
    part: str | None
    source: str | None
    against: str | None
    name: str | None
    retrieval: bool


def eval_command(asked: Asked, as_json: bool, say: Progress) -> tuple[str, int]:
    """What to print, and the exit code: 1 where a quote is not word for word.

    The run goes to eval/results: NAME.json, NAME.html, and NAME.lines.jsonl while it is going on.
    """
    path = set_path(asked.questions)
    queries = _chosen(read_set(path), asked)
    name = asked.name or "-".join(filter(None, (path.stem, asked.source, asked.part)))
    with _assistant(asked) as assistant:
        lines = RESULTS / f"{name}.lines.jsonl"
        options = Options(name, asked.part, asked.retrieval)
        run = run_set(queries, assistant, options, lines, say)
    other = read_run(asked.against) if asked.against else None
    write_run(run, other)
    lines.unlink()
    shown = [as_text(run), *([compare(run, other)] if other else [])]
    shown.append(f"结果：{RESULTS.parent.name}/results/{name}.json 和 .html")
    text = json.dumps(run, ensure_ascii=False) if as_json else "\n".join(shown)
    return text, 1 if run["summary"]["misquoted"] else 0


def set_path(name: str) -> Path:
    """A set by path, or by the name of one that comes with the project."""
    return Path(name) if Path(name).exists() else SETS / name


def _chosen(queries: list[Query], asked: Asked) -> list[Query]:
    chosen = [one for one in queries if asked.source in (None, one.source)]
    if not chosen:
        raise UsageError(f"测试集里没有 source 为 {asked.source} 的问题。")
    return chosen


def read_run(name: str) -> dict[str, Any]:
    """A kept run by name or file. Raises UsageError for one that is not there."""
    path = Path(name) if name.endswith(".json") else RESULTS / f"{name}.json"
    try:
        held: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        runs = "、".join(sorted(one.stem for one in RESULTS.glob("*.json"))) or "还没有"
        raise UsageError(f"没有评测结果 {name}，或不能读取：{error}。现有：{runs}。") from error
    return held


def write_run(run: dict[str, Any], other: dict[str, Any] | None = None) -> None:
    """Keep a run as JSON and as a page, each written whole or not at all."""
    RESULTS.mkdir(exist_ok=True)
    for suffix, text in (
        ("json", json.dumps(run, ensure_ascii=False, indent=1)),
        ("html", as_html(run, other)),
    ):
        begun = RESULTS / f"{run['name']}.{suffix}.part"
        begun.write_text(text, encoding="utf-8")
        begun.replace(RESULTS / f"{run['name']}.{suffix}")


@contextmanager
def _assistant(asked: Asked) -> Iterator[Assistant]:
    with tempfile.TemporaryDirectory() as folder:
        store = asked.store or Path(folder)
        embedder = load_embedder(None, default_cache())
        build_index([asked.documents], store, embedder)
        assistant = Assistant(Index.open(store, embedder))
        yield assistant
