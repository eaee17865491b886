"""The command `policy` as a person runs it, mostly in processes of its own."""

import io
import json
import os
import socket
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfWriter

from assistant.cli import as_text, main

ROOT = Path(__file__).resolve().parent.parent
DAY = date(2026, 11, 22)
TARGET = "宁夏2022年技术合同交易额的目标是多少？"
WEATHER = "今天天气怎么样？"
GOOD = (
    "某市科技局关于印发研发补助办法的通知\n"
    "一、补助对象\n本市注册的科技型中小企业可以申请研发费用后补助。\n"
    "二、补助标准\n按照研发费用的10%给予补助，单个企业最高50万元。\n"
)
ANSWER_KEYS = {"id", "question", "status", "answer", "citations", "needs", "timings_ms"}
CITATION_KEYS = {
    "n",
    "document_id",
    "title",
    "document_number",
    "clause",
    "clause_id",
    "quote",
    "page",
    "start",
    "end",
    "validity",
    "score",
}


@dataclass(frozen=True)
class Done:
    """A run of the command that has ended."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture(scope="module")
def policy(settings):
    """Run `policy` in a process of its own; never a traceback, whatever the arguments."""
    environment = {name: value for name, value in os.environ.items() if "POLICY_" not in name}
    environment |= {"POLICY_CACHE": str(settings.cache), "PYTHONUTF8": "1"}

    def run(*arguments):
        done = subprocess.run(
            [sys.executable, "-m", "assistant.cli", *map(str, arguments)],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
        )
        assert "Traceback" not in done.stdout + done.stderr
        return Done(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture(scope="module")
def policy_here(settings):
    """Run `policy` in this process, which has imported the model's libraries already."""

    def run(*arguments):
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            patch.setenv("POLICY_CACHE", str(settings.cache))
            patch.setattr(sys, "argv", ["policy", *map(str, arguments)])
            with pytest.raises(SystemExit) as ended:
                main()
        return Done(ended.value.code or 0, out.getvalue(), err.getvalue())

    return run


def locked_pdf(path):
    writer = PdfWriter()
    writer.add_blank_page(width=300, height=300)
    writer.encrypt("secret", algorithm="AES-256")
    writer.write(path)


def one_line(text):
    assert len(text.strip().splitlines()) == 1, text
    return text.strip()


@pytest.fixture(scope="module")
def indexed(policy, policy_here, tmp_path_factory):
    """A folder with one good file and three bad ones, indexed twice: both runs."""
    folder = tmp_path_factory.mktemp("cli")
    documents = folder / "documents"
    documents.mkdir()
    (documents / "grants.txt").write_text(GOOD, encoding="utf-8")
    (documents / "empty.txt").write_bytes(b"")
    (documents / "binary.txt").write_bytes(bytes(range(256)) * 16)
    locked_pdf(documents / "locked.pdf")
    arguments = ("index", "--documents", documents, "--store", folder / "store")
    return policy(*arguments, "--json"), policy_here(*arguments)


# policy index


def test_files_that_cannot_be_read_are_named_and_the_others_indexed(indexed):
    done, _ = indexed
    assert done.returncode == 0
    report = json.loads(done.stdout)
    assert [one["document_id"] for one in report["documents"]] == ["grants"]
    assert report["documents"][0]["title"] == "某市科技局关于印发研发补助办法的通知"
    assert report["clauses"] >= 2
    assert report["embedded"] == report["passages"] > 0
    assert report["unchanged"] is False
    problems = {Path(one["source"]).name: one["message"] for one in report["problems"]}
    assert set(problems) == {"empty.txt", "binary.txt", "locked.pdf"}
    for message in problems.values():
        assert any("\u4e00" <= character <= "\u9fff" for character in message)


def test_a_second_run_says_that_nothing_changed_and_names_the_problems_again(indexed):
    _, done = indexed
    assert done.returncode == 0
    assert "没有变化" in done.stdout
    assert "grants" in done.stdout
    assert "新算 0 段" in done.stdout
    for name in ("empty.txt", "binary.txt", "locked.pdf"):
        assert name in done.stderr


