"""Imports point one way, heavy libraries have one home, and nothing heavy loads early."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = ("corpus", "index", "assistant", "eval", "app", "tests")
# The first entry that a path starts with decides what of ours a file may import.
MAY_IMPORT = {
    "corpus/": ("corpus",),
    "index/": ("corpus", "index"),
    "assistant/rules/": ("corpus", "assistant.rules"),
    "assistant/cli.py": ("corpus", "index", "assistant", "eval", "app"),  # an entry point
    "assistant/": ("corpus", "index", "assistant"),
    "eval/": ("corpus", "index", "assistant", "eval"),
    "app.py": ("corpus", "index", "assistant", "eval"),
}
# Top-level module -> the files or folders that may import it.
HOMES = {
    "pypdf": ("corpus/formats/pdf",),
    "pypdfium2": ("corpus/formats/ocr.py", "eval/bench_reading.py"),
    "rapidocr": ("corpus/formats/ocr.py",),
    "lxml": ("corpus/formats/",),
    "opencc": ("corpus/cleaning.py", "eval/stress.py"),
    "chromadb": ("index/store.py",),
    "sentence_transformers": ("index/embedding.py",),
    "torch": ("index/embedding.py",),
    "bm25s": ("index/keyword.py",),
    "pypinyin": ("assistant/spelling.py",),
    "gradio": ("app.py", "assistant/pages/"),
    "langchain": ("assistant/", "eval/"),
    "langchain_core": ("assistant/", "eval/"),
    "langchain_chroma": ("eval/systems.py",),
    "langchain_text_splitters": ("eval/systems.py",),
}
HEAVY = ("torch", "gradio", "chromadb", "sentence_transformers", "transformers", "langchain_core")


def source_files():
    paths = [ROOT / "app.py"]
    for package in ("corpus", "index", "assistant", "eval"):
        paths += sorted((ROOT / package).rglob("*.py"))
    return [path.relative_to(ROOT).as_posix() for path in paths]


def imported_modules(source):
    """Dotted names a file imports; `from a import b` gives a.b, which covers both readings."""
    names = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names += [f"{'.' * node.level}{node.module or ''}.{one.name}" for one in node.names]
    return names


def is_inside(module, packages):
    return any(module == one or module.startswith(f"{one}.") for one in packages)


def wrong_way(file, source):
    allowed = next(packages for start, packages in MAY_IMPORT.items() if file.startswith(start))
    return [
        name
        for name in imported_modules(source)
        if name.startswith(".") or (is_inside(name, OURS) and not is_inside(name, allowed))
    ]


def away_from_home(file, source):
    return [
        name
        for name in imported_modules(source)
        if name.split(".")[0] in HOMES and not file.startswith(HOMES[name.split(".")[0]])
    ]


@pytest.mark.parametrize("file", source_files())
def test_imports_point_from_the_page_to_the_corpus(file):
    assert wrong_way(file, (ROOT / file).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("file", source_files())
def test_heavy_libraries_have_one_home(file):
    assert away_from_home(file, (ROOT / file).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("corpus/reader.py", "from index.search import Index"),
        ("corpus/reader.py", "import assistant.answer"),
        ("index/build.py", "from assistant import answer"),
        ("assistant/pipeline.py", "from app import create_app"),
        ("assistant/pipeline.py", "import eval.run"),
        ("assistant/rules/loans.py", "from assistant.question import Question"),
        ("assistant/rules/loans.py", "from index.search import Index"),
        ("eval/run.py", "import app"),
        ("app.py", "from tests.small_index import POLICIES"),
        ("index/store.py", "from .versions import stamp"),
    ],
)
def test_an_import_against_the_arrow_is_found(file, line):
    assert len(wrong_way(file, line)) == 1


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("index/build.py", "from corpus.document import Clause"),
        ("assistant/rules/loans.py", "from assistant.rules.catalogue import find"),
        ("assistant/rules/loans.py", "from corpus.numbers import number_in_chinese"),
        ("assistant/cli.py", "from app import create_app"),
        ("app.py", "from eval.page import add_evaluation"),
        ("eval/run.py", "from assistant.pipeline import Assistant"),
        ("corpus/reader.py", "import indexes_of_other_people"),
    ],
)
def test_an_import_along_the_arrow_is_allowed(file, line):
    assert wrong_way(file, line) == []


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("corpus/metadata.py", "from pypdf import PdfReader"),
        ("index/search.py", "import chromadb"),
        ("index/store.py", "def load():\n    import torch.nn"),
        ("index/keyword.py", "from langchain_core.documents import Document"),
        ("assistant/cli.py", "import gradio as gr"),
    ],
)
def test_a_heavy_library_away_from_home_is_found(file, line):
    assert len(away_from_home(file, line)) == 1


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("assistant/pages/layout.py", "import gradio as gr"),
        ("eval/report.py", "from langchain_core.runnables import Runnable"),
        ("index/embedding.py", "from sentence_transformers import SentenceTransformer"),
    ],
)
def test_a_heavy_library_at_home_is_allowed(file, line):
    assert away_from_home(file, line) == []


@pytest.mark.parametrize(
    "modules",
    [
        "corpus.library, corpus.clauses, corpus.reader, corpus.metadata",
        "index.versions, index.passages, index.keyword",
        "assistant.cli",
        "assistant.answer, assistant.question, assistant.settings",
    ],
)
def test_nothing_heavy_loads_on_import(modules):
    program = (
        f"import {modules}\nimport sys\n"
        f"print(','.join(name for name in {HEAVY!r} if name in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""
