import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from assistant.answer import Answer, Citation, Status
from corpus.errors import UsageError
from eval.metrics import mean, ndcg, paired, recall, reciprocal_rank, refusals
from eval.questions import Query, read_set
from eval.report import as_html, as_text, compare
from eval.run import Options, misquoted, run_set
from eval.scoring import score
from eval.systems import systems

DAY = date(2026, 11, 22)
QUERY = Query(
    id="1",
    text="宁夏2022年技术合同交易额的目标是多少？",
    kind="number",
    part="dev",
    must_include=("30亿元|30亿", "2022"),
    must_not_include=("300亿",),
    documents_any=("nx-sti-2022-opinions",),
)
UNANSWERABLE = Query(
    id="2",
    text="宁夏2031年技术合同交易额的目标是多少？",
    kind="unanswerable_year",
    part="dev",
    answerable=False,
    must_not_include=("100万元",),
)


def answer(text, document="nx-sti-2022-opinions", status=Status.ANSWERED):
    source = Citation(
        1, document, "标题", None, "一、", f"{document}#一、", "原文", None, 0, 2, "in_force", 1.0
    )
    return Answer("问题", DAY, status, text, (source,) if document else ())


@pytest.mark.parametrize(
    ("query", "given", "wrong"),
    [
        (QUERY, answer("突破30亿元（2022年）。[1]"), ""),
        (QUERY, answer("2022年：30亿[1]"), ""),
        (QUERY, answer("突破30亿元。[1]"), "lacks ['2022']"),
        (QUERY, answer("2022年突破30亿元，也可能300亿。[1]"), "says ['300亿']"),
        (
            QUERY,
            answer("2022年30亿元。[1]", "qh"),
            "cites ['qh'], none of ['nx-sti-2022-opinions']",
        ),
        (QUERY, answer("没有。", None, Status.NOT_IN_CORPUS), "ends as not_in_corpus"),
        (UNANSWERABLE, answer("未载明具体金额。", None, Status.NOT_IN_CORPUS), ""),
        (UNANSWERABLE, answer("新培育50家。[1]"), "answered"),
        (UNANSWERABLE, answer("奖励100万元。", None, Status.NOT_IN_CORPUS), "says ['100万元']"),
        (
            replace(UNANSWERABLE, statuses=frozenset({"refused"})),
            answer("没有。", None, Status.NOT_IN_CORPUS),
            "ends as not_in_corpus, expected refused",
        ),
        (
            replace(QUERY, documents=("nx-sti-2022-opinions", "other")),
            answer("2022年30亿元。[1]"),
            "cites ['nx-sti-2022-opinions'], not ['other']",
        ),
    ],
)
def test_what_is_wrong_with_an_answer_is_said(query, given, wrong):
    assert score(query, given, {}).wrong == wrong


def test_documents_are_compared_without_the_ending_of_their_file():
    named = replace(QUERY, documents_any=("nx-sti-2022-opinions.txt",))
    assert score(named, answer("2022年：30亿元[1]"), {}).wrong == ""


@pytest.mark.parametrize(
    ("text", "wanted", "share"),
    [("比例为5%。[1]", "5%", 1.0), ("比例为15%。[1]", "5%", 0.0), ("5,000万元[1]", "5000万", 1.0)],
)
def test_a_number_must_stand_whole(text, wanted, share):
    query = replace(QUERY, must_include=(wanted,))
    assert score(query, answer(text), {}).numbers == share


@pytest.mark.parametrize(
    ("text", "right"),
    [("可得50万元。[1]", 1.0), ("可得500000元。[1]", 1.0), ("可得150万元。[1]", 0.0)],
)
def test_an_amount_is_compared_as_a_number(text, right):
    assert score(replace(QUERY, amount=Decimal(500_000)), answer(text), {}).amount == right


