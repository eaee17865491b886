"""The command `policy calc`: facts from a file or a sentence -> the calculator's result."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from assistant.calculation_text import (
    Lines,
    write_assessment,
    write_overview,
    write_question,
    write_understood,
)
from assistant.calculator import Report, calculate, report_as_json
from assistant.fact_reading.reading import read_sentence
from assistant.question import check_question, region_code
from assistant.rules.catalogue import catalogue
from assistant.rules.facts import Facts
from assistant.rules.values import read_facts
from corpus.cleaning import simplify
from corpus.errors import UsageError

_MOST_IN_FULL = 3


@dataclass(frozen=True)
class Asked:
    """What the command was given."""

    sentence: str | None
    facts: Path | None
    day: date
    region: str | None
    programmes: tuple[str, ...]


def calc_command(asked: Asked, as_json: bool) -> str:
    """What the command prints. Raises UsageError for what can't be read or is not there."""
    facts, questions = _facts(asked)
    report = calculate(facts, asked.day, asked.programmes)
    if as_json:
        return json.dumps(
            {**report_as_json(report), "questions": list(questions)}, ensure_ascii=False, indent=2
        )
    return _as_text(report, questions)


def list_command() -> str:
    """Every programme and every fact, as the other options name them."""
    held = catalogue()
    lines = ["政策项目："]
    lines += [f"  {one.id}  {one.rule.name}" for one in held.programmes.values()]
    lines += ["", "企业情况："]
    lines += [f"  {name}  {fact.name}（{fact.question}）" for name, fact in held.facts.items()]
    return "\n".join(lines)


def _facts(asked: Asked) -> tuple[Facts, tuple[str, ...]]:
    """The facts of the file, the sentence and the region; a file's word goes first."""
    types = catalogue().facts
    questions: tuple[str, ...] = ()
    facts = Facts()
    if asked.sentence:
        reading = read_sentence(simplify(check_question(asked.sentence)), types, asked.day)
        facts = Facts({one.fact: one.value for one in reading.facts})
        questions = reading.questions
    if asked.region and "region" not in facts.values:
        facts = facts.with_values({"region": region_code(asked.region)})
    if asked.facts:
        stated = read_facts(_held(asked.facts), types)
        facts = Facts({**facts.values, **stated.values}, stated.unsure)
    return facts, questions


def _held(path: Path) -> dict[str, Any]:
    """The file's facts: YAML, of which JSON is a part."""
    try:
        held = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UsageError(f"企业情况文件 {path} 打不开，或不是 YAML、JSON：{error}。") from error
    if not isinstance(held, dict):
        raise UsageError(
            f"企业情况文件 {path.name} 应是“事项: 值”的表，如 staff: 80。"
            "全部事项见 policy calc --list。"
        )
    return held


def _as_text(report: Report, questions: Sequence[str]) -> str:
    lines = Lines(report.day)
    write_understood(lines, report)
    for question in questions:
        lines.add(f"注意：{question}")
    if len(report.assessments) <= _MOST_IN_FULL:
        for one in report.assessments:
            write_assessment(lines, one)
    else:
        write_overview(lines, report)
    write_question(lines, report)
    sources = [
        f"[{one.n}] 《{one.title}》{f'（{one.document_number}）' if one.document_number else ''}"
        f" {one.clause}：“{one.quote}”"
        for one in lines.citations()
    ]
    return "\n".join([*lines.lines, "", "来源：", *sources] if sources else lines.lines)
