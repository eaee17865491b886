"""Test sets: plain files -> Queries. Every fault is named with its file and line.

A set is a folder in BEIR's form (queries.jsonl, qrels.tsv, answers.jsonl) or one file of
questions with `evidence` (document and quote), whose clauses are found once the index is open.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from corpus.cleaning import simplify
from corpus.document import Clause
from corpus.errors import UsageError

SETS = Path(__file__).parent / "sets"
DOCUMENTS = Path(__file__).parents[1] / "corpus" / "documents"
OWN_SET = SETS / "library"
DAY = date(2026, 11, 22)  # of questions that state none
STATUSES = ("answered", "needs_facts", "not_in_corpus", "not_in_force", "out_of_scope", "refused")
_VERDICTS = (None, "met", "not_met", "unknown")
SET_FILES = ("queries.jsonl", "qrels.tsv", "answers.jsonl")


@dataclass(frozen=True)
class Query:
    """One question and what a right answer to it holds.

    `relevant` grades clause ids: 2 states the answer, 1 helps. `statuses` are the endings that
    are right; () means any but `answered` where the question has no answer. `evidence` names
    documents and quotes where a set grades no clauses.
    """

    id: str
    text: str
    kind: str
    part: str
    day: date = DAY
    region: str | None = None
    history: tuple[str, ...] = ()
    style: str = "标准"
    source: str | None = None
    relevant: Mapping[str, int] = field(default_factory=dict)
    answerable: bool = True
    statuses: frozenset[str] = frozenset()
    must_include: tuple[str, ...] = ()
    must_not_include: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()  # all must be cited
    documents_any: tuple[str, ...] = ()  # one of them must be
    also_stated_in: tuple[str, ...] = ()
    verdict: str | None = None
    amount: Decimal | None = None
    evidence: tuple[tuple[str, str], ...] = ()

    def with_clauses(self, words: Mapping[str, str]) -> "Query":
        """The query with its evidence's clauses graded 2; `words` are those of `bare_clauses`."""
        if self.relevant or not self.evidence:
            return self
        quotes = [_bare(quote) for _, quote in self.evidence if quote]
        found = {
            clause_id: 2
            for clause_id, held in words.items()
            if any(quote in held for quote in quotes)
        }
        return replace(self, relevant=found)


def bare_clauses(clauses: Mapping[str, Clause]) -> dict[str, str]:
    """Each clause's words as quotes are looked up in them, once for all questions."""
    return {clause_id: _bare(one.plain) for clause_id, one in clauses.items()}


def _bare(text: str) -> str:
    """Without what differs between two writings of the same words."""
    return "".join(one for one in simplify(text) if one.isalnum())


def read_set(path: Path) -> list[Query]:
    """The queries of a folder or a file. Raises UsageError with the line that is wrong."""
    if not path.exists():
        held = "、".join(sorted(one.name for one in SETS.iterdir() if one.is_dir()))
        raise UsageError(f"没有测试集 {path}。可以写文件或文件夹，或自带的测试集之一：{held}。")
    queries = _read_folder(path) if path.is_dir() else _read_file(path)
    if not queries:
        raise UsageError(f"测试集 {path.name} 里没有问题。请至少写一个问题。")
    return queries


def _read_file(path: Path) -> list[Query]:
    known: dict[str, Query] = {}
    for number, one in _lines(path):
        where = f"{path.name} 第 {number} 行"
        query = _single(one, where)
        _take(known, query, where)
    return list(known.values())


def _single(one: Mapping[str, Any], where: str) -> Query:
    evidence = [
        (str(each.get("doc", "")), str(each.get("quote", "")))
        for each in _objects(one, "evidence", where)
    ]
    return Query(
        id=_text(one, "id", where),
        text=_text(one, "question", where),
        kind=str(one.get("type", "single_fact")),
        part=str(one.get("part", "dev")),
        day=_day(one.get("day"), where),
        style=str(one.get("style", "标准")),
        source=one.get("source"),
        answerable=_truth(one, "answerable", where),
        must_include=_strings(one, "must_include", where),
        must_not_include=_strings(one, "must_not_include", where),
        documents_any=tuple(doc for doc, _ in evidence if doc),
        evidence=tuple(evidence),
    )


def _read_folder(path: Path) -> list[Query]:
    missing = [name for name in SET_FILES if not (path / name).is_file()]
    if missing:
        raise UsageError(
            f"测试集 {path.name} 缺少 {'、'.join(missing)}。一个测试集要有 {'、'.join(SET_FILES)}。"
        )
    answers = _answers(path / "answers.jsonl")
    relevant = _qrels(path / "qrels.tsv")
    known: dict[str, Query] = {}
    for number, one in _lines(path / "queries.jsonl"):
        where = f"queries.jsonl 第 {number} 行"
        query = _from_folder(one, answers, relevant, where)
        _take(known, query, where)
    strange = sorted((answers.keys() | relevant.keys()) - known.keys())
    if strange:
        raise UsageError(
            f"测试集 {path.name} 的答案或 qrels 提到没有的问题：{'、'.join(strange)}。"
        )
    return list(known.values())


