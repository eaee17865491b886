"""The staff page as HTML. Every word that comes from a file or a form goes through `escape`.

Chinese only: those who keep the policies read them in Chinese.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from urllib.parse import quote

from assistant.desk.catalogue import Catalogue, Indexed
from assistant.desk.fields import FIELDS, VALIDITIES, FormField, regions
from assistant.desk.reading import Field, Item, ReadClause, Summary
from assistant.desk.work import Build
from assistant.pages.day import CHINA, today
from assistant.pages.texts import CHINESE
from corpus.document import Document, Validity
from corpus.library import Problem
from corpus.regions import region_name
from corpus.validity import validity_on

STAGES = {"read": "读取文件", "embed": "计算向量", "write": "写入索引"}
ACCEPTED = ".pdf,.docx,.html,.htm,.txt,.md,.png,.jpg,.jpeg,.tif,.tiff,.bmp,.webp,.zip"
_MOST_PROBLEMS = 200
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
    out = _form("/desk/sign-out", frame.token, '<button class="quiet">退出登录</button>')
    actions = f'<a href="/" class="plain">回到问答</a>{out}' if frame.token else ""
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


def sign_in_html() -> str:
    """Return the form that asks for the password."""
    return (
        '<form class="card sign-in" method="post" action="/desk/sign-in"><h2>登录</h2>'
        '<label>管理密码<input type="password" name="password" required autofocus'
        ' autocomplete="current-password" maxlength="1024"></label>'
        '<button class="primary">登录</button>'
        '<p class="hint">密码由部署这套系统的人设定。</p></form>'
    )


def _form(action: str, token: str, inside: str, more: str = "") -> str:
    hidden = f'<input type="hidden" name="token" value="{escape(token)}">'
    return f'<form method="post" action="{escape(action)}"{more}>{hidden}{inside}</form>'


# The first page


def desk_html(
    catalogue: Catalogue,
    incoming: Sequence[tuple[Item, Equal]],
    own: Mapping[str, Item],
    build: Build,
    frame: Frame,
) -> str:
    """Return the page that shows the index, what waits, what is indexed and what is not."""
    return "".join(
        (
            index_html(catalogue, build, frame),
            _incoming_html(incoming, frame),
            _indexed_html(catalogue, own),
            _problems_html(build),
        )
    )


def index_html(catalogue: Catalogue, build: Build, frame: Frame) -> str:
    """Return the state of the index, with its progress while it is built."""
    if catalogue.error:
        held = f'<p class="bad">{escape(catalogue.error)}</p>'
    else:
        held = (
            f"<p><b>{len(catalogue.rows)}</b> 份文件，<b>{catalogue.clauses}</b> 条；"
            f"编成于 {when(catalogue.created)}</p>"
        )
    stage, done, total = stage_of(build)
    share = f" {done} / {total}" if total else "……"
    value = f' value="{done}"' if total else ""
    progress = (
        f'<div class="progress" role="status"{"" if build.running else " hidden"}>'
        f'<span class="stage">{stage}{share}</span>'
        f'<progress max="{total or 1}"{value}></progress>'
        '<span class="hint">读者照常提问，编好后自动换用新索引。</span></div>'
    )
    button = '<button class="quiet" data-index>更新索引</button>'
    return (
        f'<section class="card index" id="index"><div><h2>索引</h2>{held}{_last(build)}</div>'
        f"{_form('/desk/index', frame.token, button)}{progress}</section>"
    )


def stage_of(build: Build) -> tuple[str, int, int]:
    """What a build does now, how much of it is done and of how much; 0 where it cannot tell.

    The build tells of each piece that is done: before the first of a stage, that stage has begun.
    """
    if build.stage == "read" and build.done >= build.total:
        return STAGES["embed"], 0, 0
    if build.stage == "embed" and build.done >= build.total:
        return STAGES["write"], 0, 0
    return STAGES[build.stage or "read"], build.done, build.total


def _last(build: Build) -> str:
    if build.error:
        return (
            f'<p class="bad">上次更新没有成功（{when(build.finished)}）：{escape(build.error)}</p>'
        )
    if not build.finished:
        return ""
    what = "文件没有变化" if build.unchanged else f"新算 {build.embedded} 段"
    return (
        f'<p class="hint">上次更新：{when(build.finished)}，{what}，用时 {build.seconds:g} 秒</p>'
    )


def _incoming_html(incoming: Sequence[tuple[Item, Equal]], frame: Frame) -> str:
    drop = (
        '<label class="drop" id="drop"><b>把文件拖到这里，或点击选择</b>'
        "<span>PDF、Word（.docx）、网页、文本、图片或它们的 ZIP；每个不超过 50 MB</span>"
        f'<input type="file" name="files" multiple accept="{ACCEPTED}"></label>'
        '<ul class="uploads" aria-live="polite"></ul>'
        '<button class="primary no-script">放入</button>'
    )
    upload = _form(
        "/desk/files", frame.token, drop, ' enctype="multipart/form-data" class="upload"'
    )
    rows = "".join(_incoming_row(item, equal) for item, equal in incoming)
    table = (
        '<table class="incoming"><thead><tr><th>文件</th><th>读出的标题</th><th>条文</th>'
        f"<th>存疑</th><th></th></tr></thead><tbody>{rows}</tbody></table>"
        if rows
        else '<p class="hint">没有等待收录的文件。</p>'
    )
    count = f'<span class="count">{len(incoming)}</span>' if incoming else ""
    return f'<section class="card"><h2>待收录{count}</h2>{upload}{table}</section>'


def _incoming_row(item: Item, equal: Equal) -> str:
    link = f"/desk/incoming/{quote(item.document_id)}"
    summary = item.summary
    name = f'<span class="file">{escape(item.upload.name)}</span><small>{_size(item)}</small>'
    if summary is None:
        cells = '<td colspan="3"><span class="reading">正在读取……</span></td>'
        opens = "查看"
    elif summary.refused:
        why = escape(summary.refused)
        cells = f'<td colspan="3"><span class="badge bad">没有读成</span> {why}</td>'
        opens = "查看"
    else:
        cells = (
            f"<td>{escape(summary.title)}<small>{escape(summary.document_number)}</small></td>"
            f'<td class="number">{len(summary.clauses)}</td>'
            f"<td>{doubt_badge(summary, equal)}</td>"
        )
        opens = "查看" if equal else "核对并收录"
    return f'<tr><td>{name}</td>{cells}<td><a class="button" href="{link}">{opens}</a></td></tr>'


def doubt_badge(summary: Summary, equal: Equal) -> str:
    """Return how many doubts there are, or that the text is there already, at a glance."""
    if equal:
        return f'<span class="badge bad" title="{escape(equal[1])}">重复</span>'
    if not summary.doubts:
        return '<span class="badge good">无</span>'
    return f'<span class="badge warn">{len(summary.doubts)} 处</span>'


def _size(item: Item) -> str:
    size = item.upload.size
    shown = f"{size / 1024**2:.1f} MB" if size >= 1024**2 else f"{max(1, size // 1024)} KB"
    return f"{shown} · {when(item.upload.received)}" if item.upload.received else ""


def _indexed_html(catalogue: Catalogue, own: Mapping[str, Item]) -> str:
    waiting = [
        item
        for one, item in own.items()
        if catalogue.find(one) is None and item.summary is not None
    ]
    rows = "".join(_waiting_row(item) for item in waiting)
    newest = {one: place for place, one in enumerate(own)}
    ranked = sorted(catalogue.rows, key=lambda row: newest.get(row.document.document_id, len(own)))
    rows += "".join(_indexed_row(row, own.get(row.document.document_id)) for row in ranked)
    if not rows:
        return '<section class="card"><h2>已收录</h2><p class="hint">还没有文件。</p></section>'
    words = "按标题、文号、地域或来源筛选"
    return (
        f'<section class="card"><div class="line"><h2>已收录<span class="count">'
        f'{len(waiting) + len(catalogue.rows)}</span></h2><input type="search" class="filter"'
        f' aria-label="{words}" placeholder="{words}" data-filter="indexed"></div>'
        '<div class="wide"><table class="indexed" id="indexed"><thead><tr><th>标题</th>'
        "<th>地域</th><th>条文</th><th>时效性</th><th>编入</th><th>来源</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></div></section>"
    )


def _waiting_row(item: Item) -> str:
    summary = item.summary or Summary()
    link = f"/desk/documents/{quote(item.document_id)}"
    return (
        f'<tr><td><a href="{link}">{escape(summary.title or item.document_id)}</a>'
        f"<small>{escape(summary.document_number)}</small></td>"
        f'<td></td><td class="number">{len(summary.clauses)}</td><td></td>'
        '<td><span class="badge warn">尚未编入</span></td>'
        f'<td class="file">{escape(item.upload.name)}</td></tr>'
    )


def _indexed_row(row: Indexed, item: Item | None) -> str:
    document = row.document
    link = f"/desk/documents/{quote(document.document_id)}"
    region = region_name(document.jurisdiction) if document.jurisdiction else ""
    source = escape(item.upload.name) if item else "程序自带或其他文件夹"
    return (
        f'<tr><td><a href="{link}">{escape(document.title)}</a>'
        f"<small>{escape(document.document_number or '')}</small></td>"
        f'<td class="short">{escape(region)}</td><td class="number">{row.clauses}</td>'
        f'<td class="short">{validity_badge(document)}</td>'
        f'<td class="short">{when(row.since)}</td>'
        f'<td class="file{"" if item else " muted"}">{source}</td></tr>'
    )


def validity_badge(document: Document) -> str:
    """Return the validity on this day, its reason where one points at it."""
    validity, reason = validity_on(document, today())
    kind = {Validity.IN_FORCE: "good", Validity.NOT_IN_FORCE: "bad"}.get(validity, "warn")
    words = CHINESE.validities[validity]
    return f'<span class="badge {kind}" title="{escape(reason)}">{escape(words)}</span>'


def _problems_html(build: Build) -> str:
    if not build.problems:
        return ""
    rows = "".join(_problem_row(one) for one in build.problems[:_MOST_PROBLEMS])
    return (
        f'<section class="card"><h2>没有收录的文件<span class="count bad">{len(build.problems)}'
        f"</span></h2><table><thead><tr><th>文件</th><th>原因</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></section>"
    )


def _problem_row(problem: Problem) -> str:
    return (
        f'<tr><td class="file">{escape(problem.source)}</td><td>{escape(problem.message)}</td></tr>'
    )


# One document


def item_html(item: Item, base: str, equal: Equal, frame: Frame) -> str:
    """Return one document of `incoming` or `documents` (`base`): its report, form and clauses."""
    summary = item.summary or Summary()
    link = f"/desk/{base}/{quote(item.document_id)}"
    title = summary.title or item.upload.name
    head = (
        f'<p class="path"><a href="/desk">管理</a> › {escape(item.upload.name)}</p>'
        f'<section class="card head"><h2>{escape(title)}</h2>'
        f'<p class="hint">编号 {escape(item.document_id)}　{_size(item)}</p>'
    )
    if item.summary is None:
        return f'{head}<p class="reading">正在读取……</p>{_discard(link, frame)}</section>'
    if summary.refused:
        why = f'<p class="bad">没有读成：{escape(summary.refused)}</p>'
        return f"{head}{why}{_discard(link, frame)}</section>"
    actions = _accept(link, equal, frame) if base == "incoming" else _retirement(link, item, frame)
    return (
        f"{head}{_doubts_html(summary)}{actions}</section>"
        f'<div class="columns"><div>{_fields_form(item, link, frame)}{_report_html(summary)}</div>'
        f"{clauses_html(summary.clauses)}</div>"
    )


def _accept(link: str, equal: Equal, frame: Frame) -> str:
    if equal:
        which = f"/desk/documents/{quote(equal[0])}"
        said = (
            f'<p class="bad">内容与《<a href="{which}">{escape(equal[1])}</a>》'
            f"（{escape(equal[0])}）相同，不重复收录。</p>"
        )
        return said + _discard(link, frame)
    buttons = (
        '<button class="primary" name="index" value="1">收录并更新索引</button>'
        '<button class="quiet" name="index" value="0">只收录</button>'
    )
    return (
        f'<div class="actions">{_form(f"{link}/accept", frame.token, buttons)}'
        f"{_discard(link, frame)}</div>"
    )


def _discard(link: str, frame: Frame) -> str:
    return _form(f"{link}/remove", frame.token, '<button class="quiet danger">丢弃</button>')


def _retirement(link: str, item: Item, frame: Frame) -> str:
    if item.is_retired:
        reason = escape(str(item.stated.get("validity_reason")))
        back = _form(f"{link}/restore", frame.token, '<button class="quiet">恢复使用</button>')
        return (
            f'<p class="bad">{reason}</p><div class="actions">{back}{_removal(link, frame)}</div>'
        )
    ask = (
        '<label>停用的原因<input name="reason" required maxlength="200"'
        ' placeholder="例如 已被2026年新办法代替"></label><button class="danger">停用</button>'
        '<p class="hint">文件留着；此后不再作为现行规定引用。</p>'
    )
    form = _form(f"{link}/retire", frame.token, ask)
    return (
        '<div class="actions"><details class="menu"><summary class="button danger">停用……'
        f"</summary>{form}</details>{_removal(link, frame)}</div>"
    )


def _removal(link: str, frame: Frame) -> str:
    ask = (
        '<p class="hint">文件移到索引文件夹的 removed 中，不会丢失；索引里不再有它。</p>'
        '<button class="danger">移除</button>'
    )
    return (
        '<details class="menu"><summary class="button danger">移除……</summary>'
        f"{_form(f'{link}/remove', frame.token, ask)}</details>"
    )


def _doubts_html(summary: Summary) -> str:
    if not summary.doubts:
        return '<p class="doubts good">没有发现疑点。</p>'
    listed = "".join(f"<li>{escape(one)}</li>" for one in summary.doubts)
    return f'<div class="doubts"><h3>请核对（{len(summary.doubts)}）</h3><ul>{listed}</ul></div>'


def _fields_form(item: Item, link: str, frame: Frame) -> str:
    summary = item.summary or Summary()
    values, origins = dict(summary.values), _origins(summary.fields)
    rows = "".join(
        _field_html(name, field, values.get(name, ""), origins.get(field.label, ""))
        for name, field in FIELDS.items()
    )
    save = '<button class="primary">保存修改</button>'
    form = _form(f"{link}/metadata", frame.token, f"{rows}{save}", ' class="metadata"')
    return f'<section class="card"><h2>元数据</h2>{form}</section>'


def _origins(fields: Sequence[Field]) -> dict[str, str]:
    return {
        one.label: "已更正" if one.origin == "document.yaml" else f"读自{one.origin}"
        for one in fields
        if one.origin
    }


def _field_html(name: str, field: FormField, value: str, origin: str) -> str:
    words = escape(origin)
    mark = f'<small class="origin" title="{words}">{words}</small>' if origin else ""
    hint = f' placeholder="{escape(field.hint)}"' if field.hint else ""
    label = f"<span><b>{escape(field.label)}</b>{mark}</span>"
    return f"<label>{label}{_input(name, field, value, hint)}</label>"


def _input(name: str, field: FormField, value: str, hint: str) -> str:
    if field.kind == "region":
        return _select(name, {"": "（未写明）"} | dict(regions()), value)
    if field.kind == "validity":
        return _select(name, VALIDITIES, value)
    if name in ("title", "validity_reason"):
        return f'<textarea name="{name}" rows="2" maxlength="1000"{hint}>{escape(value)}</textarea>'
    return (
        f'<input type="{field.kind}" name="{name}" value="{escape(value)}" maxlength="1000"{hint}>'
    )


def _select(name: str, choices: Mapping[str, str], value: str) -> str:
    options = "".join(
        f'<option value="{escape(one)}"{" selected" if one == value else ""}>'
        f"{escape(words)}</option>"
        for one, words in choices.items()
    )
    return f'<select name="{name}">{options}</select>'


def _report_html(summary: Summary) -> str:
    noise = "".join(f"<li>{escape(one)}</li>" for one in summary.noise) or "<li>没有</li>"
    repeals = "".join(f"<li>{escape(one)}</li>" for one in summary.repeals)
    more = f"<h3>文中废止的文件</h3><ul>{repeals}</ul>" if repeals else ""
    return (
        '<section class="card report"><h2>读取报告</h2>'
        f"<h3>去掉的杂行（{summary.noise_lines}）</h3><ul>{noise}</ul>{more}</section>"
    )


def clauses_html(clauses: Sequence[ReadClause]) -> str:
    """Return the clauses with their places and words."""
    rows = "".join(
        f'<li><div><b title="{escape(one.clause_id)}">{escape(one.label)}</b>{_place(one)}'
        f"{f'<small>第 {one.page} 页</small>' if one.page else ''}</div>"
        f"<p>{escape(one.text)}</p></li>"
        for one in clauses
    )
    return (
        f'<section class="card clauses"><h2>条文<span class="count">{len(clauses)}</span></h2>'
        f'<ol tabindex="0" aria-label="条文">{rows}</ol></section>'
    )


def _place(clause: ReadClause) -> str:
    """The part of the clause's id that names its place, where the label does not say the same."""
    place = clause.clause_id.partition("#")[2]
    return "" if place == clause.label else f"<code>{escape(place)}</code>"


def indexed_only_html(row: Indexed, clauses: Sequence[ReadClause]) -> str:
    """Return a document that does not lie in the staff's folder: to read, not to change."""
    document = row.document
    return (
        f'<p class="path"><a href="/desk">管理</a> › {escape(document.document_id)}</p>'
        f'<section class="card head"><h2>{escape(document.title)}</h2>'
        f"<p>{validity_badge(document)} {escape(document.document_number or '')}</p>"
        f'<p class="hint">编入于 {when(row.since)}。这份文件随程序提供，或放在别的资料文件夹里，'
        "不能在这里更正或停用；请到它的文件夹里改。</p></section>"
        f"{clauses_html(clauses)}"
    )


def when(written: str) -> str:
    """Return a moment as it is read in China: 2026-11-22 18:30."""
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return ""
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}"
