"""Which part of a web page is the document: what is hidden or furniture goes, the rest is weighed.

What it does not know: what a style sheet or a script hides or shows.
"""

import re
from collections.abc import Iterator

from lxml import etree

Element = etree._Element

_DROPPED = (
    *("script", "style", "noscript", "template", "svg", "iframe", "object", "select", "button"),
    *("input", "textarea", "nav", "footer", "aside", "canvas", "video", "audio", "map"),
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
# Names that sites give to what stands around an article; a word of a class or an id.
_FURNITURE = re.compile(
    r"(?:top|bottom|main|left|right|page|site|web|article|detail|news|g|m|pc)?[-_]?"
    r"(?:nav(?:bar|igation)?|menus?|bread[-_]?crumbs?|crumbs?|position|dqwz|wzdh|location"
    r"|(?:bd|b)?share(?:box|bar)?|fenxiang|social|foot(?:er)?|copyright|header|head|banner|logo"
    r"|toolbar|tools?|side(?:bar)?|relate[ds]?|xglj|xgwz|xgjd|prev(?:[-_]?next)?|next|pager"
    r"|pagination|ewm|erweima|qr[-_]?code|printer?|fontsize|zihao|search|login|friendlinks?)"
    r"(?:[-_]?(?:box|bar|list|wrap|con|area|inner))?",
    re.I,
)
# Names that content systems of government sites give to the article itself.
_ARTICLE = re.compile(
    r"ucap-content|(?:trs|cas)_?u?editor(?:_view)?|pages_content|zoom|js_content"
    r"|(?:v_)?news_?content|article[-_]?(?:content|con|body|text)|vsb_content\w*"
    r"|wp_articlecontent|xxgk[-_]content|con_?text|text_?con(?:tent)?|main[-_]?text|easysite.*text"
    r"|(?:ivs|info)_?content|art[-_]con\w*|detail[-_]?(?:news|content)|content-article",
    re.I,
)
_SENTENCE = re.compile("[。；，：、]")
_KEPT = re.compile(
    r"\d{4}\s?年\d{1,2}\s?月\d{1,2}\s?日|附\s?件.{0,40}|第[一二三四五六七八九十百]+[条章].*"
    r"|.{1,16}[〔\[]\d{4}[〕\]].{0,3}\d+\s?号|[一二三四五六七八九十]+、.*"
)
_MOST_OF = 0.9
_HALF = 0.5
_FURNITURE_SHARE = 0.2


def parse_page(text: str) -> Element | None:
    """The page's tree without comments; None where there is none, or it nests too deep."""
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        # Without NUL and halves of characters, which no XML tree takes.
        root = etree.fromstring(text.encode("utf-8", errors="ignore"), parser)
    except etree.LxmlError:
        return None
    if any("Excessive depth" in one.message for one in parser.error_log):
        return None
    return root


def drop_furniture(root: Element) -> None:
    """Take out what no reader sees and what stands around the article."""
    for element in list(root.iter(etree.Element)):
        tag = str(element.tag)
        if element.getparent() is None or tag in ("html", "body"):
            continue
        if tag in _DROPPED or element.get("hidden") is not None or _is_hidden(element):
            _drop(element)
    weights = weigh(root)
    most = _FURNITURE_SHARE * weights.get(root, 0)
    for element in list(root.iter(etree.Element)):
        is_apart = element.getparent() is not None and str(element.tag) not in ("html", "body")
        if is_apart and _is_furniture(element) and weights.get(element, 0) <= most:
            _drop(element)


def _is_hidden(element: Element) -> bool:
    return bool(_HIDDEN.search(element.get("style", "")))


def _is_furniture(element: Element) -> bool:
    if element.tag == "header":
        return element.find(".//h1") is None
    return any(_FURNITURE.fullmatch(name) for name in _names(element))


def _names(element: Element) -> list[str]:
    return f"{element.get('class', '')} {element.get('id', '')}".split()[:12]


def _drop(element: Element) -> None:
    """Remove an element but not the words behind it."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    tail = element.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    element.tail = None
    parent.remove(element)


def weigh(root: Element) -> dict[Element, int]:
    """Per element the characters in sentences below it that are no links."""
    weights: dict[Element, int] = {}
    open_links = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        is_link = element.tag == "a" and element.get("href") is not None
        if event == "start":
            open_links += is_link
            weights[element] = _weight(element.text, open_links)
            continue
        open_links -= is_link
        parent = element.getparent()
        if parent is not None and parent in weights:
            weights[parent] += weights[element] + _weight(element.tail, open_links)
    return weights


def _weight(text: str | None, open_links: int) -> int:
    if not text or open_links or not _SENTENCE.search(text):
        return 0
    return len("".join(text.split()))


def find_main(root: Element) -> Element:
    """The smallest part of the page that holds the document."""
    weights = weigh(root)
    total = weights.get(root, 0)
    named = [
        one
        for one in root.iter(etree.Element)
        if weights.get(one, 0) >= max(_HALF * total, 1)
        and any(_ARTICLE.fullmatch(name) for name in _names(one))
    ]
    main = named[0] if named else root
    while total and not named:
        heaviest = max(main, key=lambda one: weights.get(one, 0), default=None)
        if heaviest is None or weights.get(heaviest, 0) < _MOST_OF * total:
            break
        if heaviest.tag in ("p", "td", "tr", "tbody", "span", "font", "table", "li", "ol", "ul"):
            break
        if any(map(_has_kept, _beside(main, heaviest))):
            break
        main = heaviest
    return main


def _beside(parent: Element, chosen: Element) -> Iterator[Element]:
    return (one for one in parent if one is not chosen and str(one.tag) not in ("head", "a"))


def _has_kept(element: Element) -> bool:
    """Whether a line of the element belongs to the document: a date, a number, 附件."""
    return any(_KEPT.fullmatch(text.strip()) for text in map(str, element.itertext()))
