"""Several words and several amounts in one breath: 职工、科技人员分别为95人、26人.

What it does not know: words that have an amount of their own.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from assistant.fact_reading.amounts import Amount, Unit
from assistant.fact_reading.periods import Period
from assistant.fact_reading.scope import Segment
from assistant.fact_reading.subjects import Line, fits, share_of
from assistant.fact_reading.telling import Teller, is_within
from assistant.fact_reading.words import Mention, fact_words

_RESPECTIVELY = re.compile("分别|依次")
_AND = re.compile("(?:专利)?[、和与及](?:其中)?")
_ALL = re.compile(r"(?:专利|知识产权)?，?(?:全部?|都|均)[是为]")
_EACH = re.compile(r"(?:各|都|(?<!平)均)[是为有]?$")


def read_lists(teller: Teller, line: Line, segment: Segment) -> set[Amount]:
    """职工、科技人员分别为95人、26人 and 实用新型、软著各3项: the amounts dealt with."""
    mark = _RESPECTIVELY.search(teller.found.masked, segment.start, segment.end)
    done = _respectively(teller, line, segment, *mark.span()) if mark else set()
    for amount in line.amounts:
        if _all_of(teller, line, amount, segment):
            done.add(amount)
        if _EACH.search(teller.found.masked, segment.start, amount.start):
            for word in _list_before(teller.found.plain, line, amount):
                _tell_word(teller, word, amount, line, segment, None)
            done.add(amount)
    return done


def _all_of(teller: Teller, line: Line, amount: Amount, segment: Segment) -> bool:
    """12个专利，全是实用新型: the number of what they all are."""
    plain = teller.found.plain
    near = [one for one in line.mentions if one.word in fact_words().none_words]
    said = _ALL.match(plain, amount.end)
    if not near or said is None:
        return False
    kinds = [one for one in teller.found.mentions if one.start == said.end()]
    for word in kinds:
        _tell_word(teller, word, amount, line, segment, None)
    return bool(kinds)


def _list_before(plain: str, line: Line, amount: Amount) -> list[Mention]:
    """The words right before an amount that are joined by 和 or 、."""
    words = [one for one in line.mentions if one.end <= amount.start]
    joined = words[-1:]
    for one in reversed(words[:-1]):
        if not _AND.fullmatch(plain[one.end : joined[0].start]):
            break
        joined.insert(0, one)
    return joined


def _respectively(
    teller: Teller, line: Line, segment: Segment, start: int, end: int
) -> set[Amount]:
    """Words, or years, before 分别 and as many amounts behind it, one by one."""
    words = [one for one in line.mentions if one.end <= start]
    amounts = [one for one in line.amounts if one.start >= end]
    years = [one for one in teller.found.periods if is_within(one, segment) and one.year]
    if not words and len(teller.told) >= len(amounts):
        return _shares(teller, amounts, segment)
    if len(words) == 1 and len(years) == len(amounts):
        words = words * len(amounts)
    if len(words) == 1 and len(amounts) > 1:
        return _sum(teller, words[0], amounts, line, segment)
    if len(words) != len(amounts):
        return set(amounts) if len(amounts) > 1 else set()
    periods = years if len(years) == len(amounts) else [None] * len(amounts)
    for word, amount, period in zip(words, amounts, periods, strict=True):
        _tell_word(teller, word, amount, line, segment, period)
    return set(amounts)


def _sum(
    teller: Teller, word: Mention, amounts: Sequence[Amount], line: Line, segment: Segment
) -> set[Amount]:
    """近三年研发费用分别为90万、100万和120万元: what they come to."""
    near = [one for one in teller.found.periods if is_within(one, segment) and one.years]
    lows, highs = [one.low for one in amounts], [one.high for one in amounts]
    is_money = all(one.unit is Unit.MONEY for one in amounts)
    if is_money and near and near[-1].years == len(amounts) and lows == highs and None not in lows:
        total = sum((one for one in lows if one is not None), Decimal(0))
        whole = replace(amounts[-1], low=total, high=total)
        _tell_word(teller, word, whole, line, segment, near[-1])
    return set(amounts)


def _shares(teller: Teller, amounts: Sequence[Amount], segment: Segment) -> set[Amount]:
    """分别占25%和30% behind as many figures: the share that each of them makes."""
    for last, amount in zip(teller.told[-len(amounts) :], amounts, strict=True):
        fact = share_of([last.fact], [], teller.found.types)
        if fact and amount.unit is Unit.SHARE and teller.is_told(amount, segment):
            word = Mention(amount.start, amount.start, last.word, ())
            teller.tell(fact, amount, word, segment)
    return set(amounts)


def _tell_word(
    teller: Teller,
    word: Mention,
    amount: Amount,
    line: Line,
    segment: Segment,
    period: Period | None,
) -> None:
    fact = next((one for one in word.facts if fits(teller.found.types[one], amount)), None)
    if fact and teller.is_told(amount, segment):
        line.taken.add(word.start)
        teller.tell(fact, amount, word, segment, period=period)
