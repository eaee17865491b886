"""Web pages as saved from a government site -> title, stated fields and the article's lines.

Own rules over lxml's tree: of the extractors that were tried trafilatura leaves out the title
and markitdown keeps the navigation; a clause left out is worse here than a button left in.
What it does not know: words that a script puts on the page, and pictures.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import DocumentError
from corpus.formats.files import read_bytes, shown_name
from corpus.formats.page_fields import is_nothing, is_page_line, take_fields
from corpus.formats.page_lines import PageLine, page_lines
from corpus.formats.page_parts import Element, drop_furniture, find_main, parse_page, weigh
from corpus.formats.received import Received
from corpus.formats.text import decode
from corpus.line_kinds import find_mark, is_title

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.I)
_RELATED = re.compile(r"[\[【]?相关.{2,6}[\]】]?[:：]?|[上下]一[篇条则].*|延伸阅读|推荐阅读")
_ANNEX = re.compile(r"附\s?[件表录]|.*\.(?:docx?|pdf|xlsx?|wps|zip|rar|ofd)\b", re.I)

_META = {
    "pubdate": "发布日期：",
    "publishdate": "发布日期：",
    "firstpublishedtime": "发布日期：",
    "contentsource": "来源：",
    "filenumber": "【发文字号】",
    "docno": "【发文字号】",
}
_ERROR_PAGE = re.compile(
    r"(?<!\d)40[34](?![\d号])|not found"
    r"|(?:页面|网页|文章|内容|信息)(?:不存在|已?被?删除|无法|未找到|走丢|找不到)"
    r"|找不到.{0,6}(?:页面|网页|文件)|访问.{0,6}(?:受限|出错|被拒绝)|forbidden|出错了",
    re.I,
)
_LOGIN_PAGE = re.compile(
    "(?:用户|统一|账号|密码).{0,6}登[录陆]|请(?:先|输入).{0,4}(?:登[录陆]|密码|验证码)"
)
_SHORTEST = 30  # characters of the shortest text that can be a policy
_SHORT_PAGE = 400
_HEAD = 40


def read_html(path: Path) -> Received:
    """Return the page's title, its stated fields as 【blocks】 and the article's lines.

    Raises DocumentError for a page without policy text: a login, an error, a list of links.
    """
    name = shown_name(path.name)
    content = read_bytes(path)
    charset = _CHARSET.search(content[:4096])
    text = decode(name, content, charset[1].decode() if charset else "")
    root = parse_page(text.replace("\0", ""))
    if root is None:
        raise DocumentError(f"{name} 不是完好的网页（没有内容或嵌套过深）。请重新另存。")
    return _received(name, root)


@dataclass(frozen=True)
class _Page:
    """What a page's head states."""

    titles: tuple[str, ...]  # ArticleTitle, then <h1>s, then <title> without the site's name
    fields: dict[str, str]


def _received(name: str, root: Element) -> Received:
    page = _head(root)
    drop_furniture(root)
    around = page_lines(root)
    main = find_main(root)
    weights = weigh(root)
    left_out = weights.get(root, 0) - weights.get(main, 0)
    fields, body = _without_fields(_edged(page_lines(main)))
    _refuse_other_pages(name, page, body)
    fields = {**_fields_around(around, body), **fields}
    for key, value in page.fields.items():
        fields.setdefault(key, value)
    stated = fields.pop("标题", "")
    lines = list(_without_repeated_title([line.text for line in body]))
    front = [*_title_line((stated, *page.titles), lines), *(f"{k}{v}" for k, v in fields.items())]
    doubts = (f"网页正文之外还有约 {left_out} 字没有读入，请核对。",) if left_out >= 80 else ()
    return Received("\n".join([*front, *lines]), (), doubts)


