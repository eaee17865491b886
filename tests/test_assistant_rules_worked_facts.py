"""Facts that a programme's formula.py works out, such as a score."""

from datetime import date
from decimal import Decimal

import pytest

from assistant.rules.catalogue import catalogue, read_catalogue
from assistant.rules.facts import Facts
from assistant.rules.ranges import UNKNOWN, Range
from corpus.errors import RuleError

DAY = date(2025, 6, 30)
RULE = """
name: 甲项目
category: score
jurisdiction: CN
summary: 甲
in_force:
  - {effective_from: 2020-01-01, reference: {document: eit-law, clause: 第四条, quote: 企业所得税}}
facts:
  points: {name: 得分, kind: number, unit: 分, formula: true, question: 得多少分？}
"""


def known(day=DAY, **facts):
    values = {name: Range.of(Decimal(str(value))) for name, value in facts.items()}
    return catalogue().known(Facts(values), day)


def test_a_score_is_worked_out_from_the_facts_below_it():
    held = known(innovative_revenue_growth="0.15", debt_ratio="0.55")
    assert held.number("innovative_growth_score").exact == 20 + 10


def test_a_score_is_known_as_far_as_its_facts_are():
    held = known(innovative_revenue_growth="0.15")
    assert held.number("innovative_growth_score") == Range(Decimal(20), Decimal(30))


def test_what_is_missing_of_a_score_are_the_facts_below_it():
    held = known(innovative_revenue_growth="0.15")
    assert held.missing("innovative_growth_score") == ("debt_ratio",)
    assert known(innovative_growth_score=18).missing("innovative_growth_score") == ()


def test_a_score_told_stands_where_the_facts_below_it_are_unknown():
    assert known(innovative_growth_score=18).number("innovative_growth_score").exact == 18


def test_a_score_is_unknown_while_its_programme_does_not_exist():
    held = known(day=date(2020, 1, 1), innovative_revenue_growth="0.15", debt_ratio="0.55")
    assert held.formulas["innovative_growth_score"](held).value == UNKNOWN


def test_a_worked_out_fact_without_its_function_is_refused(tmp_path):
    (tmp_path / "first").mkdir()
    (tmp_path / "first" / "rule.yaml").write_text(RULE, "utf-8")
    with pytest.raises(RuleError, match=r"first/formula.py 没有函数 points"):
        read_catalogue(tmp_path)
