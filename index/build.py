"""Folders of documents -> a new index version beside the one in use, then the switch.

What it does not know: how a document is read or cut (corpus) and how vectors are made
(index.embedding); it asks for each once, and for vectors only of words not embedded before.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from corpus.clauses import split_clauses
from corpus.document import Clause, Document
from corpus.errors import DocumentError, IndexStoreError
from corpus.formats.scans import keeping_scans
from corpus.library import Problem, read_folders
from corpus.report import report_on
from index.embedding import Embedder
from index.passages import embedded_text, heading_words, passage_words, split_passages
from index.store import Version, check_kept, forget, open_version, write_version
from index.vector_cache import VectorCache
from index.versions import (
    FORMAT,
    Contents,
    Manifest,
    clean,
    new_version_name,
    read_manifest,
    read_manifest_before,
    switch_to,
    version_in_use,
    writing,
)

SCANS = "scans"  # folder in a store, of pages recognised before: see corpus.formats.scans
_SHOWN = 20  # characters of a line that was dropped
Progress = Callable[[str, int, int], None]  # stage (read, embed or write), done, total


@dataclass(frozen=True)
class DocumentSummary:
    """One document of the index, and how it was read."""

    document_id: str
    title: str
    source: str
    clauses: int
    noise_lines: int = 0  # dropped: running heads, page numbers, a download site's words
    noise_examples: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()  # Chinese sentences on what staff should check

    def noise(self) -> str:
        """What was dropped, shortened for a table: 3 行：打印本页、合集下载; "" for nothing."""
        shown = (one if len(one) <= _SHOWN else f"{one[:_SHOWN]}…" for one in self.noise_examples)
        return f"{self.noise_lines} 行：{'、'.join(shown)}" if self.noise_lines else ""


@dataclass(frozen=True)
class BuildReport:
    """What a build did. `embedded` and `reused` count passages."""

    version: str
    documents: tuple[DocumentSummary, ...]
    clauses: int
    passages: int
    embedded: int
    reused: int
    removed_documents: tuple[str, ...]  # ids that the version before had
    problems: tuple[Problem, ...]
    seconds: float
    unchanged: bool


def build_index(
    folders: Sequence[Path], store: Path, embedder: Embedder, progress: Progress | None = None
) -> BuildReport:
    """Index these folders, and nothing else, and make that the version in use.

    A build that fails leaves the version in use as it was. When nothing changed and the store
    is whole, no version is made. Raises IndexStoreError when another process is writing or no
    document could be read, and UsageError for a folder that is not there.
    """
    started = time.monotonic()
    report = progress or _silent
    with writing(store):
        forget(clean(store))
        contents, summaries, problems = _read(folders, store / SCANS, report)
        before = _in_use(store)
        embedded = 0
        if before is not None and _is_same(before, contents, embedder):
            manifest = replace(before.manifest, folders=_names(folders))
        else:
            manifest = _manifest(contents, folders, embedder, version_in_use(store))
            embedded = _write(store, manifest, contents, embedder, report)
            manifest = replace(manifest, engine=_engine(embedder, embedded, before))
        if before is None or manifest != before.manifest:
            switch_to(store, manifest)
            forget(clean(store))
    return BuildReport(
        version=manifest.version,
        documents=summaries,
        clauses=len(contents.clauses),
        passages=len(contents.passages),
        embedded=embedded,
        reused=len(contents.passages) - embedded,
        removed_documents=_removed(before, contents),
        problems=problems,
        seconds=time.monotonic() - started,
        unchanged=before is not None and before.manifest.version == manifest.version,
    )


def roll_back(store: Path) -> Manifest:
    """Make the version before the one in use again, and return its manifest.

    The version in use is kept in its place: a second call goes forth again. The next build
    makes the index what the documents say. Raises IndexStoreError when another process is
    writing, when no version before is kept, and when that cannot be read any more.
    """
    with writing(store):
        current = read_manifest(store)
        before = open_version(store, read_manifest_before(store)).manifest
        switch_to(store, replace(before, previous=current.version))
    return before


def _silent(_stage: str, _done: int, _total: int) -> None:
    """Report to nobody."""


def _read(
    folders: Sequence[Path], scans: Path, report: Progress
) -> tuple[Contents, tuple[DocumentSummary, ...], tuple[Problem, ...]]:
    """Documents that have clauses, and how each was read; the others are problems."""
    with keeping_scans(scans):
        reading = read_folders(folders)
    problems = list(reading.problems)
    kept: list[Document] = []
    summaries: list[DocumentSummary] = []
    clauses: list[Clause] = []
    for number, document in enumerate(reading.documents, 1):
        report("read", number, len(reading.documents))
        own, problem = _split(document)
        if problem is not None:
            problems.append(problem)
        else:
            kept.append(document)
            summaries.append(_summary(document, own))
            clauses += own
    if not kept:
        raise IndexStoreError(_nothing_read(folders, problems))
    passages = tuple(passage for clause in clauses for passage in split_passages(clause))
    return Contents(tuple(kept), tuple(clauses), passages), tuple(summaries), tuple(problems)


def _split(document: Document) -> tuple[list[Clause], Problem | None]:
    try:
        clauses = split_clauses(document)
    except DocumentError as error:
        return [], Problem(document.source, str(error))
    if not clauses:
        return [], Problem(document.source, "没有读出任何条文。请检查文件是否有正文。")
    return clauses, None


def _nothing_read(folders: Sequence[Path], problems: Sequence[Problem]) -> str:
    where = "、".join(map(str, folders))
    reasons = "".join(f"\n  {one.source}：{one.message}" for one in problems[:5])
    return f"{where} 里没有一份可用的政策文件，索引保持原样。请放入政策文件后再试。{reasons}"


def _in_use(store: Path) -> Version | None:
    """The version in use, or None when there is none that could be searched."""
    try:
        version = open_version(store, read_manifest(store))
        check_kept(store, version.manifest)
        return version
    except IndexStoreError:
        return None  # what is missing or damaged is what this build replaces


def _is_same(before: Version, contents: Contents, embedder: Embedder) -> bool:
    return before.manifest.embedder == embedder.identity and before.contents == contents


def _manifest(
    contents: Contents, folders: Sequence[Path], embedder: Embedder, previous: str | None
) -> Manifest:
    return Manifest(
        format=FORMAT,
        version=new_version_name(),
        previous=previous,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        embedder=embedder.identity,
        dimension=embedder.dimension,
        documents=len(contents.documents),
        clauses=len(contents.clauses),
        passages=len(contents.passages),
        digest=contents.digest(),
        folders=_names(folders),
    )


def _write(
    store: Path, manifest: Manifest, contents: Contents, embedder: Embedder, report: Progress
) -> int:
    """Write the new version; returns how many passages had to be embedded."""
    documents = {document.document_id: document for document in contents.documents}
    clauses = {clause.clause_id: clause for clause in contents.clauses}
    words, headings, texts = [], [], []
    for passage in contents.passages:
        clause = clauses[passage.clause_id]
        document = documents[clause.document_id]
        words.append(passage_words(clause, passage))
        headings.append(heading_words(document, clause))
        texts.append(embedded_text(document, clause, passage))
    vectors, embedded = VectorCache(store / "vectors.sqlite").embed(
        embedder, texts, lambda done, total: report("embed", done, total)
    )
    write_version(
        store,
        manifest,
        contents,
        (words, headings),
        vectors,
        lambda done, total: report("write", done, total),
    )
    return embedded


def _engine(embedder: Embedder, embedded: int, before: Version | None) -> str:
    """What computed the newest vectors: those of this build, or else those kept before."""
    kept = before is not None and before.manifest.embedder == embedder.identity
    return before.manifest.engine if before and kept and not embedded else embedder.engine


def _names(folders: Sequence[Path]) -> tuple[str, ...]:
    return tuple(str(folder.resolve()) for folder in folders)


def _summary(document: Document, clauses: Sequence[Clause]) -> DocumentSummary:
    read = report_on(document, clauses)
    return DocumentSummary(
        document_id=document.document_id,
        title=document.title,
        source=document.source,
        clauses=len(clauses),
        noise_lines=read.noise_lines,
        noise_examples=read.noise_examples,
        doubts=read.doubts,
    )


def _removed(before: Version | None, contents: Contents) -> tuple[str, ...]:
    if before is None:
        return ()
    now = {document.document_id for document in contents.documents}
    ids = (document.document_id for document in before.contents.documents)
    return tuple(one for one in ids if one not in now)
