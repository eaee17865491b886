"""Word files (.docx) -> their words: paragraphs with their automatic numbers, tables as rows.

Read from the XML itself: python-docx knows neither what number Word draws in front of a
paragraph, nor text boxes, nor which words a tracked change took out, and these decide.
Left out: headers and footers (running heads), footnotes, comments, deleted and hidden words,
tables of contents. What it does not know: pictures; it says how many there are.
"""

import posixpath
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from corpus.errors import DocumentError
from corpus.formats.files import read_bytes, shown_name
from corpus.formats.numbering import Numbering, read_numbering
from corpus.formats.office_xml import child, is_on, read_elements, value
from corpus.formats.received import Received
from corpus.formats.rows import Cell, table_lines
from corpus.formats.zipped import open_zip, read_pieces

_MOST_BYTES = 96 * 1024 * 1024  # of one part, unpacked
_BROKEN = re.compile("[\x00\ud800-\udfff]")
_CONTENTS = re.compile(r"toc\s?\d|目录\s?\d", re.I)
_LONGEST_CHAIN = 20  # styles based on styles
# Elements whose words are no words of the paragraph they stand in.
_SKIPPED = {
    *("del", "moveFrom", "pPr", "rPr", "instrText", "delText", "Fallback", "rt"),
    *("footnoteReference", "endnoteReference", "sdtPr", "tblPr", "txbxContent"),
}
_WORDS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def read_docx(path: Path) -> Received:
    """Return paragraphs as lines, and the rows of tables as lines with tabs.

    Raises DocumentError when the file is damaged, encrypted, a bomb, or without any words.
    """
    name = shown_name(path.name)
    with open_zip(name, read_bytes(path)) as container:
        reader = _Reader(_Package(name, container))
        lines = list(reader.lines())
    text = _BROKEN.sub("", "\n".join(lines))
    if not re.search(r"\w", text):
        raise DocumentError(
            f"{name} 里没有文字{'，只有图片，应是扫描件' if reader.pictures else ''}。"
            "请换成有文字的文件，或把图片另存为 PDF 再放入。"
        )
    return Received(text, (), tuple(reader.doubts()))


@dataclass
class _Package:
    """The parts of a Word file by what they are to the main document."""

    name: str
    container: zipfile.ZipFile
    members: dict[str, zipfile.ZipInfo] = field(init=False)

    def __post_init__(self) -> None:
        self.members = {one.filename: one for one in self.container.infolist()}

    def main(self) -> str:
        """The member that holds the document's body."""
        found = self._targets("_rels/.rels", "").get("officeDocument", "word/document.xml")
        if found not in self.members:
            raise DocumentError(f"{self.name} 不是完好的 Word 文件（没有正文），请重新另存。")
        return found

    def part(self, kind: str, depth: int = 1) -> Iterator[ET.Element]:
        """Elements of the part that the document names as its `kind`; none without it."""
        folder, file = posixpath.split(self.main())
        targets = self._targets(f"{folder}/_rels/{file}.rels", folder)
        member = targets.get(kind, "")
        if member in self.members:
            yield from self.elements(member, depth)

    def elements(self, member: str, depth: int) -> Iterator[ET.Element]:
        """Elements of one member that stand `depth` deep."""
        pieces = read_pieces(self.name, self.container, self.members[member], _MOST_BYTES)
        yield from read_elements(self.name, pieces, depth)

    def _targets(self, member: str, folder: str) -> dict[str, str]:
        if member not in self.members:
            return {}
        found: dict[str, str] = {}
        for one in self.elements(member, 1):
            kind = one.get("Type", "").rpartition("/")[2]
            target = posixpath.normpath(posixpath.join("/", folder, one.get("Target", "")))
            found.setdefault(kind, target.lstrip("/"))
        return found


@dataclass(frozen=True)
class _Style:
    """What a paragraph style says of its paragraphs."""

    name: str = ""
    based_on: str | None = None
    list_id: str | None = None
    depth: int | None = None