def _head(root: Element) -> _Page:
    fields: dict[str, str] = {}
    titles: list[str] = []
    for meta in root.iter("meta"):
        key, value = meta.get("name", "").lower(), " ".join(meta.get("content", "").split())
        if key == "articletitle":
            titles.append(value)
        elif key in _META and value and not is_nothing(value) and len(value) <= 60:
            fields.setdefault(_META[key], value)
    named = " ".join("".join(map(str, one.itertext())) for one in root.iter("title"))
    heads = ["".join("".join(map(str, one.itertext())).split()) for one in root.iter("h1")]
    # A site's logo is an <h1> too; the article's is named in <title> or reads like a title.
    whole = "".join(named.split())
    titles += [one for one in heads if len(one) >= 6 and (one in whole or is_title(one))]
    titles += [max(re.split(r"\s*[_|｜]\s*|\s+[-–—]+\s+|-{2,}", named.strip()), key=len)]
    return _Page(tuple(one for one in titles if len(one) >= 4), fields)


def _title_line(titles: Sequence[str], lines: Sequence[str]) -> Iterator[str]:
    """The page's title, unless the article begins with it."""
    title = next((one for one in titles if one), "")
    compact = "".join(title.split())
    if title and compact not in "".join("".join(lines[:_HEAD]).split())[:600]:
        yield f"# {title}"


def _without_repeated_title(lines: Sequence[str]) -> Iterator[str]:
    """The lines; of a title that stands over the article and in it again only the latter."""
    for number, line in enumerate(lines):
        following = ["".join(one.split()) for one in lines[number + 1 : number + 4]]
        is_repeated = number < 4 and len(line) > 4 and "".join(line.split()) in following
        if not is_repeated:
            yield line


def _edged(lines: list[PageLine]) -> list[PageLine]:
    """The lines without what belongs to the page, before the first sentence and after the last."""
    sentences = [n for n, line in enumerate(lines) if _is_sentence(line)]
    first, last = (sentences[0], sentences[-1]) if sentences else (len(lines), -1)
    kept: list[PageLine] = []
    is_related = False
    for number, line in enumerate(lines):
        is_edge = number < first or number > last
        compact = line.text.strip()
        is_related = is_edge and number > last and (is_related or bool(_RELATED.fullmatch(compact)))
        is_list = line.is_links and (line.links > 1 or is_related) and not _ANNEX.match(compact)
        if not (is_edge and (is_page_line(compact) or is_list)):
            kept.append(line)
    return kept


def _is_sentence(line: PageLine) -> bool:
    return "。" in line.text and not line.is_links and not is_page_line(line.text)


def _without_fields(lines: list[PageLine]) -> tuple[dict[str, str], list[PageLine]]:
    """The fields that stand over the article, and the article."""
    fields: dict[str, str] = {}
    end = next((n for n, line in enumerate(lines) if _is_sentence(line)), len(lines))
    taken = take_fields([line.text for line in lines[: min(end, _HEAD)]], fields)
    return fields, [line for n, line in enumerate(lines) if n not in taken]


def _fields_around(around: list[PageLine], body: list[PageLine]) -> dict[str, str]:
    """The fields in the rest of the page, such as the box that stands over an article."""
    inside = {line.text for line in body}
    fields: dict[str, str] = {}
    take_fields([line.text for line in around if line.text not in inside][: 4 * _HEAD], fields)
    return fields


def _refuse_other_pages(name: str, page: _Page, body: list[PageLine]) -> None:
    text = "".join("".join(line.text for line in body).split())
    is_short = len(text) <= _SHORT_PAGE and not any(find_mark(line.text) for line in body)
    shown = f"{' '.join(page.titles)} {text}"
    reason = ""
    if is_short and _ERROR_PAGE.search(shown):
        reason = "像是“页面不存在”之类的提示页"
    elif is_short and _LOGIN_PAGE.search(shown):
        reason = "像是登录页"
    elif len(text) < _SHORTEST:
        reason = "没有正文（可能由脚本生成，或只有图片）"
    elif sum(line.linked for line in body) > 0.7 * len(text):
        reason = "像是目录页，几乎全是链接"
    if reason:
        raise DocumentError(
            f"{name} {reason}，不含政策正文。请在浏览器中打开政策全文页，另存为“网页，仅 HTML”。"
        )
