"""A short turn that answers the question asked before: 25个, 没有, 是的, 不清楚.

What it does not know: whole sentences; they are read by assistant.fact_reading.
"""

import re
from collections.abc import Mapping
from datetime import date

from assistant.fact_reading.reading import read_sentence
from assistant.rules.facts import NUMERIC, Facts, FactType, Kind, Value
from assistant.rules.ranges import Range
from assistant.rules.values import read_value
from corpus.errors import UsageError

_LONGEST = 24
_UNSURE = re.compile(r"不清楚|不知道|不确定|不了解|没统计|说不准|不好说|跳过")
_NO = re.compile(r"^(否|不是|不属于|不符合|没有|没|无|不|未|还没)")
_YES = re.compile(r"^(是|对|有|属于|符合|嗯|好的|没错|已|当然|yes|ok)", re.IGNORECASE)


def read_reply(plain: str, asked: str, types: Mapping[str, FactType], day: date) -> Facts | None:
    """The asked fact as a short turn states it, or as one that can't be told; None if it doesn't.

    `plain` is simplified text. A whole sentence, or a question, is no reply.
    """
    words = plain.strip(" 。！!，,")
    if len(words) > _LONGEST or re.search(r"[?？]|吗$|呢$|多少|哪", words):
        return None
    if _UNSURE.search(words):
        return Facts({}, frozenset({asked}))
    value = _value(words, asked, types, day)
    return None if value is None else Facts({asked: value})


def _value(words: str, asked: str, types: Mapping[str, FactType], day: date) -> Value | None:
    fact = types[asked]
    if fact.kind is Kind.YES_NO:
        return False if _NO.match(words) else True if _YES.match(words) else None
    if fact.kind in NUMERIC and re.fullmatch(r"没有|没|无|零|0", words):
        return Range.of(0)
    if fact.kind is Kind.CHOICE:
        fitting = [one for one in fact.choices if one in words or words in one]
        return fitting[0] if len(fitting) == 1 else None
    for sentence in (words, f"{fact.name}是{words}", f"{fact.name}{words}"):
        reading = read_sentence(sentence, types, day)
        found = [one.value for one in reading.facts if one.fact == asked]
        if found:
            return found[0]
    try:
        return read_value(asked, words, types)
    except UsageError:
        return None
