"""No figure in a digest that its sources do not hold: over ../shared, skipped where it is not."""

import re
from pathlib import Path

import pytest
import yaml

from corpus.numbers import chinese_number

DOCUMENTS = Path(__file__).parents[1] / "corpus" / "documents"
SHARED = Path(__file__).parents[2] / "shared"
FOLDERS = sorted(path for path in DOCUMENTS.iterdir() if path.is_dir())


def figures(text):
    """Whole numbers as written, without thousands' commas and leading zeros."""
    plain = re.sub(r"(?<=\d)[,，](?=\d{3})", "", text)
    return {one.lstrip("0") or "0" for one in re.findall(r"\d+(?:\.\d+)?", plain)}


def spelled(text):
    """Numbers in Chinese numerals: 百分之五十, 三年."""
    return {str(chinese_number(one)) for one in re.findall("[零一二三四五六七八九十百千万]+", text)}


def body(text):
    """The digest without its note, its marks and the numbers of its items."""
    lines = [line for line in text.splitlines() if not line.startswith((">", "<!--"))]
    return re.sub(r"^\s*\d+[.．、]", "", "\n".join(lines), flags=re.M)


@pytest.fixture(scope="module")
def held():
    if not SHARED.is_dir():
        pytest.skip("没有 shared 文件夹，不核对摘编中的数字。")
    sources = [SHARED / "facts" / "policy_cards.json"]
    sources += [*(SHARED / "laws").glob("*.md"), *(SHARED / "seeds").glob("*.txt")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    return figures(text) | spelled(text)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_figure_of_a_digest_stands_in_its_sources(folder, held):
    stated = figures(str(yaml.safe_load((folder / "document.yaml").read_text(encoding="utf-8"))))
    found = figures(body((folder / "text.md").read_text(encoding="utf-8")))
    assert found - held - stated == set()


def test_a_figure_that_stands_nowhere_is_found():
    assert figures(body("# 题\n> 2026\n1. 补助1,234万元。")) - {"5"} == {"1234"}
