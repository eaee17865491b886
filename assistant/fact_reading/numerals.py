"""The number that a run of digits and Chinese numerals stands for: 2千6百万, 四个半亿, 十几.

What it does not know: units, and words around the run such as 不到 or 左右.
"""

import re
from decimal import Decimal

Bounds = tuple[Decimal, Decimal]

_CHARACTERS = "零〇一二两俩三仨四五六七八九"
_VALUES = dict(zip(_CHARACTERS, (0, 0, 1, 2, 2, 2, 3, 3, 4, 5, 6, 7, 8, 9), strict=True))
_TIMES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_TIMES |= {"w": 10**4, "W": 10**4, "k": 1000, "K": 1000, "e": 10**8, "E": 10**8}
_TOKEN = re.compile(rf"\d[\d,]*(?:\.\d+)?|[{_CHARACTERS}]|kw|KW|[十百千万亿wWkKeE半]")
_POINT = re.compile(rf"([^点]+)点([{_CHARACTERS}]+)(.*)")
_ONE_OR_NEXT = re.compile(r"一二|[一二]两|两三|二三|三四|四五|五六|六七|七八|八九|三五")
_YEAR = re.compile(rf"[{_CHARACTERS}]{{4}}")
_SEVERAL = re.compile(r"几(?=[十百千万亿])")
_TEENS = re.compile(r"(?<=[十百千])几")
_MORE = re.compile(r"^(.+?)([万亿]*)[多余](.*)$")


def read_numeral(run: str) -> Bounds | None:
    """The least and greatest number that a run can stand for; None where it is no number.

    >>> read_numeral("2千6百万"), read_numeral("四个半亿")[0], read_numeral("三百五")[0]
    ((Decimal('26000000'), Decimal('26000000')), Decimal('450000000.0'), Decimal('350'))
    >>> read_numeral("两三千万"), read_numeral("十几")
    ((Decimal('20000000'), Decimal('30000000')), (Decimal('10'), Decimal('20')))
    """
    run = run.replace("个", "").replace("来", "").replace("把", "")
    if run == "一半":
        return Decimal("0.5"), Decimal("0.5")
    if more := _MORE.match(run):
        base, scale = number(more[1]), number(f"1{more[2]}{more[3]}")
        return (base * scale, (base + _place(more[1], base)) * scale) if base and scale else None
    if _SEVERAL.match(run):
        low = number(f"一{run[1:]}")
        return None if low is None else (low, low * 10)
    if several := _TEENS.search(run):
        last = number(f"1{run[several.start() - 1]}") or Decimal(1)
        low = number(_TEENS.sub("", run))
        scale = number(f"1{run[several.end() :]}") or Decimal(1)
        return None if low is None else (low, low + last * scale)
    pair = _ONE_OR_NEXT.search(run)
    if pair and not _YEAR.fullmatch(run):
        first, second = (
            run[: pair.end() - 1] + run[pair.end() :],
            run[: pair.start()] + pair[0][1] + run[pair.end() :],
        )
        return _pair(number(first), number(second))
    return _pair(number(run), number(run))


def number(run: str) -> Decimal | None:
    """The exact value of a run without 几, 多 and neighbouring numbers.

    >>> number("一亿二千万"), number("十二点五"), number("二〇一八"), number("1.2亿")
    (Decimal('120000000'), Decimal('12.5'), Decimal('2018'), Decimal('120000000.0'))
    """
    if point := _POINT.fullmatch(run):
        whole, scale = number(point[1]), number(f"1{point[3]}")
        digits = "".join(str(_VALUES[one]) for one in point[2])
        return None if whole is None or scale is None else Decimal(f"{whole}.{digits}") * scale
    if len(run) > 1 and all(one in _VALUES for one in run):
        return Decimal("".join(str(_VALUES[one]) for one in run))
    tokens = _TOKEN.findall(run)
    if not tokens or "".join(tokens) != run:
        return None
    return _sum(tokens)


def _sum(tokens: list[str]) -> Decimal | None:
    """Digits and multipliers from left to right; 三百五 is 350 and 一亿二 is 120 million."""
    total, section, digit = Decimal(0), Decimal(0), None
    last = Decimal(1)  # the multiplier before the digit; 1 after 零, for 三百零五 is not 350
    for token in tokens:
        times = _TIMES.get(token)
        if times is None and token in "零〇" and digit is None:
            last = Decimal(1)
        elif times is None:
            if digit is not None and token != "半":
                return None
            digit = (digit or 0) + _digit(token)
        elif times >= 10**4:
            below = section + (digit or 0)
            total = (
                (total + below or Decimal(1)) * times
                if times > 10**4
                else total + (below or 1) * times
            )
            section, digit, last = Decimal(0), None, Decimal(times)
        else:
            section += (1 if digit is None else digit) * times
            digit, last = None, Decimal(times)
    is_short = last >= 100 and tokens[-1] in "一二两三四五六七八九123456789"
    return total + section + (digit or 0) * (last / 10 if is_short else 1)


def _digit(token: str) -> Decimal:
    if token == "半":
        return Decimal("0.5")
    return Decimal(_VALUES[token]) if token in _VALUES else Decimal(token.replace(",", ""))


def _place(written: str, value: Decimal) -> Decimal:
    """The value of the last place said: 10 for 120, 1000 for 四千, 0.1 for 1.2."""
    if "." in written:
        return Decimal(1).scaleb(-len(written.rpartition(".")[2]))
    whole = str(int(value))
    return Decimal(10) ** (len(whole) - len(whole.rstrip("0")))


def _pair(low: Decimal | None, high: Decimal | None) -> Bounds | None:
    return None if low is None or high is None else (low, high)
