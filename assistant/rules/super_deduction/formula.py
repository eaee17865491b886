"""研发费用加计扣除: what of the year's R&D expense counts, and the tax that it saves.

The saving is that of the expenses told: commissioned research of which nothing was said is no
part of it, while the deduction as a whole stays open upwards. What it does not know: the split of
expenses into 人员人工, 直接投入 and so on, and the 10 % limit of 其他相关费用.
"""

from dataclasses import dataclass
from decimal import Decimal

from assistant.rules.calculation import Calculation, Given, Step
from assistant.rules.ranges import INFINITY, ZERO, Range, greater, lesser, when
from assistant.rules.tax_rate import own_rate

UNIT = "CNY/year"


@dataclass(frozen=True)
class Counted:
    """The expenses that count, CNY: all of them, and those told; the overseas part among them."""

    total: Range
    told: Range
    overseas: Range
    steps: tuple[Step, ...]


EXCLUDED = ("烟草制造业", "住宿和餐饮业", "批发和零售业", "房地产业", "租赁和商务服务业", "娱乐业")


def excluded_industry_share(given: Given) -> Range:
    """The share of income from excluded industries: of a main business in one, that at least."""
    industry = given.word("industry")
    main = given.number("main_business_revenue_share")
    low = main.low if industry in EXCLUDED else ZERO
    return Range(low, Decimal(1))


def count_expenses(given: Given) -> Counted:
    """What counts of own, domestic and overseas research, by the parameters of the rule.

    What was told is at most the year's R&D expense, where that is all that was told of it.
    """
    own = given.number("deductible_rd_expense")
    domestic = given.number("commissioned_rd") * given.figure("commissioned_share").value
    overseas = given.number("overseas_rd") * given.figure("overseas_share").value
    counted_overseas = _limited(overseas, own + domestic, given)
    total = own + domestic + counted_overseas
    told_domestic = domestic if given.known.is_known("commissioned_rd") else Range.of(0)
    told = (own if _own_is_told(given) else Range.of(0)) + told_domestic
    if given.known.is_known("overseas_rd"):
        told += _limited(overseas, own + told_domestic, given)
    steps = _steps(given, domestic, counted_overseas)
    return Counted(total, _within(told, given), counted_overseas, steps)


def _own_is_told(given: Given) -> bool:
    """Whether something was said of own research, or nothing of any."""
    known = given.known
    own = ("deductible_rd_expense", "rd_expense")
    return any(map(known.is_known, own)) or not any(
        map(known.is_known, ("commissioned_rd", "overseas_rd"))
    )


def _limited(overseas: Range, domestic: Range, given: Given) -> Range:
    parts, of_parts = given.figure("overseas_parts"), given.figure("overseas_of_parts")
    return lesser(overseas, domestic * parts.value / of_parts.value)


def _within(expense: Range, given: Given) -> Range:
    """An expense that the parts leave open, held below the R&D expense in the accounts."""
    limit = greater(given.known.number("rd_expense"), expense.low)
    return lesser(expense, limit)


def _steps(given: Given, domestic: Range, overseas: Range) -> tuple[Step, ...]:
    share, limit = given.figure("commissioned_share"), given.figure("overseas_parts")
    how = "委托境外费用 × 计入比例，与境内符合条件的研发费用的三分之二取小者"
    return (
        Step("计入的委托境内研发费用", "委托境内费用 × 计入比例", domestic, UNIT, share.reference),
        Step("可加计的委托境外研发费用", how, overseas, UNIT, limit.reference),
    )


def _rate(given: Given) -> Range:
    """The rate of the day; open upwards while higher rates of some enterprises aren't on record."""
    rate = given.figure("rate").value
    unrecorded = given.figure("unrecorded_announcements").value
    return Range(rate.low, INFINITY) if unrecorded.low > 0 else rate


def calculate(given: Given) -> Calculation:
    """The extra deduction, the overseas part that counts, the intangible assets' amount to write
    off, and the tax saved by the expenses told: CNY a year.
    """
    counted, rate, figure = count_expenses(given), _rate(given), given.figure("rate")
    extra = counted.total * rate
    saving = counted.told * rate * own_rate(given)
    cost = given.number("rd_intangible_cost")
    law = given.figure("statutory_rate").reference
    return Calculation(
        {
            "extra_deduction": when(given.verdict, extra, 0),
            "overseas_counted": when(given.verdict, counted.overseas, 0),
            "saving": saving,
            "intangible_write_off": when(given.verdict, cost * (rate + 1), cost),
        },
        (
            *counted.steps,
            Step("加计扣除额", "可加计的研发费用合计 × 加计比例", extra, UNIT, figure.reference),
            Step("少缴的税", "所述费用的加计扣除额 × 企业适用税率", saving, UNIT, law),
        ),
    )
