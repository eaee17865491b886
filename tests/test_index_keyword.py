import math
import warnings

import bm25s
import numpy as np
import pytest

from corpus.errors import IndexStoreError
from index.keyword import HEADING_WEIGHT, KeywordIndex, best_rows, terms, write_words

TEXTS = [
    "按照研发费用的10%给予补助，单个企业最高3200万元。",
    "园区生产总值达到20亿元，新增孵化器15家。",
    "认真执行国科发火〔2016〕32号，做好高新技术企业认定工作。",
    "第十一条 研发机构开展R&D活动的，给予奖励。",
    "认真执行财税〔2018〕99号。",
]
HEADINGS = ["补助标准", "总体目标", "落实文件", "附则", "税收优惠"]


def written(folder, texts, headings) -> KeywordIndex:
    write_words(folder, texts, headings)
    return KeywordIndex.load(folder)


@pytest.fixture(scope="module")
def index(tmp_path_factory) -> KeywordIndex:
    return written(tmp_path_factory.mktemp("keyword"), TEXTS, HEADINGS)


def rows(found: list[tuple[int, float]]) -> list[int]:
    return [row for row, _ in found]


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("根据内科资字〔2024〕75号", "内科资字〔2024〕75号"),
        ("内科资字[2024] 75号", "内科资字〔2024〕75号"),
        ("国家税务总局公告2017年第24号", "2017年第24号"),
        ("第十一条第（五）项", "第十一条"),
        ("最高20亿元", "20亿元"),
        ("最高20 亿", "20亿"),
        ("增长37%以上", "37%"),
        ("奖励3,200万元", "3200万"),
        ("R&D经费", "r&d"),
        ("建设AI平台", "ai"),
    ],
)
def test_what_must_match_as_a_whole_is_one_term(text, term):
    assert term in terms(text)


def test_single_characters_are_searched_but_are_no_terms(index):
    assert terms("元") == []
    assert index.knows("元")
    assert rows(index.search("税", 5)) == [4]


def test_a_term_found_as_word_and_as_pair_counts_once():
    assert terms("补助").count("补助") == 1


@pytest.mark.parametrize(
    ("query", "row"),
    [
        ("国科发火〔2016〕32号", 2),
        ("财税（2018）99号说了什么", 4),
        ("3200万元", 0),
        ("20亿", 1),
        ("第十一条", 3),
        ("孵化器", 1),
    ],
)
def test_the_row_with_the_number_or_name_comes_first(index, query, row):
    assert rows(index.search(query, 3))[0] == row


def test_a_heading_finds_its_row_with_less_weight_than_the_text(index, tmp_path):
    assert rows(index.search("总体目标", 5))[0] == 1
    field = written(tmp_path, ["孵化器", "补助"], ["补助", "孵化器"])
    assert rows(field.search("孵化器", 2)) == [0, 1]


def test_a_query_without_any_known_term_finds_nothing(index):
    assert index.search("麻辣", 5) == []
    assert index.search("？！", 5) == []
    assert index.search("", 5) == []


def test_more_rows_than_there_are_may_be_asked_for(index):
    assert len(index.search("认真执行", 100)) == 2


def test_a_masked_row_never_comes_back(index):
    mask = np.array([True, True, False, True, True])
    assert rows(index.search("认真执行国科发火", 5))[0] == 2
    assert rows(index.search("认真执行国科发火", 5, mask))[0] == 4
    assert 2 not in rows(index.search("认真执行国科发火", 5, mask))


def test_equal_scores_come_in_row_order(tmp_path):
    index = written(tmp_path, ["补助"] * 4, [""] * 4)
    assert rows(index.search("补助", 3)) == [0, 1, 2]


def test_the_best_rows_are_those_of_a_whole_sort():
    scores = np.random.default_rng(0).integers(0, 40, 500).astype(np.float32)
    mask = np.arange(500) % 3 > 0
    for kept in (None, mask):
        masked = scores if kept is None else np.where(kept, scores, np.float32(0))
        for limit in (1, 7, 100, 499, 600):
            expected = [row for row in np.argsort(-masked, kind="stable") if masked[row] > 0]
            assert rows(best_rows(scores, limit, kept)) == expected[:limit]


def test_rare_terms_tell_more_than_common_ones_and_unknown_ones_most(index):
    assert index.idf("执行") < index.idf("孵化") < index.idf("麻辣")
    assert index.idf("麻辣") == pytest.approx(math.log(1 + 5.5 / 0.5))
    assert index.knows("孵化")
    assert index.knows("附则")
    assert not index.knows("麻辣")


def test_writing_says_nothing(tmp_path, capfd):
    written(tmp_path, TEXTS, HEADINGS)
    assert capfd.readouterr() == ("", "")  # no progress bars


def test_scores_are_those_of_bm25s(tmp_path):
    index = written(tmp_path, TEXTS, HEADINGS)
    query = "研发费用补助补助，认真执行补助标准"
    known = [*(one for one in query if "\u4e00" <= one <= "\u9fff"), *terms(query)]
    expected = np.zeros(5, np.float32)
    for name, weight in (("text", 1.0), ("headings", HEADING_WEIGHT)):
        field = bm25s.BM25.load(tmp_path / name, show_progress=False)
        ids = [field.vocab_dict[term] for term in known if term in field.vocab_dict]
        expected += np.float32(weight) * field.get_scores_from_ids(ids)
    assert index.scores(query) == pytest.approx(expected, rel=1e-5)
    assert expected.max() > 1


def test_rows_without_words_do_no_harm(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        index = written(tmp_path / "one", ["。。", "补助"], ["", ""])
        assert rows(index.search("补助", 5)) == [1]
        assert written(tmp_path / "two", ["……"], [""]).search("补助", 5) == []


def test_an_index_of_nothing_is_refused(tmp_path):
    with pytest.raises(IndexStoreError, match="没有任何文字"):
        write_words(tmp_path, [], [])
