"""The application's own addresses, over the real index; the page is in test_assistant_pages."""

import re
from datetime import timedelta

import httpx
import pytest

from app import create_app
from assistant.answer import answer_as_json
from assistant.pages.day import today
from corpus.errors import IndexStoreError

QUESTION = "宁夏2022年技术合同交易额的目标是多少？"


@pytest.fixture(scope="module")
def client(server):
    """Speaks to a server process: Gradio leaves event loops open in the process it runs in."""
    with httpx.Client(base_url=server, timeout=60) as opened:
        yield opened


def test_health_names_the_index_in_use(client, assistant):
    body = client.get("/healthz").json()
    assert body == {
        "status": "ok",
        "index_version": assistant.index.manifest.version,
        "documents": len(assistant.index.documents),
        "clauses": len(assistant.index.clauses),
    }


def test_an_answer_comes_back_with_quotes_that_stand_in_the_text(client, assistant):
    body = client.post("/api/ask", json={"question": QUESTION, "day": "2022-06-01"}).json()
    assert body["status"] == "answered"
    assert body["day"] == "2022-06-01"
    assert "30亿元" in body["answer"]
    assert body["citations"]
    for citation in body["citations"]:
        text = assistant.index.documents[citation["document_id"]].text
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_the_keys_are_those_of_the_command_line(client, assistant):
    day = today() - timedelta(days=1)
    body = client.post("/api/ask", json={"question": QUESTION, "day": day.isoformat()}).json()
    assert list(body) == list(answer_as_json(assistant.ask(QUESTION, day=day)))


def test_without_a_day_the_answer_is_for_today(client):
    body = client.post("/api/ask", json={"question": QUESTION}).json()
    assert body["day"] == today().isoformat()


def test_marks_and_citations_agree(client):
    body = client.post("/api/ask", json={"question": QUESTION}).json()
    marks = {int(n) for n in re.findall(r"\[(\d+)\]", body["answer"])}
    assert marks == {citation["n"] for citation in body["citations"]}


def test_an_empty_question_is_a_400_with_a_chinese_sentence(client):
    response = client.post("/api/ask", json={"question": "   "})
    assert response.status_code == 400
    assert re.search(r"[\u4e00-\u9fff]", response.json()["error"])


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "question"),
        ({"question": 7}, "question"),
        ({"question": "好", "day": "昨天"}, "day"),
        ({"question": "好", "region": []}, "region"),
        ({"question": "好", "colour": 1}, "colour"),
        ([], "JSON"),
    ],
)
def test_a_body_that_cannot_be_read_is_a_422_that_says_what_is_expected(client, body, named):
    response = client.post("/api/ask", json=body)
    assert response.status_code == 422
    assert named in response.json()["error"]
    assert re.search(r"[\u4e00-\u9fff]", response.json()["error"])


def test_a_question_full_of_markup_comes_back_as_the_same_text(client):
    question = "<script>alert(1)</script>科技计划分为哪几类？"
    assert client.post("/api/ask", json={"question": question}).json()["question"] == question


def test_the_page_names_no_address_outside_as_a_source(client, server):
    html = client.get("/").text
    loaded = re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=\"(https?://[^\"]+)", html)
    assert not [url for url in loaded if not url.startswith(server)]


def test_there_is_no_documentation_page_that_loads_from_elsewhere(client):
    assert "cdn" not in client.get("/docs").text


def test_without_an_index_the_application_says_what_to_do(settings, tmp_path):
    with pytest.raises(IndexStoreError, match="policy index"):
        create_app(settings.model_copy(update={"store": tmp_path / "无"}))
