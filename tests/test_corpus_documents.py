"""The documents that ship with the corpus: their metadata, their notes, and the region names."""

from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest
import yaml

CORPUS = Path(__file__).parents[1] / "corpus"
FOLDERS = sorted(folder for folder in (CORPUS / "documents").iterdir() if folder.is_dir())
REGIONS = yaml.safe_load((CORPUS / "regions.yaml").read_text(encoding="utf-8"))

KEYS = {
    "title",
    "document_number",
    "issuing_bodies",
    "document_type",
    "authority_level",
    "jurisdiction",
    "signed_on",
    "promulgated_on",
    "posted_on",
    "effective_from",
    "effective_to",
    "plan_year",
    "validity",
    "validity_reason",
    "replaces",
    "replaced_by",
    "is_digest",
    "source_url",
    "source_note",
    "grade",
    "compared_on",
    "topics",
    "audiences",
    "implements",
    "card",
}
TOPICS = set(["研发", "认定", "税收", "成果转化", "平台", "人才", "金融", "奖补", "计划"])
AUDIENCES = set(["企业", "高校院所", "科研人员", "园区"])
DATES = {"signed_on", "promulgated_on", "posted_on", "effective_from", "effective_to"}

every_document = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


def metadata_of(folder):
    return yaml.safe_load((folder / "document.yaml").read_text(encoding="utf-8"))


def region_names(region):
    return [region["name"], *region["short"], *region["aliases"], *region["abbreviations"]]


def is_in_order(earlier, later):
    return earlier is None or later is None or earlier <= later


def codes_of(name):
    return [code for code, region in REGIONS.items() if name in region_names(region)]


def test_the_five_first_documents_are_there():
    assert {
        "bynr-2020-kejixingmeng",
        "nm-sti-2019-workplan",
        "nm-sti-2024-plan-reform",
        "nx-sti-2022-opinions",
        "qh-sti-2020-workplan",
    } <= {folder.name for folder in FOLDERS}


@every_document
def test_a_document_states_every_key_even_when_unknown(folder):
    assert set(metadata_of(folder)) >= KEYS


@every_document
def test_what_can_not_be_unknown_is_filled_in(folder):
    metadata = metadata_of(folder)
    assert metadata["title"]
    assert metadata["validity"] in {"in_force", "partially_in_force", "not_in_force"}
    assert metadata["validity_reason"]
    assert metadata["source_note"]
    assert metadata["grade"] in {"A", "B", "C", "D"}
    assert isinstance(metadata["compared_on"], date)
    assert isinstance(metadata["issuing_bodies"], list)


@every_document
def test_dates_are_dates_and_in_order(folder):
    metadata = metadata_of(folder)
    for key in DATES:
        assert metadata[key] is None or isinstance(metadata[key], date), key
    # A tax notice may apply from a day before it was signed: 公告2023年第7号 does.
    assert is_in_order(metadata["signed_on"], metadata["promulgated_on"])
    assert is_in_order(metadata["signed_on"], metadata["posted_on"])
    assert is_in_order(metadata["effective_from"], metadata["effective_to"])


@every_document
def test_the_jurisdiction_is_a_known_region(folder):
    assert metadata_of(folder)["jurisdiction"] in REGIONS


@every_document
def test_replacements_are_documents_of_the_corpus(folder):
    metadata = metadata_of(folder)
    known = {other.name for other in FOLDERS} - {folder.name}
    assert set(metadata["replaces"]) | set(metadata["replaced_by"]) <= known


@every_document
def test_a_digest_says_that_it_is_not_the_original(folder):
    metadata = metadata_of(folder)
    if not metadata["is_digest"]:
        assert metadata["source_url"] or metadata["source_note"]
        return
    title, blank, note, *_ = (folder / "text.md").read_text(encoding="utf-8").splitlines()
    assert title == f"# {metadata['title']}"
    assert blank == ""
    assert note.startswith("> 要点摘编：")
    assert "不是原文" in note
    assert (metadata["document_number"] or "") in note


@every_document
def test_links_between_versions_go_both_ways(folder):
    metadata = metadata_of(folder)
    for name, back in (("replaces", "replaced_by"), ("replaced_by", "replaces")):
        for other in metadata[name]:
            assert folder.name in metadata_of(CORPUS / "documents" / other)[back], (name, other)


