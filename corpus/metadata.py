"""What a document says of itself: title, 文号, issuing bodies, dates, region, validity.

Only what stands in the text is returned, each with where it was read. A document without a
title line gets a title from its first sentences, and says so.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from corpus.cleaning import Line
from corpus.document import Validity
from corpus.line_kinds import (
    BODIES,
    CHINESE_NUMBER,
    CJK,
    TYPE_WORDS,
    find_document_number,
    is_block,
    is_date,
    is_field_label,
    is_heading,
    is_title,
)
from corpus.numbers import chinese_number
from corpus.regions import NATION, find_regions, main_region, region_name

_HEAD = 25  # lines in which title, 文号 and dates are looked for
_DAY = re.compile(r"(\d{4})\s*[年.\-/]\s*(\d{1,2})\s*[月.\-/]\s*(\d{1,2})日?")
_START = re.compile(
    r"自(\d{4})年(?:(\d{1,2})月(?:(\d{1,2})日)?)?起[^。；;]{0,40}?(?:施行|实施|执行|生效)"
)
_END = re.compile(r"至(\d{4})年(\d{1,2})月(\d{1,2})日(?:止|[，,。；;]|$)")
_YEARS = re.compile(rf"有效期(?:限)?(?:为)?(\d{{1,2}}|{CHINESE_NUMBER})年")
_VERSION = re.compile(
    r"(\d{4}年\d{1,2}月\d{1,2}日)(?:(?!\d{4}年\d).){0,160}?(?:通过|批准|修订|修正|公布|发布)"
)
_PLAN = re.compile(r"(\d{4})年(?:度)?[^。，,]{0,16}(?:要点|思路|意见|安排|任务|工作计划|政策清单)")
_THIS_YEAR = re.compile(r"^(\d{4})年是")
_SUBJECT = re.compile(r"今年(全?[^，,。:：是]{2,12}?工作)的?((?:总体)?思路)(?:是|[:：])")
_PROPOSES = re.compile(r"(?:提出|制定)(?:以下|如下|本)(意见|措施|要点|方案|办法|规定)")
_BODY = re.compile(rf"[{CJK}]{{2,30}}?(?:{BODIES})")
_NATIONAL = re.compile(
    r"国务院|全国人民代表大会|最高人民法院|财政部|税务总局|科学?技术?部|工业和信息化部|国家\w{2,8}局|中华人民共和国"
)
_BLOCK_FIELDS = {
    "制定机关": "issuing_bodies",
    "发文机关": "issuing_bodies",
    "公布日期": "promulgated_on",
    "发布日期": "promulgated_on",
    "成文日期": "signed_on",
    "字号": "document_number",
    "发文字号": "document_number",
    "文号": "document_number",
    "施行日期": "effective_from",
    "失效日期": "effective_to",
    "时效性": "validity",
    "有效性": "validity",
    "效力状态": "validity",
    "生效日期": "effective_from",
    "废止日期": "effective_to",
    "发文单位": "issuing_bodies",
    "发布机构": "issuing_bodies",
    "网上发布": "posted_on",
    "效力级别": "authority_level",
    "效力等级": "authority_level",
    "效力位阶": "authority_level",
    "主题分类": "topics",
}
# On a site's own table 发布日期 is the day of the page.
_SITE_LABELS = {"发布日期": "网上发布"}
_READ_AS_DATES = ("发布日期", "公布日期", "成文日期", "来源", "发文机关")  # see _read_date
_VALIDITIES = {
    "现行有效": Validity.IN_FORCE,
    "有效": Validity.IN_FORCE,
    "部分有效": Validity.PARTIALLY_IN_FORCE,
    "已修改": Validity.PARTIALLY_IN_FORCE,
    "失效": Validity.NOT_IN_FORCE,
    "已失效": Validity.NOT_IN_FORCE,
    "废止": Validity.NOT_IN_FORCE,
    "已废止": Validity.NOT_IN_FORCE,
}


@dataclass
class Metadata:
    """Fields of a Document, and for each where it was read. The first reading of a field wins."""

    fields: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)

    def put(self, name: str, value: Any, origin: str) -> None:
        """Keep the value unless the field is filled or the value is nothing."""
        if value and name not in self.fields:
            self.fields[name] = value
            self.origins[name] = origin

    def overwrite(self, name: str, value: Any, origin: str) -> None:
        """Put a later reading in the place of an earlier one."""
        if value:
            self.fields[name], self.origins[name] = value, origin

    def drop(self, name: str) -> None:
        """Forget a field that turned out to be another's."""
        self.fields.pop(name, None)
        self.origins.pop(name, None)


