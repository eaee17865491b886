"""Lines that stand in a file but not in the policy: a site's notes, running heads, page numbers."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence

from corpus.lines import Line

_BUTTON = (
    r"打印(?:本页|此页|该页|页面)?|关闭(?:窗口|本页|页面)?|字[号体][:：]?|分享(?:到|至)?[:：]?"
)
# Each rule: a line that is never policy text, with an example. Tested in
# tests/test_corpus_cleaning.py on these examples and on lines where it must not fire.
NOISE_LINES: tuple[tuple[str, str], ...] = (
    (r"合集下载", "合集下载"),
    (r"(\d+\.\s*)?\d+、下载文档前请自行甄别.*", "1. 1、下载文档前请自行甄别文档内容的完整性"),
    (r"(\d+\.\s*)?\d+、.{0,3}仅部分预览.{0,3}的文档.*", '2. 2、"仅部分预览"的文档,不可在线预览'),
    (r"(\d+\.\s*)?\d+、如文档侵犯您的权益.*", "3. 3、如文档侵犯您的权益,请联系客服反馈"),
    (r"(相关|最新)文档", "相关文档"),
    (r"文章属性|正文", "文章属性"),
    (r"[—–\-·\s]+\d{1,4}\s?[—–\-·\s]+", "— 3 —"),
    (r"[—–\-·\s]*第\d{1,4}页(?:[,，/／]?共\d{1,4}页)?[—–\-·\s]*", "第 3 页 共 12 页"),
    (
        rf"(?:[\[【(（]?(?:{_BUTTON})[\]】)）]?[|｜丨·]?(?:[\[【(（]?[大中小][\]】)）]?){{0,3}})+",
        "打印本页 关闭窗口",
    ),
    (r"扫一扫.{0,8}(?:手机|打开|分享|阅读|页面|关注).{0,12}", "扫一扫在手机打开当前页"),
)
_NOISE = re.compile("|".join(f"(?:{pattern})" for pattern, _ in NOISE_LINES))
_PAGE_NUMBER = re.compile(r"\d{1,4}(?:[/／]\d{1,4})?")
_LAST_WORDS = re.compile(".{0,6}[。；，！？]")  # paragraphs end alike, also at the edges of pages
_PAGE_NUMBERS_APART = 8  # lines between two page numbers; the numbers of a table stand closer


def find_noise(lines: list[Line], page_starts: Sequence[int]) -> set[int]:
    """Return the numbers of the lines that are no policy text."""
    by_form = {n for n, line in enumerate(lines) if line.is_noise or _NOISE.fullmatch(line.plain)}
    return by_form | _running_heads(lines, page_starts) | _page_numbers(lines, page_starts)


def _running_heads(lines: list[Line], page_starts: Sequence[int]) -> set[int]:
    """Numbers of lines that stand first or last on at least three pages, digits aside."""
    edges = _page_edges(lines, page_starts) if len(page_starts) >= 3 else []
    heads = [_without_digits(lines[number].plain) for _, number in edges]
    counts = Counter({(page, head) for (page, _), head in zip(edges, heads, strict=True)})
    pages = Counter(head for _, head in counts if len(head) < 40)
    seen: set[tuple[int, str]] = set()
    found = set()
    for (page, number), head in zip(edges, heads, strict=True):
        # Once a page: the title under a running head of the same words stays.
        if pages[head] >= 3 and (page, head) not in seen:
            seen.add((page, head))
            found.add(number)
    return found


def _page_edges(lines: list[Line], page_starts: Sequence[int]) -> list[tuple[int, int]]:
    """(page, number of the line) of the first two and the last two lines of every page."""
    pages: dict[int, list[int]] = {}
    for number, line in enumerate(lines):
        # Column headings stand on every page of a table.
        if line.plain and not line.cells and not _LAST_WORDS.fullmatch(line.plain):
            pages.setdefault(bisect_right(page_starts, line.origin[0]), []).append(number)
    return [
        (page, number)
        for page, numbers in pages.items()
        for number in dict.fromkeys([*numbers[:2], *reversed(numbers[-2:])])
    ]


def _without_digits(plain: str) -> str:
    return re.sub(r"\d+", "0", plain)


def _page_numbers(lines: list[Line], page_starts: Sequence[int]) -> set[int]:
    """Numbers of lines that hold a page's number alone: at a page's edge, or counting up."""
    bare = [n for n, line in enumerate(lines) if _PAGE_NUMBER.fullmatch(line.plain)]
    if page_starts:
        return set(bare) & {number for _, number in _page_edges(lines, page_starts)}
    found = set()
    for one, other in zip(bare, bare[1:], strict=False):
        values = [int(re.split("[/／]", lines[n].plain)[0]) for n in (one, other)]
        if values[1] == values[0] + 1 and other - one >= _PAGE_NUMBERS_APART:
            found |= {one, other}
    return found
