"""效力级别 of a document, where its text leaves no doubt: who enacted it, or whose 文号 it has.

What it does not know: documents of party organs, letters (函) and working notices, which are no
norms; and whether a department had the power to issue what it issued.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from corpus.cleaning import Line
from corpus.line_kinds import is_date
from corpus.regions import NATION, find_regions

LEVELS = (
    "法律",
    "行政法规",
    "国务院规范性文件",
    "司法解释",
    "部门规章",
    "部门规范性文件",
    "地方性法规",
    "地方政府规章",
    "地方规范性文件",
)
_HEAD = 25  # lines in which a statute says who passed it
# Each rule: who passed or issued it, as a statute's head or a 文号 says, and the level of that.
_ENACTED: tuple[tuple[str, str], ...] = (
    (r"全国人民代表大会(?:常务委员会)?第.{1,6}次会议", "法律"),
    (r"(?:省|市|自治[区州县]|州|盟).{0,10}人民代表大会(?:常务委员会)?第.{1,6}次会议", "地方性法规"),
    (r"国务院令第\d+号|国务院第.{1,4}次常务会议", "行政法规"),
    (r"最高人民(?:法院审判|检察院检察)委员会第.{1,6}次会议", "司法解释"),
)
_NUMBERED: tuple[tuple[str, str], ...] = (
    (r"国务院令", "行政法规"),
    (r"主席令", "法律"),
    (r"法释|高检发释字", "司法解释"),
    (r"国发|国办发", "国务院规范性文件"),
)
_MINISTRIES = (
    "财政部|税务总局|科学?技术?部|工业和信息化部|(?:国家)?发展和?改革委|教育部|商务部|农业农村部|自然资源部"
    "|人力资源和?社会保障部|生态环境部|司法部|海关总署|市场监管总局"
    "|中国人民银行|国家\\w{2,10}(?:局|委员会|总局)"
)
# 文号 of ministries that no department of a region has.
_MINISTRY_NUMBER = "财税|国科[发办火]|工信[部厅]|国税发|税总|国知发|发改高技|人社部|银发"
_GOVERNMENT = re.compile("(?:政府|办公[厅室]|厅|局|委|委员会)$")
_RULING = {"办法", "细则", "规定", "意见", "方案", "措施", "规划", "决定"}
_BRACKETED = re.compile(r"[〔\[(（【]\d{4}[〕\])）】]")


def find_authority_level(
    fields: Mapping[str, Any], lines: Iterable[Line]
) -> tuple[str, str] | None:
    """The level and where it was read, of a document's fields and lines; None without certainty.

    `fields` are those of Document that are known, whoever stated them.
    """
    number = fields.get("document_number") or ""
    by_number = _numbered(fields, number) if number else None
    return _enacted(lines) or _by_congress(fields) or by_number


def _enacted(lines: Iterable[Line]) -> tuple[str, str] | None:
    """By a line of the head: 2015年8月29日第十二届全国人民代表大会常务委员会第十六次会议修正."""
    shown = [line.plain for line in lines if not line.is_noise and line.plain][:_HEAD]
    for plain in filter(is_date, shown):
        for pattern, level in _ENACTED:
            if found := re.search(rf"[^日\d]*(?:{pattern})", plain):
                return level, f"文首“{found[0]}”"
    return None


def _by_congress(fields: Mapping[str, Any]) -> tuple[str, str] | None:
    bodies: tuple[str, ...] = fields.get("issuing_bodies") or ()
    is_law = fields.get("document_type") == "法"
    if is_law and any(re.match("全国人民代表大会|全国人大", one) for one in bodies):
        return "法律", f"发文机关“{bodies[0]}”"
    return None


def _numbered(fields: Mapping[str, Any], number: str) -> tuple[str, str] | None:
    """By the 文号, with the issuing bodies where it alone does not tell whose it is."""
    origin = f"文号“{number}”"
    for pattern, level in _NUMBERED:
        if re.match(f"(?:中华人民共和国)?(?:{pattern})", number):
            return level, origin
    if "令第" in number:
        return _of_order(number, origin)
    if "函" in number or "党" in number:
        return None
    if _is_ministries(fields, number):
        return "部门规范性文件", origin
    return ("地方规范性文件", origin) if _is_local(fields, number) else None


def _of_order(number: str, origin: str) -> tuple[str, str] | None:
    if "政府令" in number:
        return "地方政府规章", origin
    is_national = re.match(f"(?:中华人民共和国)?(?:{_MINISTRIES})", number)
    return ("部门规章", origin) if is_national and not find_regions(number) else None


def _is_ministries(fields: Mapping[str, Any], number: str) -> bool:
    if re.match(_MINISTRY_NUMBER, number):
        return True
    bodies = fields.get("issuing_bodies") or ()
    if "公告" in number:
        bodies = bodies or re.split(r"\s+", number.split("公告")[0])
    return bool(bodies) and all(
        re.match(f"(?:中华人民共和国)?(?:{_MINISTRIES})", body) and not find_regions(body)
        for body in bodies
    )


def _is_local(fields: Mapping[str, Any], number: str) -> bool:
    """Whether a region's government issued it, as a rule: 规 in its 文号, or its kind says so."""
    region = fields.get("jurisdiction")
    if not region or region == NATION or not _BRACKETED.search(number):
        return False
    bodies = fields.get("issuing_bodies") or ()
    is_government = all(find_regions(one) and _GOVERNMENT.search(one) for one in bodies)
    is_rule = "规" in number or (bool(bodies) and fields.get("document_type") in _RULING)
    return is_government and is_rule
