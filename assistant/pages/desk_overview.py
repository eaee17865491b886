"""The first page of the desk: the index, what waits, what is indexed, what was not taken up."""

from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import quote

from assistant.desk.catalogue import Catalogue, Indexed
from assistant.desk.reading import Item, Summary
from assistant.desk.work import Build
from assistant.pages.desk_html import Equal, Frame, form_html, size_html, validity_badge, when
from corpus.library import Problem
from corpus.regions import region_name
from index.build import DocumentSummary

STAGES = {"read": "读取文件", "embed": "计算向量", "write": "写入索引"}
ACCEPTED = ".pdf,.docx,.html,.htm,.txt,.md,.png,.jpg,.jpeg,.tif,.tiff,.bmp,.webp,.zip"
_MOST_PROBLEMS = 200


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
            run_html(build),
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
        f"{form_html('/desk/index', frame.token, button)}{progress}</section>"
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
    upload = form_html(
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
    name = f'<span class="file">{escape(item.upload.name)}</span><small>{size_html(item)}</small>'
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


def run_html(build: Build) -> str:
    """Return how each document was read by the last build, the doubtful ones first."""
    if not build.read:
        return ""
    ranked = sorted(build.read, key=lambda one: -len(one.doubts))
    rows = "".join(_read_row(one) for one in ranked)
    doubtful = sum(bool(one.doubts) for one in build.read)
    head = "<tr><th>文件</th><th>条文</th><th>去掉的杂行</th><th>存疑</th></tr>"
    return (
        '<section class="card run"><h2>读取报告</h2><details>'
        f"<summary>上次更新读了 {len(build.read)} 份文件，{doubtful} 份有存疑之处</summary>"
        f'<div class="wide"><table><thead>{head}</thead><tbody>{rows}</tbody></table></div>'
        "</details></section>"
    )


def _read_row(one: DocumentSummary) -> str:
    link = f"/desk/documents/{quote(one.document_id)}"
    doubts = "".join(f"<li>{escape(doubt)}</li>" for doubt in one.doubts)
    return (
        f'<tr><td><a href="{link}">{escape(one.title)}</a>'
        f"<small>{escape(one.document_id)}</small></td>"
        f'<td class="number">{one.clauses}</td>'
        f"<td>{escape(one.noise())}</td>"
        f"<td>{f'<ul>{doubts}</ul>' if doubts else ''}</td></tr>"
    )
