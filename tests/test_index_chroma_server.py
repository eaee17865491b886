"""The vectors on a Chroma server, which runs as a real process."""

import json
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from small_index import POLICIES, PairEmbedder, write_policies

from corpus.errors import IndexStoreError, UsageError
from index.build import build_index
from index.search import Index

COUNT = """
import chromadb, json, sys

found = chromadb.HttpClient("127.0.0.1", int(sys.argv[1])).list_collections()
print(json.dumps({one.name: one.count() for one in found}))
"""
START_SECONDS = 60
CHROMA = Path(sys.executable).parent / "chroma"


@pytest.fixture
def server(tmp_path, monkeypatch):
    """A running server and its port; POLICY_CHROMA_URL names it."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [CHROMA, "run", "--path", tmp_path / "server", "--host", "127.0.0.1"]
    process = subprocess.Popen(
        [*command, "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + START_SECONDS
    while True:
        assert process.poll() is None and time.monotonic() < deadline
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            time.sleep(0.1)
    monkeypatch.setenv("POLICY_CHROMA_URL", f"http://127.0.0.1:{port}")
    yield process, port
    process.kill()
    process.wait()


def collections(port):
    """What the server holds, asked in a process of its own, which closes its connection."""
    done = subprocess.run(
        [sys.executable, "-c", COUNT, str(port)], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_a_server_keeps_the_vectors_of_two_versions(tmp_path, server):
    _, port = server
    policies, store = write_policies(tmp_path / "policies"), tmp_path / "store"
    made = {}
    for amount in (37, 38, 39):
        write_policies(policies, loans=POLICIES["loans"].replace("37%", f"{amount}%"))
        report = build_index([policies], store, PairEmbedder())
        made[report.version] = report.passages
    assert list(store.rglob("chroma*")) == []
    assert collections(port) == dict(list(made.items())[1:])
    assert build_index([policies], store, PairEmbedder()).unchanged


@pytest.mark.usefixtures("server")
def test_a_machine_without_the_copy_gets_it_from_the_server(tmp_path):
    policies, store = write_policies(tmp_path / "policies"), tmp_path / "store"
    version = build_index([policies], store, PairEmbedder()).version
    hits = Index.open(store, PairEmbedder()).search("贴息比例")
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(store, elsewhere, ignore=shutil.ignore_patterns("vectors.*"))
    assert not (elsewhere / "versions" / version / "vectors.npy").exists()
    found = Index.open(elsewhere, PairEmbedder()).search("贴息比例")
    assert [hit.clause for hit in found] == [hit.clause for hit in hits]
    assert [hit.dense for hit in found] == pytest.approx([hit.dense for hit in hits], abs=1e-5)


def test_without_the_server_questions_are_answered_and_builds_say_why_not(tmp_path, server):
    process, port = server
    policies, store = write_policies(tmp_path / "policies"), tmp_path / "store"
    first = build_index([policies], store, PairEmbedder())
    process.kill()
    process.wait()
    write_policies(policies, loans=POLICIES["loans"].replace("37%", "62%"))
    started = time.monotonic()
    with pytest.raises(IndexStoreError, match=f"连不上 Chroma 服务器 http://127.0.0.1:{port}"):
        build_index([policies], store, PairEmbedder())
    assert time.monotonic() - started < 20
    index = Index.open(store, PairEmbedder())
    assert index.manifest.version == first.version
    assert index.search("贴息比例")[0].document.document_id == "loans"


def test_an_address_that_is_none_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("POLICY_CHROMA_URL", "chroma:8000")
    policies = write_policies(tmp_path / "policies")
    with pytest.raises(UsageError, match="POLICY_CHROMA_URL 的值“chroma:8000”不能用"):
        build_index([policies], tmp_path / "store", PairEmbedder())
