"""What a visitor sent to the calculator -> facts that the rules work with.

The API is strict: a value that can't be used is a UsageError. The page asks while someone is
still typing, so there such a value is left out and said beside its field.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.fact_reading.reading import FactReading, read_sentence
from assistant.pages.day import read_day
from assistant.rules.catalogue import catalogue
from assistant.rules.facts import NUMERIC, Facts, FactType, Kind, Value
from assistant.rules.ranges import Range
from assistant.rules.shown import value_shown
from assistant.rules.values import read_facts
from corpus.errors import UsageError

MOST_BYTES = 64 * 1024  # of one request
UNSURE = ("不清楚", "不知道")  # as read_facts takes them
_MOST_FACTS = 500
_EXPECTED = {
    "sentence": "sentence 应为一句文字，最多2000字",
    "facts": "facts 应为“事项：值”的对象，如 {“revenue”: 32000000}",
    "unsure": "unsure 应为事项的列表，如 [“taxable_income”]",
    "day": "day 应为“年-月-日”，如 2026-01-31，不写则为今天",
    "programmes": "programmes 应为政策项目的列表，不写则为全部",
}
_GREATEST = Decimal(10) ** 15
_SCALES = {"": 1, "千": 10**3, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8}
_NUMBER = re.compile(
    r"(?P<number>[-+]?(?:\d[\d,]*(?:\.\d*)?|\.\d+))(?P<scale>千万|百万|亿|万|千)?(?P<unit>\D{0,4})"
)


class Asked(BaseModel):
    """What `POST /api/calc` reads."""

    model_config = ConfigDict(extra="forbid")

    sentence: str = Field("", max_length=2000)
    facts: dict[str, Any] = Field({}, max_length=_MOST_FACTS)
    unsure: list[str] = Field([], max_length=_MOST_FACTS)
    day: str | None = None
    programmes: list[str] = Field([], max_length=_MOST_FACTS)


class Told(BaseModel):
    """Facts as the page keeps them."""

    model_config = ConfigDict(extra="forbid")

    facts: dict[str, Any] = Field({}, max_length=_MOST_FACTS)
    unsure: list[str] = Field([], max_length=_MOST_FACTS)


class AskedByPage(Asked):
    """What the page sends: also its language, and the facts before a trial change (假如).

    Its `sentence` has been read into `facts` before, and corrected there: it is only shown. Of
    the programmes only those `opened` are sent in full.
    """

    language: str = "zh"
    opened: list[str] = Field([], max_length=_MOST_FACTS)
    baseline: Told | None = None


@dataclass(frozen=True)
class Question:
    """A request as read: everything that the calculation wants, and what was not usable."""

    day: date
    facts: Facts
    programmes: tuple[str, ...] = ()
    reading: FactReading | None = None  # of the sentence
    problems: tuple[tuple[str, str], ...] = ()  # (fact, Chinese sentence)


Body = TypeVar("Body", bound=Asked)


def parse(model: type[Body], sent: bytes) -> Body:
    """The request as a value. Raises UsageError that names the part that can't be read."""
    if len(sent) > MOST_BYTES:
        raise UsageError(f"请求太长：最多{MOST_BYTES // 1024} KB。")
    try:
        return model.model_validate_json(sent)
    except ValidationError as error:
        problem = error.errors()[0]
        name = str(problem["loc"][0]) if problem["loc"] else ""
        if problem["type"] == "extra_forbidden":
            held = "、".join(_EXPECTED)
            raise UsageError(f"请求里没有名为 {name[:30]} 的项。可用的项：{held}。") from error
        expected = _EXPECTED.get(name, '请求体应为 JSON 对象，如 {"facts": {"staff": 80}}')
        raise UsageError(f"请求不能读取。{expected}。") from error


def read_question(asked: Asked) -> Question:
    """A request whose every part can be used. Raises UsageError for the first that can't."""
    day = read_day(asked.day)
    told = read_told(asked.facts, asked.unsure)
    reading = read_words(asked.sentence, day)
    # What is told by name goes before what the sentence says.
    read = {one.fact: one.value for one in reading.facts if one.fact not in told.unsure}
    facts = Facts({**read, **told.values}, told.unsure)
    return Question(day, facts, _programmes(asked), reading)


def read_page_question(asked: AskedByPage) -> Question:
    """A request without the values that can't be used; these are its `problems`.

    Raises UsageError for a day or a programme that can't be used.
    """
    facts, problems = read_usable(asked.facts, asked.unsure)
    return Question(read_day(asked.day), facts, _programmes(asked), problems=problems)


