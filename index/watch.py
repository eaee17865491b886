"""Keeps an index up to date with its folders while it runs: look, wait until quiet, build.

What it does not know: what changed. The build finds that out and embeds only what is new.
"""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from corpus.errors import PolicyError
from index.build import BuildReport, Progress, build_index
from index.embedding import Embedder

_Seen = frozenset[tuple[str, int, int]]


def watch_folders(
    folders: Sequence[Path],
    store: Path,
    embedder: Embedder,
    progress: Progress | None = None,
    every: float = 2.0,
) -> Iterator[BuildReport | PolicyError]:
    """Build at once and after every change, and yield each build's report, without end.

    Every `every` seconds the files' sizes and times are compared; a build waits until two looks
    agree, so that a file which is still being copied is not read by half. An error, such as
    another process writing, is yielded as well, and the watch goes on with the next change.
    """
    built: _Seen | None = None
    before = _files(folders)
    while True:
        now = _files(folders)
        if now == before != built:
            built = now
            yield _build(folders, store, embedder, progress)
        before = now
        time.sleep(every)


def _build(
    folders: Sequence[Path], store: Path, embedder: Embedder, progress: Progress | None
) -> BuildReport | PolicyError:
    try:
        return build_index(folders, store, embedder, progress)
    except PolicyError as error:
        return error


def _files(folders: Sequence[Path]) -> _Seen:
    """Every file with its size and time of change; one that vanishes meanwhile is passed over."""
    seen = set()
    for folder in folders:
        for path in folder.rglob("*"):
            try:
                status = path.stat()
            except FileNotFoundError:
                continue
            seen.add((str(path), status.st_size, status.st_mtime_ns))
    return frozenset(seen)
