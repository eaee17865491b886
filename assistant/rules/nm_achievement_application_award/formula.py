"""内蒙古重大技术创新成果转化奖补: a share of the investment, 内政发〔2024〕6号第46条."""

from assistant.rules.calculation import Calculation, Given, Step
from assistant.rules.ranges import lesser


def calculate(given: Given) -> Calculation:
    """The award for one project, CNY, once."""
    rate, cap = given.figure("rate"), given.figure("cap")
    share = given.number("nm_project_investment") * rate.value
    award = lesser(share, cap.value)
    return Calculation(
        {"award": award},
        (
            Step("按比例计算", "实际完成投资额 × 20%", share, "CNY", rate.reference),
            Step("一次性奖补", "不超过单个项目的限额", award, "CNY", cap.reference),
        ),
    )
