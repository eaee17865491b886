"""Two runs side by side: every score's paired difference, and the questions that changed.

Only questions of both runs are compared. The words of answers and sets go through `escape`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from assistant.answer import Status
from assistant.pages.texts import CHINESE
from eval.metrics import Mean, mean
from eval.report import SCORE_NAMES

Line = Mapping[str, Any]
Pair = tuple[Line, Line]  # the same question before and after
_LOWER_IS_BETTER = ("stale",)


@dataclass(frozen=True)
class Compared:
    """The questions of both runs, by what became of them."""

    pairs: tuple[Pair, ...]
    only_before: int
    only_after: int

    def where(self, was_right: bool, is_right: bool) -> list[Pair]:
        """The pairs that were right or wrong before, and are after."""
        return [
            (before, after)
            for before, after in self.pairs
            if (before["right"] == 1, after["right"] == 1) == (was_right, is_right)
        ]


def compare_lines(before: Line, after: Line) -> Compared:
    """The questions that both runs answered, paired by id."""
    earlier = {one["id"]: one for one in before["queries"]}
    pairs = tuple((earlier[one["id"]], one) for one in after["queries"] if one["id"] in earlier)
    return Compared(pairs, len(earlier) - len(pairs), len(after["queries"]) - len(pairs))


def compare_html(before: Line, after: Line) -> str:
    """What changed from one run to the other, as tables and answers to read."""
    compared = compare_lines(before, after)
    heads = "".join(
        f"<p><b>{word}</b> {escape(run['name'])}<small>{escape(run['made'])} · 提交 "
        f"{escape(run['commit'])} · 索引 {escape(run['index'][:12])} · "
        f"{run['summary']['questions']} 题</small></p>"
        for word, run in (("甲", before), ("乙", after))
    )
    note = _note(compared, before["index"] == after["index"])
    if not compared.pairs:
        return f'<section class="card"><h2>比较</h2><div class="two">{heads}</div>{note}</section>'
    return (
        f'<section class="card"><h2>比较</h2><div class="two">{heads}</div>{note}'
        f"{_scores_html(compared.pairs)}</section>"
        + _group_html("由错变对", compared.where(False, True), "good", is_open=True)
        + _group_html("由对变错", compared.where(True, False), "bad", is_open=True)
        + _group_html("两次都错", compared.where(False, False), "warn", is_open=False)
    )


def _note(compared: Compared, same_index: bool) -> str:
    said = [f"共同的 {len(compared.pairs)} 题"]
    if compared.only_before or compared.only_after:
        said.append(f"只在甲的 {compared.only_before} 题、只在乙的 {compared.only_after} 题不比较")
    if not same_index:
        said.append("两次所用的索引不同")
    if not compared.pairs:
        said = ["这两次评测没有共同的问题，无法比较。请选同一测试集的两次评测"]
    return f'<p class="hint">{"；".join(said)}。</p>'


def _scores_html(pairs: Sequence[Pair]) -> str:
    rows = "".join(_score_row(name, shown, pairs) for name, shown in SCORE_NAMES.items())
    return (
        '<div class="wide"><table class="scores"><thead><tr><th>指标</th><th>甲</th><th>乙</th>'
        "<th>乙 − 甲</th><th>95% 区间</th><th>题数</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def _score_row(name: str, shown: str, pairs: Sequence[Pair]) -> str:
    held = [
        (before[name], after[name])
        for before, after in pairs
        if before[name] is not None and after[name] is not None
    ]
    if not held:
        return ""
    gain = mean([after - before for before, after in held])
    first, second = (sum(each) / len(held) for each in zip(*held, strict=True))
    return (
        f"<tr><td>{escape(shown)}</td><td>{first:.3f}</td><td>{second:.3f}</td>"
        f'<td><span class="{_judged(gain, name)}">{gain.mean:+.3f}</span></td>'
        f"<td>[{gain.low:+.3f}, {gain.high:+.3f}]</td><td>{gain.count}</td></tr>"
    )


def _judged(gain: Mean, name: str) -> str:
    """Better or worse only where the whole interval says so."""
    sign = -1 if name in _LOWER_IS_BETTER else 1
    low, high = sorted((gain.low * sign, gain.high * sign))
    if low > 0:
        return "badge good"
    return "badge bad" if high < 0 else ""


def _group_html(title: str, pairs: Sequence[Pair], kind: str, is_open: bool) -> str:
    inside = "".join(_pair_html(before, after) for before, after in pairs)
    held = inside if pairs else '<p class="hint">没有。</p>'
    if pairs and not is_open:
        held = f"<details><summary>展开这 {len(pairs)} 题</summary>{inside}</details>"
    return (
        f'<section class="card group {kind}"><h2>{title}<span class="count">{len(pairs)}</span>'
        f"</h2>{held}</section>"
    )


def _pair_html(before: Line, after: Line) -> str:
    expected = after["expected"]
    wanted = "；".join(expected["must_include"]) or "、".join(map(_ending, expected["statuses"]))
    asked = f'<p class="hint">应有：{escape(wanted)}</p>' if wanted else ""
    return (
        f'<details class="question"><summary><b>{escape(after["id"])}</b> '
        f"{escape(after['question'])}<small>{escape(after['kind'])}</small></summary>{asked}"
        f'<div class="two">{_answer_html("甲", before)}{_answer_html("乙", after)}</div></details>'
    )


def _answer_html(word: str, line: Line) -> str:
    kind, verdict = ("bad", "不对") if line["wrong"] else ("good", "全对")
    why = f'<p class="bad">{escape(line["wrong"])}</p>' if line["wrong"] else ""
    quotes = "".join(
        f"<li><code>{escape(one['clause_id'])}</code>{escape(one['quote'])}</li>"
        for one in line["citations"]
    )
    return (
        f'<div class="answer"><p><b>{word}</b> <span class="badge {kind}">{verdict}</span> '
        f"<small>{escape(_ending(line['status']))} · {line['ms']:.0f} ms</small></p>{why}"
        f"<pre>{escape(line['answer'])}</pre>{f'<ol>{quotes}</ol>' if quotes else ''}</div>"
    )


def _ending(status: str) -> str:
    """How an answer ended, in Chinese; as it is written where this version knows no such end."""
    if status == Status.ANSWERED:
        return "已回答"
    return CHINESE.statuses[Status(status)] if status in set(Status) else status
