"""Notes that are told by what was chosen: how a guide gives its answer."""

from datetime import date

import pytest

from assistant.rules.assessment import assess
from assistant.rules.catalogue import catalogue, read_catalogue
from assistant.rules.facts import Facts
from corpus.errors import RuleError

DAY = date(2026, 11, 22)
RULE = """
name: 导航
category: guide
jurisdiction: CN
summary: 一个导航
in_force:
  - effective_from: 2020-01-01
    reference: {document: eit-law, clause: 第四条, quote: 税率}
facts:
  topic: {name: 题目, kind: choice, question: 是什么？, choices: [甲, 乙]}
notes:
  - {text: 给甲的话, when: {topic: 甲}}
  - {text: 给大家的话}
  - {text: 还没有到日子的话, effective_from: 2030-01-01}
"""


def guide(folder, text):
    (folder / "guide").mkdir()
    (folder / "guide" / "rule.yaml").write_text(text, encoding="utf-8")
    return read_catalogue(folder)


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({"topic": "甲"}, ["给甲的话", "给大家的话"]),
        ({"topic": "乙"}, ["给大家的话"]),
        ({}, ["给大家的话"]),
    ],
)
def test_a_note_with_when_is_told_only_to_those_who_chose_so(tmp_path, chosen, told):
    held = guide(tmp_path, RULE)
    found = assess(held, held.programmes["guide"], Facts(chosen), DAY)
    assert [note.text for note in found.notes] == told


@pytest.mark.parametrize("wrong", ["topic: 丙", "nothing: 甲"])
def test_a_note_for_a_choice_that_is_not_there_does_not_load(tmp_path, wrong):
    with pytest.raises(RuleError, match="没有选项"):
        guide(tmp_path, RULE.replace("when: {topic: 甲}", f"when: {{{wrong}}}"))


def test_every_kind_of_project_has_one_plan_and_any_other_none():
    held = catalogue()
    programme = held.programmes["nm_plan_guide"]
    plans = {}
    for kind in held.facts["nm_project_kind"].choices:
        facts = Facts({"region": "CN-NM", "nm_project_kind": kind})
        notes = assess(held, programme, facts, DAY).notes
        plans[kind] = [note for note in notes if note.text.startswith("适合")]
    assert plans.pop("其他项目") == []
    assert [len(found) for found in plans.values()] == [1] * 14
