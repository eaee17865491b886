"""What was read, on the terminal: of a file (`policy read`), of every file (`policy index`)."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from corpus.clauses import split_clauses
from corpus.document import Clause, Document
from corpus.errors import DocumentError
from corpus.reader import read_document
from corpus.report import ReadReport, report_as_json, report_on

if TYPE_CHECKING:  # it would load the whole index for a file that is only read
    from index.build import DocumentSummary

_NARROWEST = 100  # characters of a table that goes to a file


@dataclass(frozen=True)
class _Read:
    """One file as read."""

    document: Document
    clauses: tuple[Clause, ...]
    report: ReadReport


def read_command(files: Sequence[Path], as_json: bool) -> int:
    """Print what was read of each file; 0, or 1 when a file could not be read.

    JSON is one object a line. A file that is refused is named with the reason.
    """
    failed = 0
    for path in files:
        try:
            read = _read(path)
        except DocumentError as error:
            failed += 1
            _print_refused(path, str(error), as_json)
            continue
        if as_json:
            print(json.dumps(read_as_json(read.document, read.clauses), ensure_ascii=False))
        else:
            _print_read(read)
    return 1 if failed else 0


def _read(path: Path) -> _Read:
    document = read_document(path)
    clauses = tuple(split_clauses(document))
    return _Read(document, clauses, report_on(document, clauses))


def read_as_json(document: Document, clauses: Sequence[Clause]) -> dict[str, Any]:
    """The report and the clauses as plain JSON values; texts are the words as received."""
    return {
        **report_as_json(report_on(document, clauses)),
        "clauses": [
            {
                "id": clause.clause_id,
                "path": list(clause.path),
                "label": clause.label,
                "headings": list(clause.headings),
                "text": _words(document, clause),
                "page": clause.page,
                "start": clause.start,
                "end": clause.end,
            }
            for clause in clauses
        ],
    }


def _words(document: Document, clause: Clause) -> str:
    return "".join(document.text[one.start : one.end] for one in clause.sentences)


def print_documents(documents: Sequence["DocumentSummary"]) -> None:
    """Print a table with a row a document: clauses, lines dropped as noise, doubts."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=max(console.width, _NARROWEST))
    columns = [
        Column("编号", overflow="fold"),
        Column("标题", overflow="fold"),
        Column("条文", justify="right"),
        Column("去掉的杂行", overflow="fold"),
        Column("存疑", overflow="fold"),
    ]
    table = Table(*columns)
    for one in documents:
        doubts = Text("\n".join(one.doubts), style="yellow")
        table.add_row(
            Text(one.document_id), Text(one.title), str(one.clauses), Text(one.noise()), doubts
        )
    console.print(table)


def _print_refused(path: Path, message: str, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"source": path.name, "error": message}, ensure_ascii=False))
    else:
        print(f"未能读取 {path.name}：{message}", file=sys.stderr)


def _print_read(read: _Read) -> None:
    console = Console()
    report = read.report
    console.print(Text(f"{report.source}  《{report.title}》", style="bold"))
    console.print(_fields_table(report))
    console.print(
        Text(f"条文 {report.clause_count} 条；去掉的杂行 {report.noise_lines} 行。"),
        highlight=False,
    )
    for line in report.noise_examples:
        console.print(Text(f"  杂行：{line}", style="dim"))
    for one in report.repeals:
        name = f"《{one.title}》" if one.title else ""
        verb = "废止" if one.is_whole else "部分废止或优先于"
        console.print(Text(f"  {verb}：{name}{one.document_number or ''}"))
    for doubt in report.doubts:
        console.print(Text(f"  存疑：{doubt}", style="yellow"))
    console.print(_clauses_table(read))


def _fields_table(report: ReadReport) -> Table:
    table = Table("项目", "内容", "读自")
    for one in report.fields:
        table.add_row(Text(one.label), Text(one.value), Text(one.origin))
    return table


def _clauses_table(read: _Read) -> Table:
    """Id, path, text, page, start and end of every clause."""
    table = Table("编号", "路径", Column("文字", overflow="fold"), "页", "起", "止")
    for clause in read.clauses:
        words = " ".join(_words(read.document, clause).split())
        table.add_row(
            Text(clause.clause_id.partition("#")[2]),
            Text(clause.label),
            Text(words),
            str(clause.page or ""),
            str(clause.start),
            str(clause.end),
        )
    return table
