"""What the page 评测 shows: the frame around it, the runs, the sets, the run going on.

Every word that comes from a file or a form goes through `escape`. Chinese only, as the desk.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any
from urllib.parse import quote

from assistant.pages.desk_html import Frame, form_html
from eval.page_runs import OWN, Begun, Row
from eval.page_sets import MOST_BYTES, SetRow
from eval.page_work import Work

HOME = "/evaluation"
STAGES = {"answer": "回答问题", "retrieval": "比较检索方法"}


def page_html(title: str, body: str, frame: Frame) -> str:
    """Return a whole page, in the style of the desk."""
    out = form_html("/desk/sign-out", frame.token, '<button class="quiet">退出登录</button>')
    said = "".join(
        f'<p class="message {escape(kind)}" role="status">{escape(sentence)}</p>'
        for kind, sentence in frame.messages
    )
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · 政策计算器</title>"
        '<link rel="icon" href="data:,"><link rel="stylesheet" href="/desk/desk.css">'
        f'<link rel="stylesheet" href="{HOME}/page.css">'
        f'<script src="{HOME}/page.js" defer></script></head>'
        f'<body data-busy="{int(frame.busy)}" data-stamp="{escape(frame.stamp)}">'
        f'<header><div><h1><a href="{HOME}">政策计算器 · 评测</a></h1>'
        "<p>用测试集检验回答，比较两次评测</p></div>"
        f'<nav><a href="/desk">管理</a><a href="/">回到问答</a>{out}</nav></header>'
        f"<main>{said}{body}</main></body></html>"
    )


def progress_html(work: Work, token: str) -> str:
    """Return the run going on, or how the last one ended; it is there, hidden, without either."""
    stage, done, total = stage_of(work)
    share = f"{stage} {done} / {total}" if total else f"{stage}……"
    stop = form_html(f"{HOME}/stop", token, '<button class="quiet">停止</button>')
    going = (
        f'<section class="card going"{"" if work.running else " hidden"}><div class="line">'
        f"<h2>正在运行：<span>{escape(work.name)}</span></h2>{stop}</div>"
        f'<div class="progress" role="status"><span class="stage">{share}</span>'
        f'<progress max="{total or 1}"{f" value={chr(34)}{done}{chr(34)}" if total else ""}>'
        '</progress><span class="hint">读者照常提问。可以离开这个页面；停止后可以继续。</span>'
        "</div></section>"
    )
    if work.running or not (work.said or work.wrong):
        return going
    kind = "wrong" if work.wrong else "done"
    return f'<p class="message {kind}" role="status">{escape(work.wrong or work.said)}</p>{going}'


def stage_of(work: Work) -> tuple[str, int, int]:
    """What a run does, how much of it is done and of how much; 0 where it cannot tell."""
    if work.stage == "answer" and 0 < work.total <= work.done:
        return STAGES["retrieval"], 0, 0
    return STAGES[work.stage], work.done, work.total


def unfinished_html(begun: Sequence[tuple[Begun, int]], token: str) -> str:
    """Return the runs that were interrupted, with what each has answered so far."""
    if not begun:
        return ""
    rows = "".join(
        f"<tr><td>{escape(one.name)}</td><td>{escape(one.questions.partition('/')[2])}</td>"
        f'<td class="number">{answered} 题</td><td class="actions">'
        + form_html(
            f"{HOME}/unfinished",
            token,
            f'<input type="hidden" name="name" value="{escape(one.name)}">'
            '<button class="primary" name="action" value="resume">继续</button> '
            '<button class="danger" name="action" value="discard">丢弃</button>',
        )
        + "</td></tr>"
        for one, answered in begun
    )
    return (
        '<section class="card unfinished"><h2>没有完成的评测</h2><table><thead><tr><th>名称</th>'
        f"<th>测试集</th><th>已答</th><th></th></tr></thead><tbody>{rows}</tbody></table></section>"
    )


def runs_html(rows: Sequence[Row], broken: Sequence[str]) -> str:
    """Return the kept runs, newest first, two of which can be chosen and compared."""
    if rows:
        body = "".join(map(_run_row, rows))
        table = (
            f'<form action="{HOME}/compare" class="compare"><div class="wide"><table class="runs">'
            '<thead><tr><th><span class="unseen">选择</span></th><th>名称</th><th>日期</th>'
            "<th>提交</th><th>题数</th><th>全对</th><th>要点</th><th>拒答 F1</th>"
            f"<th>p95</th></tr></thead><tbody>{body}</tbody></table></div>"
            '<p class="line"><button class="primary" id="compare">比较所选的两次</button>'
            '<span class="hint">选两次，旧的为甲，新的为乙。全对：结束方式、要点、引用都对的题；'
            "要点：应有要点答出的比例。</span></p></form>"
        )
    else:
        table = '<p class="hint">还没有评测结果。在下面选一个测试集运行。</p>'
    bad = "".join(f'<p class="bad">{escape(one)} 不是评测结果，或已损坏。</p>' for one in broken)
    count = f'<span class="count">{len(rows)}</span>' if rows else ""
    return f'<section class="card"><h2>评测结果{count}</h2>{table}{bad}</section>'


def _run_row(row: Row) -> str:
    part = f" · {row.part} 部分" if row.part else ""
    origin = "本机" if row.place == OWN else "项目自带"
    badge = (
        f' <span class="badge bad">{row.misquoted} 处引文不是原文</span>' if row.misquoted else ""
    )
    return (
        f'<tr><td><input type="checkbox" name="run" value="{escape(row.key)}"'
        f' aria-label="选择 {escape(row.name)}"></td>'
        f'<td><a href="{run_address(row.key)}">{escape(row.name)}</a>{badge}'
        f"<small>{origin}{escape(part)}</small></td>"
        f'<td class="short">{escape(row.made)}</td><td class="short">{escape(row.commit)}</td>'
        f'<td class="number">{row.questions}</td><td class="number">{_share(row.right)}</td>'
        f'<td class="number">{_share(row.facts)}</td>'
        f'<td class="number">{row.refusal_f1:.3f}</td>'
        f'<td class="number">{row.ms_p95:.0f} ms</td></tr>'
    )


def _share(held: float | None) -> str:
    return "—" if held is None else f"{held:.1%}"


def run_address(key: str) -> str:
    """Where a kept run is shown."""
    return f"{HOME}/runs/{quote(key)}"


def sets_html(rows: Sequence[SetRow], token: str) -> str:
    """Return the form that sends a set, and the sets with a form each that runs it."""
    pick = (
        '<label class="drop"><b>选择测试集文件</b><span>一个 JSONL 文件，或含 queries.jsonl、'
        f"qrels.tsv、answers.jsonl 的 ZIP；不超过 {MOST_BYTES >> 20} MB</span>"
        f'<input type="file" name="set" required accept=".jsonl,.json,.zip" '
        f'data-most="{MOST_BYTES}"></label><p class="chosen hint" aria-live="polite"></p>'
        '<button class="primary">放入</button>'
    )
    upload = form_html(f"{HOME}/sets", token, pick, ' enctype="multipart/form-data" class="upload"')
    body = "".join(_set_row(row, token) for row in rows)
    return (
        '<section class="card"><h2>测试集</h2>'
        f"{upload}{_example_html()}"
        '<table class="sets"><thead><tr><th>名称</th><th>问题</th><th>运行</th></tr></thead>'
        f"<tbody>{body}</tbody></table></section>"
    )


def _example_html() -> str:
    lines = (
        '{"id": "1", "question": "……是多少？", "answerable": true, '
        '"must_include": ["30亿元|30亿"], "must_not_include": ["300亿"], '
        '"evidence": [{"doc": "文件编号或标题", "quote": "原文"}]}\n'
        '{"id": "2", "question": "库里没有答案的问题？", "answerable": false}'
    )
    return (
        '<details class="example"><summary>JSONL 的写法：一行一个问题</summary>'
        f'<pre>{escape(lines)}</pre><p class="hint">“|”隔开的写法有一个即可。还可以写 type'
        "（题型）、part（部分）、day（提问日，如 2026-01-31）、style。</p></details>"
    )


def _set_row(row: SetRow, token: str) -> str:
    origin = "放入的" if row.is_own else "项目自带"
    name = f"<td>{escape(row.name)}<small>{origin}</small></td>"
    if row.error:
        return f'<tr>{name}<td colspan="2"><p class="bad">{escape(row.error)}</p></td></tr>'
    parts = "".join(f"<option>{escape(one)}</option>" for one in row.parts)
    choice = (
        f'<label>部分<select name="part"><option value="">全部</option>{parts}</select></label>'
        if len(row.parts) > 1
        else ""
    )
    fields = (
        f'<input type="hidden" name="set" value="{escape(row.key)}">{choice}'
        f'<label>名称<input name="name" maxlength="60" value="{escape(row.name)}"></label>'
        '<label class="check" title="需要安装开发用的附加包"><input type="checkbox"'
        ' name="retrieval" value="1"> 同时比较检索方法（较慢）</label>'
        '<button class="primary">运行</button>'
    )
    return (
        f'<tr>{name}<td class="number">{row.questions}<small>库中无答案 {row.unanswerable}</small>'
        f"</td><td>{form_html(f'{HOME}/runs', token, fields, ' class=run-set')}</td></tr>"
    )


def run_html(key: str, run: Mapping[str, Any], rows: Sequence[Row]) -> str:
    """Return the page of one kept run: its report in a frame, and others to compare it with."""
    name = escape(run["name"])
    others = "".join(
        f'<option value="{escape(row.key)}">{escape(row.name)}（{escape(row.made)}，'
        f"{row.questions} 题）</option>"
        for row in rows
        if row.key != key
    )
    compare = (
        f'<form action="{HOME}/compare" class="with"><input type="hidden" name="run"'
        f' value="{escape(key)}"><label>与另一次比较<select name="run">{others}</select></label>'
        "<button>比较</button></form>"
        if others
        else ""
    )
    report = f"{run_address(key)}/report"
    return (
        f'<div class="line path"><span><a href="{HOME}">评测</a> › {name}</span>{compare}</div>'
        f'<section class="card"><iframe src="{report}" title="评测 {name} 的报告"></iframe>'
        f'<p><a href="{report}" target="_blank">单独打开报告</a></p></section>'
    )
