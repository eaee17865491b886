"""Clause identity under stress: what is right is known without our own reading of clauses."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.clauses import split_clauses
from corpus.document import Document
from eval.stress import (
    LAWS,
    NO_CHAPTERS,
    Score,
    as_table,
    expected_articles,
    holds,
    lost_places,
    places,
    split_paragraphs,
    strays,
    stress,
    variants,
    wrapped,
)

ROOT = Path(__file__).resolve().parent.parent
LAW = """# 某某省科学技术条例

2020年1月1日 某某省人民代表大会常务委员会通过

<!-- INFO END -->

## 第一章 总则

第一条 为了促进科学技术进步，根据有关法律，制定本条例。

第二条 省人民政府应当加强对科学技术工作的领导，把科学技术进步纳入规划，建立协调机制。

县级以上人民政府依照第一条的规定履行职责。

## 第二章 企业

第三条 企业有下列情形之一的，可以申请补助：

（一）研究开发投入持续增长；

（二）依照本条例第二条第二款规定受到表彰。

第三条之一 补助的具体办法由省科学技术主管部门制定。

附件：

补助目录

1.研究开发补助

2.成果转化补助
"""


@pytest.fixture
def law(tmp_path):
    (tmp_path / "某某条例.md").write_text(LAW, encoding="utf-8")
    return tmp_path


def test_what_is_right_is_read_from_the_markdown_alone():
    words = "".join(LAW.split())
    found = expected_articles(LAW)
    assert [(one.name, one.chapter) for one in found] == [
        ("第一条", "总则"),
        ("第二条", "总则"),
        ("第三条", "企业"),
        ("第三条之一", "企业"),
    ]
    plain = words.replace("<!--INFOEND-->", "").replace("#", "")
    assert plain[found[1].start : found[1].end].startswith("第二条省人民政府")
    assert plain[found[1].start : found[1].end].endswith("第一条的规定履行职责。")
    assert plain[found[3].start : found[3].end].endswith("主管部门制定。")


def test_every_form_keeps_the_articles_of_a_small_law(law):
    sums = stress(law)
    assert list(sums) == [
        "as they are",
        "with Markdown headings",
        NO_CHAPTERS,
        *(f"wrapped at {width}" for width in (20, 28, 36, 42)),
        "traditional characters",
        "as DOCX",
        "as PDF",
    ]
    for form, one in sums.items():
        assert (form, one.articles, one.whole) == (form, 4, 4)
        assert holds(one)


def test_the_forms_differ_from_the_statute_as_they_say():
    forms = {one.name: one for one in variants(LAW)}
    assert "#" not in forms["as they are"].text
    assert "## 第一章 总则" in forms["with Markdown headings"].text
    assert "第一章" not in forms[NO_CHAPTERS].text
    assert "第三條之一" in forms["traditional characters"].text
    lines = forms["wrapped at 20"].text.splitlines()
    assert max(map(len, lines)) == 20
    assert "" not in lines


def test_a_wrapped_text_has_all_its_characters():
    assert "".join(wrapped(LAW, 28).split()) == "".join(LAW.split())


def clauses_of(text):
    return split_clauses(Document("law", "", text, "law.txt"))


def test_a_clause_without_its_articles_number_is_found_out():
    clauses = clauses_of(LAW)
    wrong = [
        replace(one, path=("第三条",)) if one.path == ("第二条", "第二款") else one
        for one in clauses
    ]
    assert strays(clauses, places(LAW), expected_articles(LAW)) == []
    found = strays(wrong, places(LAW), expected_articles(LAW))
    assert [one.plain[:8] for one in found] == ["县级以上人民政府"]


def test_a_clause_that_begins_in_mid_paragraph_is_found_out():
    clauses = clauses_of(LAW)
    second = next(one for one in clauses if one.path == ("第二条",))
    moved = replace(second, sentences=(replace(second.sentences[0], start=second.start + 8),))
    found = split_paragraphs([*clauses, moved], places(LAW), LAW, expected_articles(LAW))
    assert found == [moved]


def test_a_missing_clause_is_counted_as_lost_characters():
    clauses = clauses_of(LAW)
    kept = [one for one in clauses if one.path != ("第三条", "（一）")]
    assert lost_places(LAW, clauses, places(LAW)) == []
    assert len(lost_places(LAW, kept, places(LAW))) == len("（一）研究开发投入持续增长；")


@pytest.mark.parametrize(
    ("one", "is_sound"),
    [
        (Score(articles=1000, whole=999), True),
        (Score(articles=1000, whole=998), False),
        (Score(articles=10, whole=10, mid_article=1), False),
        (Score(articles=10, whole=10, false_articles=1), False),
        (Score(articles=10, whole=10, lost=1), False),
    ],
)
def test_the_bound_is_just_that(one, is_sound):
    assert holds(one) is is_sound


def test_the_table_has_a_row_a_form():
    assert as_table({"as they are": Score(1, 4, 3)}).splitlines()[2] == (
        "| as they are | 4 | 75.00 | 0 | 0 | 0 | 0 | 0 |"
    )


def test_the_command_prints_json_and_says_whether_the_bound_holds(law):
    done = subprocess.run(
        [sys.executable, "-m", "eval.stress", "--laws", str(law), "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["wrapped at 20"]["whole"] == 4


def test_a_folder_without_statutes_is_refused_in_words(tmp_path):
    with pytest.raises(SystemExit, match="holds no Markdown statutes"):
        stress(tmp_path)


@pytest.mark.skipif(not LAWS.is_dir(), reason="the statutes do not lie beside this repository")
def test_a_sample_of_real_statutes_holds_in_every_form(tmp_path):
    for path in sorted(LAWS.glob("*.md"))[::8]:
        (tmp_path / path.name).write_bytes(path.read_bytes())
    sums = stress(tmp_path)
    assert sums["as they are"].articles > 400
    assert [form for form, one in sums.items() if not holds(one)] == []
