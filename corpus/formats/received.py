"""What a format module gives back."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Received:
    """A file's words as received.

    Paragraphs are lines. A table's row is one line with a tab between its cells, the row of
    column headings first. `page_starts` are the offsets of each page's first character, ()
    where the format has no pages. `doubts` are Chinese sentences for the report, e.g. pages
    recognised from pictures with low confidence.
    """

    text: str
    page_starts: tuple[int, ...] = ()
    doubts: tuple[str, ...] = ()
