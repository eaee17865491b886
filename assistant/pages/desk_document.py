"""The page of one document: what was read, what is doubtful, the form, the clauses."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from urllib.parse import quote

from assistant.desk.catalogue import Indexed
from assistant.desk.fields import AS_READ, FIELDS, VALIDITIES, FormField, regions
from assistant.desk.reading import Field, Item, ReadClause, Summary
from assistant.pages.desk_html import Equal, Frame, form_html, size_html, validity_badge, when
from corpus.authority import LEVELS
from corpus.reader import METADATA_FILE

_NOT_STATED = {"": "（未写明）"}
_CHOICES: Mapping[str, Callable[[], dict[str, str]]] = {
    "region": lambda: _NOT_STATED | dict(regions()),
    "level": lambda: _NOT_STATED | {one: one for one in LEVELS},
    "validity": lambda: dict(VALIDITIES),
}


def item_html(item: Item, base: str, equal: Equal, frame: Frame) -> str:
    """Return one document of `incoming` or `documents` (`base`): its report, form and clauses."""
    summary = item.summary or Summary()
    link = f"/desk/{base}/{quote(item.document_id)}"
    title = summary.title or item.upload.name
    head = (
        f'<p class="path"><a href="/desk">管理</a> › {escape(item.upload.name)}</p>'
        f'<section class="card head"><h2>{escape(title)}</h2>'
        f'<p class="hint">编号 {escape(item.document_id)}　{size_html(item)}</p>'
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
        f'<div class="actions">{form_html(f"{link}/accept", frame.token, buttons)}'
        f"{_discard(link, frame)}</div>"
    )


def _discard(link: str, frame: Frame) -> str:
    return form_html(f"{link}/remove", frame.token, '<button class="quiet danger">丢弃</button>')


def _retirement(link: str, item: Item, frame: Frame) -> str:
    if item.is_retired:
        reason = escape(str(item.stated.get("validity_reason")))
        back = form_html(f"{link}/restore", frame.token, '<button class="quiet">恢复使用</button>')
        return (
            f'<p class="bad">{reason}</p><div class="actions">{back}{_removal(link, frame)}</div>'
        )
    ask = (
        '<label>停用的原因<input name="reason" required maxlength="200"'
        ' placeholder="例如 已被2026年新办法代替"></label><button class="danger">停用</button>'
        '<p class="hint">文件留着；此后不再作为现行规定引用。</p>'
    )
    form = form_html(f"{link}/retire", frame.token, ask)
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
        f"{form_html(f'{link}/remove', frame.token, ask)}</details>"
    )


def _doubts_html(summary: Summary) -> str:
    if not summary.doubts:
        return '<p class="doubts good">没有发现疑点。</p>'
    listed = "".join(f"<li>{escape(one)}</li>" for one in summary.doubts)
    return f'<div class="doubts"><h3>请核对（{len(summary.doubts)}）</h3><ul>{listed}</ul></div>'


def _fields_form(item: Item, link: str, frame: Frame) -> str:
    summary = item.summary or Summary()
    values, origins = dict(summary.values), _origins(summary.fields)
    emptied = {name for name, value in item.stated.items() if value in (None, "", [])}
    rows = "".join(
        _field_html(
            *(name, field, values.get(name, "")),
            "已清空" if name in emptied else origins.get(field.label, ""),
        )
        for name, field in FIELDS.items()
    )
    save = '<button class="primary">保存修改</button>'
    inside = f"{rows}{_as_read_html(item)}{save}"
    form = form_html(f"{link}/metadata", frame.token, inside, ' class="metadata"')
    hint = '<p class="hint">读错而原文没有的，清空即可。</p>'
    return f'<section class="card"><h2>元数据</h2>{hint}{form}</section>'


def _as_read_html(item: Item) -> str:
    """Return a box to tick for each field that staff stated: what the text says holds again."""
    boxes = "".join(
        f'<label><input type="checkbox" name="{AS_READ}{name}" value="1">'
        f"{escape(field.label)}</label>"
        for name, field in FIELDS.items()
        if name in item.stated and not (item.is_retired and name.startswith("validity"))
    )
    return f"<fieldset><legend>改回原文所读</legend>{boxes}</fieldset>" if boxes else ""


def _origins(fields: Sequence[Field]) -> dict[str, str]:
    return {
        one.label: "已更正" if one.origin == METADATA_FILE else f"读自{one.origin}"
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
    if field.kind in _CHOICES:
        choices = _CHOICES[field.kind]()
        return _select(name, choices | ({} if value in choices else {value: value}), value)
    if name in ("title", "validity_reason"):
        return f'<textarea name="{name}" rows="2" maxlength="1000"{hint}>{escape(value)}</textarea>'
    kind = "text" if field.kind == "list" else field.kind
    return f'<input type="{kind}" name="{name}" value="{escape(value)}" maxlength="1000"{hint}>'


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
