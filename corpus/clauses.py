"""Split a document into clauses that can be cited: 第十一条第（五）项, 二、（一）3., （三）四是.

Both families of numbering, also mixed: 编 章 节 条 款 项 目 of laws and 一、（一）1.（1）① of
notices, with 一是/二是 inside a paragraph. The order of units follows 《立法法》第六十五条.
What it does not know: tables and 附件 as files of their own.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from corpus.cleaning import Line, clean
from corpus.document import Clause, Document, Sentence
from corpus.line_kinds import CHINESE_NUMBER, UNITS, Mark, Numbering, find_mark
from corpus.numbers import chinese_number, number_in_chinese
from corpus.parts import HEADER, split_parts

RANK = {kind: rank for rank, (kind, _) in enumerate(UNITS)}
HEADINGS_ONLY = ("part", "chapter", "section")  # 条 are counted through the whole document
_SENTENCE = re.compile(r"[^。！？!?；;]*(?:[。！？!?；;]+[”’」》）)]*|$)")
_LISTED = re.compile(r"(?:^|(?<=[。；;：:，,]))([一二三四五六七八九十]+)是")
_CLOSING = re.compile(rf"以上({CHINESE_NUMBER})[类项个条]")
_RUN_IN = 20  # a first sentence up to this length is a run-in heading: 任务目标。
_HEADING_LENGTH = 60
_ARTICLE_HEADING_LENGTH = 20


@dataclass
class _Unit:
    """One numbered unit while the document is read."""

    kind: str
    name: str  # "二、", "（一）"; "" for the document itself
    number: int = 0
    heading: str = ""
    parent: "_Unit | None" = None
    under: int = 0  # number of the parent's paragraph that introduces it
    paragraphs: list[Line] = field(default_factory=list)
    children: list["_Unit"] = field(default_factory=list)

    def path(self) -> tuple[str, ...]:
        if self.parent is None:
            return (self.name,) if self.name else ()
        above = self._root().path() if self.kind == "article" else self.parent.path()
        if self.parent.kind == "article" and self.under > 1:
            above = (*above, f"第{number_in_chinese(self.under)}款")
        return (*above, self.name)

    def headings(self) -> tuple[str, ...]:
        above = self.parent.headings() if self.parent else ()
        return (*above, self.heading) if self.heading else above

    def article(self) -> "_Unit | None":
        """The article that the unit is or lies in."""
        unit: _Unit | None = self
        while unit is not None and unit.kind != "article":
            unit = unit.parent
        return unit

    def _root(self) -> "_Unit":
        return self if self.parent is None else self.parent._root()


def split_clauses(document: Document) -> list[Clause]:
    """Return the clauses in document order, the header 文首 last.

    Ids are unique, offsets lie in `document.text`.
    """
    clauses: list[Clause] = []
    taken: dict[str, int] = {}
    for part, lines in split_parts(clean(document.text, document.page_starts)):
        found = [
            clause
            for unit in _walk(_tree(part, lines))
            for path, line in _paragraphs(unit)
            if (clause := _clause(document, unit, path, line)) is not None
        ]
        found.sort(key=lambda clause: clause.start)
        clauses.extend(_with_own_id(clause, taken) for clause in found)
    return clauses


def label(path: Iterable[str]) -> str:
    """The path as a person cites it.

    >>> label(("第十一条", "（五）"))
    '第十一条第（五）项'
    >>> label(("二、", "（一）", "3.", "第2段"))
    '二、（一）3.第2段'
    """
    names = list(path)
    articles = [n for n, name in enumerate(names) if re.match(f"第{CHINESE_NUMBER}条", name)]
    first = articles[0] + 1 if articles else len(names)
    return "".join([*names[:first], *map(_in_article, names[first:])])


def _in_article(name: str) -> str:
    if re.fullmatch(rf"（{CHINESE_NUMBER}）", name):
        return f"第{name}项"
    if re.fullmatch(r"\d+\.", name):
        return f"第{name[:-1]}目"
    return name


def _tree(part: str, lines: list[Line]) -> _Unit:
    root = _Unit("document", part)
    current = root
    if part == HEADER:
        root.paragraphs.extend(lines)
        return root
    numbering = Numbering()
    for line, following in zip(lines, [*lines, None][1:], strict=True):
        mark = _mark(line, current, numbering)
        if mark is None:
            current = _owner(current, line.plain)
            _add_paragraph(current, line)
            continue
        numbering.count(mark)
        parent = _parent(current, mark.kind)
        current = _Unit(
            mark.kind,
            _name(mark.kind, line.plain[: mark.length]),
            mark.number,
            parent=parent,
            under=len(parent.paragraphs),
        )
        parent.children.append(current)
        _open_unit(current, line, mark.length, following)
    return root


def _mark(line: Line, current: _Unit, numbering: Numbering) -> Mark | None:
    """The number that the line opens a unit with."""
    mark = find_mark(line.plain)
    if mark is None:
        return None
    is_spaced = line.is_spaced(mark.length)
    if find_mark(line.plain, is_spaced) is None:
        return None
    if mark.kind == "listed":
        is_inline = len(_listed_starts(line.plain)) > 1
        return mark if not is_inline and _follows(_parent(current, "listed"), mark.number) else None
    return mark if numbering.admits(line.plain, mark, is_spaced, is_open=False) else None


def _name(kind: str, mark: str) -> str:
    plain = mark.strip().rstrip("、" if kind == "cn_brackets" else "")
    plain = plain.replace("(", "（").replace(")", "）").replace("．", ".")
    return re.sub(r"^(\d+)、$", r"\1.", plain)


def _parent(current: _Unit, kind: str) -> _Unit:
    unit = current
    while unit.parent is not None and RANK[unit.kind] >= RANK[kind]:
        unit = unit.parent
    return unit


def _follows(parent: _Unit, number: int) -> bool:
    """一是 begins a list, 二是 continues it; anything else is a sentence that begins so."""
    listed = [child for child in parent.children if child.kind == "listed"]
    return number == (listed[-1].number + 1 if listed else 1)


def _owner(current: _Unit, plain: str) -> _Unit:
    """The unit that an unnumbered paragraph belongs to."""
    closing = _CLOSING.match(plain)
    unit: _Unit | None = current
    while closing and unit is not None:
        if len(unit.children) == chinese_number(closing[1]):
            return unit
        unit = unit.parent
    if current.kind == "listed" and current.parent is not None:
        current = current.parent
    article = current.article()
    # Behind a whole 项 the article goes on with its next 款; behind a bare heading the 项 does.
    return article if article is not None and current.paragraphs else current


def _open_unit(unit: _Unit, line: Line, length: int, following: Line | None) -> None:
    """Take a numbered line as a heading, a paragraph, or a heading followed by a paragraph."""
    starts = _listed_starts(line.plain)
    inline = starts[0] if len(starts) > 1 else len(line.plain)
    lead = line.plain[length:inline].strip()
    is_short = len(lead) <= _HEADING_LENGTH and not re.search("[。；;：:].", lead)
    opens_list = inline < len(line.plain) or (following and following.plain.startswith("一是"))
    is_item = lead.endswith(("；", ";", "。")) and not opens_list
    is_heading = is_short and not is_item and unit.kind not in ("article", "listed")
    if unit.kind in HEADINGS_ONLY or is_heading or _is_article_heading(unit, lead, following):
        unit.heading = lead.rstrip("。；;：: ")
        line = line.part(inline, len(line.plain))
    if line.plain:
        _add_paragraph(unit, line)


def _is_article_heading(unit: _Unit, lead: str, following: Line | None) -> bool:
    """第八条 申报条件 on a line of its own, with the words of the article on the next."""
    is_bare = 0 < len(lead) <= _ARTICLE_HEADING_LENGTH and not re.search("[。；;：:，,]", lead)
    is_followed = following is not None and find_mark(following.plain) is None
    return unit.kind == "article" and is_bare and is_followed


def _add_paragraph(unit: _Unit, line: Line) -> None:
    """Add a paragraph; its 一是 二是 become units of their own."""
    starts = _listed_starts(line.plain)
    if unit.kind == "listed" or len(starts) < 2:
        unit.paragraphs.append(line)
        return
    if unit.children:  # a second list: the document's closing words
        unit = _closing(unit)
    if starts[0] > 0:
        unit.paragraphs.append(line.part(0, starts[0]))
    for start, end in zip(starts, [*starts[1:], len(line.plain)], strict=True):
        piece = line.part(start, end)
        name = piece.plain[: piece.plain.index("是") + 1]
        child = _Unit("listed", name, chinese_number(name[:-1]), parent=unit)
        child.paragraphs.append(piece)
        unit.children.append(child)


def _closing(unit: _Unit) -> _Unit:
    root = unit
    while root.parent is not None:
        root = root.parent
    closing = _Unit("closing", "结尾", parent=root)
    root.children.append(closing)
    return closing


def _listed_starts(plain: str) -> list[int]:
    """Where 一是, 二是 … begin, as long as they count up from one."""
    starts: list[int] = []
    for match in _LISTED.finditer(plain):
        if chinese_number(match[1]) == len(starts) + 1:
            starts.append(match.start())
    return starts


def _walk(unit: _Unit) -> Iterator[_Unit]:
    yield unit
    for child in unit.children:
        yield from _walk(child)


def _paragraphs(unit: _Unit) -> Iterator[tuple[tuple[str, ...], Line]]:
    """A unit's own paragraphs with their paths: 第二款 in articles, 第2段 elsewhere."""
    path = unit.path()
    if path == (HEADER,):
        yield path, _joined(unit.paragraphs)
        return
    is_root = unit.kind == "document"
    above = path or ("引言",)
    is_article = unit.kind == "article"
    lead = is_article or not (unit.heading or is_root or unit.kind == "closing")
    for number, line in enumerate(unit.paragraphs, 1):
        name = f"第{number_in_chinese(number)}款" if is_article else f"第{number}段"
        is_whole = (number == 1 and lead) or (len(unit.paragraphs) == 1 and not is_root)
        yield (above if is_whole else (*above, name)), line


