"""Question -> ranked Hits: vectors and words searched apart, their scores merged.

What it does not know: what is in force on a day or holds in a region (the caller passes the
ids of the documents that may be used) and whether a hit answers the question.
"""

import threading
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from corpus.cleaning import simplify
from corpus.document import Clause, Document
from corpus.errors import IndexStoreError, UsageError
from index.embedding import Embedder
from index.keyword import KeywordIndex, best_rows
from index.store import Version, open_version
from index.versions import Manifest, read_manifest, stamp

DEPTH = 100  # rows taken from each of the two searches
KEYWORD_WEIGHT = 0.6  # against 1 - this for the vectors; plans of one kind differ in words


@dataclass(frozen=True)
class Hit:
    """A clause that was found, with the sentences `first` to `last` of its best passage."""

    clause: Clause
    document: Document
    first: int
    last: int
    score: float  # 0 to 1, comparable only within one search
    dense: float  # cosine of question and passage
    keyword: float  # BM25 score of the passage; 0 when no word of the question occurs


@dataclass(frozen=True)
class _State:
    """One version of the index and the maps made from it, swapped as a whole."""

    stamp: tuple[int, int, int]
    version: Version
    documents: Mapping[str, Document]
    clauses: Mapping[str, Clause]
    clauses_of: Mapping[str, tuple[Clause, ...]]
    document_rows: NDArray[np.int32]  # of each passage: its document's place among them


@dataclass(frozen=True)
class _Query:
    vector: NDArray[np.float32]
    words: str
    documents: frozenset[str] | None
    limit: int
    keyword_weight: float


class Index:
    """The index of one store, open for reading. Safe to use from several threads."""

    def __init__(self, store: Path, embedder: Embedder, state: _State) -> None:
        self.embedder = embedder
        # A comparison searches document by document with one and the same question.
        self._vector = lru_cache(maxsize=64)(embedder.embed_question)
        self._store = store
        self._state = state
        self._lock = threading.Lock()

    @classmethod
    def open(cls, store: Path, embedder: Embedder) -> "Index":
        """Open the version in use.

        Raises IndexStoreError when there is none, when part of it is missing, and when it was
        made by another format or another embedding model.
        """
        return cls(store, embedder, _load(store, embedder))

    @property
    def manifest(self) -> Manifest:
        """Name, digest, counts and model of the version that is open."""
        return self._state.version.manifest

    @property
    def documents(self) -> Mapping[str, Document]:
        """Every document by its id, in the order of indexing."""
        return self._state.documents

    @property
    def clauses(self) -> Mapping[str, Clause]:
        """Every clause by its id, in the order of documents and within them."""
        return self._state.clauses

    @property
    def keyword(self) -> KeywordIndex:
        """The words of the version that is open, for their weight."""
        return self._state.version.keyword

    def clauses_of(self, document_id: str) -> list[Clause]:
        """The clauses of a document in order; raises UsageError for an id not in the index."""
        state = self._state
        if document_id not in state.clauses_of:
            raise UsageError(
                f"没有编号为 {document_id} 的政策文件。现有 {len(state.documents)} 份："
                f"{'、'.join(list(state.documents)[:5])} 等。请核对编号。"
            )
        return list(state.clauses_of[document_id])

    def search(
        self,
        question: str,
        *,
        words: str | None = None,
        documents: Collection[str] | None = None,
        limit: int = 20,
        keyword_weight: float = KEYWORD_WEIGHT,
    ) -> list[Hit]:
        """Return up to `limit` clauses, best first, one hit a clause.

        `words` is what the keyword search looks for when that differs from the question, e.g.
        with abbreviations written out. `documents` restricts the search to these ids; ids that
        the index does not know are passed over. Raises UsageError for an empty question.
        """
        if not question.strip() or limit < 1:
            raise UsageError(f"要有问题，且至少取 1 条结果；收到“{question}”和 {limit}。")
        query = _Query(
            vector=self._vector(simplify(question)),
            words=simplify(words or question),
            documents=None if documents is None else frozenset(documents),
            limit=limit,
            keyword_weight=keyword_weight,
        )
        return _search(self._state, query)

    def refresh(self) -> bool:
        """Switch to a newer version if there is one; True when that happened.

        Costs one stat otherwise. Raises IndexStoreError when the store has become unreadable;
        the version that is open then stays in use.
        """
        with self._lock:
            now = stamp(self._store)
            if now == self._state.stamp:
                return False
            if read_manifest(self._store).version == self.manifest.version:
                self._state = replace(self._state, stamp=now)
                return False
            self._state = _load(self._store, self.embedder)
            return True