def test_a_folder_that_is_not_there_is_wrong_usage(policy, tmp_path):
    done = policy("index", "--documents", tmp_path / "没有", "--store", tmp_path / "store")
    assert done.returncode == 2
    assert "没有" in one_line(done.stderr)
    assert "文件夹" in done.stderr
    assert not (tmp_path / "store").exists()


# policy ask


@pytest.fixture(scope="module")
def batch(policy_here, settings, tmp_path_factory):
    """Four questions in one file: a good one, a blank one, one out of scope, a number for id."""
    path = tmp_path_factory.mktemp("batch") / "questions.jsonl"
    lines = [
        {"id": "a", "question": TARGET},
        {"id": "b", "question": "  "},
        {"id": "c", "question": WEATHER},
        {"id": 4, "question": "巴彦淖尔培育引进科技型企业由谁负责？"},
    ]
    text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    path.write_text(f"\ufeff{text}\n\n", encoding="utf-8")
    return policy_here("ask", "--batch", path, "--store", settings.store, "--day", "2026-11-22")


def test_a_batch_is_answered_line_by_line_in_order(batch):
    assert batch.returncode == 0
    answers = [json.loads(line) for line in batch.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["a", "b", "c", "4"]
    assert [answer["status"] for answer in answers] == [
        "answered",
        "needs_facts",
        "out_of_scope",
        "answered",
    ]
    assert "30亿元" in answers[0]["answer"]
    assert "市农牧局" in answers[3]["answer"]


def test_a_blank_question_in_a_batch_is_told_what_is_missing(batch):
    answer = json.loads(batch.stdout.splitlines()[1])
    assert "问题是空的" in answer["answer"]
    assert answer["needs"] == ["问题"]
    assert answer["citations"] == []


def test_an_answer_as_json_has_the_documented_keys(policy, settings):
    done = policy("ask", TARGET, "--store", settings.store, "--day", "2026-11-22", "--json")
    assert done.returncode == 0
    answer = json.loads(done.stdout)
    assert set(answer) >= ANSWER_KEYS
    assert answer["id"] is None
    assert answer["question"] == TARGET
    assert answer["status"] == "answered"
    assert "30亿元" in answer["answer"]
    assert {key for one in answer["citations"] for key in one} == CITATION_KEYS
    first = answer["citations"][0]
    assert first["n"] == 1
    assert first["document_id"] == "nx-sti-2022-opinions"
    assert first["end"] - first["start"] == len(first["quote"])
    assert all(spent >= 0 for spent in answer["timings_ms"].values())


def test_an_answer_as_text_lists_its_sources_below(assistant):
    asked = "内蒙古科技计划体系优化改革方案的文号是什么？"
    answer, sources = as_text(assistant.ask(asked, day=DAY)).split("\n\n来源：\n")
    assert "内科资字〔2024〕75号" in answer
    assert sources.startswith("[1] 《关于印发")
    assert "（内科资字〔2024〕75号）" in sources


def test_an_answer_without_sources_is_text_alone(assistant):
    answer = assistant.ask(WEATHER, day=DAY)
    assert as_text(answer) == answer.answer


def test_a_broken_line_stops_a_batch_before_its_first_answer(policy, settings, tmp_path):
    path = tmp_path / "questions.jsonl"
    path.write_text(f'{{"id": 1, "question": "{TARGET}"}}\n\n{{"id": 2,\n', encoding="utf-8")
    done = policy("ask", "--batch", path, "--store", settings.store)
    assert done.returncode == 2
    assert "questions.jsonl 第 3 行" in one_line(done.stderr)
    assert done.stdout == ""


@pytest.mark.parametrize(
    "line", ['{"question": "没有编号"}', '{"id": 1}', '{"id": 1, "question": 7}', '["a", "b"]']
)
def test_a_line_without_id_and_question_is_named(policy, settings, tmp_path, line):
    path = tmp_path / "questions.jsonl"
    path.write_text(line, encoding="utf-8")
    done = policy("ask", "--batch", path, "--store", settings.store)
    assert done.returncode == 2
    assert "questions.jsonl 第 1 行" in one_line(done.stderr)
    assert "id 和 question" in done.stderr


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00\x80"])
def test_a_batch_file_that_cannot_be_read_is_wrong_usage(policy, settings, tmp_path, content):
    path = tmp_path / "questions.jsonl"
    if content is not None:
        path.write_bytes(content)
    done = policy("ask", "--batch", path, "--store", settings.store)
    assert done.returncode == 2
    assert "questions.jsonl" in one_line(done.stderr)


@pytest.mark.parametrize("day", ["no-date", "2026-02-30", "22.11.2026"])
def test_what_is_no_day_is_wrong_usage(policy, settings, day):
    done = policy("ask", TARGET, "--store", settings.store, "--day", day)
    assert done.returncode == 2
    assert f"“{day}”不是日期" in one_line(done.stderr)
    assert "YYYY-MM-DD" in done.stderr


def test_an_unknown_region_is_wrong_usage(policy, settings):
    done = policy("ask", TARGET, "--store", settings.store, "--region", "火星")
    assert done.returncode == 2
    assert "不认识地区“火星”" in one_line(done.stderr)


def test_an_unknown_region_is_wrong_usage_for_a_whole_batch_too(policy, settings, tmp_path):
    path = tmp_path / "questions.jsonl"
    path.write_text(f'{{"id": 1, "question": "{TARGET}"}}\n', encoding="utf-8")
    done = policy("ask", "--batch", path, "--store", settings.store, "--region", "火星")
    assert done.returncode == 2
    assert "不认识地区“火星”" in one_line(done.stderr)
    assert done.stdout == ""


@pytest.mark.parametrize("question", ["", "  ", "？！"])
def test_what_is_no_question_is_wrong_usage(policy, settings, question):
    done = policy("ask", question, "--store", settings.store)
    assert done.returncode == 2
    assert "问题" in one_line(done.stderr)


def test_a_question_or_a_batch_is_needed_and_not_both(policy, settings, tmp_path):
    for arguments in ((), (TARGET, "--batch", tmp_path / "questions.jsonl")):
        done = policy("ask", *arguments, "--store", settings.store)
        assert done.returncode == 2
        assert "两者取一" in one_line(done.stderr)


def test_without_an_index_one_line_says_to_make_one(policy, tmp_path):
    done = policy("ask", TARGET, "--store", tmp_path / "none")
    assert done.returncode == 1
    assert "policy index" in one_line(done.stderr)
    assert done.stdout == ""


# policy serve and the rest


def test_a_port_in_use_is_a_failure_that_names_it(policy, settings):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = policy("serve", "--port", port, "--store", settings.store)
    assert done.returncode == 1
    assert f"127.0.0.1:{port} 不能使用" in one_line(done.stderr)
    assert "--port" in done.stderr


def test_a_port_that_is_none_is_wrong_usage(policy, settings):
    done = policy("serve", "--port", 70000, "--store", settings.store)
    assert done.returncode == 2
    assert "70000" in one_line(done.stderr)


def test_help_names_the_three_commands(policy):
    done = policy("--help")
    assert done.returncode == 0
    assert all(command in done.stdout for command in ("index", "ask", "serve"))


@pytest.mark.parametrize("arguments", [("nothing",), ("ask", "--nothing"), ("index", "--store")])
def test_an_unknown_command_or_option_is_wrong_usage(policy, arguments):
    assert policy(*arguments).returncode == 2


def test_nothing_is_rolled_back_where_there_is_no_index(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["policy", "index", "--store", str(tmp_path), "--rollback"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert "policy index" in capsys.readouterr().err
