"""From the words as received to lines that can be read as clauses.

Nothing is rewritten: corpus.lines folds characters one for one, corpus.noise names the lines
that are no policy text, corpus.rejoining undoes line breaks in mid-sentence.
"""

from collections.abc import Sequence
from dataclasses import replace

from corpus.lines import Line, read_lines, repair_radicals, simplify
from corpus.noise import NOISE_LINES, find_noise
from corpus.rejoining import rejoin

__all__ = ["NOISE_LINES", "Line", "clean", "repair_radicals", "simplify"]


def clean(text: str, page_starts: Sequence[int] = ()) -> list[Line]:
    """Return the document's logical lines: broken lines rejoined, noise marked, not lost.

    A part mark (`<!-- part: 通知 -->`) is a line without words.
    """
    lines = read_lines(text)
    noise = find_noise(lines, page_starts)
    kept = [replace(line, is_noise=True) if n in noise else line for n, line in enumerate(lines)]
    return [line for line in rejoin(kept) if line.plain or line.mark.startswith("part:")]
