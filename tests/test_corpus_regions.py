"""Names of places in words, and how regions lie in each other."""

import pytest

from corpus.regions import (
    find_regions,
    is_known,
    is_within,
    main_region,
    parent,
    region_name,
)


def codes(text):
    return [mention.code for mention in find_regions(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("宁夏的高新技术企业", ["CN-NX"]),
        ("内蒙古自治区科学技术厅", ["CN-NM"]),
        ("巴彦淖尔市与宁夏合作", ["CN-NM-1508", "CN-NX"]),
        ("海南州和海南省", ["CN-QH-6325", "CN-HI"]),
        ("nx 的政策", ["CN-NX"]),
        ("全国统一的政策", []),
        ("中国企业", []),
        ("nxp公司", []),
    ],
)
def test_regions_are_found_by_their_longest_name(text, found):
    assert codes(text) == found


def test_a_mention_says_where_it_stands():
    mention = find_regions("在青海省设立")[0]
    assert "在青海省设立"[mention.start : mention.end] == "青海省"


def test_a_city_lies_in_its_province_and_in_the_nation():
    assert is_within("CN-NM-1508", "CN-NM")
    assert is_within("CN-NM-1508", "CN")
    assert is_within("CN-NM", "CN-NM")
    assert not is_within("CN-NM", "CN-NM-1508")
    assert not is_within("CN-NX", "CN-NM")


def test_the_way_up_ends_at_the_nation():
    assert [parent("CN-NM-1508"), parent("CN-NM"), parent("CN")] == ["CN-NM", "CN", None]


def test_a_region_has_a_short_name():
    assert [region_name(code) for code in ("CN-NX", "CN-NM", "CN-QH")] == ["宁夏", "内蒙古", "青海"]


def test_only_codes_of_the_list_are_known():
    assert is_known("CN-NX")
    assert not is_known("CN-XX")


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("宁夏科技强区。银川高新区。落实宁夏方案。", "CN-NX"),
        ("内蒙古与北京、广东合作，推动内蒙古发展。", "CN-NM"),
        ("宁夏与青海合作，青海与宁夏共建。", None),
        ("支持企业发展。", None),
        ("学习宁夏经验。", None),
    ],
)
def test_a_text_is_about_the_region_it_names_far_more_often(text, region):
    assert main_region(text) == region
