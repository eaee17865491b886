"""Facts read out of 274 sentences that somebody wrote apart from the patterns.

tests/sets/fact_sentences.jsonl; its part `test` was not looked at while the patterns were made.
"""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from assistant.fact_reading.reading import read_sentence
from assistant.rules.catalogue import catalogue
from assistant.rules.facts import common_facts
from assistant.rules.ranges import INFINITY, Range

SET = Path(__file__).parent / "sets" / "fact_sentences.jsonl"
SENTENCES = [json.loads(line) for line in SET.read_text(encoding="utf-8").splitlines()]
SAME = Decimal("0.011")  # of a number: 8 months are 0.66 or 0.67 years


def near(found, expected):
    return expected is None or abs(found - expected) <= abs(expected) * SAME


def is_right(found, expected):
    """Whether a value is the one that a careful reader takes out of the sentence."""
    if isinstance(expected, bool) or not isinstance(found, Range):
        return found == expected or str(found) == expected
    ends = expected if isinstance(expected, dict) else {"low": expected, "high": expected}
    low, high = (Decimal(str(ends[end])) if end in ends else None for end in ("low", "high"))
    open_ends = (low is not None or found.low <= 0) and (high is not None or found.high == INFINITY)
    return open_ends and near(found.low, low) and near(found.high, high)


def is_dated(expected):
    return isinstance(expected, dict) and expected.keys() & {"year", "month"}


def counts(part):
    """(values right, values expected, values of common facts that nobody told)."""
    right = expected = invented = 0
    for one in (each for each in SENTENCES if each["part"] == part):
        reading = read_sentence(one["text"], catalogue().facts, date.fromisoformat(one["day"]))
        found = {each.fact: each.value for each in reading.facts}
        age = {"founded_on", "company_age"}  # a founding year is read as an age
        told = set(one["facts"]) | (age if age & one["facts"].keys() else set())
        for name, value in one["facts"].items():
            expected += 1
            if is_dated(value):
                right += bool(age & found.keys())
            else:
                right += name in found and is_right(found[name], value)
        invented += len((found.keys() & common_facts().keys()) - told)
    return right, expected, invented


def test_the_set_holds_enough_sentences_and_values():
    assert len(SENTENCES) >= 120
    assert sum(len(one["facts"]) for one in SENTENCES) >= 450


@pytest.mark.parametrize(("part", "share", "invented"), [("dev", 0.97, 0), ("test", 0.90, 5)])
def test_most_values_are_read_right_and_few_are_invented(part, share, invented):
    right, expected, strange = counts(part)
    assert right / expected >= share, f"{right} of {expected}"
    assert strange <= invented


@pytest.mark.parametrize(
    "text",
    [
        "研发费用占比要达到5%才能申请吗？",
        "首次认定高企能拿30万元奖励吗？",
        "国科发火〔2016〕32号第十一条怎么规定的？",
        "咨询电话是0951-5032567吗？",
        "明年打算招20个研发人员",
    ],
)
def test_what_is_asked_planned_or_cited_is_no_fact(text):
    assert read_sentence(text, common_facts(), date(2026, 11, 22)).facts == ()
