"""Clause identity under stress: `python -m eval.stress [--laws DIR] [--json]`.

Statutes in Markdown are split into clauses as they are, in seven disfigured forms made in
memory, and read again from a Word file and a PDF. What is right is computed from the untouched
Markdown alone: an article is a line that begins with 第…条 and a blank, and the lines below it
up to the next article or heading. The PDF needs reportlab (the extra `dev`).
"""

import argparse
import json
import re
import sys
import tempfile
import time
import unicodedata
import zipfile
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from opencc import OpenCC

from corpus.clauses import split_clauses
from corpus.cleaning import simplify
from corpus.document import Clause, Document
from corpus.reader import read_received

LAWS = Path(__file__).resolve().parents[2] / "shared" / "laws"
WIDTHS = (20, 28, 36, 42)
NO_CHAPTERS = "without any chapter"
LEAST = 99.9  # percent of the articles whole
_NUMBER = "[零〇一二三四五六七八九十百]+"
_ARTICLE = re.compile(rf"(第{_NUMBER}[条條](?:之{_NUMBER})?)[ \u3000]")
_CHAPTER = re.compile(rf"#+\s*(?:第{_NUMBER}[編编章节節]|{_NUMBER}、)?\s*(.*)")
_ANNEX = re.compile(r"附(?:件|录|表)?[一二三四五六七八九十\d]*(?:[:：]|\s*$)")
_CHAPTER_LINE = re.compile(rf"##+\s*(?:第{_NUMBER}[编章节]|{_NUMBER}、)")
_MARKUP = re.compile(r"^#+|<!--.*?-->", re.MULTILINE)
_HEADING_NUMBER = rf"第{_NUMBER}(?:[编章节]|部分)|[（(]?(?:{_NUMBER}|\d+)[)）、.．]+|[①-⑳]"
_NAME = re.compile(rf"第{_NUMBER}条(?:之{_NUMBER})?")


@dataclass(frozen=True)
class Article:
    """An article as the Markdown states it; places count its words without any blank."""

    name: str
    chapter: str
    start: int
    end: int


@dataclass(frozen=True)
class Variant:
    """One form of a statute: the Markdown that says what is right, and the text to split."""

    name: str
    markdown: str
    text: str
    page_starts: tuple[int, ...] = ()


@dataclass(frozen=True)
class Score:
    """How the articles of one form came out; sums over statutes with `+`."""

    statutes: int = 0
    articles: int = 0
    whole: int = 0  # with their own number, chapter and every word
    mid_article: int = 0  # clauses inside an article that do not carry its number
    split_paragraphs: int = 0  # clauses of the right article that begin where no line began
    false_articles: int = 0  # cross-references taken for articles
    lost: int = 0  # characters in no clause and no heading
    repeated: int = 0  # clauses that needed a second number for their id

    def __add__(self, other: "Score") -> "Score":
        return Score(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    @property
    def share(self) -> float:
        """Articles whole, in percent."""
        return 100 * self.whole / max(self.articles, 1)


def variants(markdown: str) -> Iterator[Variant]:
    """The forms that a statute is put into."""
    plain = without_marks(markdown)
    bare = "\n".join(line for line in markdown.splitlines() if not _CHAPTER_LINE.match(line))
    traditional = _traditional().convert(markdown)
    yield Variant("as they are", markdown, plain)
    yield Variant("with Markdown headings", markdown, markdown)
    yield Variant(NO_CHAPTERS, bare, without_marks(bare))
    for width in WIDTHS:
        yield Variant(f"wrapped at {width}", markdown, wrapped(plain, width))
    yield Variant("traditional characters", traditional, without_marks(traditional))


def file_variants(markdown: str, folder: Path) -> Iterator[Variant]:
    """The statute written as a Word file and as a PDF, and read again from these files."""
    lines = [line for line in without_marks(markdown).splitlines() if line.strip()]
    for name, write in (("as DOCX", _write_docx), ("as PDF", _write_pdf)):
        path = folder / f"law.{name[-4:].strip().lower()}"
        write(path, lines)
        received = read_received(path)
        yield Variant(name, markdown, received.text, received.page_starts)


def _write_docx(path: Path, lines: Sequence[str]) -> None:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in lines)
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{types}"><Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{kind}"/></Types>',
        )
        file.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>',
        )


def _write_pdf(path: Path, lines: Sequence[str]) -> None:
    """Forty-two characters a line, forty lines a page, each paragraph indented."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(path), pagesize=(595, 842))
    printed = [
        (24 if start == 0 else 0, text) for line in lines for start, text in _print_lines(line, 36)
    ]
    for first in range(0, len(printed), 40):
        canvas.setFont("STSong-Light", 12)
        for row, (indent, text) in enumerate(printed[first : first + 40]):
            canvas.drawString(72 + indent, 770 - 18 * row, text)
        canvas.showPage()
    canvas.save()


def _print_lines(line: str, width: int) -> Iterator[tuple[int, str]]:
    """A paragraph's printed lines, the first two characters shorter for its indent."""
    line = line.strip()
    yield 0, line[: width - 2]
    for start in range(width - 2, len(line), width):
        yield start, line[start : start + width]


