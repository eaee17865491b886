"""policy calc: facts from a sentence or a file, as text and as JSON."""

import json
from datetime import date

import pytest

from assistant.calculating import Asked, calc_command, list_command
from corpus.errors import UsageError

DAY = date(2026, 11, 22)


def run(sentence=None, facts=None, region=None, programmes=(), as_json=False, day=DAY):
    return calc_command(Asked(sentence, facts, day, region, tuple(programmes)), as_json)


def test_a_sentence_is_told_back_and_assessed():
    text = run("公司120人，科技人员11人", programmes=["高企"])
    assert "职工总数 120人" in text
    assert "不符合：科技人员占职工总数的比例，9.17%，要求≥10%，差1人（至少需12人）" in text
    assert "《高新技术企业认定管理办法（2016年修订）》" in text


def test_json_has_every_key_of_a_result():
    held = json.loads(
        run("公司120人，科技人员11人", programmes=["high_tech_enterprise"], as_json=True)
    )
    [one] = held["programmes"]
    assert one["verdict"] == "not_met"
    keys = "id name verdict conditions amount steps needs next_question references in_force notes"
    assert set(keys.split()) <= one.keys()
    staff = next(each for each in one["conditions"] if each["verdict"] == "not_met")
    assert {"id", "verdict", "value", "threshold", "gap", "reference"} <= staff.keys()
    assert staff["reference"]["quote"] == "须不低于当年职工总数的10%"


def test_facts_come_from_yaml_by_id_or_name(tmp_path):
    path = tmp_path / "facts.yaml"
    path.write_text("staff: 120\n科技人员数: 20\nrevenue: 不清楚\n", encoding="utf-8")
    held = json.loads(run(facts=path, programmes=["high_tech_enterprise"], as_json=True))
    assert held["facts"]["research_staff"]["value"] == "20人"
    assert held["unsure"] == ["revenue"]


def test_all_programmes_of_a_region_are_assessed_without_one_named():
    held = json.loads(run("我们80人", region="宁夏", as_json=True))
    names = {one["id"] for one in held["programmes"]}
    assert {"tech_sme", "nx_innovation_voucher"} <= names
    assert not any(name.startswith("nm_") for name in names)
    assert held["next_question"]["question"]


def test_the_way_to_the_next_level_is_told():
    text = run("我们600人，去年营收3亿元，资产总额1亿元")
    assert "梯队的下一级是科技型中小企业评价：还差" in text
    assert "至多500人" in text
    held = json.loads(run("我们600人", as_json=True))["ladder"]
    assert [one["programme"] for one in held][:2] == ["tech_sme", "innovative_sme"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("staff: 很多", "“职工总数”写的是“很多”"),
        ("stuff: 3", "没有名为“stuff”的企业情况"),
        ("- 3", "应是“事项: 值”的表"),
        ("staff: [", "不是 YAML、JSON"),
        ("founded_on: 2021年", "日期"),
        ("region: 火星", "地名或地域代码"),
    ],
)
def test_bad_facts_are_said(tmp_path, text, said):
    path = tmp_path / "facts.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=said):
        run(facts=path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("staff: -5", "职工总数"),
        ("staff: 10\nresearch_staff: 12", "科技人员"),
        ("research_staff_share: 1.5", "150%"),
        ("founded_on: 2031-01-01", "成立日期"),
        ("staff: 80\nrevenue: 3200", "3200元"),
    ],
)
def test_what_can_not_be_is_said_and_nothing_is_computed_from_it(tmp_path, text, said):
    path = tmp_path / "facts.yaml"
    path.write_text(text, encoding="utf-8")
    held = json.loads(run(facts=path, as_json=True))
    assert said in "".join(one["text"] for one in held["doubts"])
    doubted = {name for one in held["doubts"] for name in one["facts"]}
    assert doubted.isdisjoint(held["facts"])


def test_an_unknown_programme_names_those_that_there_are():
    with pytest.raises(UsageError, match="没有名为“月球补贴”的政策项目.*high_tech_enterprise"):
        run("80人", programmes=["月球补贴"])


def test_the_list_names_programmes_and_facts():
    text = list_command()
    assert "high_tech_enterprise  高新技术企业认定" in text
    assert "staff  职工总数" in text


def test_of_a_group_that_is_met_the_alternatives_not_needed_are_left_out():
    text = run("科技人员占30%，研发费占销售收入7%", programmes=["tech_sme"])
    assert "- 符合：评价综合分" in text
    assert "有效期内的高新技术企业证书，未提供" not in text
