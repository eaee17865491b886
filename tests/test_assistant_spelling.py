from datetime import date

import pytest

from assistant.question import read_question
from assistant.spelling import correct, sounds

WRITTEN = "培育高新技术企业库，揭榜挂帅制度，创新券试点继续开展，科技型中小企业，财政资金补助"
PAIRS = {WRITTEN[i : i + 2] for i in range(len(WRITTEN) - 1)}


def mended(text):
    question = read_question(text, date(2026, 11, 22))
    return correct(question, PAIRS.__contains__, WRITTEN.__contains__, sounds(WRITTEN))


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("高薪技术企业怎么培育", "高新技术企业怎么培育"),
        ("揭榜卦帅宁夏搞不搞", "揭榜挂帅宁夏搞不搞"),
        ("创薪券青海还搞不搞", "创新券青海还搞不搞"),
        ("财证资金补助", "财政资金补助"),
        ("科技型中小企页", "科技型中小企业"),
    ],
)
def test_a_word_that_sounds_like_one_of_the_corpus_is_read_as_that(written, understood):
    assert mended(written).plain == understood


def test_a_mended_question_keeps_its_text_and_says_what_was_mended():
    question = mended("高薪技术企业怎么培育")
    assert question.text == "高薪技术企业怎么培育"
    assert question.subject == "高新技术企业 培育"
    assert [(pair[0][:4], pair[1][:4]) for pair in question.corrections] == [
        ("高薪技术", "高新技术")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "高新技术企业怎么培育",  # as the corpus writes it
        "量子计算有支持吗",  # nothing sounds like it
        "科技保险补贴",  # the corpus knows 科技, and no neighbour of the rest
        "薪资补助",  # 新资 is no word of the corpus either
        "高薪",  # too short to tell
        "R&D经费",
    ],
)
def test_other_words_stay_as_they_are(text):
    question = mended(text)
    assert question.corrections == ()
    assert question == read_question(text, date(2026, 11, 22))


def test_characters_are_found_by_their_sound_whatever_the_tone():
    table = sounds("新薪心信券")
    assert table == {"xin": ["信", "心", "新", "薪"], "quan": ["券"]}


@pytest.mark.parametrize("asked", ["高新技术企业期几年", "没有高新技术企证"])
def test_a_word_is_not_mended_where_the_corpus_does_not_write_the_neighbours_so(asked):
    assert mended(asked).plain == asked
