"""A run as text for the terminal and as one self-contained HTML page; two runs side by side."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from eval.metrics import Mean, mean, paired

SCORE_NAMES = {
    "right": "全对",
    "facts": "要点齐全",
    "numbers": "数字准确",
    "citation_precision": "引用支持所述",
    "citation_recall": "所述都有引用",
    "clause_exact": "引到所在条文",
    "verdict": "资格判断",
    "amount": "金额",
    "stale": "误引失效条文",
}
_RANKING = ("recall@1", "recall@5", "recall@10", "mrr", "ndcg@10")
_STYLE = """
body{font:15px/1.6 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;margin:2rem auto;
max-width:70rem;padding:0 1rem;color:#1f2733}
table{border-collapse:collapse;margin:.5rem 0 1.5rem}td,th{padding:.25rem .7rem;text-align:right;
border-bottom:1px solid #d9dee6}td:first-child,th:first-child{text-align:left}
details{border:1px solid #d9dee6;border-radius:.4rem;padding:.4rem .8rem;margin:.4rem 0}
summary{cursor:pointer}.wrong{color:#a33}pre{white-space:pre-wrap;font:inherit}
"""


def as_text(run: Mapping[str, Any]) -> str:
    """The summary of a run as a few lines."""
    summary = run["summary"]
    lines = [
        f"{run['name']}（{run['part'] or '全部'}）：{summary['questions']} 题，"
        f"提交 {run['commit']}，索引 {run['index'][:12]}"
    ]
    for name, shown in SCORE_NAMES.items():
        if summary["scores"][name]["count"]:
            lines.append(f"  {_pad(shown)} {_interval(summary['scores'][name])}")
    refusal = summary["refusal"]
    lines.append(
        f"  {_pad('拒答')} 精确率 {refusal['precision']:.3f} 召回率 {refusal['recall']:.3f} "
        f"F1 {refusal['f1']:.3f}"
    )
    right = summary["quotes"] - summary["misquoted"]
    lines.append(f"  {_pad('引文逐字')} {right}/{summary['quotes']}")
    lines.append(f"  {_pad('用时')} p50 {summary['ms_p50']:.0f} ms，p95 {summary['ms_p95']:.0f} ms")
    lines.append("  按题型（全对）：")
    for kind, scores in summary["kinds"].items():
        held = scores["right"]
        facts = scores["facts"]
        shown = f"，要点 {facts['mean']:.2f}" if facts["count"] else ""
        lines.append(f"    {kind:22} {held['mean']:.2f}（{held['count']}）{shown}")
    lines += _ranking_lines(run["retrieval"])
    return "\n".join(lines)


def _pad(text: str) -> str:
    return text + "　" * (7 - len(text))


def _interval(held: Mapping[str, Any]) -> str:
    return f"{held['mean']:.3f}  [{held['low']:.3f}, {held['high']:.3f}]  n={held['count']}"


def _ranking_lines(retrieval: Mapping[str, Any]) -> list[str]:
    if not retrieval:
        return []
    lines = [f"  检索：{'':26}" + "".join(f"{name:>11}" for name in _RANKING)]
    for name, scores in retrieval.items():
        shown = "".join(f"{scores[each]['mean']:>11.3f}" for each in _RANKING)
        lines.append(f"    {name:34}{shown}")
    ours = next(iter(retrieval))
    for name in list(retrieval)[1:]:
        gain = _gain(retrieval[ours], retrieval[name])
        lines.append(
            f"    {ours} − {name}：nDCG@10 {gain.mean:+.3f} [{gain.low:+.3f}, {gain.high:+.3f}]"
        )
    return lines


def _gain(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Mean:
    return paired(ours["ndcg@10"]["each"], theirs["ndcg@10"]["each"])


def compare(run: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """What changed from another run to this one, question by question."""
    before = {one["id"]: one for one in other["queries"]}
    both = [(one, before[one["id"]]) for one in run["queries"] if one["id"] in before]
    lines = [f"与 {other['name']}（提交 {other['commit']}）相比，共同的 {len(both)} 题："]
    for name, shown in SCORE_NAMES.items():
        pairs = [
            new[name] - old[name]
            for new, old in both
            if new[name] is not None and old[name] is not None
        ]
        if pairs:
            gain = mean(pairs)
            lines.append(f"  {_pad(shown)} {gain.mean:+.3f} [{gain.low:+.3f}, {gain.high:+.3f}]")
    for word, sign in (("变对", 1), ("变错", -1)):
        changed = [new["id"] for new, old in both if (new["right"] - old["right"]) * sign > 0]
        lines.append(f"  {word}：{'、'.join(changed) or '无'}")
    return "\n".join(lines)


def as_html(run: Mapping[str, Any], other: Mapping[str, Any] | None = None) -> str:
    """The run as one page that loads nothing: tables, plots, and every failure to read."""
    summary = run["summary"]
    failures = [one for one in run["queries"] if one["wrong"]]
    parts = [
        f"<h1>评测：{escape(run['name'])}</h1>",
        f"<p>{escape(run['part'] or '全部')} · {summary['questions']} 题 · 提交 "
        f"{escape(run['commit'])} · 索引 {escape(run['index'][:12])} · {escape(run['made'])}</p>",
        f"<pre>{escape(compare(run, other))}</pre>" if other else "",
        "<h2>总分</h2>",
        _scores_html(summary),
        "<h2>按题型</h2>",
        _bars_html({kind: each["right"] for kind, each in summary["kinds"].items()}),
        "<h2>拒答是否可靠</h2>",
        _refusal_html(run["queries"]),
        "<h2>检索</h2>" + _ranking_html(run["retrieval"]) if run["retrieval"] else "",
        "<h2>用时（毫秒）</h2>",
        _latency_html([one["ms"] for one in run["queries"]]),
        f"<h2>没有全对的 {len(failures)} 题</h2>",
        *(_failure_html(one) for one in failures),
    ]
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>评测 {escape(run['name'])}</title><style>{_STYLE}</style></head><body>"
        f"{''.join(parts)}</body></html>"
    )


def _scores_html(summary: Mapping[str, Any]) -> str:
    rows = [
        (shown, f"{held['mean']:.3f}", f"{held['low']:.3f}–{held['high']:.3f}", held["count"])
        for name, shown in SCORE_NAMES.items()
        if (held := summary["scores"][name])["count"]
    ]
    rows.append(("拒答 F1", f"{summary['refusal']['f1']:.3f}", "", ""))
    return _table(("指标", "均值", "95% 区间", "题数"), rows)


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    head = "".join(f"<th>{escape(one)}</th>" for one in heads)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in row)}</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _bars_html(values: Mapping[str, Mapping[str, Any]]) -> str:
    """A bar a kind, with its interval as a line over it."""
    width, row = 520, 24
    parts = []
    for number, (kind, held) in enumerate(values.items()):
        y = number * row
        low, high = held["low"] * width, held["high"] * width
        parts.append(
            f'<text x="0" y="{y + 16}">{escape(kind)}（{held["count"]}）</text>'
            f'<rect x="200" y="{y + 4}" width="{held["mean"] * width:.1f}" height="15" '
            f'fill="#4a7fb5"/><line x1="{200 + low:.1f}" x2="{200 + high:.1f}" '
            f'y1="{y + 11}" y2="{y + 11}" stroke="#1f2733" stroke-width="2"/>'
            f'<text x="{206 + width}" y="{y + 16}">{held["mean"]:.2f}</text>'
        )
    height = len(values) * row
    return _svg(780, height, "".join(parts), "每种题型全对的比例，横线为 95% 区间")


def _svg(width: int, height: int, inner: str, label: str) -> str:
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" role="img" '
        f'aria-label="{escape(label)}" style="max-width:100%;font-size:13px">{inner}</svg>'
    )


def _refusal_html(queries: Sequence[Mapping[str, Any]]) -> str:
    """Answered and refused against answerable and not, and by kind where it went wrong."""
    counts = {(a, b): 0 for a in (True, False) for b in (True, False)}
    for one in queries:
        counts[(one["answerable"], one["refused"])] += 1
    rows = [
        ("库中有答案", counts[(True, False)], counts[(True, True)]),
        ("库中无答案", counts[(False, False)], counts[(False, True)]),
    ]
    return _table(("", "作了回答", "没有回答"), rows)


def _ranking_html(retrieval: Mapping[str, Any]) -> str:
    ours = next(iter(retrieval))
    rows = []
    for name, scores in retrieval.items():
        gain = _gain(retrieval[ours], scores)
        against = "" if name == ours else f"{gain.mean:+.3f} [{gain.low:+.3f}, {gain.high:+.3f}]"
        rows.append((name, *(f"{scores[each]['mean']:.3f}" for each in _RANKING), against))
    return _table(("方法", *_RANKING, "本系统的 nDCG 高出"), rows)


def _latency_html(times: Sequence[float]) -> str:
    """How many questions took how long."""
    top = max(times)
    buckets = [0] * 24
    for one in times:
        buckets[min(int(one / top * 24), 23)] += 1
    most = max(buckets)
    bars = "".join(
        f'<rect x="{place * 30}" y="{120 - 110 * count / most:.1f}" width="26" '
        f'height="{110 * count / most:.1f}" fill="#4a7fb5"/>'
        for place, count in enumerate(buckets)
    )
    axis = f'<text x="0" y="138">0</text><text x="650" y="138">{top:.0f}</text>'
    return _svg(730, 142, bars + axis, "每题用时的分布")


def _failure_html(one: Mapping[str, Any]) -> str:
    expected = "；".join(one["expected"]["must_include"]) or "、".join(one["expected"]["statuses"])
    quotes = "".join(
        f"<li>{escape(each['clause_id'])}：{escape(each['quote'])}</li>"
        for each in one["citations"]
    )
    return (
        f"<details><summary>{escape(one['id'])} {escape(one['kind'])}："
        f'{escape(one["question"])} <span class="wrong">{escape(one["wrong"])}</span></summary>'
        f"<p>应有：{escape(expected)}</p><pre>{escape(one['answer'])}</pre>"
        f"<p>结束方式：{escape(one['status'])}</p><ul>{quotes}</ul></details>"
    )
