"""效力级别 of a document: read where its head or its 文号 leaves no doubt, else not at all."""

import pytest

from corpus.authority import LEVELS, find_authority_level
from corpus.cleaning import clean
from corpus.reader import read_document

GANSU, NINGXIA = "甘肃省科学技术厅", "宁夏回族自治区科学技术厅"


def level_of(text="", **fields):
    found = find_authority_level(fields, clean(text))
    return found[0] if found else None


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("1993年7月2日第八届全国人民代表大会常务委员会第二次会议通过", "法律"),
        ("2007年3月16日 第十届全国人民代表大会第五次会议通过", "法律"),
        ("2020年9月25日某某市第十五届人民代表大会常务委员会第二十四次会议修订", "地方性法规"),
        ("1989年4月6日宁夏回族自治区第五届人民代表大会第三次会议通过", "地方性法规"),
        ("2007年12月6日中华人民共和国国务院令第512号公布", "行政法规"),
        ("2019年10月8日国务院第66次常务会议通过", "行政法规"),
        ("2021年6月8日最高人民法院审判委员会第1841次会议通过", "司法解释"),
        ("1988年5月10日国务院批准", None),
        ("1984年1月7日某某部发布", None),
    ],
)
def test_a_statutes_head_says_who_passed_it(line, level):
    assert level_of(f"某某促进规定\n{line}\n第一条 为促进创新，制定本规定。\n") == level
    assert level is None or level in LEVELS


def test_a_body_named_in_the_articles_passed_nothing():
    text = "某某管理规定\n第一条 根据全国人民代表大会常务委员会第二次会议通过的法律，制定本规定。\n"
    assert level_of(text) is None


@pytest.mark.parametrize(
    ("number", "level"),
    [
        ("中华人民共和国国务院令第512号", "行政法规"),
        ("国家税务总局令第44号", "部门规章"),
        ("某某省人民政府令第130号", "地方政府规章"),
        ("某某市某某局令第3号", None),
        ("国发〔2020〕8号", "国务院规范性文件"),
        ("国科发火〔2016〕32号", "部门规范性文件"),
        ("财税〔2015〕116号", "部门规范性文件"),
        ("财政部 税务总局公告2023年第7号", "部门规范性文件"),
        ("财政部 税务总局 国家发展改革委公告2020年第23号", "部门规范性文件"),
        ("某某市税务局公告2023年第7号", None),
        ("工信厅企业函〔2026〕160号", None),
        ("某科发〔2024〕8号", None),
    ],
)
def test_a_document_number_says_whose_it_is(number, level):
    assert level_of(document_number=number) == level


@pytest.mark.parametrize(
    ("number", "bodies", "kind", "level"),
    [
        ("财教〔2021〕176号", ("财政部", "科技部"), "办法", "部门规范性文件"),
        ("宁科规发〔2023〕8号", (), "通知", "地方规范性文件"),
        ("宁科发〔2023〕8号", (NINGXIA,), "办法", "地方规范性文件"),
        ("宁科发〔2023〕8号", (NINGXIA,), "通知", None),  # a working notice, no rule
        ("宁党发〔2022〕4号", ("中共宁夏回族自治区委员会",), "意见", None),
        ("甘科发〔2023〕8号", (GANSU, "某某科技协会"), "办法", None),
    ],
)
def test_issuing_bodies_and_kind_decide_where_a_number_does_not(number, bodies, kind, level):
    region = None if level == "部门规范性文件" else "CN-NX"
    found = level_of(
        document_number=number, issuing_bodies=bodies, document_type=kind, jurisdiction=region
    )
    assert found == level


TEXT = "某某资金管理办法\n国科发资〔2024〕5号\n第一条 支持创新。\n"


def read(folder, stated):
    folder.mkdir()
    (folder / "text.txt").write_text(TEXT, encoding="utf-8")
    (folder / "document.yaml").write_text(stated, encoding="utf-8")
    document = read_document(folder)
    return document.authority_level, dict(document.origins).get("authority_level")


def test_what_staff_state_goes_before_what_the_text_says(tmp_path):
    read_there = ("部门规范性文件", "文号“国科发资〔2024〕5号”")
    assert read(tmp_path / "silent", "{}") == read_there
    stated = ("部门规章", "document.yaml")
    assert read(tmp_path / "stated", "authority_level: 部门规章") == stated
    assert read(tmp_path / "none", "authority_level: null") == (None, "document.yaml")


def test_a_number_that_staff_state_says_the_level_too(tmp_path):
    found = read(tmp_path / "one", "document_number: 国务院令第9号")
    assert found == ("行政法规", "文号“国务院令第9号”")


def test_a_block_of_a_law_site_says_level_and_topics(tmp_path):
    path = tmp_path / "one.txt"
    head = "某某资金管理办法\n【效力等级】部门规章\n【主题分类】科技综合、基金\n"
    path.write_text(f"{head}第一条 支持创新。\n", encoding="utf-8")
    document = read_document(path)
    assert document.authority_level == "部门规章"
    assert document.topics == ("科技综合", "基金")
    assert dict(document.origins)["authority_level"] == "【效力等级】"
