"""What a document says of itself, read from its own words."""

from datetime import date

import pytest

from corpus.cleaning import clean
from corpus.document import Validity
from corpus.metadata import parse_day, read_metadata


def fields_of(text):
    return read_metadata(clean(text)).fields


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("发布时间:2024-12-31 18:56", date(2024, 12, 31)),
        ("2020.01.20", date(2020, 1, 20)),
        ("2020年1月20日", date(2020, 1, 20)),
        ("2020/1/20", date(2020, 1, 20)),
        ("2024年2月30日", None),
        ("2024年2月", None),
        ("电话0951-12345678", None),
    ],
)
def test_a_day_is_read_where_it_is_one(text, day):
    assert parse_day(text) == day


def test_a_notice_gives_title_number_body_dates_and_kind():
    assert fields_of(
        "某某省科学技术厅关于印发《某某资金管理办法》的通知\n某科规〔2024〕3号\n"
        "发布时间：2024-05-08 来源：某某省科学技术厅\n各市科技局：\n现印发给你们，请遵照执行。\n"
        "某某省科学技术厅\n2024年5月6日\n某某资金管理办法\n第一条 为规范管理，制定本办法。\n"
        "第二条 本办法自2024年6月1日起施行，有效期5年。\n"
    ) == {
        "title": "某某省科学技术厅关于印发《某某资金管理办法》的通知",
        "document_type": "办法",
        "issuing_bodies": ("某某省科学技术厅",),
        "document_number": "某科规〔2024〕3号",
        "posted_on": date(2024, 5, 8),
        "signed_on": date(2024, 5, 6),
        "effective_from": date(2024, 6, 1),
        "effective_to": date(2029, 5, 31),
    }


def test_each_field_says_where_it_was_read():
    origins = read_metadata(clean("某某资金管理办法\n某科规〔2024〕3号\n第一条 正文。\n")).origins
    assert origins == {"title": "标题行", "document_type": "标题", "document_number": "文首"}


def test_a_block_of_fields_goes_before_what_the_text_says():
    found = fields_of(
        "某某厅关于印发《工作要点》的通知\n文章属性\n•【制定机关】青海省科学技术厅\n"
        "•【公布日期】2020.01.20\n•【字号】青科党组发〔2020〕1号\n•【施行日期】2020.01.20\n"
        "•【时效性】失效\n正文\n现印发给你们。\n"
    )
    assert found["issuing_bodies"] == ("青海省科学技术厅",)
    assert found["promulgated_on"] == found["effective_from"] == date(2020, 1, 20)
    assert found["document_number"] == "青科党组发〔2020〕1号"
    assert found["validity"] is Validity.NOT_IN_FORCE
    assert found["jurisdiction"] == "CN-QH"


def test_the_last_line_of_a_laws_history_names_the_version_at_hand():
    found = fields_of(
        "# 专利代理条例\n\n1991年3月4日 中华人民共和国国务院令第76号发布\n\n"
        "2018年9月6日 国务院第23次常务会议修订通过\n\n"
        "2018年11月6日 中华人民共和国国务院令第706号公布\n\n2019年3月1日 施行\n\n"
        "第一条 为了规范专利代理行为，制定本条例。\n"
    )
    assert found["promulgated_on"] == date(2018, 11, 6)
    assert found["document_number"] == "中华人民共和国国务院令第706号"
    assert found["effective_from"] == date(2019, 3, 1)
    assert found["jurisdiction"] == "CN"


def test_the_day_of_the_first_version_is_not_that_of_an_amended_one():
    found = fields_of(
        "# 某某省计量条例\n\n1993年9月2日 某某省人民代表大会常务委员会通过\n\n"
        "2018年10月26日 《关于修改〈某某省计量条例〉的决定》第五次修正\n\n"
        "第一条 为加强计量监督，制定本条例。\n\n第二条 本条例自1994年1月1日起施行。\n"
    )
    assert found["promulgated_on"] == date(2018, 10, 26)
    assert "effective_from" not in found


