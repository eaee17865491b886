"""The benchmark asks what can be answered, and says how long each step took."""

from eval.bench import measure_questions, questions_of
from eval.questions import OWN_SET, read_set


def test_only_questions_with_an_answer_are_timed():
    asked = questions_of(OWN_SET)
    without = {one.text for one in read_set(OWN_SET) if not one.answerable}
    assert len(asked) == 100
    assert without.isdisjoint(asked)


def test_every_step_of_a_question_is_timed(assistant):
    held = measure_questions(assistant, ["内蒙古科技计划分为哪几类？"])
    assert held["questions"] == 3
    assert {"read_facts", "run_rules", "find_clauses", "write_answer"} <= held["steps"].keys()
    assert 0 < held["p50_ms"] <= held["p95_ms"]