def _from_folder(
    one: Mapping[str, Any],
    answers: Mapping[str, Mapping[str, Any]],
    relevant: Mapping[str, Mapping[str, int]],
    where: str,
) -> Query:
    name = _text(one, "_id", where)
    described = _objects({"metadata": [one.get("metadata", {})]}, "metadata", where)[0]
    answer = answers.get(name)
    if answer is None:
        raise UsageError(f"{where}：answers.jsonl 里没有 {name} 的答案。请补上。")
    stated = answer.get("expected_status", ())
    held = {"expected_status": [stated] if isinstance(stated, str) else stated}
    statuses = frozenset(_strings(held, "expected_status", name))
    if not statuses <= set(STATUSES):
        raise UsageError(f"{name} 的 expected_status 应是 {'、'.join(STATUSES)} 之一或几个。")
    return Query(
        id=name,
        text=_text(one, "text", where),
        kind=str(described.get("kind", "single_fact")),
        part=str(described.get("part", "dev")),
        day=_day(described.get("day"), where),
        region=_text(described, "region", where) if described.get("region") else None,
        history=_strings(described, "history", where),
        style=str(described.get("style", "标准")),
        relevant=relevant.get(name, {}),
        answerable=_truth(answer, "answerable", f"answers.jsonl 的 {name}"),
        statuses=statuses,
        must_include=_strings(answer, "must_include", name),
        must_not_include=_strings(answer, "must_not_include", name),
        documents=_strings(answer, "documents", name),
        documents_any=_strings(answer, "documents_any", name),
        also_stated_in=_strings(answer, "also_stated_in", name),
        verdict=_verdict(answer, name),
        amount=_amount(answer.get("amount"), name),
    )


def check_clauses(queries: list[Query], clauses: Mapping[str, Clause]) -> list[str]:
    """The graded clause ids that the index does not hold, each with its question."""
    return [
        f"{query.id}：{clause}"
        for query in queries
        for clause in query.relevant
        if clause not in clauses
    ]


def _take(known: dict[str, Query], query: Query, where: str) -> None:
    if query.id in known:
        raise UsageError(f"{where}：编号 {query.id} 重复。每个问题要有自己的编号。")
    known[query.id] = query


def _answers(path: Path) -> dict[str, Mapping[str, Any]]:
    answers: dict[str, Mapping[str, Any]] = {}
    for number, one in _lines(path):
        name = _text(one, "_id", f"{path.name} 第 {number} 行")
        if name in answers:
            raise UsageError(f"{path.name} 第 {number} 行：编号 {name} 重复。")
        answers[name] = one
    return answers


def _qrels(path: Path) -> dict[str, dict[str, int]]:
    relevant: dict[str, dict[str, int]] = {}
    for number, line in enumerate(_read(path).splitlines(), 1):
        if not line.strip() or (number == 1 and line.startswith("query-id")):
            continue
        parts = line.split("\t")
        if len(parts) != 3 or parts[2] not in ("0", "1", "2"):
            raise UsageError(
                f"{path.name} 第 {number} 行应是“问题编号、条文编号、0 到 2”，用制表符分开；"
                f"这里是“{line}”。"
            )
        relevant.setdefault(parts[0], {})[parts[1]] = int(parts[2])
    return relevant


def _lines(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for number, line in enumerate(_read(path).splitlines(), 1):
        if not line.strip():
            continue
        try:
            one = json.loads(line)
        except json.JSONDecodeError as error:
            raise UsageError(f"{path.name} 第 {number} 行不是 JSON：{error}。") from error
        if not isinstance(one, dict):
            raise UsageError(f"{path.name} 第 {number} 行应是一个 JSON 对象。")
        yield number, one


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path.name} 不是 UTF-8 编码：{error}。请另存为 UTF-8。") from error
    except OSError as error:
        raise UsageError(f"{path.name} 打不开：{error}。") from error


def _text(one: Mapping[str, Any], key: str, where: str) -> str:
    held = one.get(key)
    if not isinstance(held, str) or not held.strip():
        raise UsageError(f"{where} 缺少 {key}，应是一段文字。")
    return held


def _truth(one: Mapping[str, Any], key: str, where: str) -> bool:
    if not isinstance(one.get(key), bool):
        raise UsageError(f"{where} 缺少 {key}，应是 true 或 false。")
    return bool(one[key])


def _strings(one: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    held = one.get(key, ())
    if not isinstance(held, (list, tuple)) or not all(isinstance(each, str) for each in held):
        raise UsageError(f"{where} 的 {key} 应是一列文字。")
    return tuple(held)


def _objects(one: Mapping[str, Any], key: str, where: str) -> list[Mapping[str, Any]]:
    held = one.get(key, ())
    if not isinstance(held, (list, tuple)) or not all(isinstance(each, dict) for each in held):
        raise UsageError(f"{where} 的 {key} 应是 JSON 对象。")
    return list(held)


def _verdict(one: Mapping[str, Any], name: str) -> str | None:
    for verdict in _VERDICTS:
        if one.get("verdict") == verdict:
            return verdict
    raise UsageError(f"{name} 的 verdict 应是 met、not_met、unknown 之一，或者不写。")


def _day(held: Any, where: str) -> date:
    if held is None:
        return DAY
    try:
        return date.fromisoformat(str(held))
    except ValueError as error:
        raise UsageError(f"{where} 的 day“{held}”应写成 YYYY-MM-DD。") from error


def _amount(held: Any, where: str) -> Decimal | None:
    if held is None:
        return None
    try:
        return Decimal(str(held))
    except InvalidOperation as error:
        raise UsageError(f"{where} 的 amount“{held}”应是以元为单位的数字。") from error