def test_a_citation_supports_its_line_or_not(assistant):
    given = assistant.ask(QUERY.text, day=DAY)
    clauses = assistant.index.clauses
    held = score(QUERY, given, clauses)
    assert (held.wrong, held.citation_precision, held.citation_recall) == ("", 1.0, 1.0)
    invented = replace(given, answer="宁夏将建成三座月球基地，投入78亿元。[1]")
    assert score(QUERY, invented, clauses).citation_precision == 0.0
    bare = replace(given, answer=f"{given.answer}\n宁夏将建成三座月球基地")
    assert score(QUERY, bare, clauses).citation_recall < 1.0


def test_a_quote_that_differs_from_its_document_is_found(assistant):
    given = assistant.ask(QUERY.text, day=DAY)
    assert given.citations
    assert misquoted(assistant, [given]) == []
    first, *others = given.citations
    changed = replace(first, quote=first.quote.replace("30亿", "40亿"))
    assert "40亿" in changed.quote
    moved = replace(first, start=first.start + 1)
    for wrong in (changed, moved):
        made = replace(given, citations=(wrong, *others))
        assert misquoted(assistant, [given, made]) == [wrong.quote]


def test_rankings_are_measured_as_the_field_does():
    relevant = {"a": 2, "b": 1}
    assert recall(["b", "a"], relevant, 1) == 0.0
    assert recall(["b", "a"], relevant, 5) == 1.0
    assert reciprocal_rank(["x", "b"], relevant) == 0.5
    assert ndcg(["a", "b"], relevant) == 1.0
    assert ndcg(["b", "a"], relevant) == pytest.approx((1 + 3 / 1.58496) / (3 + 1 / 1.58496), 1e-4)


def test_refusing_is_measured_by_precision_and_recall():
    held = refusals([True, True, False, False], [True, False, True, False])
    assert (held.precision, held.recall, held.f1) == (0.5, 0.5, 0.5)


def test_a_mean_comes_with_an_interval_and_two_runs_are_compared_by_question():
    held = mean([0.0, 1.0] * 50)
    assert held.mean == 0.5
    assert 0.3 < held.low < 0.5 < held.high < 0.7
    gain = paired({"1": 1.0, "2": 1.0, "3": 0.0}, {"1": 0.0, "2": 1.0})
    assert (gain.mean, gain.count) == (0.5, 2)


FOLDER = {
    "queries.jsonl": '{"_id": "1", "text": "问", "metadata": {"kind": "number", "part": "dev"}}\n',
    "qrels.tsv": "query-id\tcorpus-id\tscore\n1\td#一、\t2\n",
    "answers.jsonl": '{"_id": "1", "answerable": true, "must_include": ["3"]}\n',
}


def folder(path, **changed):
    for name, text in FOLDER.items():
        given = changed.get(name.partition(".")[0], text)
        if given is not None:
            held = given if isinstance(given, bytes) else given.encode()
            (path / name).write_bytes(held)
    return path


def test_a_folder_is_read_with_its_grades_and_answers(tmp_path):
    [query] = read_set(folder(tmp_path))
    assert (query.text, query.relevant, query.must_include) == ("问", {"d#一、": 2}, ("3",))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"queries": '{"_id": "1"}\n'}, "queries.jsonl 第 1 行 缺少 text"),
        ({"queries": FOLDER["queries.jsonl"] * 2}, "第 2 行：编号 1 重复"),
        ({"queries": "问\n"}, "queries.jsonl 第 1 行不是 JSON"),
        ({"queries": ""}, "提到没有的问题：1"),
        ({"qrels": "1 d#一、 2\n"}, "qrels.tsv 第 1 行应是"),
        ({"answers": '{"_id": "2", "answerable": true}\n'}, "没有 1 的答案"),
        ({"answers": '{"_id": "1"}\n'}, "缺少 answerable"),
        ({"answers": None}, "缺少 answers.jsonl"),
        ({"queries": "问".encode("gb18030")}, "不是 UTF-8"),
        (
            {"answers": '{"_id": "1", "answerable": true, "expected_status": "maybe"}\n'},
            "expected_status 应是",
        ),
    ],
)
def test_a_faulty_set_names_the_line_and_what_it_needs(tmp_path, changed, said):
    with pytest.raises(UsageError, match=said):
        read_set(folder(tmp_path, **changed))


