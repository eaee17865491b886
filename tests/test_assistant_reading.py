"""`policy read`: what was read of a file, for a person and as JSON."""

import json

from assistant.reading import print_documents, read_command
from index.build import DocumentSummary

TEXT = "某某资金管理办法\n某科规〔2024〕3号\n第一条 支持创新，\n最高补助50万元。\n第三条 附则。\n"


def test_a_file_is_shown_with_its_fields_doubts_and_clauses(tmp_path, capsys):
    path = tmp_path / "办法.txt"
    path.write_text(TEXT, encoding="utf-8")
    assert read_command([path], as_json=False) == 0
    shown = capsys.readouterr().out
    for words in ("《某某资金管理办法》", "某科规〔2024〕3号", "条文 3 条", "存疑：", "第三条"):
        assert words in shown


def test_json_holds_the_words_as_received_at_their_offsets(tmp_path, capsys):
    path = tmp_path / "办法.txt"
    path.write_text(TEXT, encoding="utf-8")
    assert read_command([path], as_json=True) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["clause_count"] == len(found["clauses"]) == 3
    clause = found["clauses"][0]
    assert (clause["id"], clause["path"], clause["label"]) == ("办法#第一条", ["第一条"], "第一条")
    assert (
        TEXT[clause["start"] : clause["end"]]
        == clause["text"]
        == ("第一条 支持创新，\n最高补助50万元。")
    )
    assert clause["page"] is None
    assert {one["name"]: one["value"] for one in found["fields"]}["title"] == "某某资金管理办法"


def test_a_file_that_is_refused_is_named_and_does_not_stop_the_others(tmp_path, capsys):
    empty, good = tmp_path / "空.txt", tmp_path / "办法.txt"
    empty.write_text("", encoding="utf-8")
    good.write_text(TEXT, encoding="utf-8")
    assert read_command([empty, good], as_json=False) == 1
    shown = capsys.readouterr()
    assert "未能读取 空.txt：空.txt 是空文件" in shown.err
    assert "《某某资金管理办法》" in shown.out
    assert read_command([empty], as_json=True) == 1
    assert json.loads(capsys.readouterr().out)["source"] == "空.txt"


def test_level_topics_and_where_they_were_read_are_shown(tmp_path, capsys):
    (tmp_path / "document.yaml").write_text("topics: [研发, 奖补]\n", encoding="utf-8")
    text = TEXT.replace("某科规", "国科发资")
    (tmp_path / "text.txt").write_text(text, encoding="utf-8")
    assert read_command([tmp_path], as_json=True) == 0
    fields = {one["name"]: one for one in json.loads(capsys.readouterr().out)["fields"]}
    assert fields["authority_level"] == {
        "name": "authority_level",
        "label": "效力级别",
        "value": "部门规范性文件",
        "origin": "文号“国科发资〔2024〕3号”",
    }
    assert (fields["topics"]["value"], fields["topics"]["origin"]) == (
        "研发、奖补",
        "document.yaml",
    )
    assert read_command([tmp_path], as_json=False) == 0
    shown = capsys.readouterr().out
    for words in ("效力级别", "部门规范性文件", "主题", "研发、奖补"):
        assert words in shown


def test_an_indexing_run_names_per_document_clauses_noise_and_doubts(capsys):
    one = DocumentSummary(
        *("grants", "研发补助办法", "补助.pdf", 12),
        noise_lines=3,
        noise_examples=("打印本页", "合集下载"),
        doubts=("没有读到文号。", "第2页由图像识别，平均置信度 0.82，请核对"),
    )
    print_documents([one, DocumentSummary("loans", "贷款贴息办法", "贴息.txt", 5)])
    rows = capsys.readouterr().out.splitlines()
    shown = next(row for row in rows if "grants" in row)
    for words in ("研发补助办法", "12", "3 行：打印本页", "没有读到文号。"):
        assert words in shown
    assert any("0.82" in row for row in rows)
    other = next(row for row in rows if "loans" in row)
    assert "行" not in other and "没有读到" not in other
