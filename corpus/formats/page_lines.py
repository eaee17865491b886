"""A part of a web page -> its lines as a browser shows them: blocks, lists, tables."""

import re
from dataclasses import dataclass, field

from lxml import etree

from corpus.formats.numbering import format_number
from corpus.formats.page_parts import Element
from corpus.formats.rows import Cell, table_lines
from corpus.line_kinds import find_mark

_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "div"),
        *("dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3"),
        *("h4", "h5", "h6", "head", "header", "hr", "html", "li", "main", "menu", "nav", "ol"),
        *("p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead"),
        *("title", "tr", "ul"),
    )
)
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_LIST_TYPES = {
    "1": "decimal",
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
}
_LIST_STYLES = {
    "decimal": "decimal",
    "lower-alpha": "lowerLetter",
    "upper-alpha": "upperLetter",
    "lower-roman": "lowerRoman",
    "upper-roman": "upperRoman",
    "cjk-ideographic": "chineseCounting",
    "simp-chinese-informal": "chineseCounting",
    "trad-chinese-informal": "chineseCounting",
    "cjk-decimal": "ideographDigital",
}
_LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:[^;]*?([\w-]+)\s*(?:;|$)", re.I)
_LAYOUT_CELL = 600  # a cell longer than this holds an article, not a value


@dataclass(frozen=True)
class PageLine:
    """One line as shown; `linked` of its characters are links, of which there are `links`."""

    text: str
    linked: int = 0
    links: int = 0

    @property
    def is_links(self) -> bool:
        """Whether the line is links and nothing else."""
        return self.links > 0 and self.linked >= 0.8 * len("".join(self.text.split()))


@dataclass
class _Writer:
    """Gathers the line at hand."""

    done: list[PageLine] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    label: str = ""  # number of the list item that begins
    open_links: int = 0
    open_pre: int = 0
    linked: int = 0
    links: int = 0

    def add(self, text: str | None) -> None:
        """Add words to the line, blanks as a browser shows them."""
        if not text:
            return
        pieces = text.split("\n") if self.open_pre else [_BLANKS.sub(" ", text)]
        for number, piece in enumerate(pieces):
            if number:
                self.end_line()
            self.words.append(piece)
            if self.open_links:
                self.linked += len("".join(piece.split()))

    def end_line(self) -> None:
        """Keep the line at hand unless it is blank."""
        text = "".join(self.words).replace("\t", " ").strip()
        if text:
            number = self.label if self.label and find_mark(text) is None else ""
            self.done.append(PageLine(number + text, self.linked, self.links))
            self.label = ""
        self.words, self.linked, self.links = [], 0, int(self.open_links > 0)


def page_lines(part: Element) -> list[PageLine]:
    """The lines of a part of a page; rows of a table of values are one line each."""
    writer = _Writer()
    counts: dict[Element, int] = {}
    walk = etree.iterwalk(part, events=("start", "end"))
    for event, element in walk:
        if event == "start" and element.tag == "table" and element is not part:
            rows = _value_rows(element)
            if rows is not None:
                writer.end_line()
                writer.done.extend(map(PageLine, table_lines(rows)))
                walk.skip_subtree()
                continue
        if event == "start":
            _start(writer, element, counts)
        else:
            _end(writer, element, is_last=element is part)
    writer.end_line()
    return writer.done


def _start(writer: _Writer, element: Element, counts: dict[Element, int]) -> None:
    tag = str(element.tag)
    if tag in _BLOCKS or tag == "br":
        writer.end_line()
    if tag == "li":
        writer.label = _item_label(element, counts)
    writer.open_pre += tag == "pre"
    if tag == "a" and element.get("href") is not None:
        writer.open_links += 1
        writer.links += 1
    writer.add(element.text)


def _end(writer: _Writer, element: Element, is_last: bool) -> None:
    tag = str(element.tag)
    if tag == "a" and element.get("href") is not None:
        writer.open_links -= 1
    writer.open_pre -= tag == "pre"
    if tag in _BLOCKS:
        writer.end_line()
    if not is_last:
        writer.add(element.tail)


def _item_label(element: Element, counts: dict[Element, int]) -> str:
    """The number that a browser draws in front of an item of an ordered list."""
    parent = element.getparent()
    if parent is None or parent.tag != "ol":
        return ""
    stated = element.get("value") or ("" if parent in counts else parent.get("start", "1"))
    is_stated = re.fullmatch(r"\d{1,6}", stated or "")
    counts[parent] = int(is_stated[0]) if is_stated else counts.get(parent, 0) + 1
    style = _LIST_STYLE.search(element.get("style", "") or parent.get("style", ""))
    if style and style[1].lower() == "none":
        return ""
    kind = _LIST_TYPES.get(parent.get("type", "1"), "decimal")
    kind = _LIST_STYLES.get(style[1].lower(), kind) if style else kind
    number = format_number(counts[parent], kind)
    return f"{number}、" if kind == "chineseCounting" else f"{number}. "


def _value_rows(table: Element) -> list[list[Cell]] | None:
    """The cells of a table of values; None for a table that only arranges the page."""
    if table.find(".//table") is not None:
        return None
    rows = [
        [one for one in row if one.tag in ("td", "th")]
        for row in table.iter("tr")
    ]  # fmt: skip
    rows = [row for row in rows if row]
    if sum(len(row) > 1 for row in rows) < min(2, max(len(rows), 1)):
        return None
    cells = [[_cell(one) for one in row] for row in rows]
    sizes = [sum(map(len, cell.lines)) for row in cells for cell in row]
    if max(sizes) > _LAYOUT_CELL and max(sizes) > sum(sizes) / 2:
        return None
    caption = table.find("caption")
    if caption is not None:
        above = [Cell((line.text,)) for line in page_lines(caption)[:1]]
        cells = [above, *cells] if above else cells
    return cells


def _cell(element: Element) -> Cell:
    lines = tuple(line.text for line in page_lines(element))
    return Cell(lines, _span(element, "colspan", 100), _span(element, "rowspan", 1000))


def _span(element: Element, name: str, most: int) -> int:
    stated = element.get(name, "1").strip()
    return max(1, min(int(stated), most)) if re.fullmatch(r"\d{1,6}", stated) else 1