def read_words(sentence: str, day: date) -> FactReading:
    """What a sentence tells of an enterprise; nothing where there is none."""
    return read_sentence(sentence, catalogue().facts, day)


def _programmes(asked: Asked) -> tuple[str, ...]:
    return tuple(catalogue().programme(name).id for name in asked.programmes)


def read_told(facts: Mapping[str, Any], unsure: list[str]) -> Facts:
    """Facts by id or Chinese name. Raises UsageError for the first that can't be used."""
    types = catalogue().facts
    plain = {name: _plain(name, given, types) for name, given in facts.items()}
    told = read_facts({**plain, **dict.fromkeys(unsure)}, types)
    for name, value in told.values.items():
        _check_size(value, types[name])
    return told


def read_usable(
    facts: Mapping[str, Any], unsure: list[str]
) -> tuple[Facts, tuple[tuple[str, str], ...]]:
    """The facts that can be used, and a sentence on each other one by its id."""
    held, problems = Facts(), []
    for name, given in [*facts.items(), *((one, None) for one in unsure)]:
        try:
            one = read_told({name: given}, [])
        except UsageError as error:
            problems.append((name, str(error)))
            continue
        held = Facts({**held.values, **one.values}, held.unsure | one.unsure)
    return held, tuple(problems)


def _plain(name: str, given: Any, types: Mapping[str, FactType]) -> Any:
    """A value as read_facts takes it; what was typed with a unit ({text, unit}) is counted out."""
    if not isinstance(given, dict) or "text" not in given:
        return given
    fact = types.get(name)
    if fact is None or fact.kind not in NUMERIC or given["text"] in UNSURE:
        return given["text"]
    return typed_number(str(given["text"]), str(given.get("unit", "")), fact)


def typed_number(text: str, unit: str, fact: FactType) -> Decimal:
    """The number that was typed in a field, in the fact's own unit (CNY, a share of 1).

    `unit` is the field's: 万元, 元, % or none. A scale typed along (3.2亿, 500元) wins over it.
    Raises UsageError where the text is no number.
    """
    written = unicodedata.normalize("NFKC", text).replace("−", "-").replace(" ", "")
    match = _NUMBER.fullmatch(written)
    if match is None or not _is_unit(match["unit"], fact):
        raise UsageError(_not_a_number(text, unit, fact))
    number = Decimal(match["number"].replace(",", "")) * _SCALES[match["scale"] or ""]
    if fact.kind is Kind.RATIO:
        number /= 100
    if fact.kind is Kind.MONEY and unit == "万元" and not (match["scale"] or match["unit"]):
        number *= 10_000
    if fact.kind is Kind.COUNT and number != int(number):
        raise UsageError(f"“{fact.name}”写的是“{text[:30]}”，应当是整数，如 80。")
    return number


def _check_size(value: Value, fact: FactType) -> None:
    """Refuse a number that no enterprise has: written out, 1e999999 alone fills the memory."""
    ends = (value.low, value.high) if isinstance(value, Range) else ()
    if any(end.is_finite() and abs(end) > _GREATEST for end in ends):
        raise UsageError(f"“{fact.name}”的数值过大，请检查单位和位数。")


def _is_unit(written: str, fact: FactType) -> bool:
    fitting = {Kind.MONEY: ("元", "块"), Kind.RATIO: ("%",)}.get(fact.kind, (fact.unit,))
    return written in ("", *fitting)


def _not_a_number(text: str, unit: str, fact: FactType) -> str:
    shown = unit or fact.unit
    example = {"万元": "3200", "元": "32000000", "%": "5"}.get(shown, "80")
    return f"“{fact.name}”写的是“{text[:30]}”，应当是数字，如 {example}{shown}。"


def reading_as_json(reading: FactReading) -> list[dict[str, Any]]:
    """What a sentence told, each with the words it was read from and its value for the form."""
    types = catalogue().facts
    return [
        {
            "fact": one.fact,
            "shown": value_shown(one.value, types[one.fact]),
            "value": value_as_json(one.value),
            "quote": one.quote,
            "note": one.note,
        }
        for one in reading.facts
    ]


def value_as_json(value: Value) -> Any:
    """A value in the form that read_value takes back."""
    if isinstance(value, Range):
        if value.exact is not None:
            return format(value.exact, "f")
        low, high = (
            format(end, "f") if end.is_finite() else None for end in (value.low, value.high)
        )
        return {"low": low, "high": high}
    return value.isoformat() if isinstance(value, date) else value
