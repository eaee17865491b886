"""The tree of numbered units: which paragraph stands under which number.

What it does not know: where the words under a last item go back to the whole, unless they say
so (以上五类, 本办法自…起施行) or the unit is an article, whose 款 follow its 项.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from corpus.line_kinds import CHINESE_NUMBER, UNITS, Mark, Numbering, find_mark
from corpus.lines import Line
from corpus.numbers import chinese_number, number_in_chinese
from corpus.parts import HEADER

HEADINGS_ONLY = ("part", "chapter", "section")  # 条 are counted through the whole document
_RANK = {kind: rank for rank, (kind, _) in enumerate(UNITS)}
_RANK["closing"] = _RANK["cn"]
_LISTED = re.compile(r"(?:^|(?<=[。；;：:，,]))([一二三四五六七八九十]+)是")
_SUMMARY = re.compile(rf"以上({CHINESE_NUMBER})[类项个条]")
_CLOSING = re.compile(
    r"本(?:办法|措施|意见|通知|方案|政策|规定|细则|规划|条例|指南)(?:自|由|有效期)"
    r"|附(?:件|录|表)[\d一二三四五六七八九十]{0,2}(?:[:：]|$)|特此(?:通知|公告|通告)"
)
_CLOSING_HEADING = re.compile("附则|其[他它]|施行|实施|执行|有效|解释|附件|材料")
_HEADING_LENGTH = 60
_ARTICLE_HEADING_LENGTH = 20


_RUN_IN = re.compile(
    r"(?:[^。]{0,8}[、.）)]|[一二三四五六七八九十]+是)?([^。；;，,：:]{2,20})[。：:]."
)


def find_run_in(plain: str) -> str:
    """The short heading with which a paragraph begins (任务目标。 研发费用占比：); "" when none."""
    match = _RUN_IN.match(plain)
    return match[1] if match else ""


@dataclass
class Unit:
    """One numbered unit of a document."""

    kind: str
    name: str  # "二、", "（一）"; "" for the document itself
    number: int = 0
    heading: str = ""
    heading_line: Line | None = None
    parent: "Unit | None" = None
    under: int = 0  # number of the parent's paragraph that introduces it
    paragraphs: list[Line] = field(default_factory=list)
    children: list["Unit"] = field(default_factory=list)

    def path(self) -> tuple[str, ...]:
        """The names from the document down to the unit; an article's own name is enough."""
        if self.parent is None:
            return (self.name,) if self.name else ()
        above = self._root().path() if self.kind == "article" else self.parent.path()
        if self.parent.kind == "article" and self.under > 1:
            above = (*above, f"第{number_in_chinese(self.under)}款")
        return (*above, self.name)

    def headings(self) -> tuple[str, ...]:
        """The headings from the document down to the unit, outermost first."""
        above = self.parent.headings_below() if self.parent else ()
        return (*above, self.heading) if self.heading else above

    def headings_below(self) -> tuple[str, ...]:
        """The headings for what lies in the unit: a run-in heading names its items too."""
        is_named = self.heading or not self.paragraphs or self.parent is None
        run_in = "" if is_named else find_run_in(self.paragraphs[0].plain)
        return (*self.headings(), run_in) if run_in else self.headings()

    def article(self) -> "Unit | None":
        """The article that the unit is or lies in."""
        unit: Unit | None = self
        while unit is not None and unit.kind != "article":
            unit = unit.parent
        return unit

    def _root(self) -> "Unit":
        return self if self.parent is None else self.parent._root()


def build_tree(part: str, lines: list[Line]) -> Unit:
    """Return the part of the document with its units; no line of the body is lost."""
    root = Unit("document", part)
    if part == HEADER:
        root.paragraphs.extend(lines)
        return root
    current = root
    numbering = Numbering()
    upcoming = _upcoming_marks(lines)
    for index, (line, following) in enumerate(zip(lines, [*lines, None][1:], strict=True)):
        mark = _mark(line, current, numbering)
        if line.cells:
            current = current.parent if current.kind == "listed" and current.parent else current
            current.paragraphs.append(line)
        elif mark is None and current is root and line.mark.startswith("##"):
            root.heading, root.heading_line = line.plain, line
        elif mark is None:
            current = _owner(current, line.plain, upcoming[index])
            _add_paragraph(current, line)
        else:
            numbering.count(mark)
            if _stands_over_articles(line, mark, following):
                mark = replace(mark, kind="section")
            current = _new_unit(current, mark, line)
            _open_unit(current, line, mark.length, following)
    for unit in walk(root):
        _keep_bare_heading(unit)
    return root


def _stands_over_articles(line: Line, mark: Mark, following: Line | None) -> bool:
    """Whether 一、一般规定 takes the place of a chapter: an article follows at once."""
    below = find_mark(following.plain) if following is not None else None
    is_short = len(line.plain) <= _HEADING_LENGTH and not re.search("[。；;：:]", line.plain)
    return mark.kind == "cn" and is_short and below is not None and below.kind == "article"


def _upcoming_marks(lines: Sequence[Line]) -> list[Mark | None]:
    """For every line the next number behind it."""
    upcoming: list[Mark | None] = []
    following: Mark | None = None
    for line in reversed(lines):
        upcoming.append(following)
        following = (None if line.cells else find_mark(line.plain)) or following
    return upcoming[::-1]


