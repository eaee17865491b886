"""内蒙古首次认定高新技术企业的奖励: a fixed sum, 内政发〔2024〕6号第48条."""

from assistant.rules.calculation import Calculation, Given, Step


def calculate(given: Given) -> Calculation:
    """The reward, CNY, once."""
    reward = given.figure("reward")
    step = Step("研发经费奖励", "一次性定额", reward.value, "CNY", reward.reference)
    return Calculation({"reward": reward.value}, (step,))
