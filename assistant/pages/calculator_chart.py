"""What each programme is worth, as bars: what is exact is solid, what is at most is hatched.

The bars are SVG made here; their names and amounts are text beside them, so that a phone can
wrap them and a screen reader read them.
"""

from collections.abc import Sequence
from decimal import Decimal
from html import escape

from assistant.pages.calculator_card import worth_shown
from assistant.pages.calculator_texts import Words
from assistant.rules.assessment import Amount, Assessment
from assistant.rules.ranges import Verdict

MOST_BARS = 10
_HEIGHT = 16
_HATCH = (
    '<svg width="0" height="0" aria-hidden="true"><defs>'
    '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse"'
    ' patternTransform="rotate(45)"><rect width="6" height="6" class="hatch-ground"/>'
    '<rect width="3" height="6" class="hatch-line"/></pattern></defs></svg>'
)


def chart_html(assessments: Sequence[Assessment], words: Words) -> str:
    """Return the chart of the programmes whose worth in money is known; "" where none is."""
    worth = [(one, amount) for one in assessments if (amount := _money(one))]
    worth.sort(key=lambda pair: (pair[0].verdict is not Verdict.MET, -_length(pair[1])))
    shown = worth[:MOST_BARS]
    longest = max((_length(amount) for _, amount in shown), default=Decimal(0))
    if not longest:
        return ""
    rows = "".join(_row(one, amount, longest) for one, amount in shown)
    more = ""
    if len(worth) > len(shown):
        left = words.more_amounts.format(count=len(worth) - len(shown))
        more = f'<p class="hint">{escape(left)}</p>'
    return (
        f'<section class="card chart"><h2>{escape(words.chart)}</h2>'
        f'<p class="hint">{escape(words.chart_hint)}</p>{_HATCH}<ol>{rows}</ol>{more}</section>'
    )


def _money(one: Assessment) -> Amount | None:
    amount = one.amount
    if one.verdict not in (Verdict.MET, Verdict.UNKNOWN) or amount is None:
        return None
    return amount if amount.unit.startswith("CNY") and _length(amount) > 0 else None


def _length(amount: Amount) -> Decimal:
    """The greatest sum known; the least one where no greatest is."""
    return amount.value.high if amount.value.is_bounded else amount.value.low


def _row(one: Assessment, amount: Amount, longest: Decimal) -> str:
    low, high = max(amount.value.low, Decimal(0)), _length(amount)
    return (
        f'<li><a href="#p-{escape(one.programme)}" data-open="{escape(one.programme)}">'
        f'{escape(one.rule.name)}</a><svg width="100%" height="{_HEIGHT}" aria-hidden="true">'
        f"{_bar('exact', Decimal(0), low / longest)}"
        f"{_bar('at-most', low / longest, (high - low) / longest)}</svg>"
        f"<span>{escape(worth_shown(one))}</span></li>"
    )


def _bar(kind: str, start: Decimal, length: Decimal) -> str:
    """One part of a bar in percent of the width; a sum too small to be seen is still a line."""
    if length <= 0:
        return ""
    seen = max(length * 100, Decimal("0.6"))
    fill = ' fill="url(#hatch)"' if kind == "at-most" else ""
    return (
        f'<rect class="{kind}" x="{start * 100:.2f}%" width="{seen:.2f}%"'
        f' height="{_HEIGHT}"{fill}/>'
    )
