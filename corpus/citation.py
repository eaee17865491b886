"""「第十一条第（五）项」 <-> path of a clause, both ways.

`corpus.clauses.label` writes a path; here a path is read out of what a person wrote.
"""

import re

from corpus.line_kinds import CHINESE_NUMBER
from corpus.numbers import chinese_number, number_in_chinese

_STEPS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"第({CHINESE_NUMBER})(?:编|部分|章|节)"), "division"),
    (re.compile(r"(通知|引言|正文|结尾|文首|附[件录表]?[一二三四五六七八九十\d]*)：?"), "place"),
    (re.compile(rf"第({CHINESE_NUMBER}|\d+)条(?:之({CHINESE_NUMBER}))?"), "article"),
    (re.compile(rf"第({CHINESE_NUMBER}|\d+)款"), "paragraph"),
    (re.compile(rf"第?[（(]?({CHINESE_NUMBER}|\d+)[)）]?项"), "subparagraph"),
    (re.compile(rf"第({CHINESE_NUMBER}|\d+)目"), "item"),
    (re.compile(r"第(\d+)段"), "block"),
    (re.compile(rf"({CHINESE_NUMBER})、"), "cn"),
    (re.compile(rf"[（(]({CHINESE_NUMBER})[)）]"), "cn_brackets"),
    (re.compile(r"(\d+)\."), "digit"),
    (re.compile(r"[（(](\d+)[)）]"), "digit_brackets"),
    (re.compile(r"([①-⑳])"), "place"),
    (re.compile(rf"({CHINESE_NUMBER})是"), "listed"),
)


def find_articles(text: str) -> list[tuple[str, ...]]:
    """The articles named in a text, as paths.

    >>> find_articles("根据第十条和第11条第（五）项")
    [('第十条',), ('第十一条', '（五）')]
    """
    return [parse_label(match[0]) for match in re.finditer(_ARTICLE, text)]


_ARTICLE = (
    rf"第(?:{CHINESE_NUMBER}|\d+)条(?:之{CHINESE_NUMBER})?(?:第(?:{CHINESE_NUMBER}|\d+)款)?"
    rf"(?:第?[（(]?(?:{CHINESE_NUMBER}|\d+)[)）]?项)?"
)


def parse_label(text: str) -> tuple[str, ...]:
    """Return the path that a label names; () when it is none.

    第一款 goes without saying: an article's own path is that of its first paragraph.

    >>> parse_label("二、（一）3.第2段"), parse_label("第十一条第一款第(五)项")
    (('二、', '（一）', '3.', '第2段'), ('第十一条', '（五）'))
    """
    path: list[str] = []
    rest = text.strip()
    while rest:
        for pattern, kind in _STEPS:
            match = pattern.match(rest)
            if match:
                path.append(_step(kind, match))
                if path[-1] == "第一款":
                    path.pop()
                rest = rest[match.end() :]
                break
        else:
            return ()
    return tuple(path)


def _step(kind: str, match: re.Match[str]) -> str:
    if kind in ("division", "place"):
        return match[0].rstrip("：")
    number = number_in_chinese(int(match[1])) if match[1].isdecimal() else match[1]
    if kind == "article":
        return f"第{number}条" + (f"之{match[2]}" if match[2] else "")
    if kind == "paragraph":
        return f"第{number}款"
    if kind in ("subparagraph", "cn_brackets"):
        return f"（{number}）"
    if kind in ("item", "digit"):
        return f"{match[1] if match[1].isdecimal() else chinese_number(match[1])}."
    if kind == "block":
        return f"第{match[1]}段"
    if kind == "digit_brackets":
        return f"（{match[1]}）"
    return f"{number}、" if kind == "cn" else f"{number}是"