def without_marks(markdown: str) -> str:
    """The text without the marks of headings and without comments."""
    return re.sub(r"^#+\s*", "", re.sub(r"<!--.*?-->", "", markdown), flags=re.MULTILINE)


def wrapped(text: str, width: int) -> str:
    """The words broken into full lines, without blank lines: nothing parts the paragraphs."""
    return "".join(
        line[start : start + width] + "\n"
        for line in map(str.strip, text.splitlines())
        for start in range(0, len(line), width)
    )


@cache
def _traditional() -> OpenCC:
    return OpenCC("s2t")


def places(text: str) -> list[int]:
    """For every offset how many words' characters stand before it; one more at the end."""
    markup = {n for match in _MARKUP.finditer(text) for n in range(*match.span())}
    count, result = 0, []
    for offset, character in enumerate(text):
        result.append(count)
        is_blank = character.isspace() or unicodedata.category(character) == "Cf"
        count += not is_blank and offset not in markup
    return [*result, count]


def expected_articles(markdown: str) -> list[Article]:
    """The articles that the Markdown states, each with the heading it stands under."""
    place = places(markdown)
    found: list[tuple[str, str, int, int]] = []
    is_open, chapter, offset = False, "", 0
    for line in markdown.splitlines(keepends=True):
        start, end = place[offset], place[offset + len(line)]
        article, heading = _ARTICLE.match(line), _CHAPTER.match(line)
        if _ANNEX.match(line):
            is_open, chapter = False, ""
        elif heading:
            is_open = False
            chapter = _folded(heading[1]) if line.startswith("##") else ""
        elif article:
            is_open = True
            found.append((article[1].replace("條", "条"), chapter, start, end))
        elif is_open:
            found[-1] = (*found[-1][:3], end)
        offset += len(line)
    return [Article(*one) for one in found]


def _folded(heading: str) -> str:
    return re.sub(r"\s", "", heading)


def score(variant: Variant, chapters: Sequence[str]) -> Score:
    """Split one form of a statute and compare; `chapters` are the articles' own, simplified."""
    document = Document("law", "", variant.text, "law.txt", page_starts=variant.page_starts)
    clauses = split_clauses(document)
    place = places(variant.text)
    articles = expected_articles(variant.markdown)
    wanted = {article.start: article for article in articles}
    opened = _opened(clauses, place)
    return Score(
        statutes=1,
        articles=len(articles),
        whole=sum(
            _is_whole(article, chapter, clauses, place)
            for article, chapter in zip(articles, chapters, strict=True)
        ),
        mid_article=len(strays(clauses, place, articles)),
        split_paragraphs=len(split_paragraphs(clauses, place, variant.markdown, articles)),
        false_articles=sum(
            start not in wanted or wanted[start].name != name for start, name in opened
        ),
        lost=len(lost_places(variant.text, clauses, place)),
        repeated=sum("~" in clause.clause_id for clause in clauses),
    )


def _opened(clauses: Sequence[Clause], place: Sequence[int]) -> list[tuple[int, str]]:
    """Where each article begins that was found, and the name it was given."""
    first: dict[tuple[str, str], int] = {}
    for clause in clauses:
        name = _article_of(clause)
        if name:
            again = clause.clause_id.rpartition("~")[2] if "~" in clause.clause_id else ""
            first.setdefault((name, again), place[clause.start])
    return [(start, name) for (name, _), start in first.items()]


def _article_of(clause: Clause) -> str:
    return next((name for name in clause.path if _NAME.fullmatch(name)), "")


def _is_whole(
    article: Article, chapter: str, clauses: Sequence[Clause], place: Sequence[int]
) -> bool:
    """Whether the clauses of the article's name together hold its words and nothing else."""
    own = [one for one in clauses if _article_of(one) == article.name]
    held = {
        one
        for clause in own
        for sentence in clause.sentences
        for one in range(place[sentence.start], place[sentence.end])
    }
    is_under = all(_names_chapter(clause, chapter) for clause in own)
    return bool(own) and is_under and held == set(range(article.start, article.end))


def _names_chapter(clause: Clause, chapter: str) -> bool:
    return not chapter or any(_folded(one) == chapter for one in clause.headings)


def strays(
    clauses: Sequence[Clause], place: Sequence[int], articles: Sequence[Article]
) -> list[Clause]:
    """The clauses that begin inside an article and do not carry its number."""
    return [
        clause
        for clause in clauses
        if (article := _around(place[clause.start], articles))
        and article.name != _article_of(clause)
    ]