def parse_day(text: str) -> date | None:
    """The first date in the text; None when there is none or it is no day of the calendar.

    >>> parse_day("发布时间:2024-12-31 18:56"), parse_day("2024年2月30日")
    (datetime.date(2024, 12, 31), None)
    """
    match = _DAY.search(text)
    if not match:
        return None
    return _day(match[1], match[2], match[3])


def read_metadata(lines: list[Line]) -> Metadata:
    """Read what the cleaned lines of a document say of the document itself."""
    shown = [line for line in lines if not line.is_noise and line.plain]
    found = Metadata()
    _read_fields(shown[:_HEAD], found)
    _read_title(shown, found)
    _read_head(shown[:_HEAD], found)
    if _is_first_version(found.fields.get("effective_from"), found):
        found.drop("effective_from")
    whole = "\n".join(line.plain for line in shown)
    _read_start(whole, found)
    _read_year(shown, found)
    _read_region(shown, whole, found)
    _name_untitled(shown, found)
    return found


def _read_fields(lines: list[Line], found: Metadata) -> None:
    """Read 【发文字号】 blocks, lines 发文字号：… and the table that a site puts above a text."""
    for line, following in zip(lines, [*lines, None][1:], strict=True):
        block = re.fullmatch(r"[•·]?【(.{2,6})】(.*)", line.plain)
        if block:
            below = following.plain if following and not is_block(following.plain) else ""
            _read_field(block[1], block[2].strip() or below, f"【{block[1]}】", found)
        for label, value in _labelled(line):
            name = re.sub("[:：]$", "", label)
            _read_field(_SITE_LABELS.get(name, name), value, f"“{name}”一栏", found)


def _labelled(line: Line) -> Iterator[tuple[str, str]]:
    """The labels of a line and what stands behind them."""
    if line.cells:
        for label, value in zip(line.cells, line.cells[1:], strict=False):
            if is_field_label(label) and not is_field_label(value):
                yield label, value
        return
    match = re.fullmatch("(.{2,5})[:：](.{2,60})", line.plain)
    if match and is_field_label(match[1]) and match[1] not in _READ_AS_DATES:
        yield match[1], match[2]


def _read_field(label: str, value: str, origin: str, found: Metadata) -> None:
    """Take up one labelled value."""
    if label not in _BLOCK_FIELDS or not value:
        return
    name = _BLOCK_FIELDS[label]
    if name in ("issuing_bodies", "topics"):
        found.put(name, tuple(filter(None, re.split(r"[,，、;；\s]+", value))), origin)
    elif name in ("document_number", "authority_level"):
        found.put(name, value, origin)
    elif name == "validity":
        found.put(name, _VALIDITIES.get(value), origin)
        found.put("validity_reason", f"页面标注“{value}”", origin)
    else:
        found.put(name, parse_day(value), origin)


def _read_title(lines: list[Line], found: Metadata) -> None:
    for line in lines[:_HEAD]:
        if line.mark == "#" or is_title(line.plain):
            found.put("title", line.plain, "标题行")
            break
        if is_heading(line.plain):
            break
    title = found.fields.get("title", "")
    issued = re.search(rf"《([^》]*?({TYPE_WORDS}))》的通知$", title)
    kind = issued[2] if issued else _last_type_word(title)
    found.put("document_type", kind, "标题")
    body = re.match(rf"([{CJK}、 ]+?(?:{BODIES}))关于", title)
    if body:
        found.put("issuing_bodies", tuple(re.split("[、 ]", body[1])), "标题")


def _last_type_word(title: str) -> str | None:
    match = re.search(rf"({TYPE_WORDS})(?:[（(].*[)）])?$", title)
    return match[1] if match else None


def _read_head(lines: list[Line], found: Metadata) -> None:
    previous = ""
    for line in lines:
        plain = line.plain
        number = find_document_number(plain)
        if number and len(plain) <= len(number[0]) + 4:
            found.put("document_number", number[0], "文首")
        if is_date(plain):
            _read_date(plain, previous, found)
        elif is_heading(plain):
            return
        previous = plain


def _read_date(plain: str, previous: str, found: Metadata) -> None:
    day = parse_day(plain)
    source = re.search(rf"(?:来源|发文机关)[:：]\s*({_BODY.pattern})", plain)
    if plain.startswith(("发布", "•发布")):
        found.put("posted_on", day, "文首发布时间")
    elif plain.startswith("公布"):
        found.put("promulgated_on", day, "文首公布日期")
    elif re.fullmatch(r"\d{4}年\d{1,2}月\d{1,2}日", plain):
        found.put("signed_on", day, "落款")
        if _BODY.fullmatch(previous):
            found.put("issuing_bodies", (previous,), "落款")
    else:
        _read_version(plain, day, found)
    if source:
        found.put("issuing_bodies", (source[1],), "文首来源")


