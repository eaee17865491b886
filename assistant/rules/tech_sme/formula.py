"""科技型中小企业评价: points of the three indicators and their total.

评价办法第七条. Research input is scored by its share of revenue or of costs, as the enterprise
likes, and rights of class I and II each have their steps: the better one counts, and the second
is looked at only while it may still be better.
"""

from assistant.rules.calculation import Calculation, Given, Step
from assistant.rules.ranges import Range, greater

_STAFF = "research_staff_points"
_RD = ("rd_revenue_points", "rd_cost_points")
_IP = ("class1_ip_points", "class2_ip_points")
Scored = tuple[tuple[str, Range], ...]  # parameters with their points


def tech_sme_score(given: Given) -> Range:
    """The total, 0 to 100 points; what is unknown may give every number of points."""
    return given.figure(_STAFF).value + _best(_rd(given)) + _best(_ip(given))


def calculate(given: Given) -> Calculation:
    """Points of the three indicators and the total, with each way to score as a step."""
    staff, rd, ip = given.figure(_STAFF).value, _rd(given), _ip(given)
    total = given.number("tech_sme_score")
    results = {
        "research_staff_score": staff,
        "rd_score": _best(rd),
        "ip_score": _best(ip),
        "total_score": total,
    }
    rows = (
        ("科技人员得分", "科技人员占职工总数的比例所在的档", staff, _STAFF),
        *_rows(given, rd),
        ("研发投入得分", "算法中得分高的一个", _best(rd), "rd_limit"),
        *_rows(given, ip),
        ("科技成果得分", "Ⅰ类、Ⅱ类中得分高的一个", _best(ip), "ip_limit"),
        ("综合分", "科技人员 ＋ 研发投入 ＋ 科技成果", total, "pass_score"),
    )
    steps = (
        Step(label, how, points, "point", given.figure(parameter).reference)
        for label, how, points, parameter in rows
    )
    return Calculation(results, tuple(steps))


def _rd(given: Given) -> Scored:
    return _scored(given, _RD, given.figure("rd_limit").value)


def _ip(given: Given) -> Scored:
    return _scored(given, _IP, given.figure("ip_limit").value)


def _scored(given: Given, parameters: tuple[str, ...], limit: Range) -> Scored:
    """The ways to score in order, up to the one that surely has full marks."""
    scored: list[tuple[str, Range]] = []
    for parameter in parameters:
        points = given.figure(parameter).value
        scored.append((parameter, points))
        if points.low >= limit.low:
            break
    return tuple(scored)


def _best(scored: Scored) -> Range:
    return greater(*(points for _, points in scored))


def _rows(given: Given, scored: Scored) -> tuple[tuple[str, str, Range, str], ...]:
    described = given.rule.parameters
    return tuple((described[name].description, "所在的档", points, name) for name, points in scored)
