"""What a person writes as a place in a document <-> the path of a clause."""

import pytest

from corpus.citation import find_articles, parse_label
from corpus.clauses import label
from corpus.numbers import chinese_number, number_in_chinese


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("第十一条第（五）项", ("第十一条", "（五）")),
        ("第十一条第(五)项", ("第十一条", "（五）")),
        ("第11条第5项", ("第十一条", "（五）")),
        ("第十条之一第二款", ("第十条之一", "第二款")),
        ("第十条第二款第（一）项第1目", ("第十条", "第二款", "（一）", "1.")),
        ("第十条第一款第（一）项", ("第十条", "（一）")),
        ("二、（一）3.第2段", ("二、", "（一）", "3.", "第2段")),
        ("（三）四是", ("（三）", "四是")),
        ("附件2第一条", ("附件2", "第一条")),
        ("附2第1段", ("附2", "第1段")),
        ("第二部分三、", ("第二部分", "三、")),
        ("结尾二是", ("结尾", "二是")),
        ("一、（一）1.（1）①", ("一、", "（一）", "1.", "（1）", "①")),
    ],
)
def test_a_label_names_a_path(text, path):
    assert parse_label(text) == path


@pytest.mark.parametrize("text", ["", "  ", "科技厅", "第条", "第十一条科技厅", "关于第十条"])
def test_other_words_name_no_path(text):
    assert parse_label(text) == ()


@pytest.mark.parametrize(
    "path",
    [
        ("第十一条", "（五）"),
        ("第十条", "第二款", "（一）", "2."),
        ("通知", "第1段"),
        ("引言", "第3段"),
        ("附件2", "第一条", "第二款"),
        ("第一章", "第二节", "三、", "（四）"),
        ("二、", "（一）", "3.", "（2）", "③"),
    ],
)
def test_a_label_leads_back_to_its_path(path):
    assert parse_label(label(path)) == path


def test_articles_are_found_in_a_sentence():
    assert find_articles("依照第十一条第二款和第12条、第二十条之一的规定，第3次修订") == [
        ("第十一条", "第二款"),
        ("第十二条",),
        ("第二十条之一",),
    ]


def test_an_article_number_that_no_law_reaches_is_still_a_path():
    assert find_articles("第1260条") == [("第1260条",)]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十", 10),
        ("二十三", 23),
        ("一百零五", 105),
        ("一百一十", 110),
        ("二〇二五", 2025),
        ("⑫", 12),
    ],
)
def test_chinese_numerals_have_values(text, number):
    assert chinese_number(text) == number


def test_every_number_of_a_clause_survives_being_written_and_read():
    assert [chinese_number(number_in_chinese(one)) for one in range(1, 1000)] == [*range(1, 1000)]