def split_paragraphs(
    clauses: Sequence[Clause], place: Sequence[int], markdown: str, articles: Sequence[Article]
) -> list[Clause]:
    """The clauses of an article that begin where the Markdown has no line's begin."""
    there = places(markdown)
    offset, begins = 0, set()
    for line in markdown.splitlines(keepends=True):
        begins.add(there[offset])
        offset += len(line)
    return [
        clause
        for clause in clauses
        if place[clause.start] not in begins and _around(place[clause.start], articles)
    ]


def _around(position: int, articles: Sequence[Article]) -> Article | None:
    """The article that the position lies in."""
    number = bisect_right([one.start for one in articles], position) - 1
    is_inside = number >= 0 and position < articles[number].end
    return articles[number] if is_inside else None


def lost_places(text: str, clauses: Sequence[Clause], place: Sequence[int]) -> list[int]:
    """The characters of the text that are in no clause and in no heading of a clause."""
    held = {
        one
        for clause in clauses
        for sentence in clause.sentences
        for one in range(place[sentence.start], place[sentence.end])
    }
    headings = _headings_pattern(clauses)
    words = [text[n] for n in range(len(text)) if place[n] != place[n + 1]]
    missing: list[int] = []
    for run in _runs([one for one in range(place[-1]) if one not in held]):
        if not headings.fullmatch(simplify("".join(words[one] for one in run))):
            missing.extend(run)
    return missing


def _headings_pattern(clauses: Sequence[Clause]) -> re.Pattern[str]:
    """One or more headings of the clauses, each with a number before it or a stop behind it."""
    texts = {_folded(heading) for clause in clauses for heading in clause.headings}
    texts |= {name for clause in clauses for name in clause.path}
    choices = "|".join(map(re.escape, sorted(texts, key=len, reverse=True)))
    return re.compile(rf"(?:(?:{_HEADING_NUMBER})?(?:{choices})[。；;：:]?)+")


def _runs(numbers: Sequence[int]) -> Iterator[list[int]]:
    """The numbers in runs without a gap."""
    run: list[int] = []
    for number in numbers:
        if run and number != run[-1] + 1:
            yield run
            run = []
        run.append(number)
    if run:
        yield run


def stress(folder: Path) -> dict[str, Score]:
    """Split every form of every statute of a folder; the sums per form.

    Raises SystemExit, in words, where the folder holds no Markdown.
    """
    paths = sorted(folder.glob("*.md"))
    if not paths:
        raise SystemExit(f"{folder} holds no Markdown statutes (*.md). Give a folder with --laws.")
    sums: dict[str, Score] = {}
    for path in paths:
        markdown = path.read_text(encoding="utf-8")
        chapters = [article.chapter for article in expected_articles(markdown)]
        with tempfile.TemporaryDirectory() as made:
            forms = [*variants(markdown), *file_variants(markdown, Path(made))]
        for variant in forms:
            own = [""] * len(chapters) if variant.name == NO_CHAPTERS else chapters
            sums[variant.name] = sums.get(variant.name, Score()) + score(variant, own)
    return sums


_COLUMNS: tuple[tuple[str, Callable[[Score], str]], ...] = (
    ("articles", lambda one: str(one.articles)),
    ("whole %", lambda one: f"{one.share:.2f}"),
    ("begin in mid-article", lambda one: str(one.mid_article)),
    ("paragraphs cut", lambda one: str(one.split_paragraphs)),
    ("false articles", lambda one: str(one.false_articles)),
    ("characters lost", lambda one: str(one.lost)),
    ("repeated paths", lambda one: str(one.repeated)),
)


def as_table(sums: dict[str, Score]) -> str:
    """The scores as a Markdown table."""
    names = " | ".join(name for name, _ in _COLUMNS)
    lines = [f"| form | {names} |", "|---" + "|---:" * len(_COLUMNS) + "|"]
    for form, one in sums.items():
        lines.append(f"| {form} | " + " | ".join(show(one) for _, show in _COLUMNS) + " |")
    return "\n".join(lines)


def main() -> None:
    """Run from the command line; the exit code is 1 where the bounds do not hold."""
    parser = argparse.ArgumentParser(prog="python -m eval.stress", description=__doc__)
    parser.add_argument("--laws", type=Path, default=LAWS, help="folder of Markdown statutes")
    parser.add_argument("--json", action="store_true", help="print JSON")
    given = parser.parse_args()
    start = time.perf_counter()
    sums = stress(given.laws)
    if given.json:
        rows = {form: {**asdict(one), "share": one.share} for form, one in sums.items()}
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        print(as_table(sums))
        count = next(iter(sums.values())).statutes
        print(f"\n{count} statutes, {time.perf_counter() - start:.0f} s")
    sys.exit(0 if all(map(holds, sums.values())) else 1)


def holds(one: Score) -> bool:
    """Whether nearly every article is whole, and nothing is misnamed or lost."""
    is_sound = not (one.mid_article or one.false_articles or one.lost)
    return one.share >= LEAST and is_sound


if __name__ == "__main__":
    main()