def test_a_day_in_another_laws_sentence_is_not_the_documents_own():
    filler = "支持企业牵头承担重大项目。\n" * 60
    text = f"某某意见\n一、任务\n{filler}新税法自2008年1月1日起施行，各地应当落实。\n{filler}"
    assert "effective_from" not in fields_of(text)


@pytest.mark.parametrize(
    ("sentence", "first", "last"),
    [
        ("本办法自2024年6月1日起施行。", date(2024, 6, 1), None),
        ("本办法自2025年起执行。", date(2025, 1, 1), None),
        ("本办法自2024年6月1日起施行，有效期三年。", date(2024, 6, 1), date(2027, 5, 31)),
        (
            "本办法自2024年6月1日起施行，有效期至2026年12月31日。",
            date(2024, 6, 1),
            date(2026, 12, 31),
        ),
        ("本办法自2024年13月1日起施行。", None, None),
    ],
)
def test_first_and_last_day_come_from_the_words(sentence, first, last):
    found = fields_of(f"某某办法\n第一条 为规范管理，制定本办法。\n第二条 {sentence}\n")
    assert (found.get("effective_from"), found.get("effective_to")) == (first, last)


def test_a_document_without_a_title_gets_one_that_says_so():
    found = fields_of(
        "2022年是关键之年,提出以下意见。\n今年全区科技工作的总体思路是:坚持统筹。\n"
        "宁夏科技强区，落实宁夏方案。\n(一)狠抓落实。\n一是推进。\n"
    )
    assert found["title"] == "宁夏2022年全区科技工作意见（原文无标题，据正文拟）"
    assert (found["plan_year"], found["jurisdiction"]) == (2022, "CN-NX")


def test_a_text_without_any_sign_is_titled_by_its_first_words():
    title = fields_of("支持企业牵头承担重大科技项目，加快成果转化应用。\n")["title"]
    assert title == "支持企业牵头承担重大科技项目，加快成果转化应用。……（原文无标题，取首句）"


def test_the_deepest_region_of_title_and_body_is_the_documents_region():
    assert (
        fields_of("内蒙古巴彦淖尔市科技兴蒙行动实施方案\n正文如下。\n")["jurisdiction"]
        == "CN-NM-1508"
    )


def test_a_national_bodys_document_is_national_even_where_its_title_names_cities():
    text = "最高人民法院关于北京、上海、广州知识产权法院案件管辖的规定\n第一条 管辖如下。\n"
    assert fields_of(text)["jurisdiction"] == "CN"


def test_an_empty_document_says_nothing():
    assert fields_of("") == {}


def test_a_sites_table_above_the_text_is_read():
    found = read_metadata(
        clean(
            "索引号：\t000014349/2020-00060\t主题分类：\t工业\n"
            "发文机关：\t某某省科学技术厅\t成文日期：\t2020年07月27日\n"
            "发文字号：\t某科发〔2020〕8号\t发布日期：\t2020年08月04日\n"
            "某某省创新办法\n第一条 支持创新。\n"
        )
    )
    assert found.fields["issuing_bodies"] == ("某某省科学技术厅",)
    assert found.fields["document_number"] == "某科发〔2020〕8号"
    assert found.fields["signed_on"] == date(2020, 7, 27)
    assert found.fields["posted_on"] == date(2020, 8, 4)
    assert found.origins["document_number"] == "“发文字号”一栏"


def test_a_labelled_line_and_a_block_over_two_lines_are_read():
    assert fields_of("某某办法\n发文字号：某科〔2020〕2号\n第一条 正文。\n")["document_number"] == (
        "某科〔2020〕2号"
    )
    assert fields_of("某某办法\n【发文字号】\n某科〔2020〕1号\n第一条 正文。\n")[
        "document_number"
    ] == ("某科〔2020〕1号")
