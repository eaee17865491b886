"""Where a file's parts begin and end: its header, a notice, what the notice issues, its annexes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus.line_kinds import (
    find_mark,
    is_addressee,
    is_block,
    is_date,
    is_field_label,
    is_signature,
    is_title,
)
from corpus.lines import Line

HEADER = "文首"
_HEADING_LENGTH = 60
_CONTENTS = ("目录", "目次")
_ANNEX = re.compile(r"附(?:件|录|表)[一二三四五六七八九十\d]{0,3}(?:[:：](?!$))?")
_ANNEX_WITH_COLON = re.compile(r"附(?:件|录|表)?[一二三四五六七八九十\d]{0,3}[:：]")
_REMARK = re.compile(r"[（(]此件[^）)]{2,16}[)）]")


@dataclass
class _Splitter:
    """Takes lines in order and gathers them into parts."""

    part: str = ""
    has_begun: bool = False  # the part's title and date are over
    held: list[Line] = field(default_factory=list)
    header: list[Line] = field(default_factory=list)
    marked: list[str] = field(default_factory=list)  # names of part marks so far

    def close(self) -> Iterator[tuple[str, list[Line]]]:
        """Give the part at hand, without the signature under it."""
        body, signature = _without_signature(self.held)
        if body:
            yield self.part, body
        self.header.extend(signature)
        self.held, self.has_begun = [], False

    def open_marked(self, name: str) -> Iterator[tuple[str, list[Line]]]:
        """Close the part before a part mark. 附 for the second time is 附2."""
        yield from self.close()
        self.part = name if name == "通知" or name.startswith("附") else ""
        if self.part:
            self.marked.append(self.part)
            count = self.marked.count(self.part)
            self.part += str(count) if count > 1 else ""

    def takes_as_header(self, line: Line, following: Line | None) -> bool:
        """Whether the line is title, date or addressee; what names an annex stays with it."""
        is_annex = self.part.startswith("附")
        if is_annex and (line.mark.startswith("##") or is_addressee(line.plain)):
            return False
        return _is_header(line, following)

    def open_annex(self, name: str) -> Iterator[tuple[str, list[Line]]]:
        """Close the part before an annex; what a plain notice issues is the document itself."""
        is_notice = not any(find_mark(line.plain) for line in self.held)
        if is_notice or not name:
            self.part = self.part or "通知"
        yield from self.close()
        self.part = "" if is_notice else name


def split_parts(lines: list[Line]) -> Iterator[tuple[str, list[Line]]]:
    """Give (name, lines) of each part in order, then 文首: titles, dates, addressees, signatures.

    The document itself has no name; beside it there may be 通知, 附 and 附件2.
    """
    lines = _without_contents([line for line in lines if not line.is_noise])
    splitter = _Splitter()
    for index, line in enumerate(lines):
        below = lines[index + 1 : index + 4]
        following = below[0] if below else None
        if line.mark.startswith("part:"):
            yield from splitter.open_marked(line.mark.removeprefix("part:"))
        elif not splitter.has_begun and splitter.takes_as_header(line, following):
            splitter.header.append(line)
        elif splitter.held and (name := _annex_name(line, below)):
            yield from splitter.open_annex(name)
            splitter.header.append(line)
        elif splitter.held and _starts_issued(line, splitter.held):
            yield from splitter.open_annex("")
            splitter.header.append(line)
        else:
            splitter.has_begun = True
            splitter.held.append(line)
    yield from splitter.close()
    if splitter.header:
        yield HEADER, splitter.header


def _is_header(line: Line, following: Line | None) -> bool:
    """Whether a line before the body is title, 文号, date, 【block】 or addressee."""
    plain = line.plain
    if line.cells:
        return is_field_label(line.cells[0])
    if line.mark == "#" or is_block(plain) or is_date(plain) or is_addressee(plain):
        return True
    is_short = len(plain) <= _HEADING_LENGTH and not re.search("[。；;]", plain)
    return is_short and find_mark(plain) is None and following is not None


def _annex_name(line: Line, below: list[Line]) -> str | None:
    """附件2 where the line is no more than that and a title follows, not a list of annexes."""
    if not below or not (_ANNEX.fullmatch(line.plain) or _opens_annex(line, below)):
        return None
    following = below[0].plain
    is_listed = find_mark(following) is not None and not following.startswith("第")
    return None if is_listed or "。" in following else line.plain.rstrip(":：")


def _opens_annex(line: Line, below: list[Line]) -> bool:
    """Whether 附件： is followed by the annex itself; under a notice it names what is attached."""
    if not _ANNEX_WITH_COLON.fullmatch(line.plain) or len(below) < 3:
        return False
    return not any(_is_closing(one.plain) or is_date(one.plain) for one in below)


def _starts_issued(line: Line, held: list[Line]) -> bool:
    """After a signed notice: the title of what it issues."""
    return is_title(line.plain) and any(is_signature(one.plain) for one in held[-3:])


def _without_signature(held: list[Line]) -> tuple[list[Line], list[Line]]:
    """The body, and the issuing bodies, date and remark that stand under it."""
    count = 0
    while count < min(len(held), 6) and _is_closing(held[-count - 1].plain):
        count += 1
    body, tail = held[: len(held) - count], held[len(held) - count :]
    # A date alone under a heading (二、截止时间) is what the heading announces.
    is_announced = count == 1 and bool(body) and find_mark(body[-1].plain) is not None
    if is_announced or not any(is_date(line.plain) for line in tail):
        return held, []
    return body, tail


def _is_closing(plain: str) -> bool:
    return is_signature(plain) or bool(_REMARK.fullmatch(plain))


def _without_contents(lines: list[Line]) -> list[Line]:
    """Drop a table of contents: the lines from 目录 until its first entry comes again."""
    for index, line in enumerate(lines[:60]):
        if line.plain not in _CONTENTS or index + 1 == len(lines):
            continue
        first = _entry(lines[index + 1])
        for again, other in enumerate(lines[index + 2 : index + 300], index + 2):
            if _entry(other) == first:
                return [*lines[:index], *lines[again:]]
            if "。" in other.plain:
                break
    return lines


def _entry(line: Line) -> str:
    return re.sub(r"[.．…·\s\d]*$", "", line.plain)