def _load(store: Path, embedder: Embedder) -> _State:
    now = stamp(store)  # before reading: a switch in between is then seen by the next refresh
    manifest = read_manifest(store)
    if manifest.embedder != embedder.identity:
        raise IndexStoreError(
            f"索引 {store} 是用向量模型 {manifest.embedder} 建的，现在的模型是 "
            f"{embedder.identity}。请改回原来的模型，或用现在的模型重新运行 policy index。"
        )
    version = open_version(store, manifest)
    contents = version.contents
    row_of = {one.document_id: row for row, one in enumerate(contents.documents)}
    clauses_of: defaultdict[str, list[Clause]] = defaultdict(list)
    for clause in contents.clauses:
        clauses_of[clause.document_id].append(clause)
    return _State(
        stamp=now,
        version=version,
        documents=MappingProxyType({one.document_id: one for one in contents.documents}),
        clauses=MappingProxyType({one.clause_id: one for one in contents.clauses}),
        clauses_of=MappingProxyType({one: tuple(own) for one, own in clauses_of.items()}),
        document_rows=np.array([row_of[one] for one in contents.document_ids()], np.int32),
    )


def _search(state: _State, query: _Query) -> list[Hit]:
    mask = _mask(state, query.documents)
    if mask is not None and not mask.any():
        return []
    scores = state.version.keyword.scores(query.words)
    cosines = dict(state.version.vectors.nearest(query.vector, DEPTH, mask))
    merged = _merged(cosines, dict(best_rows(scores, DEPTH, mask)), query.keyword_weight)
    rows = _best_of_each_clause(state, merged, query.limit)
    unknown = [row for row in rows if row not in cosines]  # found by words alone
    cosines |= state.version.vectors.cosines(query.vector, unknown)
    return [_hit(state, row, merged[row], cosines[row], float(scores[row])) for row in rows]


def _mask(state: _State, documents: frozenset[str] | None) -> NDArray[np.bool_] | None:
    """Which passages are of these documents; None when that is all."""
    if documents is None or documents.issuperset(state.documents):
        return None
    allowed = np.array([one in documents for one in state.documents], np.bool_)
    found: NDArray[np.bool_] = allowed[state.document_rows]
    return found


def _merged(
    dense: Mapping[int, float], words: Mapping[int, float], keyword_weight: float
) -> dict[int, float]:
    """Row -> weighted sum of both searches' scores, each stretched to 0 to 1."""
    dense, words = _stretched(dense), _stretched(words)
    return {
        row: keyword_weight * words.get(row, 0.0) + (1 - keyword_weight) * dense.get(row, 0.0)
        for row in dense.keys() | words.keys()
    }


def _stretched(scores: Mapping[int, float]) -> dict[int, float]:
    lowest, highest = min(scores.values(), default=0.0), max(scores.values(), default=0.0)
    if highest == lowest:
        return dict.fromkeys(scores, 1.0)
    return {row: (score - lowest) / (highest - lowest) for row, score in scores.items()}


def _best_of_each_clause(state: _State, merged: Mapping[int, float], limit: int) -> list[int]:
    best: dict[str, int] = {}
    for row in sorted(merged, key=lambda row: (-merged[row], row)):
        best.setdefault(state.version.contents.passages[row].clause_id, row)
    return list(best.values())[:limit]


def _hit(state: _State, row: int, score: float, dense: float, keyword: float) -> Hit:
    passage = state.version.contents.passages[row]
    clause = state.clauses[passage.clause_id]
    return Hit(
        clause=clause,
        document=state.documents[clause.document_id],
        first=passage.first,
        last=passage.last,
        score=score,
        dense=dense,
        keyword=keyword,
    )
