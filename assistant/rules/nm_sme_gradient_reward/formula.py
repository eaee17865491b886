"""内蒙古优质中小企业梯度奖励: the fixed sum of the highest title, 内政发〔2024〕6号第47条.

Whether an enterprise that climbs gets every level's sum is not said, so sums are never added.
"""

from assistant.rules.calculation import Calculation, Figure, Given, Step
from assistant.rules.ranges import Range, Verdict, when

_HIGHEST_FIRST = (
    ("little_giant", "little_giant_reward"),
    ("specialized_sme", "specialized_reward"),
    ("innovative_sme", "innovative_reward"),
)


def calculate(given: Given) -> Calculation:
    """The reward for the highest title held, CNY, once."""
    titles = [(title, given.figure(reward)) for title, reward in _HIGHEST_FIRST]
    reward = _highest(given, titles)
    stated = next((one for _, one in titles if one.value == reward), titles[0][1])
    step = Step("一次性奖励", "所持最高一级称号的奖励", reward, "CNY", stated.reference)
    return Calculation({"reward": reward}, (step,))


def _highest(given: Given, titles: list[tuple[str, Figure]]) -> Range:
    """The sum of the first title that is held; a title below a held one is not asked for."""
    if not titles:
        return Range.of(0)
    title, figure = titles[0]
    held = given.truth(title)
    if held is Verdict.MET:
        return figure.value
    return when(held, figure.value, _highest(given, titles[1:]))