@dataclass
class _Reader:
    """Walks through the body and counts the numbered paragraphs."""

    package: _Package
    styles: dict[str, _Style] = field(default_factory=dict)
    default_style: str = ""
    numbering: Numbering = field(default_factory=Numbering)
    pictures: int = 0
    footnotes: int = 0
    carried: str = ""  # words of a paragraph whose end mark was deleted

    def lines(self) -> Iterator[str]:
        """All lines of the body."""
        for style in self.package.part("styles"):
            self._add_style(style)
        self.numbering = read_numbering(self.package.part("numbering"))
        for element in self.package.elements(self.package.main(), 2):
            yield from self._block(element)
        if self.carried:
            yield self.carried

    def doubts(self) -> Iterator[str]:
        """What was not read, for the report."""
        if self.pictures:
            yield f"文中有 {self.pictures} 幅图片，图片里的文字没有读入。"
        if self.footnotes:
            yield f"文中有 {self.footnotes} 条脚注，脚注没有读入。"

    def _add_style(self, element: ET.Element) -> None:
        if element.tag != "style" or element.get("type", "paragraph") != "paragraph":
            return
        key = element.get("styleId", "")
        numbered = child(element, "pPr", "numPr")
        depth = value(child(numbered, "ilvl"))
        self.styles[key] = _Style(
            value(child(element, "name")) or "",
            value(child(element, "basedOn")),
            value(child(numbered, "numId")),
            int(depth) if depth and depth.isdecimal() else None,
        )
        if element.get("default") in ("1", "true"):
            self.default_style = key

    def _block(self, element: ET.Element) -> Iterator[str]:
        """The lines of a paragraph, a table, or what holds such."""
        if element.tag == "p":
            yield from self._paragraph(element)
        elif element.tag == "tbl":
            yield from table_lines(list(self._rows(element)))
        elif not _is_contents(element):
            for one in _inside(element):
                yield from self._block(one)

    def _paragraph(self, element: ET.Element) -> Iterator[str]:
        properties = child(element, "pPr")
        style = value(child(properties, "pStyle")) or self.default_style
        if _CONTENTS.match(self.styles.get(style, _Style()).name):
            return
        words, boxes = [self.carried], list[ET.Element]()
        self._gather(element, words, boxes)
        if child(properties, "rPr", "del") is not None:
            self.carried = "".join(words)
            return
        self.carried = ""
        text = "".join(words)
        # Word draws a number in front of an empty paragraph too; nothing is cited by it.
        label = self._label(properties, style)
        if text.strip():
            yield from _split(label + text)
        for box in boxes:
            for one in box:
                yield from self._block(one)

    def _label(self, properties: ET.Element | None, style: str) -> str:
        """What automatic numbering puts in front of the paragraph."""
        numbered = child(properties, "numPr")
        list_id = value(child(numbered, "numId"))
        stated = value(child(numbered, "ilvl"))
        depth = int(stated) if stated and stated.isdecimal() else None
        for key in self._chain(style):
            found = self.styles[key]
            list_id = found.list_id if list_id is None else list_id
            if depth is None and list_id is not None and found.list_id is not None:
                tied = self.numbering.level_of_style(list_id, style)
                depth = found.depth if tied is None else tied
            if list_id is not None:
                break
        if list_id in (None, "0"):
            return ""
        return self.numbering.next_label(str(list_id), depth or 0)

    def _chain(self, style: str) -> Iterator[str]:
        """The style and those it is based on."""
        key: str | None = style
        for _ in range(_LONGEST_CHAIN):
            if key is None or key not in self.styles:
                return
            yield key
            key = self.styles[key].based_on

    def _gather(self, element: ET.Element, words: list[str], boxes: list[ET.Element]) -> None:
        """Add the words of a paragraph, and set its text boxes aside."""
        for one in element:
            tag = one.tag
            if tag == "t":
                words.append((one.text or "").replace("\t", " ").replace("\n", " "))
            elif tag in _WORDS:
                words.append(_WORDS[tag])
            elif tag == "txbxContent":
                boxes.append(one)
            elif tag == "r" and is_on(child(one, "rPr", "vanish")):
                continue
            elif tag in _SKIPPED:
                self.footnotes += tag in ("footnoteReference", "endnoteReference")
            else:
                self.pictures += tag in ("pic", "imagedata")
                self._gather(one, words, boxes)

    def _rows(self, table: ET.Element) -> Iterator[list[Cell]]:
        for row in _named(table, "tr"):
            properties = child(row, "trPr")
            if child(properties, "del") is not None:
                continue
            before = _count(value(child(properties, "gridBefore")), 0)
            cells = [Cell(())] * before
            for one in _named(row, "tc"):
                cells.append(self._cell(one))
            yield cells

    def _cell(self, element: ET.Element) -> Cell:
        properties = child(element, "tcPr")
        merge = child(properties, "vMerge")
        lines = [line.replace("\t", " ") for one in _inside(element) for line in self._block(one)]
        return Cell(
            tuple(lines),
            columns=_count(value(child(properties, "gridSpan")), 1),
            goes_on=merge is not None and merge.get("val", "continue") == "continue",
        )


def _inside(element: ET.Element) -> Iterator[ET.Element]:
    """Blocks below an element: of a body, a cell, a content control, a tracked insertion."""
    if element.tag in _SKIPPED or element.tag in ("sectPr", "tcPr", "p", "tbl"):
        return
    for one in element:
        if one.tag not in _SKIPPED and one.tag != "tcPr":
            yield one


def _named(element: ET.Element, tag: str) -> Iterator[ET.Element]:
    """Rows or cells, also inside content controls."""
    for one in element:
        if one.tag == tag:
            yield one
        elif one.tag in ("sdt", "sdtContent", "ins", "customXml", "smartTag"):
            yield from _named(one, tag)


def _is_contents(element: ET.Element) -> bool:
    """Whether a content control is a table of contents, which Word made of the headings."""
    gallery = value(child(element, "sdtPr", "docPartObj", "docPartGallery")) or ""
    return gallery.lower() == "table of contents"


def _split(text: str) -> Iterator[str]:
    """The lines of a paragraph with breaks in it, blank ones left out."""
    for line in text.splitlines():
        if line.strip():
            yield line.rstrip()


def _count(text: str | None, otherwise: int) -> int:
    return min(int(text), 100) if text and text.isdecimal() else otherwise
