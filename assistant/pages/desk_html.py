"""What the pages of the desk share: the frame around each, forms, the sign-in form.

Every word that comes from a file or a form goes through `escape`. Chinese only: those who keep
the policies read them in Chinese.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from assistant.desk.reading import Item
from assistant.pages.day import CHINA, today
from assistant.pages.texts import CHINESE
from corpus.document import Document, Validity
from corpus.validity import validity_on

Equal = tuple[str, str] | None  # (id, title) of the document with the same text


@dataclass(frozen=True)
class Frame:
    """What every page shows around its own part."""

    token: str  # of the session, for the forms; "" when nobody is signed in
    messages: Sequence[tuple[str, str]] = ()  # (kind, sentence); kind is done or wrong
    busy: bool = False  # something is read or built: the page asks for news
    stamp: str = ""  # the page is out of date when this is another


def page_html(title: str, body: str, frame: Frame) -> str:
    """Return a whole page."""
    out = form_html("/desk/sign-out", frame.token, '<button class="quiet">退出登录</button>')
    links = '<a href="/evaluation" class="plain">评测</a><a href="/" class="plain">回到问答</a>'
    actions = f"{links}{out}" if frame.token else ""
    said = "".join(
        f'<p class="message {escape(kind)}" role="status">{escape(sentence)}</p>'
        for kind, sentence in frame.messages
    )
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · 政策计算器</title>"
        '<link rel="icon" href="data:,"><link rel="stylesheet" href="/desk/desk.css">'
        '<script src="/desk/desk.js" defer></script></head>'
        f'<body data-busy="{int(frame.busy)}" data-stamp="{escape(frame.stamp)}">'
        '<header><div><h1><a href="/desk">政策计算器 · 管理</a></h1>'
        f"<p>收录、核对和停用政策文件</p></div><nav>{actions}</nav></header>"
        f"<main>{said}{body}</main></body></html>"
    )


def sign_in_html(place: str) -> str:
    """Return the form that asks for the password and leads to `place`."""
    return (
        '<form class="card sign-in" method="post" action="/desk/sign-in"><h2>登录</h2>'
        f'<input type="hidden" name="to" value="{escape(place)}">'
        '<label>管理密码<input type="password" name="password" required autofocus'
        ' autocomplete="current-password" maxlength="1024"></label>'
        '<button class="primary">登录</button>'
        '<p class="hint">密码由部署这套系统的人设定。</p></form>'
    )


def form_html(action: str, token: str, inside: str, more: str = "") -> str:
    """Return a form that posts to `action` with the session's token."""
    hidden = f'<input type="hidden" name="token" value="{escape(token)}">'
    return f'<form method="post" action="{escape(action)}"{more}>{hidden}{inside}</form>'


def validity_badge(document: Document) -> str:
    """Return the validity on this day, its reason where one points at it."""
    validity, reason = validity_on(document, today())
    kind = {Validity.IN_FORCE: "good", Validity.NOT_IN_FORCE: "bad"}.get(validity, "warn")
    words = CHINESE.validities[validity]
    return f'<span class="badge {kind}" title="{escape(reason)}">{escape(words)}</span>'


def size_html(item: Item) -> str:
    """Return how large a file is and when it came in."""
    size = item.upload.size
    shown = f"{size / 1024**2:.1f} MB" if size >= 1024**2 else f"{max(1, size // 1024)} KB"
    return f"{shown} · {when(item.upload.received)}" if item.upload.received else ""


def when(written: str) -> str:
    """Return a moment as it is read in China: 2026-11-22 18:30."""
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return ""
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}"
