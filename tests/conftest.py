"""What several tests share: a real index of the packaged documents, a real server, a browser.

Built once a session in temporary folders. Tests that need Chromium skip where there is none.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from assistant.pipeline import Assistant, open_assistant
from assistant.settings import PACKAGED_DOCUMENTS, Settings
from index.build import build_index
from index.embedding import load_embedder

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
CHROMIUM_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 120


PLANS = (
    "bynr-2020-kejixingmeng",
    "nm-sti-2019-workplan",
    "nm-sti-2024-plan-reform",
    "nx-sti-2022-opinions",
    "qh-sti-2020-workplan",
)


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings whose store holds a freshly built index of the five packaged plans."""
    folder = tmp_path_factory.mktemp("policy")
    for plan in PLANS:
        shutil.copytree(PACKAGED_DOCUMENTS / plan, folder / "documents" / plan)
    # The cache is the user's own: the built-in model is written there once, not once a session.
    made = Settings(documents=(folder / "documents",), store=folder / "index")
    build_index(made.documents, made.store, load_embedder(made.embedding_model, made.cache))
    return made


@pytest.fixture(scope="session")
def assistant(settings: Settings) -> Assistant:
    """The assistant over the packaged documents."""
    return open_assistant(settings)


@pytest.fixture(scope="session")
def server(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the application, served by uvicorn in a process of its own."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    log = tmp_path_factory.mktemp("server") / "log.txt"
    command = [sys.executable, "-m", "uvicorn", "app:create_app", "--factory"]
    # A page keeps its connection open; without the limit uvicorn waits for it when it ends.
    options = ["--port", str(port), "--log-level", "warning", "--timeout-graceful-shutdown", "1"]
    environment = os.environ | {
        "POLICY_STORE": str(settings.store),
        "POLICY_CACHE": str(settings.cache),
    }
    with log.open("w") as output:
        process = subprocess.Popen(
            [*command, *options],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(address, process, log)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_until_ready(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the server ended:\n{log.read_text()}"
        try:
            if httpx.get(f"{address}/healthz", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.3)
    raise AssertionError(f"no answer after {START_SECONDS} s:\n{log.read_text()}")


@dataclass
class Watched:
    """What a browser page did: every address it asked for, every error it reported."""

    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium, or a skip where it is not installed."""
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine: the page was not tried in a browser")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def watched() -> Watched:
    """Fills while the test's page runs."""
    return Watched()


@pytest.fixture
def page(browser, server, watched, request):
    """The page in a window; `indirect` sets its width. Fails on any error or outside request."""
    width = getattr(request, "param", 1360)
    context = browser.new_context(viewport={"width": width, "height": 860}, locale="zh-CN")
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server)
    window = context.new_page()
    window.on("request", lambda sent: watched.requests.append(sent.url))
    window.on("pageerror", lambda error: watched.errors.append(str(error)))
    window.on(
        "console",
        lambda said: watched.errors.append(said.text) if said.type == "error" else None,
    )
    window.goto(server)
    window.wait_for_selector("#conversation .chip")
    yield window
    context.close()
    outside = [url for url in watched.requests if not url.startswith((server, "data:", "blob:"))]
    assert not outside, f"asked for addresses outside: {outside}"
    assert not watched.errors
