"""A day that no document states is never shown as the policy's."""

import re

import pytest

from assistant.rules.catalogue import catalogue
from assistant.rules.periods import begin_is_stated, end_is_stated, in_words
from assistant.rules.references import find_source

PERIODS = [
    pytest.param(period, id=f"{name} {period.effective_from}")
    for name, one in catalogue().programmes.items()
    for period in one.rule.in_force
]


def period(programme, number):
    return catalogue().programmes[programme].rule.in_force[number]


@pytest.mark.parametrize(
    ("programme", "number", "words"),
    [
        ("loss_carryforward", 0, "自2018年1月1日起"),
        ("equipment_deduction", 0, "自2018年1月1日起至2020年12月31日"),
        ("super_deduction", 1, "自2018年1月1日起至2022年12月31日"),
        ("tech_sme", 0, "起始日未载明，测算自2017年5月10日起用"),
        ("achievement_reward", 0, "起始日未载明，测算自2015年8月29日起用"),
        ("small_low_profit_enterprise", 0, "起始日未载明，测算自2023年1月1日起用至2027年12月31日"),
    ],
)
def test_a_period_tells_the_policys_days_from_ours(programme, number, words):
    assert in_words(period(programme, number)) == words


@pytest.mark.parametrize("held", PERIODS)
def test_a_day_shown_as_stated_stands_in_the_clause_or_is_the_documents_own(held):
    source = find_source(held.reference)
    clause = source.document.text[source.clause.start : source.clause.end]
    own = {source.document.effective_from, source.document.effective_to}
    ends = [(held.effective_from, begin_is_stated(held)), (held.effective_to, end_is_stated(held))]
    for day, is_stated in ends:
        if day is not None and is_stated and day not in own:
            years = {day.year, day.year + 1}  # the day after the last day of a year
            assert any(re.search(rf"{year}", clause) for year in years)
