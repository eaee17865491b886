"""Five documents as found on the web, with their noise: the questions that people ask of them.

These files are not part of the repository; without them the tests are skipped.
"""

from pathlib import Path

import pytest

from assistant.answer import Status
from assistant.pipeline import Assistant
from eval.questions import read_set
from eval.run import misquoted
from eval.scoring import score
from index.build import build_index
from index.search import Index

SHARED = Path(__file__).resolve().parents[2] / "shared"
SEEDS, QUESTIONS = SHARED / "seeds", SHARED / "questions" / "dev.jsonl"
pytestmark = pytest.mark.skipif(
    not (SEEDS.is_dir() and QUESTIONS.is_file()),
    reason="the five documents and their questions do not lie beside this repository",
)
LEAST = 0.85  # of the questions right


@pytest.fixture(scope="module")
def raw(assistant, tmp_path_factory):
    """An assistant over the documents as received, with the model that is already loaded."""
    store, embedder = tmp_path_factory.mktemp("seeds"), assistant.index.embedder
    report = build_index([SEEDS], store, embedder)
    assert report.problems == ()
    return Assistant(Index.open(store, embedder))


@pytest.fixture(scope="module")
def scores(raw):
    asked = [one for one in read_set(QUESTIONS) if one.source == "seeds"]
    answers = [raw.ask(one.text, day=one.day) for one in asked]
    return [
        (query, answer, score(query, answer, raw.index.clauses))
        for query, answer in zip(asked, answers, strict=True)
    ]


def shares(scores, answerable):
    chosen = [(query, held) for query, _, held in scores if query.answerable is answerable]
    wrong = [f"{query.id} {held.wrong}" for query, held in chosen if held.wrong]
    return 1 - len(wrong) / len(chosen), wrong


def test_most_answerable_questions_are_answered_right(scores):
    share, wrong = shares(scores, answerable=True)
    assert share >= LEAST, wrong


def test_most_other_questions_are_not_answered(scores):
    share, wrong = shares(scores, answerable=False)
    assert share >= LEAST, wrong


def test_every_quote_stands_word_for_word_in_the_file_as_received(raw, scores):
    answers = [answer for _, answer, _ in scores]
    assert sum(len(answer.citations) for answer in answers) > len(answers) / 2
    assert misquoted(raw, answers) == []
    for document in raw.index.documents.values():
        received = (SEEDS / document.source).read_text(encoding="utf-8")
        assert document.text.replace("\r\n", "\n") == received.replace("\r\n", "\n")


def test_every_answer_ends_in_time_and_with_sound_marks(scores):
    for _, answer, _ in scores:
        assert sum(spent for _, spent in answer.timings_ms) < 5000
        assert all(f"[{one.n}]" in answer.answer for one in answer.citations)
        assert answer.citations or answer.status is not Status.ANSWERED
