"""The printable 自测报告: one HTML file that needs nothing else.

The browser prints it or saves it as PDF. What it does not know: how a result was reached.
"""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from datetime import date
from html import escape

from assistant.calculator import (
    VERDICTS,
    Report,
    cite,
    is_unverified,
    references_of,
)
from assistant.pages.source import titled
from assistant.rules.assessment import Assessment
from assistant.rules.catalogue import catalogue
from assistant.rules.conditions import ConditionResult
from assistant.rules.periods import in_words
from assistant.rules.ranges import Verdict
from assistant.rules.references import find_source
from assistant.rules.rule import Note, Reference
from assistant.rules.shown import amount as amount_shown
from assistant.rules.shown import fact_shown
from corpus.document import Document
from corpus.validity import chinese_day, validity_on

_ORDER = (Verdict.MET, Verdict.UNKNOWN, Verdict.NOT_MET, Verdict.NOT_IN_FORCE)
_OPEN = (Verdict.MET, Verdict.UNKNOWN)  # of these one wants to know how to apply
_TITLE = "科技政策自测报告"
_SELF_TEST = (
    "本报告由所填情况按政策条文逐条算出，是企业的自测，不是主管部门的决定，也不代表申报一定通过；"
    "办理时以发文机关公布的原文和解释为准。"
)
_SCRIPT = "document.querySelector('button').addEventListener('click', () => window.print());"
_STYLE = """
@page { size: A4; margin: 18mm 16mm; }
* { box-sizing: border-box; }
body { max-width: 800px; margin: 24px auto; padding: 0 16px; color: #1d2730;
  font: 15px/1.65 "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
  overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 24px; color: #0b5567; }
h2 { margin: 28px 0 8px; padding-bottom: 4px; border-bottom: 2px solid #0b5567; font-size: 18px; }
h3 { margin: 20px 0 4px; font-size: 16px; break-after: avoid; }
p { margin: 4px 0; }
.self-test { padding: 8px 14px; border: 1px solid #d9a04a; background: #fdf3e3; }
.doubt { color: #9b1c1c; font-weight: 600; }
.muted, small { color: #55626e; font-size: 13px; }
.worth { font-weight: 600; }
table { width: 100%; margin: 6px 0; border-collapse: collapse; font-size: 13.5px;
  line-height: 1.5; }
th, td { padding: 4px 8px; border: 1px solid #c9d2d8; text-align: left; vertical-align: top; }
thead th { background: #e6eff1; font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 400; }
tr { break-inside: avoid; }
td.verdict { white-space: nowrap; }
.met { color: #0b5567; } .not_met { color: #9b1c1c; } .unknown { color: #8a4b08; }
ol, ul { margin: 4px 0; padding-left: 1.6em; }
li { break-inside: avoid; }
.sources { padding-left: 0; list-style: none; font-size: 14px; }
.part-1 { padding-left: 2em; } .part-2 { padding-left: 3.4em; }
button { padding: 6px 18px; border: 1px solid #0b5567; border-radius: 4px; background: #0b5567;
  color: #fff; font: inherit; cursor: pointer; }
@media print {
  button { display: none; }
  body { margin: 0; padding: 0; max-width: none; font-size: 12.5px; line-height: 1.55; }
  h2 { margin-top: 20px; font-size: 16px; } h3 { margin-top: 14px; font-size: 14px; }
  table, .sources, .muted, small { font-size: 11.5px; }
  th, td { padding: 2px 6px; }
}
"""


def report_policy() -> str:
    """The Content-Security-Policy under which the report runs its own script and no other."""
    digest = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def report_html(report: Report, sentence: str = "") -> str:
    """The report as one whole HTML page in Chinese. `sentence` is what the visitor wrote."""
    numbers = _numbered(report)
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_TITLE} {report.day}</title>"
        f'<link rel="icon" href="data:,"><style>{_STYLE}</style></head><body>'
        f"<h1>{_TITLE}</h1><p>按{chinese_day(report.day)}有效的规定测算</p>"
        f'<p class="self-test">{_SELF_TEST}</p><p><button>打印 / 保存为 PDF</button></p>'
        f"{_facts_html(report, sentence)}{_overview_html(report)}"
        f"{''.join(_programme_html(one, numbers) for one in _ordered(report))}"
        f"{_stackings_html(report, numbers)}{_sources_html(report, numbers)}"
        f"<script>{_SCRIPT}</script></body></html>"
    )


