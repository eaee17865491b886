"""A fact's value as a file or a request gives it -> the value that rules work with.

Amounts are in 元. A number may be [from, to] or {low: , high: }, each end left out or null
where it is not known. What it does not know: sentences.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from assistant.rules.facts import NUMERIC, Facts, FactType, Kind, Value
from assistant.rules.ranges import INFINITY, ZERO, Range
from corpus.errors import UsageError
from corpus.regions import find_regions, is_known

_EXPECTED = {
    Kind.MONEY: "以元为单位的数字，如 32000000",
    Kind.COUNT: "整数，如 80",
    Kind.RATIO: "小数，如 0.05 表示 5%",
    Kind.NUMBER: "数字，如 3",
    Kind.YES_NO: "true 或 false（是 或 否）",
    Kind.DAY: "日期，如 2021-05-01",
    Kind.REGION: "地名或地域代码，如 宁夏、CN-NX",
}
_WORDS = {"是": True, "否": False, "true": True, "false": False, "yes": True, "no": False}


def read_facts(given: Mapping[str, Any], types: Mapping[str, FactType]) -> Facts:
    """Facts by id or Chinese name; null and 不清楚 mean that the enterprise can't tell.

    Raises UsageError for a fact that nobody knows and for a value of another kind.
    """
    by_name = {fact.name: name for name, fact in types.items()}
    values, unsure = {}, set()
    for key, value in given.items():
        name = key if key in types else by_name.get(key)
        if name is None:
            raise UsageError(_unknown_fact(key, types))
        if value is None or value in ("不清楚", "不知道"):
            unsure.add(name)
        else:
            values[name] = read_value(name, value, types)
    return Facts(values, frozenset(unsure))


def _unknown_fact(key: str, types: Mapping[str, FactType]) -> str:
    near = [f"{name}（{fact.name}）" for name, fact in types.items() if set(key) & set(fact.name)]
    hint = f"相近的有：{'、'.join(near[:5])}。" if near else ""
    return f"没有名为“{key}”的企业情况。{hint}全部事项见 policy calc --list。"


def read_value(name: str, given: Any, types: Mapping[str, FactType]) -> Value:
    """One value. Raises UsageError that says what was given and what is expected."""
    fact = types.get(name)
    if fact is None:
        raise UsageError(_unknown_fact(name, types))
    value = _read(given, fact)
    if value is None:
        expected = _EXPECTED.get(fact.kind) or f"选项之一：{'、'.join(fact.choices)}"
        raise UsageError(f"“{fact.name}”写的是“{given}”，应当是{expected}。")
    return value


def _read(given: Any, fact: FactType) -> Value | None:
    if fact.kind in NUMERIC:
        return _range(given, fact)
    if fact.kind is Kind.YES_NO:
        return given if isinstance(given, bool) else _WORDS.get(str(given).strip().lower())
    if fact.kind is Kind.DAY:
        return _day(given)
    word = str(given).strip()
    if fact.kind is Kind.CHOICE:
        return word if word in fact.choices else None
    return word if is_known(word) else next((one.code for one in find_regions(word)), None)


def _day(given: Any) -> date | None:
    if isinstance(given, date):
        return given
    try:
        return date.fromisoformat(str(given).strip())
    except ValueError:
        return None


def _range(given: Any, fact: FactType) -> Range | None:
    if isinstance(given, Range):
        return given
    lowest = -INFINITY if fact.may_be_negative else ZERO
    if isinstance(given, dict) and given.keys() <= {"low", "high"}:
        given = [given.get("low"), given.get("high")]
    if isinstance(given, (list, tuple)) and len(given) == 2:
        low, high = _number(given[0], lowest), _number(given[1], INFINITY)
        return Range(low, high) if low is not None and high is not None and low <= high else None
    number = _number(given, None)
    return None if number is None else Range.of(number)


def _number(given: Any, missing: Decimal | None) -> Decimal | None:
    if given is None or isinstance(given, bool):
        return missing if given is None else None
    try:
        number = Decimal(str(given).strip().replace(",", "").replace("_", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
