"""内蒙古首次认定科技领军企业的支持: a fixed sum for projects, 内政发〔2024〕6号第48条."""

from assistant.rules.calculation import Calculation, Given, Step


def calculate(given: Given) -> Calculation:
    """The support for innovation projects, CNY."""
    support = given.figure("support")
    step = Step("科技创新项目支持", "定额", support.value, "CNY", support.reference)
    return Calculation({"support": support.value}, (step,))
