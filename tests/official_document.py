"""A made-up notice with annex, chapters, a table and running heads, as text and as a page."""

import html
import subprocess
from difflib import SequenceMatcher
from pathlib import Path

HEAD = "某某省人民政府公报 2024年第6期"
TITLE = "某某省科学技术厅关于印发《某某省科技资金管理办法》的通知"
TABLE = (
    ("序号", "重点任务", "资金（万元）", "责任单位"),
    ("1", "支持企业建设研发平台，完善技术创新体系，加大研发投入力度", "1200", "省科技厅"),
    ("2", "落实研究开发费用加计扣除政策", "350", "省税务局"),
    ("3", "推进科技成果转化", "800", "省科技厅、省财政厅"),
)
LINES = (
    ("title", TITLE),
    ("center", "某科发〔2024〕6号"),
    ("plain", "各市科技局，各有关单位："),
    (
        "text",
        "为规范科技资金管理，现将《某某省科技资金管理办法》印发给你们，请认真贯彻执行。"
        "执行中的问题，请及时反馈省科学技术厅资源配置与管理处。",
    ),
    ("right", "某某省科学技术厅"),
    ("right", "2024年6月3日"),
    ("break", "附件"),
    ("title", "某某省科技资金管理办法"),
    ("center", "第一章　总则"),
    (
        "text",
        "第一条　为了规范科技资金管理，提高资金使用效益，根据《中华人民共和国科学技术进步法》"
        "等有关法律法规，结合本省实际，制定本办法（试行）。",
    ),
    (
        "text",
        "第二条　本办法适用于省级财政安排的科技资金，资金的申报、拨付、使用和监督管理适用本办法。"
        "中央财政资金另有规定的，从其规定，并同时遵守本办法第五条的规定。",
    ),
    ("center", "第二章　支持方式"),
    ("text", "第三条　申报单位应当同时具备下列条件："),
    ("text", "（一）在本省行政区域内登记注册，具有独立法人资格；"),
    (
        "text",
        "（二）上年度研究开发费用占销售收入的比例不低于3%，且近三年内没有发生重大安全、"
        "重大质量事故或者严重环境违法行为；",
    ),
    ("text", "（三）法律法规规定的其他条件。"),
    (
        "text",
        "第四条　对首次认定的高新技术企业给予20万元补助，对重新认定的企业给予10万元补助。"
        "年度重点任务和资金安排见下表：",
    ),
    ("table", ""),
    ("center", "第三章　附则"),
    (
        "text",
        "第五条　违反本办法规定骗取资金的，由科技部门责令退回，三年内不得申报；"
        "情节严重的，依法追究责任。",
    ),
    ("text", "第六条　本办法自2024年7月1日起施行，有效期五年。"),
)
_STYLE = """
@page { size: A5; margin: 20mm 18mm;
  @top-center { content: "HEAD"; font: 10pt "Noto Serif CJK SC", serif; }
  @bottom-center { content: "— " counter(page) " —"; font: 10pt "Noto Serif CJK SC", serif; } }
body { font: 14pt/1.8 "Noto Serif CJK SC", "Noto Sans CJK SC", serif; margin: 0; }
p { margin: 0; text-align: justify; } .text { text-indent: 2em; } .center { text-align: center; }
.title { text-align: center; font-size: 20pt; } .right { text-align: right; }
.break { break-before: page; }
table { border-collapse: collapse; width: 100%; } td, th { border: 1px solid; font-size: 11pt; }
"""


def as_text() -> str:
    """The words alone, a paragraph a line, a row a line with tabs."""
    rows = "\n".join("\t".join(row) for row in TABLE)
    return "\n".join(rows if kind == "table" else text for kind, text in LINES) + "\n"


def as_page() -> str:
    """A web page that prints with running heads and page numbers."""
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in TABLE
    )
    body = "".join(
        f"<table>{rows}</table>" if kind == "table" else f"<p class={kind}>{text}</p>"
        for kind, text in LINES
    )
    style = _STYLE.replace("HEAD", HEAD)
    return f'<html lang="zh-CN"><meta charset="utf-8"><style>{style}</style>{body}</html>'


def print_pdf(page: str, path: Path, chromium: str) -> Path:
    """Print a web page as PDF by Chromium."""
    source = path.with_suffix(".html")
    source.write_text(page, encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]
    options += ["--disable-background-networking", "--no-pdf-header-footer"]
    profile = f"--user-data-dir={path.parent / 'profile'}"
    subprocess.run(
        [chromium, *options, profile, f"--print-to-pdf={path}", source.as_uri()],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return path


def likeness(expected, found) -> float:
    """The share of characters that two readings have in common, in order."""
    one, other = (
        "".join("".join(c.plain.split()) for c in clauses) for clauses in (expected, found)
    )
    same = sum(
        block.size for block in SequenceMatcher(None, one, other, False).get_matching_blocks()
    )
    return same / max(len(one), len(other))
