"""Ways of finding clauses, side by side over one index: ours, its parts, and the usual pipeline.

Each gives what it finds, best first, as the clause ids that each find covers. The usual pipeline
is LangChain's: its recursive splitter at 500/50, the same embedder, Chroma by likeness, the first
four pieces; a piece covers every clause that it overlaps, and counts as the best of them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from langchain_core.embeddings import Embeddings

from assistant.pipeline import (
    Assistant,
    all_evidence,
    find_clauses,
    read_facts,
    route_question,
)
from assistant.state import Turn
from corpus.document import Clause
from corpus.errors import UsageError
from eval.questions import Query
from index.embedding import Embedder
from index.search import KEYWORD_WEIGHT, Index

Finds = Sequence[tuple[str, ...]]
Retriever = Callable[[Query], Finds]
DEPTH = 10  # clauses asked of each system
_PIECES = 4  # of the usual pipeline


def systems(assistant: Assistant, folder: Path) -> dict[str, Retriever]:
    """Every system by name; `folder` is where the usual pipeline keeps its vectors."""
    index = assistant.index
    return {
        "ours": lambda query: _ours(assistant, query),
        "ours, no spelling or second turn": lambda query: _routed(assistant, query, bare=True),
        "ours, no scope of region and day": lambda query: _merged(index, query, None),
        "BM25 alone": lambda query: _merged(index, query, 1.0),
        "dense alone": lambda query: _merged(index, query, 0.0),
        f"LangChain 500/50, Chroma top {_PIECES}": _usual(index, folder),
    }


def _ours(assistant: Assistant, query: Query) -> Finds:
    return _routed(assistant, query, bare=False)


def _routed(assistant: Assistant, query: Query, bare: bool) -> Finds:
    """What the pipeline's own steps find, before an answer is chosen."""
    state = assistant.state(query.text, query.day, query.region, turns(assistant, query))
    if bare:
        state = replace(state, history=(), by_sound={})
    for step in (read_facts, route_question, find_clauses):
        state = step(state)
        if state.answer is not None:
            return []
    return _unique(one.clause.clause_id for one in all_evidence(state))


def turns(assistant: Assistant, query: Query) -> tuple[Turn, ...]:
    """The conversation before the question, answered as it would have been."""
    earlier: tuple[Turn, ...] = ()
    for text in query.history:
        answer = assistant.ask(text, day=query.day, region=query.region, history=earlier)
        earlier = (*earlier, Turn(text, answer))
    return earlier


def _merged(index: Index, query: Query, keyword_weight: float | None) -> Finds:
    """The index alone: words and vectors merged, or one of them."""
    weight = KEYWORD_WEIGHT if keyword_weight is None else keyword_weight
    hits = index.search(query.text, limit=DEPTH, keyword_weight=weight)
    return [(one.clause.clause_id,) for one in hits]


def _unique(ids: Iterable[str]) -> Finds:
    return [(one,) for one in dict.fromkeys(ids)][:DEPTH]


class _SameEmbedder(Embeddings):
    """Our embedder as LangChain wants it, so that only the pipeline differs."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector a text."""
        return [list(map(float, one)) for one in self._embedder.embed_clauses(texts)]

    def embed_query(self, text: str) -> list[float]:
        """The question's vector."""
        return list(map(float, self._embedder.embed_question(text)))


def _usual(index: Index, folder: Path) -> Retriever:
    try:
        from langchain_chroma import Chroma
        from langchain_text_splitters import RecursiveCharacterTextSplitter
    except ImportError as error:
        raise UsageError(
            "比较检索方法要先安装开发用的附加包：pip install -c constraints.txt -e '.[dev]'；"
            f"或者加上 --no-retrieval 只评测回答。（{error}）"
        ) from error
    splitter = RecursiveCharacterTextSplitter(
        chunk_size=500, chunk_overlap=50, add_start_index=True
    )
    documents = list(index.documents.values())
    pieces = splitter.create_documents(
        [one.text for one in documents],
        [{"document_id": one.document_id} for one in documents],
    )
    store = Chroma.from_documents(
        pieces, _SameEmbedder(index.embedder), persist_directory=str(folder)
    )

    def retrieve(query: Query) -> Finds:
        found = store.similarity_search(query.text, k=_PIECES)
        return [
            _under(
                index.clauses_of(piece.metadata["document_id"]),
                piece.metadata["start_index"],
                piece.metadata["start_index"] + len(piece.page_content),
            )
            for piece in found
        ]

    return retrieve


def _under(clauses: Iterable[Clause], start: int, end: int) -> tuple[str, ...]:
    """The clauses that a stretch of the text overlaps."""
    return tuple(one.clause_id for one in clauses if one.start < end and start < one.end)
