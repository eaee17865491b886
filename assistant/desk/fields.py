"""The metadata that staff correct in a form: its fields, and a form read into document.yaml."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

import corpus
from corpus.authority import LEVELS
from corpus.document import Validity
from corpus.errors import UsageError
from corpus.formats.files import shown_name
from corpus.regions import is_known

LONGEST = 1000  # characters of one field
AS_READ = "as_read:"  # before a field's name: what the text says is to hold again
_NEVER_EMPTY = ("title", "validity")  # as in corpus.reader
_BETWEEN = re.compile(r"[、，,;；\n]+")
VALIDITIES = {
    Validity.IN_FORCE.value: "现行有效",
    Validity.PARTIALLY_IN_FORCE.value: "部分有效",
    Validity.NOT_IN_FORCE.value: "失效",
}


@cache
def regions() -> Mapping[str, str]:
    """Code -> name of every region, a prefecture after its province's: 宁夏回族自治区 银川市."""
    path = Path(corpus.__file__).parent / "regions.yaml"
    names = {code: one["name"] for code, one in yaml.safe_load(path.read_bytes()).items()}
    return {
        code: f"{names[code[:5]]} {name}" if len(code) > 5 else name for code, name in names.items()
    }


def _text(_label: str, written: str) -> str:
    return written


def _list(_label: str, written: str) -> list[str]:
    return [one.strip() for one in _BETWEEN.split(written) if one.strip()]


def _day(label: str, written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise UsageError(
            f"{label}“{written[:30]}”不是日期。请写成“年-月-日”，例如 2026-01-31。"
        ) from error


def _year(label: str, written: str) -> int:
    if not re.fullmatch(r"(19|20)\d\d", written):
        raise UsageError(f"{label}“{written[:30]}”不是年份。请写四位数字，例如 2026。")
    return int(written)


def _region(label: str, written: str) -> str:
    if not is_known(written):
        raise UsageError(f"{label}“{written[:30]}”不在地域表中。请从列表中选择。")
    return written


def _level(label: str, written: str) -> str:
    if written not in LEVELS:
        raise UsageError(f"{label}“{written[:30]}”不是可选的级别。请从列表中选择。")
    return written


def _validity(label: str, written: str) -> str:
    if written not in VALIDITIES:
        raise UsageError(f"{label}“{written[:30]}”不是可选的时效性。请从列表中选择。")
    return written


def _address(label: str, written: str) -> str:
    if not re.match(r"https?://\S+$", written):
        raise UsageError(f"{label}应以 http:// 或 https:// 开头，没有空格。")
    return written


@dataclass(frozen=True)
class FormField:
    """One field of the form."""

    label: str
    kind: str  # text, list, date, number, region, level, validity, url
    read: Callable[[str, str], Any]  # (label, written) -> value of document.yaml
    hint: str = ""


FIELDS: Mapping[str, FormField] = {
    "title": FormField("标题", "text", _text),
    "document_number": FormField("文号", "text", _text, "例如 国科发火〔2016〕32号"),
    "document_type": FormField("文种", "text", _text, "例如 通知、办法、意见"),
    "issuing_bodies": FormField("发文机关", "list", _list, "联合发文按顺序写，用“、”分开"),
    "authority_level": FormField("效力级别", "level", _level),
    "jurisdiction": FormField("适用地域", "region", _region),
    "plan_year": FormField("年度", "number", _year, "只有年度计划、要点才填"),
    "signed_on": FormField("成文日期", "date", _day),
    "promulgated_on": FormField("公布日期", "date", _day),
    "effective_from": FormField("施行日期", "date", _day),
    "effective_to": FormField("失效日期", "date", _day, "有效的最后一天"),
    "validity": FormField("时效性", "validity", _validity),
    "validity_reason": FormField("时效性依据", "text", _text),
    "topics": FormField("主题", "list", _list, "例如 税收、研发，用“、”分开"),
    "audiences": FormField("适用对象", "list", _list, "例如 企业、高校院所"),
    "implements": FormField("上位文件", "list", _list, "上一级文件的编号，用“、”分开"),
    "source_url": FormField("原文地址", "url", _address),
}


def form_value(value: object) -> str:
    """A field of a Document as it stands in the form; "" when it has none."""
    if value is None:
        return ""
    if isinstance(value, StrEnum):
        return value.value
    return "、".join(map(str, value)) if isinstance(value, tuple) else str(value)


def changed_fields(
    stated: Mapping[str, Any], shown: Mapping[str, str], submitted: Mapping[str, str]
) -> dict[str, Any]:
    """What document.yaml states after the form: `stated` but for the fields that were changed.

    `shown` is what stood in the form. A field emptied is stated as null: the document has none,
    whatever the text seems to say. One marked AS_READ is no longer stated. Raises UsageError.
    """
    after = dict(stated)
    for name, field in FIELDS.items():
        if submitted.get(AS_READ + name):
            after.pop(name, None)
            continue
        written = _clean(submitted.get(name, shown.get(name, "")))
        if written == _clean(shown.get(name, "")):
            continue
        if len(written) > LONGEST:
            raise UsageError(f"{field.label}超过 {LONGEST} 字，请缩短。")
        if written:
            after[name] = field.read(field.label, written)
        elif name in _NEVER_EMPTY:
            raise UsageError(f"{field.label}不能清空。请改成正确的内容，或勾选“改回原文所读”。")
        else:
            after[name] = [] if field.kind == "list" else None
    start, end = after.get("effective_from"), after.get("effective_to")
    if isinstance(start, date) and isinstance(end, date) and end < start:
        raise UsageError(f"失效日期 {end} 早于施行日期 {start}，请核对。")
    return after


def _clean(written: str) -> str:
    """One line without control characters."""
    return shown_name(re.sub(r"\s+", " ", written).strip())
