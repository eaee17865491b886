"""XML parts of office files as elements with local names, read piece by piece within limits.

A document type declaration is refused before any entity in it is declared: office files have
none, entity bombs and external entities need one. The standard library's parser will do.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from typing import Any

from corpus.errors import DocumentError

_DEEPEST = 200


class _Tree(ET.TreeBuilder):
    """Builds elements without namespaces and hands over those right below the body."""

    def __init__(self, name: str, depth: int) -> None:
        super().__init__()
        self.done: list[ET.Element] = []
        self._name, self._depth = name, depth
        self._open: list[ET.Element] = []

    def doctype(self, *_: Any) -> None:
        raise DocumentError(f"{self._name} 含有 DTD 声明，未读取。请用 Word 重新另存为 .docx。")

    def start(self, tag: Any, attrs: Any) -> ET.Element:
        if len(self._open) >= _DEEPEST:
            raise DocumentError(f"{self._name} 的结构嵌套过深，未读取。请用 Word 重新另存。")
        plain = {_local(key): value for key, value in attrs.items()}
        element: ET.Element = super().start(_local(tag), plain)
        self._open.append(element)
        return element

    def end(self, tag: Any) -> ET.Element:
        element: ET.Element = super().end(_local(tag))
        self._open.pop()
        if len(self._open) == self._depth and self._open:
            self._open[-1].remove(element)
            self.done.append(element)
        return element


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def read_elements(name: str, pieces: Iterable[bytes], depth: int) -> Iterator[ET.Element]:
    """Give every element that stands `depth` elements deep, in order, and keep none.

    Raises DocumentError, naming the file, for XML that is damaged, too deep, or has a DTD.
    """
    tree = _Tree(name, depth)
    parser = ET.XMLParser(target=tree)
    try:
        for piece in pieces:
            parser.feed(piece)
            yield from _taken(tree)
        parser.close()
    except (ET.ParseError, ValueError) as error:
        raise DocumentError(f"{name} 的内容不完整或已损坏，请重新下载或另存。") from error
    yield from _taken(tree)


def _taken(tree: _Tree) -> list[ET.Element]:
    done, tree.done = tree.done, []
    return done


def child(element: ET.Element | None, *names: str) -> ET.Element | None:
    """The element that the path of local names leads to, None where it ends before."""
    for name in names:
        element = element.find(name) if element is not None else None
    return element


def value(element: ET.Element | None, name: str = "val") -> str | None:
    """An attribute's value; None without the element or the attribute."""
    return element.get(name) if element is not None else None


def is_on(element: ET.Element | None) -> bool:
    """Whether a switch such as <w:vanish/> is set: it is there and not switched off."""
    return element is not None and element.get("val", "true") not in ("0", "false", "off")
