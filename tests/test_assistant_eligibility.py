"""The calculator in conversation: what tells facts is answered by the rules, with their clauses."""

import shutil
from datetime import date

import pytest

from assistant.answer import Status, answer_as_json
from assistant.pipeline import Assistant
from assistant.rules.drift import quotes_of
from assistant.rules.ranges import Verdict
from assistant.rules.references import DOCUMENTS
from assistant.state import Turn
from index.build import build_index
from index.search import Index

DAY = date(2026, 11, 22)
PROGRAMMES = (
    "high_tech_enterprise",
    "high_tech_enterprise_tax_rate",
    "super_deduction",
    "small_low_profit_enterprise",
    "nm_technology_trade_subsidy",
)


@pytest.fixture(scope="module")
def library(assistant, tmp_path_factory):
    """An assistant over the documents that the programmes above rest on."""
    folder, store = tmp_path_factory.mktemp("documents"), tmp_path_factory.mktemp("store")
    names = {clause.partition("#")[0] for one in PROGRAMMES for clause, _ in quotes_of(one)}
    for name in names:
        shutil.copytree(DOCUMENTS / name, folder / name)
    embedder = assistant.index.embedder
    build_index([folder], store, embedder)
    return Assistant(Index.open(store, embedder))


def ask(library, *texts, day=DAY):
    """The answer to the last of several turns."""
    turns = ()
    for text in texts:
        answer = library.ask(text, day=day, history=turns)
        turns = (*turns, Turn(text, answer))
    return answer


def test_a_share_below_its_bound_is_told_with_the_gap_and_the_clause(library):
    answer = ask(library, "公司120人,科技人员11人,能申请高企吗?")
    assert answer.status is Status.ANSWERED
    for words in ("不符合", "9.17%", "≥10%", "至少需12人", "待核"):
        assert words in answer.answer
    line = next(one for one in answer.answer.splitlines() if "9.17%" in one)
    source = next(one for one in answer.citations if line.endswith(f"[{one.n}]"))
    assert (source.clause, source.quote) == ("第十一条第（四）项", "须不低于当年职工总数的10%")
    text = library.index.documents[source.document_id].text
    assert text[source.start : source.end] == source.quote


def test_the_first_day_is_cited_to_the_clause_that_states_it(library):
    answer = ask(library, "公司120人,科技人员11人,能申请高企吗?")
    line = next(one for one in answer.answer.splitlines() if "自2016年1月1日起" in one)
    source = next(one for one in answer.citations if line.endswith(f"[{one.n}]"))
    assert "2016年1月1日" in source.quote


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("应纳税所得额301万还能按5%交吗?", ["不符合", "75.25万元", "300万元"]),
        ("高企,研发费用300万全部可加计,应纳税所得额够大,加计能多省多少所得税?", ["最多45万元"]),
        ("委托境内高校研发花了100万,能按多少加计?", ["80万元"]),
        ("我们是餐饮连锁公司,主营收入95%是餐饮,能做研发加计扣除吗?", ["不符合", "住宿和餐饮业"]),
        (
            "内蒙古企业买技术成果实际交易额800万,技术交易后补助怎么算?",
            ["39万元", "10万元", "9万元"],
        ),
        ("高新技术企业今年应纳税所得额500万元，企业所得税交多少？", ["75万元", "15%"]),
    ],
)
def test_a_supposed_case_is_worked_out(library, question, said):
    answer = ask(library, question)
    assert answer.worked is not None
    assert [words for words in said if words not in answer.answer] == []


@pytest.mark.parametrize(
    "question",
    [
        "高新技术企业研发费用占比要求是多少?",
        "高企要准备什么材料？",
        "高新技术企业认定管理办法还有效吗？",
        "高企证书有效期几年？",
    ],
)
def test_a_question_about_the_policy_itself_is_left_to_the_search(library, question):
    assert ask(library, question).worked is None


def test_our_own_case_with_no_fact_asks_for_what_is_missing(library):
    answer = ask(library, "我们能申请高企吗？")
    assert answer.status is Status.NEEDS_FACTS
    assert answer.needs
    assert answer.worked.asked in answer_as_json(answer)["calculation"]["asked"]


def test_a_short_reply_settles_the_fact_that_was_asked_for(library):
    first = ask(library, "公司120人，能申请高企吗？")
    asked = first.worked.asked
    second = ask(library, "公司120人，能申请高企吗？", "不清楚")
    assert asked in second.worked.facts.unsure
    assert second.worked.asked != asked
    assert "职工总数 120人" in second.answer


def test_a_later_turn_adds_to_what_was_told(library):
    answer = ask(library, "公司120人，能申请高企吗？", "科技人员11人")
    assert "9.17%" in answer.answer
    assert answer.worked.assessments[0].verdict is Verdict.NOT_MET


def test_a_contradiction_is_asked_about(library):
    answer = ask(library, "公司120人，科技人员20人，能申请高企吗？", "我们一共200人")
    assert "120人" in answer.answer
    assert "200人" in answer.answer
    assert "为准" in answer.answer


def test_what_can_not_be_is_said_and_not_used(library):
    answer = ask(library, "我们20人，其中科技人员30人，能申请高企吗？")
    assert "“科技人员数”是30人，“职工总数”是20人，前者不应当多于后者" in answer.answer
    assert "150%" not in answer.answer


def test_before_its_first_day_a_programme_gives_no_number(library):
    answer = ask(library, "应纳税所得额80万，小型微利企业要交多少税？", day=date(2005, 1, 1))
    assert answer.status is Status.NOT_IN_FORCE
    assert "4万元" not in answer.answer


def test_rules_are_silent_where_the_index_lacks_their_clauses(assistant):
    answer = assistant.ask("公司120人,科技人员11人,能申请高企吗?", day=DAY)
    assert answer.worked is None