@every_document
def test_what_is_replaced_is_not_in_force_without_a_reason(folder):
    metadata = metadata_of(folder)
    if metadata["replaced_by"]:
        assert metadata["validity"] != "in_force" or metadata["effective_to"]
    if metadata["validity"] == "not_in_force":
        assert len(metadata["validity_reason"]) > 4


@every_document
def test_what_a_document_carries_out_is_there_and_of_a_higher_level(folder):
    metadata = metadata_of(folder)
    for other in metadata["implements"]:
        above = metadata_of(CORPUS / "documents" / other)["jurisdiction"]
        assert metadata["jurisdiction"].startswith(above), other


@every_document
def test_topics_and_audiences_are_of_the_lists(folder):
    metadata = metadata_of(folder)
    assert metadata["topics"] and set(metadata["topics"]) <= TOPICS
    assert metadata["audiences"] and set(metadata["audiences"]) <= AUDIENCES


@every_document
def test_a_document_of_grade_c_marks_what_is_to_be_checked(folder):
    marked = "待核" in (folder / "text.md").read_text(encoding="utf-8")
    assert marked == (metadata_of(folder)["grade"] == "C")


@pytest.mark.parametrize(
    ("document_id", "fact"),
    [
        ("nx-sti-2022-opinions", "全社会R&D经费增长8%"),
        ("nx-sti-2022-opinions", "占比37%左右"),
        ("nx-sti-2022-opinions", "力争全区技术合同交易额突破30亿元"),
        ("nx-sti-2022-opinions", "300家左右企业"),
        ("nx-sti-2022-opinions", "261个移民村"),
        ("nm-sti-2019-workplan", "（2018-2020年）"),
        ("nm-sti-2024-plan-reform", "“谁推荐、谁承诺、谁筹措匹配资金”"),
        ("nm-sti-2024-plan-reform", "合并为“科技创新发展专项资金”"),
        ("qh-sti-2020-workplan", "4个在建省级高新区"),
        ("bynr-2020-kejixingmeng", "（责任单位：农高区管委会，市发改委、市科技局、市工信局、"),
    ],
)
def test_figures_keep_their_qualifiers_and_names_their_words(document_id, fact):
    assert fact in (CORPUS / "documents" / document_id / "text.md").read_text(encoding="utf-8")


def test_a_region_has_a_name_and_lists_of_other_names():
    for code, region in REGIONS.items():
        assert set(region) == {"name", "short", "aliases", "abbreviations"}, code
        assert all(isinstance(name, str) and name for name in region_names(region)), code


def test_a_city_stands_under_a_province_of_the_list():
    for code in REGIONS:
        assert code == "CN" or code.rpartition("-")[0] in REGIONS, code


def test_no_two_regions_share_a_name():
    codes = defaultdict(list)
    for code, region in REGIONS.items():
        for name in region_names(region):
            codes[name].append(code)
    assert {name: owners for name, owners in codes.items() if len(owners) > 1} == {}


def test_single_characters_are_only_abbreviations():
    for code, region in REGIONS.items():
        searched = [region["name"], *region["short"], *region["aliases"]]
        assert all(len(name) > 1 for name in searched), code


@pytest.mark.parametrize(
    ("province", "prefectures"),
    [("CN-NX", 5), ("CN-NM", 12), ("CN-QH", 8)],
)
def test_every_prefecture_of_the_three_regions_is_listed(province, prefectures):
    assert sum(code.startswith(f"{province}-") for code in REGIONS) == prefectures


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("海南", "CN-HI"),
        ("海南州", "CN-QH-6325"),
        ("海南藏族自治州", "CN-QH-6325"),
        ("吉林", "CN-JL"),
        ("吉林市", "CN-JL-2202"),
        ("内蒙", "CN-NM"),
        ("巴盟", "CN-NM-1508"),
        ("NX", "CN-NX"),
        ("深圳", "CN-GD-4403"),
        ("兰州", "CN-GS-6201"),
    ],
)
def test_a_name_means_one_region(name, code):
    assert codes_of(name) == [code]
