"""高企创新能力评分: points of the four indicators, as far as they follow from what was told.

工作指引三、（七）. A function that bears the name of a fact works that fact out; experts judge
within each step of the table, so most results are ranges of points. Growth is worked out from
three years' amounts: 1/2 x (second / first + third / second) - 1.
"""

from assistant.rules.calculation import Calculation, Given, Step
from assistant.rules.ranges import INFINITY, ZERO, Range, greater, lesser, when

_IP = (
    "ip_advancement_points",
    "ip_support_points",
    "ip_quantity_points",
    "ip_source_points",
    "ip_standard_points",
)
_MANAGEMENT = {
    "rd_system_points": "rd_system",
    "rd_institution_points": "rd_institution",
    "transformation_incentive_points": "transformation_incentive",
    "talent_points": "talent",
}
_INDICATORS = ("ip_points", "transformation_points", "growth_points", "rd_management_points")


def ip_advancement_points(given: Given) -> Range:
    """Points for how advanced the technology is, 0 to 8."""
    return given.figure("ip_advancement").value


def ip_support_points(given: Given) -> Range:
    """Points for how much the main products rest on it, 0 to 8."""
    return given.figure("ip_support").value


def ip_quantity_points(given: Given) -> Range:
    """Points for the number of rights, 0 to 8; class II counts only without one of class I."""
    class1 = given.figure("ip_quantity_class1").value
    if class1.low > 0:
        return class1
    return greater(class1, given.figure("ip_quantity_class2").value)


def ip_source_points(given: Given) -> Range:
    """Points for how the rights were obtained, 0 to 6."""
    return given.figure("ip_acquisition").value


def ip_standard_points(given: Given) -> Range:
    """Points added for taking part in a standard, 0 to 2."""
    return when(given.truth("standards_participation"), given.figure("ip_standard").value, 0)


def ip_points(given: Given) -> Range:
    """Points for intellectual property, capped."""
    total = sum((given.number(one) for one in _IP), Range(ZERO, ZERO))
    return lesser(total, given.figure("ip_limit").value)


def transformation_points(given: Given) -> Range:
    """Points for the yearly number of achievements put to use, 0 to 30."""
    return given.figure("transformation").value


def rd_management_points(given: Given) -> Range:
    """Points for the organisation of research, 0 to 20; all of it is judged."""
    held = (lesser(given.number(a), given.figure(b).value) for a, b in _MANAGEMENT.items())
    return sum(held, Range(ZERO, ZERO))


def net_asset_growth(given: Given) -> Range:
    """Growth of net assets over three years; 0.05 is 5 %."""
    return _growth(given, "net_assets_first_year", "net_assets_second_year", "net_assets")


def sales_growth(given: Given) -> Range:
    """Growth of revenue over three years; 0.05 is 5 %."""
    return _growth(given, "revenue_first_year", "revenue_second_year", "revenue")


def _growth(given: Given, first: str, second: str, third: str) -> Range:
    one, two, three = (given.number(name) for name in (first, second, third))
    return (_ratio(two, one) + _ratio(three, two)) / 2 - 1


def _ratio(later: Range, earlier: Range) -> Range:
    """Anything where the earlier amount may be 0 or less: the guidelines don't say what then."""
    if earlier.low <= 0:
        return Range(-INFINITY, INFINITY)
    return later / earlier if later.low >= 0 else later * (1 / earlier)


def net_asset_growth_points(given: Given) -> Range:
    """Points for the growth of net assets, 0 to 10."""
    return given.figure("net_asset_growth_tiers").value


def sales_growth_points(given: Given) -> Range:
    """Points for the growth of revenue, 0 to 10."""
    return given.figure("sales_growth_tiers").value


def growth_points(given: Given) -> Range:
    """Points for growth, 0 to 20."""
    return given.number("net_asset_growth_points") + given.number("sales_growth_points")


def innovation_score(given: Given) -> Range:
    """The total of the four indicators, 0 to 100 points."""
    return sum((given.number(one) for one in _INDICATORS), Range(ZERO, ZERO))


def calculate(given: Given) -> Calculation:
    """Points of the four indicators and their total."""
    results = {
        "ip_score": given.number("ip_points"),
        "transformation_score": given.number("transformation_points"),
        "management_score": given.number("rd_management_points"),
        "growth_score": given.number("growth_points"),
        "total_score": given.number("innovation_score"),
    }
    return Calculation(results, (*_ip_steps(given), *_other_steps(given), *_total_step(given)))


def _ip_steps(given: Given) -> tuple[Step, ...]:
    class2 = given.number("class1_ip").high < 1
    quantity = "ip_quantity_class2" if class2 else "ip_quantity_class1"
    rows = (
        ("技术先进程度", "按自评的档次", "ip_advancement_points", "ip_advancement"),
        ("对主要产品的核心支持作用", "按自评的档次", "ip_support_points", "ip_support"),
        ("知识产权数量", "按Ⅰ类、Ⅱ类项数所在的档", "ip_quantity_points", quantity),
        ("知识产权获得方式", "看是否有自主研发的", "ip_source_points", "ip_acquisition"),
        ("参与编制标准的加分", "参与编制过的加分", "ip_standard_points", "ip_standard"),
        ("知识产权", "五个小项相加，不超过上限", "ip_points", "ip_limit"),
    )
    return tuple(_step(given, *row) for row in rows)


def _other_steps(given: Given) -> tuple[Step, ...]:
    growth = "（第二年÷第一年＋第三年÷第二年）÷2－1 所在的档"
    sub_items = tuple(
        _step(given, given.known.types[fact].name.removesuffix("得分"), "专家评价", fact, limit)
        for fact, limit in _MANAGEMENT.items()
    )
    yearly = "近三年转化年平均数所在的档"
    return (
        _step(given, "科技成果转化能力", yearly, "transformation_points", "transformation"),
        *sub_items,
        _step(given, "净资产增长率", growth, "net_asset_growth_points", "net_asset_growth_tiers"),
        _step(given, "销售收入增长率", growth, "sales_growth_points", "sales_growth_tiers"),
    )


def _total_step(given: Given) -> tuple[Step, ...]:
    how = "知识产权＋科技成果转化能力＋研究开发组织管理水平＋企业成长性"
    return (_step(given, "综合得分", how, "innovation_score", "pass_score"),)


def _step(given: Given, label: str, how: str, fact: str, parameter: str) -> Step:
    return Step(label, how, given.number(fact), "point", given.figure(parameter).reference)