def _joined(lines: list[Line]) -> Line:
    plain = "".join(line.plain for line in lines)
    return Line(plain, tuple(offset for line in lines for offset in line.origin))


def _clause(document: Document, unit: _Unit, path: tuple[str, ...], line: Line) -> Clause | None:
    is_header = path == (HEADER,)
    sentences = (
        [_sentence(one, 0, len(one.plain)) for one in unit.paragraphs]
        if is_header
        else list(_sentences(line))
    )
    if not sentences:
        return None
    headings = unit.headings()
    run_in = re.match(r"(?:[^。]{0,8}[、.）)是])?([^。；;，,]{2,20})。.", line.plain)
    if run_in and not is_header:
        headings = (*headings, run_in[1])
    return Clause(
        clause_id=f"{document.document_id}#{'/'.join(path)}",
        document_id=document.document_id,
        path=path,
        label=label(path),
        headings=headings,
        sentences=tuple(sentences),
        page=_page(document, sentences[0].start),
    )


def _sentences(line: Line) -> Iterator[Sentence]:
    """The sentences of a paragraph; a run-in heading stays with the sentence it names."""
    start = 0
    for match in _SENTENCE.finditer(line.plain):
        end = match.end()
        text = line.plain[start:end].strip()
        is_run_in = start == 0 and len(text) <= _RUN_IN + 4 and end < len(line.plain)
        if not text or is_run_in:
            continue
        yield _sentence(line, start, end)
        start = end
    if line.plain[start:].strip():
        yield _sentence(line, start, len(line.plain))


def _sentence(line: Line, start: int, end: int) -> Sentence:
    while line.plain[start].isspace():
        start += 1
    return Sentence(line.plain[start:end], line.origin[start], line.origin[end - 1] + 1)


def _page(document: Document, offset: int) -> int | None:
    if not document.page_starts:
        return None
    return bisect_right(document.page_starts, offset)


def _with_own_id(clause: Clause, taken: dict[str, int]) -> Clause:
    """Number a path that occurs again (a second 一、 after an annex): 一、~2."""
    taken[clause.clause_id] = taken.get(clause.clause_id, 0) + 1
    count = taken[clause.clause_id]
    if count == 1:
        return clause
    return replace(clause, clause_id=f"{clause.clause_id}~{count}")
