"""The page's HTML as values, without a browser."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from html import unescape

import pytest

from assistant.answer import Answer, Citation, Status
from assistant.pages import chat
from assistant.pages.conversation import Exchange, conversation_html, plain_answer, sentences
from assistant.pages.day import read_day, today
from assistant.pages.library import document_html, library_html
from assistant.pages.source import Mark, citation_text, source_html, text_html, titled
from assistant.pages.texts import CHINESE, ENGLISH, EXAMPLES, texts_for
from assistant.records import Feedback, add_feedback
from corpus.document import Document, Validity
from corpus.errors import UsageError

DAY = date(2022, 6, 1)
EVIL = '<img src=x onerror="alert(1)">\'&{{value}}${1}'
TEXT = "一、总则\n\n支持企业建设实验室。给予补助。\n二、附则\n"


def words_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))


def document(**changes) -> Document:
    return replace(Document("a", "支持实验室的通知", TEXT, "a.txt"), **changes)


def citation(n: int, quote: str, **changes) -> Citation:
    start = TEXT.index(quote)
    made = Citation(
        n=n,
        document_id="a",
        title="支持实验室的通知",
        document_number="宁科〔2022〕1号",
        clause="一、",
        clause_id="a#1",
        quote=quote,
        page=None,
        start=start,
        end=start + len(quote),
        validity="in_force",
        score=0.9,
    )
    return replace(made, **changes)


def answered(text: str, *citations: Citation, **changes) -> Exchange:
    answer = Answer("怎么补助？", DAY, Status.ANSWERED, text, citations)
    return Exchange("e1", "怎么补助？", DAY, replace(answer, **changes))


def test_sentences_keep_the_marks_that_follow_them_and_lose_nothing():
    text = "一是这样。[1] 二是那样；[2][3]\n三没有句号[4]。末尾"
    parts = list(sentences(text))
    assert parts == ["一是这样。[1]", " 二是那样；[2][3]", "\n", "三没有句号[4]。", "末尾"]
    assert "".join(parts) == text


def test_a_marked_text_shows_every_word_and_marks_exactly_the_range():
    start = TEXT.index("给予补助")
    html = text_html(TEXT, [Mark(start, start + 4, main=True)])
    assert words_of(html) == TEXT.replace("\n", "")
    assert re.findall(r'<mark class="main">(.*?)</mark>', html) == ["给予补助"]


def test_a_mark_over_several_lines_is_marked_in_each():
    start, end = TEXT.index("给予"), TEXT.index("附则")
    html = text_html(TEXT, [Mark(start, end, main=True)])
    assert re.findall(r"<mark[^>]*>(.*?)</mark>", html) == ["给予补助。", "二、"]


def test_where_marks_overlap_the_main_one_wins():
    start = TEXT.index("支持企业")
    marks = [Mark(start, start + 10, main=False), Mark(start + 2, start + 6, main=True)]
    found = re.findall(r'<mark class="(\w+)">(.*?)</mark>', text_html(TEXT, marks))
    assert found == [("also", "支持"), ("main", "企业建设"), ("also", "实验室。")]


def test_headings_stand_out_and_sentences_do_not():
    html = text_html("一、总则\n一、支持企业。\n# 标题\n")
    assert re.findall(r'<p class="heading">(.*?)</p>', html) == ["一、总则", "标题"]


def test_every_document_of_the_corpus_is_shown_whole(assistant):
    for one in assistant.index.documents.values():
        clauses = assistant.index.clauses_of(one.document_id)
        html = text_html(one.text, (), [clause.start for clause in clauses])
        shown = re.sub(r"\s", "", words_of(html))
        expected = re.sub(r"^(#+|>)[ \t]+|^<!--.*-->$", "", one.text, flags=re.MULTILINE)
        assert shown == re.sub(r"\s", "", expected), one.document_id
        assert html.count("data-offset") == len({clause.start for clause in clauses})


def test_a_document_cannot_put_markup_into_the_page():
    evil = document(
        title=EVIL,
        text=EVIL,
        document_number=EVIL,
        issuing_bodies=(EVIL,),
        source_url=f"javascript:{EVIL}",
        validity_reason=EVIL,
    )
    cited = Citation(1, "a", EVIL, EVIL, EVIL, "a#1", EVIL, None, 0, len(EVIL), "in_force", 1.0)
    html = source_html(evil, cited, [cited], DAY, CHINESE)
    html += document_html(evil, [], DAY, CHINESE)
    html += library_html({"a": evil}, lambda _id: [], DAY, CHINESE)
    assert "<img" not in html
    assert "javascript:" not in html
    assert EVIL in words_of(html)


def test_a_conversation_cannot_put_markup_into_the_page():
    cited = citation(1, "给予补助", title=EVIL, document_number=EVIL, clause=EVIL)
    exchange = answered(f"{EVIL}[1]", cited, needs=(EVIL,), follow_ups=(EVIL,))
    exchange = replace(exchange, question=EVIL)
    html = conversation_html((exchange, replace(exchange, answer=None, notice=EVIL)), CHINESE)
    assert "<img" not in html
    assert words_of(html).count(EVIL) >= 6


def test_only_marks_with_a_source_become_links_and_their_turn_is_in_them():
    first = answered("补助。[1][7]", citation(1, "给予补助"))
    html = conversation_html((first, first), CHINESE)
    links = re.findall(r'href="#(source-[\d-]+)"[^>]*>\[', html)
    assert links == ["source-0-1", "source-1-1"]
    assert "[7]" in words_of(html)


def test_ids_are_unique_in_a_conversation():
    one = answered("补助。[1]", citation(1, "给予补助"))
    ids = re.findall(r' id="([^"]+)"', conversation_html((one, one, one), CHINESE))
    assert ids
    assert len(ids) == len(set(ids))


def test_an_answer_that_is_none_carries_its_status_in_words():
    for status in Status:
        html = conversation_html((answered("无。", status=status),), CHINESE)
        shown = re.findall(r'<p class="status [a-z_]+">(.*?)</p>', html)
        assert shown == ([] if status is Status.ANSWERED else [CHINESE.statuses[status]])


def test_both_languages_have_words_for_everything():
    for texts in (CHINESE, ENGLISH):
        assert set(texts.statuses) == set(Status) - {Status.ANSWERED}
        assert set(texts.validities) == set(Validity)
        assert all(value for value in vars(texts).values())
    assert texts_for("en") is ENGLISH
    assert texts_for("anything") is CHINESE


def test_a_streaming_answer_shows_its_beginning_and_no_sources_yet():
    exchange = answered("第一句。第二句。[1]", citation(1, "给予补助"))
    html = conversation_html((exchange,), CHINESE, shown="第一句。")
    assert "第一句。" in html
    assert "第二句。" not in html
    assert CHINESE.sources not in html


def test_growing_ends_with_the_whole_answer():
    answer = Answer("问", DAY, Status.ANSWERED, "第一句。第二句。[1]")
    assert list(chat.growing(answer)) == ["第一句。", "第一句。第二句。[1]"]


def test_the_copied_citation_names_title_number_clause_and_quote():
    cited = citation(1, "给予补助")
    assert citation_text(cited) == "《支持实验室的通知》（宁科〔2022〕1号）一、：“给予补助”"
    assert citation_text(replace(cited, document_number=None), "（摘）").endswith("”（摘）")


def test_book_marks_inside_a_title_become_single_ones():
    assert titled("《甲》") == "《甲》"
    assert titled("关于印发《甲》的通知") == "《关于印发〈甲〉的通知》"


def test_listed_lines_become_items_and_warnings_stand_apart():
    exchange = answered("共两项：\n- 补助。[1]\n注意：以最新文件为准。", citation(1, "给予补助"))
    html = conversation_html((exchange,), CHINESE)
    assert "<p>共两项：</p>" in html
    assert '<p class="item">补助。<a' in html
    assert '<p class="note">注意：以最新文件为准。</p>' in html


def test_the_copied_answer_lists_its_sources():
    exchange = answered("补助。[1]", citation(1, "给予补助"))
    assert exchange.answer is not None
    copied = plain_answer(exchange.answer)
    assert copied == "补助。[1]\n[1] 《支持实验室的通知》宁科〔2022〕1号 一、"


def test_the_panel_shows_known_dates_validity_with_reason_and_that_it_is_a_digest():
    shown = document(is_digest=True, signed_on=date(2022, 7, 1), jurisdiction="CN-NX")
    cited = citation(2, "给予补助")
    words = words_of(source_html(shown, cited, [cited], DAY, CHINESE))
    for expected in (
        "日期成文 2022-07-01",
        "宁夏",
        CHINESE.digest,
        "尚未施行",
        "[2] 所引条款 一、",
    ):
        assert expected in words
    assert f"{CHINESE.promulgated_on} " not in words
    assert f"{CHINESE.effective_to} " not in words


def test_other_citations_of_the_same_document_are_marked_too():
    cited, other = citation(1, "给予补助"), citation(2, "支持企业")
    html = source_html(document(), cited, [cited, other], DAY, CHINESE)
    found = re.findall(r'<mark class="(\w+)">(.*?)</mark>', html)
    assert found == [("also", "支持企业"), ("main", "给予补助")]


@pytest.mark.parametrize(("turn", "n"), [(1, 1), (-1, 1), (0, 9), ("0", 1), (None, None)])
def test_a_source_that_is_not_there_opens_nothing(turn, n):
    conversation = (answered("补助。[1]", citation(1, "给予补助")),)
    assert chat.cited(conversation, turn, n) is None
    assert chat.cited(conversation, 0, 1) is not None


def test_a_vote_is_recorded_and_shown(tmp_path):
    conversation = (answered("补助。[1]", citation(1, "给予补助")),)
    disliked = chat.voted(tmp_path, conversation, 0, "down", None)
    explained = chat.voted(tmp_path, disliked, 0, "down", " 金额不对 ")
    lines = (tmp_path / "feedback.jsonl").read_text(encoding="utf-8").splitlines()
    first, second = (json.loads(line) for line in lines)
    assert (first["vote"], first["reason"]) == ("down", "")
    assert (second["vote"], second["reason"]) == ("down", "金额不对")
    assert first["question"] == "怎么补助？"
    assert (first["answer"], first["status"]) == ("补助。[1]", "answered")
    assert first["time"].endswith("+00:00")
    assert first["answer_id"] == second["answer_id"]
    assert 'class="reason"' in conversation_html(disliked, CHINESE)
    assert CHINESE.thanks in conversation_html(explained, CHINESE)


@pytest.mark.parametrize(("turn", "vote"), [(5, "up"), (0, "maybe"), ("0", "up")])
def test_a_vote_on_nothing_writes_nothing(tmp_path, turn, vote):
    conversation = (answered("补助。"),)
    assert chat.voted(tmp_path, conversation, turn, vote, "") == conversation
    assert not (tmp_path / "feedback.jsonl").exists()


def test_votes_of_many_readers_at_once_stay_whole_lines(tmp_path):
    vote = Feedback("e1", "问" * 300, "2022-06-01", "答" * 3000, "answered", "up")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _n: add_feedback(tmp_path, vote), range(80)))
    lines = (tmp_path / "feedback.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 80
    assert all(json.loads(line)["answer_id"] == "e1" for line in lines)


def test_the_day_is_read_from_the_field():
    assert read_day("2022-06-01") == DAY
    assert read_day("") == read_day(None) == today()
    with pytest.raises(UsageError, match="看不懂提问日“昨天”"):
        read_day("昨天")


def test_an_empty_question_or_a_bad_day_becomes_a_polite_notice(assistant):
    empty = chat.ask(assistant, None, (), "  ", "2022-06-01", CHINESE)
    assert empty.answer is None
    assert re.search(r"[\u4e00-\u9fff]", empty.notice)
    assert "昨天" in chat.ask(assistant, None, (), "怎么补助？", "昨天", CHINESE).notice


def test_earlier_turns_are_handed_on(assistant):
    first = chat.ask(
        assistant, None, (), "宁夏2022年技术合同交易额的目标是多少？", "2022-06-01", CHINESE
    )
    second = chat.ask(
        assistant, None, (first,), "那全社会研发经费增长目标呢？", "2022-06-01", CHINESE
    )
    assert second.answer is not None
    assert "8%" in second.answer.answer


def test_every_example_question_is_answered_with_sources(assistant):
    for question in EXAMPLES:
        answer = assistant.ask(question, day=today())
        assert answer.status is Status.ANSWERED, (question, answer.answer)
        assert answer.citations, question


def test_the_library_lists_every_document_with_its_clauses(assistant):
    index = assistant.index
    html = library_html(index.documents, index.clauses_of, DAY, CHINESE)
    opened = re.findall(r'data-document="([^"]+)"', html)
    assert opened == list(index.documents)
    for document_id in opened:
        assert f"条款 {len(index.clauses_of(document_id))}" in html


def test_a_document_of_the_library_lists_its_clauses_in_order(assistant):
    index = assistant.index
    one = next(iter(index.documents.values()))
    clauses = index.clauses_of(one.document_id)
    html = document_html(one, clauses, DAY, CHINESE)
    jumps = [int(offset) for offset in re.findall(r'data-to="(\d+)"', html)]
    assert jumps == [clause.start for clause in clauses]
    assert all(f'data-offset="{offset}"' in html for offset in jumps)


def test_the_library_offers_every_topic_and_audience_as_a_filter():
    document = Document("a", "办法", "甲", "a.md", topics=("税收",), audiences=("企业", "<b>"))
    html = library_html({"a": document}, lambda _id: [], DAY, CHINESE)
    assert 'data-filter="税收"' in html
    assert 'data-filter="&lt;b&gt;"' in html
    assert "<span>税收 企业 &lt;b&gt;</span>" in html
