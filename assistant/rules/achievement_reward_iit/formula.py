"""职务科技成果转化现金奖励: how much of the reward is taxed as wages of the month.

财税〔2018〕58号. The tax itself goes by the person's other wages and is not worked out.
"""

from assistant.rules.calculation import Calculation, Given, Step
from assistant.rules.ranges import when


def calculate(given: Given) -> Calculation:
    """The reward counted into the month's wages, CNY: half of it where all conditions hold."""
    counted = given.figure("counted_share")
    reward = given.number("cash_reward")
    taxable = when(given.verdict, reward * counted.value, reward)
    step = Step(
        "计入当月工资、薪金所得的奖励",
        "现金奖励 × 50%，不符合条件的全额计入",
        taxable,
        "CNY",
        counted.reference,
    )
    return Calculation({"taxable_reward": taxable}, (step,))