def _read_version(plain: str, day: date | None, found: Metadata) -> None:
    """A line of a law's history; of these the last one names the version at hand."""
    versions = [parse_day(match[1]) for match in _VERSION.finditer(plain)]
    if versions and versions[-1]:
        found.overwrite("promulgated_on", versions[-1], "文首")
        number = find_document_number(plain)
        if number:
            found.overwrite("document_number", number[0], "文首")
    elif re.fullmatch(r".{8,11}日起?(?:施行|实施|执行|生效)", plain):
        found.overwrite("effective_from", day, "文首")


def _read_start(whole: str, found: Metadata) -> None:
    matches = list(_START.finditer(whole))
    own = [
        one
        for one in matches
        if re.search(r"本\w{2,4}$", whole[max(0, one.start() - 6) : one.start()])
    ]
    # Without 本办法 only the notice's own sentence counts: it stands near an end of the text.
    near = [one for one in matches if min(one.start(), len(whole) - one.end()) < 600]
    for match in [*own[-1:], *near[:1]]:
        start = _day(match[1], match[2] or "1", match[3] or "1")
        if start is None or _is_first_version(start, found):
            continue
        found.put("effective_from", start, f"“{match[0][:24]}”")
        _read_end(whole, match, found)


def _is_first_version(start: date | None, found: Metadata) -> bool:
    """Whether the day is that of the first version, while the text at hand was amended later."""
    promulgated = found.fields.get("promulgated_on")
    if start is None or promulgated is None:
        return False
    return bool((promulgated - start).days > 366)


def _read_end(whole: str, start: re.Match[str], found: Metadata) -> None:
    """有效期至…, or 有效期五年 counted from the first day, in the sentence of the start."""
    sentence = re.split("[。\n]", whole[start.end() - 2 :], maxsplit=1)[0]
    end, years = _END.search(f"{sentence}。"), _YEARS.search(sentence)
    if end:
        found.put("effective_to", _day(*end.groups()), f"“{end[0]}”")
    elif years and found.fields["effective_from"].day == 1:
        found.put(
            "effective_to", _last_day(found.fields["effective_from"], years[1]), f"“{years[0]}”"
        )


def _last_day(start: date, years: str) -> date:
    count = int(years) if years.isdecimal() else chinese_number(years)
    return date(start.year + count, start.month, 1) - timedelta(days=1)


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _read_year(lines: list[Line], found: Metadata) -> None:
    match = _PLAN.search(found.fields.get("title", ""))
    if match:
        found.put("plan_year", int(match[1]), "标题")
    for line in lines[:6]:
        start = _THIS_YEAR.match(line.plain)
        if start and "title" not in found.fields:
            found.put("plan_year", int(start[1]), "正文首句")


def _read_region(lines: list[Line], whole: str, found: Metadata) -> None:
    bodies = " ".join(found.fields.get("issuing_bodies", ()))
    heads = f"{found.fields.get('title', '')} {bodies}"
    is_national = bool(_NATIONAL.search(bodies)) and not find_regions(bodies)
    mentions = [] if is_national else find_regions(heads)
    if mentions:
        deepest = max(mentions, key=lambda one: one.code.count("-"))
        found.put("jurisdiction", deepest.code, "标题与发文机关")
    elif _NATIONAL.search(heads) or _NATIONAL.search(" ".join(_promulgations(lines))):
        found.put("jurisdiction", NATION, "发文机关")
    else:
        found.put("jurisdiction", main_region(whole), "正文所述地区")


def _promulgations(lines: list[Line]) -> Iterator[str]:
    return (line.plain for line in lines[:8] if is_date(line.plain))


def _name_untitled(lines: list[Line], found: Metadata) -> None:
    """Give a document without a title line a title drawn from its text, and say so."""
    if "title" in found.fields or not lines:
        return
    region = found.fields.get("jurisdiction")
    year = found.fields.get("plan_year")
    for line in lines[:_HEAD]:
        subject = _SUBJECT.search(line.plain)
        if subject and region and year:
            opening = "".join(one.plain for one in lines[:4])
            proposed = _PROPOSES.search(opening)
            kind = proposed[1] if proposed else subject[2]
            title = f"{region_name(region)}{year}年{subject[1]}{kind}（原文无标题，据正文拟）"
            found.put("title", title, "据正文拟")
            found.put("document_type", kind, "据正文拟")
            return
    first = next((line.plain for line in lines if not is_date(line.plain)), lines[0].plain)
    found.put("title", f"{first[:24]}……（原文无标题，取首句）", "取首句")
