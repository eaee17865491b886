"""创新型中小企业: the points of the 2022 table, in all and for each of its three parts.

暂行办法附的评分表（第7段至第13段）. The points are facts, because conditions rest on them; an
enterprise that knows its points may tell them.
"""

from assistant.rules.calculation import Calculation, Given, Step
from assistant.rules.ranges import Range, Verdict, at_least, when
from assistant.rules.rule import Reference

_PARTS = {
    "innovative_innovation_score": "知识产权得分 ＋ 研发费用占比得分",
    "innovative_growth_score": "主营业务收入增长率得分 ＋ 资产负债率得分",
    "innovative_specialization_score": "所属领域得分 ＋ 主营业务收入占比得分",
}


def calculate(given: Given) -> Calculation:
    """The score and its three parts, in points; each is known as far as the facts are."""
    score = given.number("innovative_score")
    steps = tuple(
        Step(given.known.types[part].name, how, given.number(part), "point", _reference(given))
        for part, how in _PARTS.items()
    )
    total = Step("评价总分", "三类指标得分相加", score, "point", _reference(given))
    return Calculation({"score": score}, (*steps, total))


def innovative_score(given: Given) -> Range:
    """The points in all, up to 100."""
    return sum((given.number(part) for part in _PARTS), Range.of(0))


def innovative_innovation_score(given: Given) -> Range:
    """创新能力, up to 40 points: the best intellectual property and the share of R&D."""
    rd = given.figure("rd_points")
    return _ip_points(given) + rd.value


def innovative_growth_score(given: Given) -> Range:
    """成长性, up to 30 points: growth of the main business and the debt ratio."""
    return given.figure("growth_points").value + given.figure("debt_points").value


def innovative_specialization_score(given: Given) -> Range:
    """专业化, up to 30 points: the field and the share of the main business."""
    return given.figure("field_points").value + given.figure("main_share_points").value


def _ip_points(given: Given) -> Range:
    has_class1 = at_least(given.number("class1_ip"), 1)
    if has_class1 is Verdict.MET:
        return given.figure("class1_points").value
    class2 = when(at_least(given.number("class2_ip"), 1), given.figure("class2_points").value, 0)
    if has_class1 is Verdict.NOT_MET:
        return class2
    return when(has_class1, given.figure("class1_points").value, class2)


def _reference(given: Given) -> Reference:
    return given.figure("full_points").reference
