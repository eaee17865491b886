"""成果转化奖励: the least that a unit owes those who made and transformed an achievement.

促进科技成果转化法第四十五条. Once for a transfer, a licence or shares; yearly where the unit puts
the achievement into practice.
"""

from decimal import Decimal

from assistant.rules.calculation import Calculation, Figure, Given, Step
from assistant.rules.ranges import Range, when

_PRACTICE = "自行或合作实施"
_BASES = {
    "转让或许可": ("achievement_net_income", "转让或许可净收入 × 50%"),
    "作价投资": ("achievement_share_value", "形成的股份或出资 × 50%"),
    _PRACTICE: ("achievement_operating_profit", "投产后当年的营业利润 × 5%"),
}


def calculate(given: Given) -> Calculation:
    """The statutory least: CNY once, or CNY a year for 3 to 5 years; 0 where it does not apply."""
    way = given.word("achievement_way") or _told_by_its_base(given)
    if way is None or way not in _BASES:
        return Calculation({})
    fact, how = _BASES[way]
    share = given.figure("least_share")
    least = when(given.verdict, given.number(fact) * share.value, 0)
    if way != _PRACTICE:
        step = Step("法定最低奖励", how, least, "CNY", share.reference)
        return Calculation({"least_reward": least}, (step,))
    return _of_practice(given, share, least, how)


def _told_by_its_base(given: Given) -> str | None:
    """The way whose income was told, where that of one way alone was."""
    ways = [way for way, (fact, _) in _BASES.items() if given.known.is_known(fact)]
    return ways[0] if len(ways) == 1 else None


def _of_practice(given: Given, share: Figure, least: Range, how: str) -> Calculation:
    fewest, most = given.figure("fewest_years"), given.figure("most_years")
    total = Range(*_ends(least, fewest.value, most.value))
    return Calculation(
        {"least_yearly_reward": least, "least_reward": total},
        (
            Step("每年的法定最低奖励", how, least, "CNY/year", share.reference),
            Step("合计", "每年利润相同，连续3至5年", total, "CNY", fewest.reference),
        ),
    )


def _ends(yearly: Range, fewest: Range, most: Range) -> tuple[Decimal, Decimal]:
    return (yearly * fewest).low, (yearly * most).high