def test_an_empty_file_and_a_set_that_is_not_there_are_said(tmp_path):
    (tmp_path / "empty.jsonl").write_text("")
    with pytest.raises(UsageError, match="没有问题"):
        read_set(tmp_path / "empty.jsonl")
    with pytest.raises(UsageError, match="自带的测试集之一"):
        read_set(tmp_path / "none")


def quiet(_stage, _done, _total):
    pass


def test_a_run_keeps_what_it_has_and_goes_on(assistant, tmp_path):
    lines = tmp_path / "run.lines.jsonl"
    options = Options("small", retrieval=False)
    first = run_set([QUERY], assistant, options, lines, quiet)
    kept = lines.read_text(encoding="utf-8")
    lines.write_text(kept + '{"id": "2", "cut off')
    changed = json.loads(kept) | {"answer": "kept from before"}
    lines.write_text(json.dumps(changed) + "\n" + '{"id": "2", "cut')
    again = run_set([QUERY, UNANSWERABLE], assistant, options, lines, quiet)
    assert [one["id"] for one in again["queries"]] == ["1", "2"]
    assert again["queries"][0]["answer"] == "kept from before"
    assert first["summary"]["scores"]["right"]["mean"] == 1.0
    assert again["summary"]["refusal"]["f1"] == 1.0


def test_a_graded_clause_that_is_not_there_is_said(assistant, tmp_path):
    strange = replace(QUERY, relevant={"nowhere#一、": 2})
    with pytest.raises(UsageError, match="1：nowhere#一、"):
        run_set([strange], assistant, Options("x"), tmp_path / "lines", quiet)


@pytest.fixture(scope="module")
def made(assistant, tmp_path_factory):
    path = tmp_path_factory.mktemp("runs")
    graded = replace(QUERY, evidence=(("nx-sti-2022-opinions", "技术合同交易额突破30亿元"),))
    bad = replace(QUERY, id="3", text="<b>宁夏</b>技术合同交易额？", must_include=("78亿",))
    queries = [graded, UNANSWERABLE, bad]
    return run_set(queries, assistant, Options("made"), path / "lines", quiet)


def test_systems_are_compared_over_the_graded_questions(made):
    assert list(made["retrieval"])[0] == "ours"
    assert made["retrieval"]["ours"]["recall@5"] | {"each": 0} == {
        "mean": 1.0,
        "low": 1.0,
        "high": 1.0,
        "count": 1,
        "each": 0,
    }
    assert any("LangChain" in name for name in made["retrieval"])


def test_a_run_is_shown_as_text_and_as_a_page_that_loads_nothing(made):
    assert "按题型" in as_text(made)
    page = as_html(made, made)
    assert "&lt;b&gt;宁夏&lt;/b&gt;技术合同交易额" in page
    assert "<b>宁夏" not in page
    assert "src=" not in page
    assert "http" not in page


def test_two_runs_are_compared_question_by_question(made):
    worse = json.loads(json.dumps(made))
    worse["queries"][0] |= {"right": 0.0}
    assert "变对：1\n  变错：无" in compare(made, worse)
    assert "变对：无\n  变错：1" in compare(worse, made)


def test_the_usual_pipeline_finds_clauses_by_overlap(assistant, tmp_path):
    by_name = systems(assistant, tmp_path)
    usual = next(one for name, one in by_name.items() if "LangChain" in name)
    found = usual(QUERY)
    assert len(found) == 4
    assert {one for covered in found for one in covered} <= set(assistant.index.clauses)
    assert max(len(covered) for covered in found) > 1