def _new_unit(current: Unit, mark: Mark, line: Line) -> Unit:
    parent = _parent(current, mark.kind)
    unit = Unit(
        mark.kind,
        _name(mark.kind, line.plain[: mark.length]),
        mark.number,
        parent=parent,
        under=sum(not line.cells for line in parent.paragraphs),
    )
    parent.children.append(unit)
    return unit


def _keep_bare_heading(unit: Unit) -> None:
    """A heading with nothing under it (1.申报书) is a paragraph after all."""
    is_bare = not (unit.paragraphs or unit.children or unit.kind in HEADINGS_ONLY)
    if unit.heading_line and is_bare:
        unit.paragraphs.append(unit.heading_line)
        unit.heading = ""


def _mark(line: Line, current: Unit, numbering: Numbering) -> Mark | None:
    """The number that the line opens a unit with."""
    mark = None if line.cells else find_mark(line.plain)
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


def _parent(current: Unit, kind: str) -> Unit:
    unit = current
    while unit.parent is not None and _RANK[unit.kind] >= _RANK[kind]:
        unit = unit.parent
    return unit


def _follows(parent: Unit, number: int) -> bool:
    """一是 begins a list, 二是 continues it; anything else is a sentence that begins so."""
    listed = [child for child in parent.children if child.kind == "listed"]
    return number == (listed[-1].number + 1 if listed else 1)


def _owner(current: Unit, plain: str, upcoming: Mark | None) -> Unit:
    """The unit that an unnumbered paragraph belongs to."""
    unit = _summed_up(current, plain)
    if unit is not None:
        return unit
    if current.kind == "listed" and current.parent is not None:
        current = current.parent
    if not current.paragraphs and current.heading:
        return current
    article = current.article()
    if article is not None:
        # Behind a whole 项 the article goes on with its next 款, unless that 项 is counted on.
        return _counted_on(current, upcoming) or article
    if _CLOSING.match(plain) and not any(map(_CLOSING_HEADING.search, current.headings())):
        return _closing(current) if current.parent is not None else current
    return current


def _summed_up(current: Unit, plain: str) -> Unit | None:
    """The unit whose children are summed up: 以上五类 …"""
    summary = _SUMMARY.match(plain)
    unit: Unit | None = current if summary else None
    while summary and unit is not None and len(unit.children) != chinese_number(summary[1]):
        unit = unit.parent
    return unit


def _counted_on(current: Unit, upcoming: Mark | None) -> Unit | None:
    """The 项 around a paragraph that the next number counts on: it is not over yet."""
    unit: Unit | None = current
    while upcoming and unit is not None and unit.kind != "article":
        if (unit.kind, unit.number + 1) == (upcoming.kind, upcoming.number):
            return unit
        unit = unit.parent
    return None


def _open_unit(unit: Unit, line: Line, length: int, following: Line | None) -> None:
    """Take a numbered line as a heading, a paragraph, or a heading followed by a paragraph."""
    starts = _listed_starts(line.plain)
    inline = starts[0] if len(starts) > 1 else len(line.plain)
    lead = line.plain[length:inline].strip()
    is_short = len(lead) <= _HEADING_LENGTH and not re.search("[。；;：:].", lead)
    opens_list = inline < len(line.plain) or (following and following.plain.startswith("一是"))
    ends = "；;。：:" if unit.article() else "；;。"  # an article's 项 say whole things
    is_item = lead.endswith(tuple(ends)) and not opens_list
    is_heading = is_short and not is_item and unit.kind not in ("article", "listed")
    if unit.kind in HEADINGS_ONLY or is_heading or _is_article_heading(unit, lead, following):
        unit.heading, unit.heading_line = lead.rstrip("。；;：: "), line
        line = line.part(inline, len(line.plain))
    if line.plain:
        _add_paragraph(unit, line)


def _is_article_heading(unit: Unit, lead: str, following: Line | None) -> bool:
    """第八条 申报条件 on a line of its own, with the words of the article on the next."""
    is_bare = 0 < len(lead) <= _ARTICLE_HEADING_LENGTH and not re.search("[。；;：:，,]", lead)
    is_followed = following is not None and find_mark(following.plain) is None
    return unit.kind == "article" and is_bare and is_followed


def _add_paragraph(unit: Unit, line: Line) -> None:
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
        child = Unit("listed", name, chinese_number(name[:-1]), parent=unit)
        child.paragraphs.append(piece)
        unit.children.append(child)


def _closing(unit: Unit) -> Unit:
    """The document's closing words, 结尾."""
    root = unit
    while root.parent is not None:
        root = root.parent
    if root.children and root.children[-1].kind == "closing":
        return root.children[-1]
    closing = Unit("closing", "结尾", parent=root)
    root.children.append(closing)
    return closing


def _listed_starts(plain: str) -> list[int]:
    """Where 一是, 二是 … begin, as long as they count up from one."""
    starts: list[int] = []
    for match in _LISTED.finditer(plain):
        if chinese_number(match[1]) == len(starts) + 1:
            starts.append(match.start())
    return starts


def walk(unit: Unit) -> Iterator[Unit]:
    """The unit and all below it, in the order of the numbers."""
    yield unit
    for child in unit.children:
        yield from walk(child)
