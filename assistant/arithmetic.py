"""Small sums that a question asks for over figures that it or the clauses state.

An average, what is left of a total, the distance of two shares, how many are listed. Each
gives its working, so that a reader can follow it. Programmes' amounts are not computed here:
these need rules with conditions.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from assistant.evidence import Evidence
from assistant.question import Question
from assistant.values import Kind, Value, find_values
from corpus.document import Clause

_SCALES = {"万亿": 10**12, "亿": 10**8, "千万": 10**7, "百万": 10**6, "万": 10**4, "千": 10**3}
_AVERAGE = re.compile(r"平均|人均|户均|每(家|户|个|项|人)(大约|大概|约)?(是|有)?(多少|几)")
_REMAINDER = re.compile(r"(扣掉|扣去|(?<!加计)扣除|除去|除掉|减去|减掉|去掉).*(剩|其[它他余]|还有)")
_POINTS = re.compile(r"(几|多少)个?百分点")
_HOW_MANY = re.compile(r"(一共|总共|共|合计|总计|加起来)[^，。]{0,8}(多少|几)(?:个|项|类|种)?")
_LISTED = re.compile(r"(?:下设|包括|分为|设有|分设|设立|(?<![一-龥])设)([^。；;]+)")
_HOW_MUCH = re.compile(r"多少|几万")
_OF_A_BASE = re.compile(r"(额|款|投资|费用|成本|收入|所得|价款|金额)[^，。；]{0,4}的?(\d[\d.]*)%")
_LIMIT = re.compile(r"(?:最高|不超过|封顶|限额)[^，。；\d]{0,6}(\d[\d.,]*(?:万|亿)?元)")
_SURE_OF_A_SHARE = 0.45  # of the subject, in the sentence that states the share
_VERBS = {"设", "包括", "分为"}
_NOT = re.compile(r"没有|未|无|不")
_BRACKETS = re.compile(r"[（(][^）)]*[)）]")


@dataclass(frozen=True)
class Sum:
    """A result with its working, and the evidence whose figures it uses."""

    working: str
    evidence: tuple[Evidence, ...] = ()


def amount(text: str) -> Decimal | None:
    """The number that a value states, in its smallest unit; None when it states none.

    >>> amount("20亿元以上"), amount("300家左右"), amount("8.5%")
    (Decimal('2000000000'), Decimal('300'), Decimal('8.5'))
    """
    match = re.search(r"(\d[\d,]*(?:\.\d+)?)\s*(万亿|亿|千万|百万|万|千)?", text)
    if not match:
        return None
    return Decimal(match[1].replace(",", "")) * _SCALES.get(match[2] or "", 1)


def work_out(question: Question, evidence: Sequence[Evidence]) -> Sum | None:
    """The sum that the question asks for; None when it asks for none, or figures are missing."""
    plain = question.plain
    if _POINTS.search(plain):
        return _distance(plain)
    if _AVERAGE.search(plain):
        return _average(plain)
    if _REMAINDER.search(plain) and question.asks(Kind.COUNT, Kind.MONEY, Kind.NUMBER):
        return _remainder(plain)
    if _HOW_MANY.search(plain):
        return _listed(plain, evidence)
    if question.asks(Kind.MONEY, Kind.NUMBER) and _HOW_MUCH.search(plain):
        return _share(plain, evidence)
    return None


def _share(plain: str, evidence: Sequence[Evidence]) -> Sum | None:
    """A share that the best sentence states, of the one amount that the question supposes."""
    amounts = _stated(plain, Kind.MONEY)
    best = evidence[0] if evidence else None
    if len(amounts) != 1 or best is None or best.own < _SURE_OF_A_SHARE:
        return None
    shares = _stated(best.sentence.plain, Kind.PERCENT)
    base, of = amount(amounts[0].text), re.search(r"(\d[\d.]*)%", best.sentence.plain)
    if len(shares) != 1 or not base or of is None or not _OF_A_BASE.search(best.sentence.plain):
        return None
    result = base * Decimal(of[1]) / 100
    limit = _LIMIT.search(best.sentence.plain)
    most = amount(limit[1]) if limit else None
    shown = f"{amounts[0].text} × {of[1]}% = {_in_wan(result)}"
    if most is not None and result > most:
        shown += f"，超过限额，按{_in_wan(most)}"
    return Sum(f"{shown}（按这一条的比例计算，以条件符合为前提）", (best,))


def _in_wan(number: Decimal) -> str:
    wan = number / 10_000
    return f"{wan.normalize():f}万元" if number >= 10_000 else f"{number.normalize():f}元"


def _stated(plain: str, kind: Kind) -> list[Value]:
    return [value for value in find_values(plain, kind) if re.search(r"\d", value.text)]


def _average(plain: str) -> Sum | None:
    totals, counts = _stated(plain, Kind.MONEY), _stated(plain, Kind.COUNT)
    if len(totals) != 1 or len(counts) != 1:
        return None
    total, count = amount(totals[0].text), amount(counts[0].text)
    if not total or not count:
        return None
    unit = re.sub(r"[\d,.\s]|以上|左右|约|多|余", "", counts[0].text)
    return Sum(
        f"{totals[0].text} ÷ {counts[0].text} ≈ {_money(total / count)}/{unit}"
        "（只是算术平均，不是每一户可得的金额）"
    )


def _remainder(plain: str) -> Sum | None:
    for kind in (Kind.MONEY, Kind.COUNT):
        values = _stated(plain, kind)
        amounts = [amount(value.text) for value in values]
        if len(values) < 2 or None in amounts:
            continue
        numbers = [one for one in amounts if one is not None]
        left = numbers[0] - sum(numbers[1:])
        if left < 0:
            return None
        unit = re.sub(r"[\d,.\s]|以上|左右|约", "", values[0].text) if kind is Kind.COUNT else ""
        shown = f"{left.normalize():f}{unit}" if kind is Kind.COUNT else _money(left)
        steps = " - ".join(_bare(value.text) for value in values)
        about = "（各数多为“以上”“左右”，按下限推算）" if re.search("以上|左右|至少", plain) else ""
        return Sum(f"{steps} = {shown}{about}")
    return None


def _distance(plain: str) -> Sum | None:
    """Two shares of one whole; where one is said with 没有 and the other without, its rest."""
    values = _stated(plain, Kind.PERCENT)
    if len(values) != 2:
        return None
    first, second = (amount(value.text) for value in values)
    if first is None or second is None:
        return None
    pieces = (plain[: values[0].end + 16], plain[values[0].end + 16 : values[1].end])
    steps = ""
    if bool(_NOT.search(pieces[0])) != bool(_NOT.search(pieces[1])):
        rest = 100 - first
        steps = f"100% - {first.normalize():f}% = {rest.normalize():f}%；"
        first = rest
    points = abs(second - first)
    larger, smaller = max(first, second), min(first, second)
    shown = [f"{one.normalize():f}" for one in (larger, smaller, points)]
    return Sum(f"{steps}{shown[0]}% - {shown[1]}% = {shown[2]}个百分点")


def _listed(plain: str, evidence: Sequence[Evidence]) -> Sum | None:
    """How many things the sentences of one form list together, counted one by one."""
    asked = _verb_of(plain)
    leading = next((one for one in evidence if _verb(one) in ({asked} if asked else _VERBS)), None)
    if leading is None:
        return None
    verb = _verb(leading)
    of_a_kind = [
        one
        for one in evidence
        if one.document is leading.document
        and _verb(one) == verb
        and one.clause.path[-1] == leading.clause.path[-1]
        and len(one.clause.path) == len(leading.clause.path)
    ]
    of_a_kind.sort(key=lambda one: one.sentence.start)
    counts = [(one, len(_items(one))) for one in of_a_kind]
    total = sum(count for _, count in counts)
    names = [_place(one.clause) for one in of_a_kind]
    parts = "，".join(f"{name}{count}个" for name, (_, count) in zip(names, counts, strict=True))
    adds = " + ".join(str(count) for _, count in counts)
    return Sum(f"{parts}；{adds} = {total}个", tuple(of_a_kind))


def _place(clause: Clause) -> str:
    """What a list is named by: the heading above its own, else its number."""
    return (clause.headings[-2:-1] or clause.headings[-1:] or (clause.label,))[0]


def _verb(evidence: Evidence) -> str:
    return _verb_of(evidence.sentence.plain)


def _verb_of(text: str) -> str:
    """包括, 分为, or 设 for all the ways to set up; "" when the text lists nothing."""
    match = _LISTED.search(text)
    if match is None:
        return ""
    return "设" if "设" in match[0][:2] else match[0][:2]


def _items(evidence: Evidence) -> list[str]:
    """The things listed: parted by 、, and by 和 where both sides are of one form."""
    match = _LISTED.search(evidence.sentence.plain)
    if match is None:
        return []
    items: list[str] = []
    for piece in _BRACKETS.sub("", match[1]).split("、"):
        left, joined, right = piece.partition("和")
        ends = items[0][-2:] if items else right[-2:]
        is_two = bool(joined) and (left[-2:] == right[-2:] or left[-2:] in (ends, "项目", "专项"))
        items += [left, right] if is_two else [piece]
    return [item for item in items if item.strip()]


def _bare(text: str) -> str:
    return re.sub(r"以上|以下|左右|约|至少|超过|突破|达到", "", text)


def _money(value: Decimal) -> str:
    for name, scale in (("亿元", 10**8), ("万元", 10**4), ("元", 1)):
        if value >= scale:
            shown = (value / scale).quantize(Decimal("0.01"), ROUND_HALF_UP).normalize()
            if shown >= 100:
                shown = shown.quantize(Decimal(1), ROUND_HALF_UP)
            return f"{shown:f}{name}"
    return f"{value:f}元"
