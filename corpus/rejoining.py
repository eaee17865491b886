"""Join lines that a page or a margin broke in mid-sentence.

What it does not know: where a full line ends a sentence and neither blank lines nor indents
part the paragraphs, nothing tells whether the paragraph goes on. It is taken to end there.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from corpus.line_kinds import Mark, Numbering, find_mark, is_label, is_title, stands_alone
from corpus.lines import Line

_CLOSERS = "”』」》）)"
_REMARK = re.compile(
    r"[。；;][（(][^（()）]*[)）]$"
)  # a whole sentence with （责任单位：…） behind it
_LONGEST_QUOTE = 2000  # an open bracket holds lines together up to here; then it was never closed
_COMMAS = ("，", ",", "、")
_SENTENCE_END = "。！？!?；;：:"
_PAIRS = (("《", "》"), ("“", "”"), ("（", "）"), ("(", ")"), ("〔", "〕"))
_BRACKETS = frozenset("".join(map("".join, _PAIRS)))


@dataclass(frozen=True)
class _Layout:
    """How the text was broken into lines."""

    width: float | None  # characters of a full line where it was wrapped at a margin
    squares: float | None  # the same in widths of a Chinese character: print is cut by width
    has_blank_lines: bool  # blank lines part the paragraphs
    has_indents: bool  # paragraphs are indented, the lines that go on are not

    def is_full(self, line: Line, slack: int) -> bool:
        return (self.width is not None and line.span() >= self.width - slack) or (
            self.squares is not None and line.squares() >= self.squares - slack
        )


def _layout(lines: list[Line]) -> _Layout:
    filled = [line for line in lines if line.plain and not (line.is_noise or line.cells)]
    blank = sum(not line.plain for line in lines)
    indented = sum(line.is_indented for line in filled)
    width = _wrap_width([line.span() for line in filled])
    return _Layout(
        width=width,
        squares=_wrap_width([line.squares() for line in filled]),
        has_blank_lines=blank >= 0.25 * len(filled),
        has_indents=width is not None and 0.1 <= indented / max(len(filled), 1) <= 0.8,
    )


def _wrap_width(lengths: Sequence[float]) -> float | None:
    """The length of a full line where the text was wrapped at a margin, else None."""
    if len(lengths) < 8:
        return None
    longest = sorted(lengths)[int(len(lengths) * 0.98)]
    full = sum(length >= longest - 4 for length in lengths)
    return longest if 14 <= longest <= 60 and full >= 0.3 * len(lengths) else None


@dataclass
class _Paragraph:
    """Lines that belong together, while they are gathered."""

    lines: list[Line]
    is_heading: bool
    pairs: Counter[str] = field(default_factory=Counter)
    length: int = 0
    has_stop: bool = False

    def add(self, line: Line) -> None:
        if self.length:
            self.lines.append(line)
        self.length += len(line.plain)
        self.pairs.update(character for character in line.plain if character in _BRACKETS)
        self.has_stop = self.has_stop or bool(re.search("[。；;]", line.plain))

    def has_open_pair(self) -> bool:
        return any(self.pairs[left] > self.pairs[right] for left, right in _PAIRS)

    def ends_sentence(self) -> bool:
        last = self.lines[-1].plain
        return last.rstrip(_CLOSERS)[-1:] in _SENTENCE_END or bool(_REMARK.search(last))

    def line(self) -> Line:
        if len(self.lines) == 1:
            return self.lines[0]
        plain = "".join(line.plain for line in self.lines)
        origin = tuple(offset for line in self.lines for offset in line.origin)
        return replace(self.lines[0], plain=plain, origin=origin)


def rejoin(lines: list[Line]) -> Iterator[Line]:
    """The lines with those joined that a page or a margin broke in mid-sentence."""
    layout = _layout(lines)
    numbering = Numbering()
    paragraph: _Paragraph | None = None
    for line in _without_noise_in_sentences(lines):
        mark = _opened(paragraph, line, numbering, layout)
        if paragraph is not None and mark is None and _continues(paragraph, line, layout):
            paragraph.add(line)
            continue
        if paragraph is not None:
            yield paragraph.line()
        if mark is not None:
            numbering.count(mark)
        paragraph = _Paragraph([line], is_heading=mark is not None)
        paragraph.add(line)
    if paragraph is not None:
        yield paragraph.line()


def _opened(
    paragraph: _Paragraph | None, line: Line, numbering: Numbering, layout: _Layout
) -> Mark | None:
    """The clause number that the line opens a unit with."""
    mark = find_mark(line.plain)
    if mark is None or line.is_noise or line.cells:
        return None
    is_spaced = line.is_spaced(mark.length)
    last = paragraph.lines[-1] if paragraph is not None else None
    is_open = last is not None and layout.is_full(last, 4) and not _is_whole(paragraph)
    if find_mark(line.plain, is_spaced) is None:
        return None
    return mark if numbering.admits(line.plain, mark, is_spaced, is_open) else None


def _is_whole(paragraph: _Paragraph | None) -> bool:
    return paragraph is None or paragraph.ends_sentence()


def _without_noise_in_sentences(lines: list[Line]) -> list[Line]:
    """Noise between the halves of a broken line goes behind it, so that they meet again."""
    result: list[Line] = []
    waiting: list[Line] = []
    for line in lines:
        if (line.is_noise or not line.plain) and (waiting or (result and _is_open(result[-1]))):
            waiting.append(line)
            continue
        if not any(one.is_noise for one in waiting):
            result.extend(waiting)
            waiting = []
        result.append(line)
        if not _is_open(line):
            result.extend(waiting)
            waiting = []
    return result + waiting


def _is_open(line: Line) -> bool:
    """Whether the line stops in mid-sentence."""
    plain = line.plain
    if not plain or line.is_noise or line.mark or line.cells:
        return False
    return plain[-1] not in _SENTENCE_END or any(
        plain.count(left) > plain.count(right) for left, right in _PAIRS
    )


def _continues(paragraph: _Paragraph, line: Line, layout: _Layout) -> bool:
    """Whether a line that opens no unit goes on with the paragraph before it."""
    last = paragraph.lines[-1]
    if _is_apart(paragraph, line) or (layout.has_indents and line.is_indented):
        return False
    if paragraph.ends_sentence():
        return _goes_on_after_stop(last, line, layout)
    if paragraph.has_open_pair():
        return paragraph.length < _LONGEST_QUOTE
    if last.plain.endswith(_COMMAS):
        return not is_label(line.plain)
    if _is_broken_title(paragraph, line):
        return True
    if paragraph.is_heading and not paragraph.has_stop:
        return layout.is_full(last, 2)
    return _goes_on_when_open(last, line, layout)


def _is_apart(paragraph: _Paragraph, line: Line) -> bool:
    first, last = paragraph.lines[0], paragraph.lines[-1]
    if not (last.plain and line.plain) or first.is_noise or line.is_noise:
        return True
    if first.cells or line.cells:  # a table's row is whole as it is
        return True
    return bool(line.mark) or first.mark.startswith("#")


def _goes_on_when_open(last: Line, line: Line, layout: _Layout) -> bool:
    if is_label(line.plain):
        return False
    if stands_alone(last.plain) and not layout.is_full(last, 1):
        return False
    if stands_alone(line.plain) and not layout.is_full(last, 4):
        return False
    # A whole paragraph does not stop without a full stop.
    return layout.has_blank_lines or len(last.plain) > 60 or layout.is_full(last, 4)


def _goes_on_after_stop(last: Line, line: Line, layout: _Layout) -> bool:
    """After a full line that ends a sentence only blank lines or indents tell.

    A semicolon ends no paragraph that goes on without a number.
    """
    is_told = layout.has_blank_lines or layout.has_indents or last.plain.endswith(("；", ";"))
    return is_told and layout.is_full(last, 3) and not stands_alone(line.plain)


def _is_broken_title(paragraph: _Paragraph, line: Line) -> bool:
    if paragraph.length + len(line.plain) > 100:
        return False
    before = "".join(one.plain for one in paragraph.lines)
    return "关于" in before and is_title(before + line.plain) and not is_title(before)
