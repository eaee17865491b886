"""Facts that can't be right are found, and facts told twice are asked about."""

from datetime import date
from decimal import Decimal

import pytest

from assistant.rules.checks import find_doubts, merge
from assistant.rules.facts import Facts, common_facts
from assistant.rules.ranges import INFINITY, Range

DAY = date(2026, 11, 22)
TYPES = common_facts()


def exactly(number):
    return Range.of(Decimal(str(number)))


def between(low, high):
    return Range(Decimal(str(low)), Decimal(str(high)))


def doubts(**told):
    values = {
        name: exactly(value) if type(value) in (int, float, str) else value
        for name, value in told.items()
    }
    return find_doubts(Facts(values), TYPES, DAY)


@pytest.mark.parametrize(
    ("told", "named", "says"),
    [
        ({"staff": -5}, {"staff"}, "不应当小于0"),
        ({"main_business_revenue_share": "1.5"}, {"main_business_revenue_share"}, "最多应当是100%"),
        ({"class1_ip": "2.5"}, {"class1_ip"}, "填的是2.5项，应当是整数"),
        ({"founded_on": date(2027, 1, 1)}, {"founded_on"}, "晚于2026年11月22日"),
        ({"founded_on": date(1900, 1, 1)}, {"founded_on"}, "早于1949年10月1日"),
        ({"staff": 80, "rd_staff": 100}, {"staff", "rd_staff"}, "前者不应当多于后者"),
        (
            {"revenue": 32_000_000, "rd_expense": 2_600_000, "rd_share": "0.05"},
            {"revenue", "rd_expense", "rd_share"},
            "填的是5%，但按上年度研发费用260万元和上年度销售（营业）收入3200万元计算是8.13%",
        ),
        ({"revenue": 3200, "staff": 80}, {"revenue", "staff"}, "是否把万元写成了元"),
        ({"revenue": 32_000_000_000_000, "staff": 80}, {"revenue", "staff"}, "是否多写了“万”"),
        ({"revenue": 320_000, "rd_expense": 26_000_000}, {"revenue", "rd_expense"}, "20倍"),
    ],
)
def test_a_slip_is_doubted_with_what_was_given_and_what_to_do(told, named, says):
    (doubt,) = doubts(**told)
    assert doubt.facts == named
    assert says in doubt.text
    assert "请核对" in doubt.text


@pytest.mark.parametrize(
    "told",
    [
        {"staff": 80, "rd_staff": 80},
        {"net_profit": -850_000, "net_assets": -1},
        {"revenue": 32_000_000, "rd_expense": 2_600_000, "rd_share": "0.08"},
        {"revenue": 32_000_000, "rd_expense": 2_600_000, "rd_share": "0.081"},
        {"revenue": 0, "staff": 3, "rd_expense": 500_000},
        {"debt_ratio": "1.05"},
        {"founded_on": DAY},
        {"staff": between(80, 100), "rd_staff": between(70, 90)},
        {"company_age": "0.8333"},
    ],
)
def test_what_can_be_right_is_not_doubted(told):
    assert doubts(**told) == ()


def test_a_told_share_is_doubted_just_past_rounding():
    # 2,600,000 / 32,000,000 is 8.125 %: 8 % is rounded, 7.5 % is not.
    whole = {"revenue": 32_000_000, "rd_expense": 2_600_000}
    assert doubts(**whole, rd_share="0.08") == ()
    assert len(doubts(**whole, rd_share="0.075")) == 1


def test_a_fact_told_again_with_another_value_is_asked_about_and_the_earlier_stays():
    merged, (asked,) = merge(
        Facts({"staff": exactly(80)}), Facts({"staff": exactly(90)}), "员工90人", TYPES
    )
    assert merged.values == {"staff": exactly(80)}
    assert asked.fact == "staff"
    assert asked.text == "“职工总数”之前说的是“80人”，这次说的是“90人”，以哪个为准？"


@pytest.mark.parametrize(
    "said", ["不对，员工是90人", "员工改成90人", "应该是90人", "更正：员工90人"]
)
def test_a_correction_holds(said):
    merged, asked = merge(Facts({"staff": exactly(80)}), Facts({"staff": exactly(90)}), said, TYPES)
    assert (merged.values, asked) == ({"staff": exactly(90)}, ())


def test_a_narrower_range_is_no_contradiction():
    earlier = Facts({"staff": between(80, 100), "revenue": Range(Decimal(0), Decimal(3_000_000))})
    later = Facts({"staff": exactly(85), "revenue": Range(Decimal(2_000_000), INFINITY)})
    merged, asked = merge(earlier, later, "员工85人，营收200万以上", TYPES)
    assert asked == ()
    assert merged.values == {"staff": exactly(85), "revenue": between(2_000_000, 3_000_000)}


def test_a_wider_range_told_later_keeps_the_exact_value():
    merged, asked = merge(
        Facts({"staff": exactly(85)}), Facts({"staff": between(80, 100)}), "八九十人", TYPES
    )
    assert (merged.values, asked) == ({"staff": exactly(85)}, ())


def test_a_yes_after_a_no_is_asked_about():
    _, (asked,) = merge(
        Facts({"high_tech_enterprise": False}),
        Facts({"high_tech_enterprise": True}),
        "我们是高企",
        TYPES,
    )
    assert asked.text == "“有效期内的高新技术企业”之前说的是“否”，这次说的是“是”，以哪个为准？"


def test_the_founding_day_replaces_the_years_that_were_guessed_from_a_year():
    earlier = Facts({"company_age": between(4, 5)})
    merged, _ = merge(earlier, Facts({"founded_on": date(2021, 5, 1)}), "2021年5月1日", TYPES)
    assert merged.values == {"founded_on": date(2021, 5, 1)}


def test_a_new_fact_is_added_and_an_answered_one_is_unsure_no_more():
    earlier = Facts({"staff": exactly(80)}, frozenset({"revenue"}))
    merged, asked = merge(earlier, Facts({"revenue": exactly(100)}), "营收100元", TYPES)
    assert merged == Facts({"staff": exactly(80), "revenue": exactly(100)})
    assert asked == ()
