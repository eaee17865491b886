"""`policy read`: what was read of a file, for a person and as JSON."""

import json

from assistant.reading import read_command

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