def _ordered(report: Report) -> list[Assessment]:
    return sorted(report.assessments, key=lambda one: _ORDER.index(one.verdict))


def _numbered(report: Report) -> dict[Reference, int]:
    """Every clause that the report rests on -> its number, in the order of reading."""
    held: dict[Reference, int] = {}
    for one in _ordered(report):
        notes = [note for _, told in _notes(one) for note in told] if one.verdict in _OPEN else []
        periods = () if one.in_force else one.rule.in_force
        said = [*(note.reference for note in notes), *(period.reference for period in periods)]
        for reference in (*references_of(one), *(told for told in said if told)):
            held.setdefault(reference, len(held) + 1)
    for stacking in report.stackings:
        if stacking.reference:
            held.setdefault(stacking.reference, len(held) + 1)
    return held


def _mark(reference: Reference | None, numbers: dict[Reference, int]) -> str:
    if reference is None:
        return ""
    doubt = "（待核）" if find_source(reference).is_unverified else ""
    return f"{doubt}<small>[{numbers[reference]}]</small>" if reference in numbers else doubt


def _facts_html(report: Report, sentence: str) -> str:
    known = catalogue().known(report.facts, report.day)
    rows = "".join(
        f"<tr><th>{escape(known.types[name].name)}</th>"
        f"<td>{escape(fact_shown(known, name) or '')}</td></tr>"
        for name in report.facts.values
    )
    rows += "".join(
        f"<tr><th>{escape(known.types[name].name)}</th><td>不清楚</td></tr>"
        for name in sorted(report.facts.unsure)
    )
    doubts = "".join(
        f'<p class="doubt">未用于计算：{escape(one.text)}</p>' for one in report.doubts
    )
    told = f"<p>企业自述：{escape(sentence)}</p>" if sentence.strip() else ""
    table = f"<table><tbody>{rows}</tbody></table>" if rows else "<p>没有填写企业情况。</p>"
    return f"<h2>一、企业情况</h2>{told}{table}{doubts}"


def _overview_html(report: Report) -> str:
    rows = "".join(
        f"<tr><th>{escape(one.rule.name)}{'（待核）' if is_unverified(one) else ''}</th>"
        f'<td class="verdict {one.verdict}">{VERDICTS[one.verdict]}</td><td>{_worth(one)}</td></tr>'
        for one in _ordered(report)
    )
    return (
        "<h2>二、结果一览</h2><table><thead><tr><th>政策</th><th>结果</th><th>金额</th></tr></thead>"
        f"<tbody>{rows}</tbody></table><h2>三、逐项说明</h2>"
    )


def _worth(one: Assessment) -> str:
    return escape(amount_shown(one.amount.value, one.amount.unit)) if one.amount else ""


def _programme_html(one: Assessment, numbers: dict[Reference, int]) -> str:
    doubt = "（待核）" if is_unverified(one) else ""
    return (
        f'<h3>{escape(one.rule.name)}：<span class="{one.verdict}">{VERDICTS[one.verdict]}</span>'
        f'{doubt}</h3><p class="muted">{_period(one, numbers)}</p>'
        f"{_amounts_html(one)}{_conditions_html(one, numbers)}{_steps_html(one, numbers)}"
        f"{_notes_html(one, numbers) if one.verdict in _OPEN else ''}"
    )


def _period(one: Assessment, numbers: dict[Reference, int]) -> str:
    periods = (one.in_force,) if one.in_force else one.rule.in_force
    told = []
    for period in periods:
        told.append(f"{in_words(period)}{_mark(period.reference, numbers)}")
    lead = "有效期间：" if one.in_force else "测算日没有有效的规定，不作测算。库中所载的有效期间："
    return lead + "；".join(told)


def _amounts_html(one: Assessment) -> str:
    if_met = "（条件全部符合时）" if one.verdict is Verdict.UNKNOWN else ""
    return "".join(
        f'<p class="worth">{escape(held.label)}{if_met if held.is_worth else ""}：'
        f"{escape(amount_shown(held.value, held.unit))}</p>"
        for held in one.amounts
    )


