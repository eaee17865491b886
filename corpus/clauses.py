"""Split a document into clauses that can be cited: 第十一条第（五）项, 二、（一）3., （三）四是.

Both families of numbering, also mixed: 编 章 节 条 款 项 目 of laws and 一、（一）1.（1）① of
notices, with 一是/二是 inside a paragraph. The order of units follows 《立法法》第六十五条.
A table's row is a clause and carries its column headings.
What it does not know: 附件 as files of their own.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from corpus.cleaning import Line, clean
from corpus.document import Clause, Document, Sentence
from corpus.line_kinds import CHINESE_NUMBER
from corpus.numbers import number_in_chinese
from corpus.parts import HEADER, split_parts
from corpus.tables import with_columns
from corpus.units import Unit, build_tree, find_run_in, walk

_SENTENCE = re.compile(r"[^。！？!?；;]*(?:[。！？!?；;]+[”’」》）)]*|$)")
_WHOLE_ROW = 200  # a table's row up to this length is quoted whole
_RUN_IN = 20  # a first sentence up to this length is a run-in heading: 任务目标。


def split_clauses(document: Document) -> list[Clause]:
    """Return the clauses in document order, the header 文首 last.

    Ids are unique, offsets lie in `document.text`.
    """
    clauses: list[Clause] = []
    taken: dict[str, int] = {}
    for part, lines in split_parts(clean(document.text, document.page_starts)):
        found = [
            clause
            for unit in walk(build_tree(part, lines))
            for paragraph in _paragraphs(unit)
            if (clause := _clause(document, unit, paragraph)) is not None
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
    if len(names) > 1 and names[0].startswith("附") and re.match(rf"{CHINESE_NUMBER}|\d", names[1]):
        names[0] += "："  # 附件：一、 is not 附件一
    articles = [n for n, name in enumerate(names) if re.match(f"第{CHINESE_NUMBER}条", name)]
    first = articles[0] + 1 if articles else len(names)
    return "".join([*names[:first], *map(_in_article, names[first:])])


def _in_article(name: str) -> str:
    if re.fullmatch(rf"（{CHINESE_NUMBER}）", name):
        return f"第{name}项"
    if re.fullmatch(r"\d+\.", name):
        return f"第{name[:-1]}目"
    return name


@dataclass(frozen=True)
class _Paragraph:
    """A paragraph or a table's row, with its path and the table's column headings."""

    path: tuple[str, ...]
    line: Line
    columns: str = ""


def _paragraphs(unit: Unit) -> Iterator[_Paragraph]:
    """A unit's own paragraphs with their paths: 第二款 in articles, 第2段 elsewhere.

    A table's rows are 第1段 and so on in articles too: no 款.
    """
    path = unit.path()
    if path == (HEADER,):
        yield _Paragraph(path, _joined(unit.paragraphs))
        return
    is_root = unit.kind == "document"
    above = path or (("引言",) if unit.children else ("正文",))
    is_article = unit.kind == "article"
    lead = is_article or not (unit.heading or is_root or unit.kind == "closing")
    counts = Counter[bool]()
    for line, columns in with_columns(unit.paragraphs):
        is_row = is_article and bool(line.cells)
        counts[is_row] += 1
        number = counts[is_row]
        is_paragraph = is_article and not is_row
        name = f"第{number_in_chinese(number)}款" if is_paragraph else f"第{number}段"
        is_first = number == 1 and lead and not line.cells
        is_whole = is_first or (len(unit.paragraphs) == 1 and not is_root)
        yield _Paragraph(above if is_whole else (*above, name), line, columns)


def _joined(lines: list[Line]) -> Line:
    plain = "".join(line.plain for line in lines)
    return Line(plain, tuple(offset for line in lines for offset in line.origin))


def _clause(document: Document, unit: Unit, paragraph: _Paragraph) -> Clause | None:
    path, line = paragraph.path, paragraph.line
    is_header = path == (HEADER,)
    sentences = (
        [_sentence(one, 0, len(one.plain)) for one in unit.paragraphs]
        if is_header
        else list(_sentences(line))
    )
    if not sentences:
        return None
    headings = unit.headings()
    if paragraph.columns:
        headings = (*headings, paragraph.columns)
    run_in = find_run_in(line.plain)
    if run_in and not (is_header or line.cells):
        headings = (*headings, run_in)
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
    if line.cells and len(line.plain) <= _WHOLE_ROW:
        yield _sentence(line, 0, len(line.plain))
        return
    start = 0
    for match in _SENTENCE.finditer(line.plain):
        end = match.end()
        text = line.plain[start:end].strip()
        is_run_in = match.start() == 0 and len(text) <= _RUN_IN + 4 and end < len(line.plain)
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