def _conditions_html(one: Assessment, numbers: dict[Reference, int]) -> str:
    if not one.conditions:
        return ""
    heads = "".join(f"<th>{head}</th>" for head in ("条件", "结果", "贵企业", "要求", "差距"))
    rows = "".join(_condition_rows(one.conditions, numbers, 0))
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _condition_rows(
    conditions: Sequence[ConditionResult], numbers: dict[Reference, int], depth: int
) -> Iterator[str]:
    for one in conditions:
        value = one.value if one.value is not None else "未填"
        cells = (value, one.threshold, one.gap.text if one.gap else "")
        mark = _mark(one.reference, numbers)
        yield (
            f'<tr><th class="part-{min(depth, 2)}">{escape(one.label)}{mark}</th>'
            f'<td class="verdict {one.verdict}">{VERDICTS[one.verdict]}</td>'
            f"{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
        )
        yield from _condition_rows(one.parts, numbers, depth + 1)


def _steps_html(one: Assessment, numbers: dict[Reference, int]) -> str:
    items = "".join(
        f"<li>{escape(step.label)} ＝ {escape(step.how)} ＝ "
        f"{escape(amount_shown(step.amount, step.unit))}{_mark(step.reference, numbers)}</li>"
        for step in one.steps
        if step.amount.low > 0 or step.amount.is_bounded
    )
    return f"<p>怎样算出：</p><ol>{items}</ol>" if items else ""


def _notes(one: Assessment) -> tuple[tuple[str, list[Note]], ...]:
    """What is said beside the result on its day, by kind."""
    parts: tuple[tuple[str, Sequence[Note]], ...] = (
        ("申报材料", one.rule.materials),
        ("申报时间", one.rule.windows),
        ("找谁办", (one.rule.department,) if one.rule.department else ()),
        ("注意", one.notes),
    )
    return tuple(
        (title, [note for note in notes if note.covers(one.day)]) for title, notes in parts
    )


def _notes_html(one: Assessment, numbers: dict[Reference, int]) -> str:
    items = "".join(
        f"<li>{title}：{escape(note.text)}{_mark(note.reference, numbers)}</li>"
        for title, notes in _notes(one)
        for note in notes
    )
    return f"<ul>{items}</ul>" if items else ""


def _stackings_html(report: Report, numbers: dict[Reference, int]) -> str:
    items = "".join(
        f"<li>{escape(one.text)}{_mark(one.reference, numbers)}</li>" for one in report.stackings
    )
    return f"<h2>四、能不能一起享受</h2><ul>{items}</ul>" if items else ""


def _sources_html(report: Report, numbers: dict[Reference, int]) -> str:
    """The clauses with their exact words, by document, with the address of the original."""
    by_document: dict[str, list[Reference]] = {}
    for one in numbers:
        by_document.setdefault(one.document, []).append(one)
    told = "".join(_document_html(ones, numbers, report.day) for ones in by_document.values())
    heading = "五" if report.stackings else "四"
    return f"<h2>{heading}、条款依据</h2>{told}" if told else ""


def _document_html(ones: Sequence[Reference], numbers: dict[Reference, int], day: date) -> str:
    document = find_source(ones[0]).document
    number = f"（{document.document_number}）" if document.document_number else ""
    digest = "　要点摘编，非原文" if document.is_digest else ""
    address = f"<br>{escape(document.source_url)}" if document.source_url else ""
    items = "".join(f"<li>[{numbers[one]}] {_clause_html(one, day)}</li>" for one in ones)
    return (
        f"<h3>{escape(titled(document.title))}{escape(number)}</h3>"
        f'<p class="muted">{_validity(document, day)}{digest}{address}</p>'
        f'<ul class="sources">{items}</ul>'
    )


def _validity(document: Document, day: date) -> str:
    return escape(f"时效（按{chinese_day(day)}判断）：{validity_on(document, day)[1]}")


def _clause_html(reference: Reference, day: date) -> str:
    cited = cite(reference, day)
    doubt = "（待核）" if find_source(reference).is_unverified else ""
    return f"{escape(cited.clause)}{doubt}：“{escape(cited.quote)}”"
