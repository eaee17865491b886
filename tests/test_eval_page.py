"""The page of evaluators: its addresses without a browser, then a visit in a real one."""

import io
import json
import os
import re
import socket
import subprocess
import sys
import zipfile

import httpx
import pytest
from conftest import ROOT, _wait_until_ready
from fastapi import FastAPI
from fastapi.testclient import TestClient
from test_assistant_sign_in import quick_hash

from assistant.pages.staff import COOKIE
from assistant.sign_in import SignIn
from corpus.errors import UsageError
from eval.page import EvaluationPages
from eval.page_compare import compare_lines
from eval.page_runs import Begun, Runs
from eval.page_sets import Sets

PASSWORD = "塞上江南-2026"
MARKUP = "<img src=x onerror=\"document.title='gone'\">"
TARGET = {
    "id": "目标",
    "question": "宁夏2022年技术合同交易额的目标是多少？",
    "answerable": True,
    "must_include": ["30亿元|30亿"],
    "evidence": [{"doc": "nx-sti-2022-opinions", "quote": "技术合同交易额突破30亿元"}],
}
MARKED = {
    "id": "标记",
    "question": f"宁夏2022年技术合同交易额{MARKUP}的目标是多少？",
    "answerable": True,
    "must_include": [MARKUP],
}
NOT_HELD = {"id": "无", "question": "宁夏2031年技术合同交易额的目标是多少？", "answerable": False}


def lines(*questions):
    """Questions as the text of a JSONL file."""
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in questions)


def zipped(**files):
    """An archive of these files, in one folder as people pack them."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as container:
        for name, text in files.items():
            container.writestr(f"我的集/{name.replace('__', '.')}", text)
    return held.getvalue()


def beir(qrels="query-id\tcorpus-id\tscore\n", **answer):
    """An archive in BEIR's form with one question."""
    query = {"_id": "a", "text": TARGET["question"], "metadata": {"kind": "number"}}
    stated = {"_id": "a", "answerable": True, "must_include": ["30亿"]} | answer
    return zipped(queries__jsonl=lines(query), qrels__tsv=qrels, answers__jsonl=lines(stated))


# Without a browser


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "evaluation"


@pytest.fixture
def pages(assistant, folder, tmp_path):
    runs = Runs(folder / "runs", tmp_path / "project-runs")
    sets = Sets(folder / "sets", tmp_path / "project-sets")
    return EvaluationPages(assistant, SignIn(quick_hash(PASSWORD)), runs, sets)


@pytest.fixture
def client(pages):
    app = FastAPI()
    app.include_router(pages.router())
    with TestClient(app, base_url="http://page.test", follow_redirects=False) as opened:
        yield opened


@pytest.fixture
def signed_in(client, pages):
    client.cookies.set(COOKIE, pages._sign_in.open(PASSWORD, "here"))
    return client


def act(client, address, files=None, **form):
    token = re.search(r'name="token" value="([^"]+)"', client.get("/evaluation").text)[1]
    return client.post(f"/evaluation/{address}", data={"token": token} | form, files=files)


def send(client, name, content):
    """Send a set; what the page then says."""
    assert act(client, "sets", {"set": (name, content)}).status_code == 303
    return client.get("/evaluation").text


def run(client, pages, key, **form):
    """Run a set to its end; the page after it."""
    assert act(client, "runs", set=key, **form).headers["location"] == "/evaluation"
    assert pages.runner.wait(60)
    return client.get("/evaluation").text


def kept(folder):
    """Every file below the folder."""
    return {one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file()}


def test_without_a_password_there_is_no_page(server):
    assert httpx.get(f"{server}/evaluation").status_code == 404
    assert httpx.get(f"{server}/evaluation/status").status_code == 404


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", ""),
        ("GET", "/status"),
        ("GET", "/compare?run=own/a&run=own/b"),
        ("GET", "/runs/own/a/report"),
        ("POST", "/sets"),
        ("POST", "/runs"),
        ("POST", "/stop"),
        ("POST", "/unfinished"),
    ],
)
def test_without_a_session_every_address_leads_to_the_sign_in_form(client, method, address):
    response = client.request(method, f"/evaluation{address}")
    assert (response.status_code, response.headers["location"]) == (
        303,
        "/desk/sign-in?to=/evaluation",
    )


def test_a_form_without_the_token_does_nothing(signed_in, folder):
    files = {"set": ("a.jsonl", lines(TARGET))}
    assert signed_in.post("/evaluation/sets", data={"token": "x"}, files=files).status_code == 403
    assert not folder.exists()


def test_a_set_is_taken_in_run_and_its_result_listed(signed_in, pages, folder):
    assert "已放入测试集 我的题，2 个问题。" in send(
        signed_in, "我的题.jsonl", lines(TARGET, NOT_HELD)
    )
    page = run(signed_in, pages, "own/我的题", name="../../第一次")
    assert "评测 第一次 已完成。" in page
    assert 'value="own/第一次"' in page
    assert kept(folder) == {"sets/我的题.jsonl", "runs/第一次.json"}
    result = json.loads((folder / "runs" / "第一次.json").read_text(encoding="utf-8"))
    assert [one["right"] for one in result["queries"]] == [1.0, 1.0]
    report = signed_in.get("/evaluation/runs/own/第一次/report")
    assert "<h1>评测：第一次</h1>" in report.text
    assert "frame-ancestors 'self'" in report.headers["content-security-policy"]


def test_a_second_run_of_one_name_gets_another(signed_in, pages):
    send(signed_in, "题.jsonl", lines(TARGET))
    run(signed_in, pages, "own/题")
    page = run(signed_in, pages, "own/题")
    assert 'value="own/题"' in page
    assert 'value="own/题-2"' in page


def test_an_archive_in_beirs_form_is_a_set(signed_in, pages):
    assert "已放入测试集 包，1 个问题。" in send(signed_in, "包.zip", beir())
    assert "评测 包 已完成。" in run(signed_in, pages, "own/包")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "缺.jsonl",
            lines(TARGET, {"id": "2", "answerable": True}),
            "缺.jsonl 第 2 行 缺少 question",
        ),
        ("重.jsonl", lines(TARGET, TARGET), "重.jsonl 第 2 行：编号 目标 重复"),
        ("坏.jsonl", "{", "坏.jsonl 第 1 行不是 JSON"),
        ("空.jsonl", "", "测试集 空.jsonl 里没有问题"),
        ("国标.jsonl", lines(TARGET).encode("gb18030"), "国标.jsonl 不是 UTF-8 编码"),
        ("列.jsonl", lines(TARGET | {"evidence": ["x"]}), "列.jsonl 第 1 行 的 evidence 应是"),
        ("两.zip", zipped(queries__jsonl="", qrels__tsv=""), "这里的 answers.jsonl 缺少"),
        ("断.zip", beir()[:200] + beir()[-60:], "断.zip 不完整或已损坏"),
        ("分.zip", beir(qrels="a b 1\n"), "qrels.tsv 第 1 行应是"),
        ("判.zip", beir(verdict="maybe"), "a 的 verdict 应是 met、not_met、unknown 之一"),
        ("态.zip", beir(expected_status=5), "a 的 expected_status 应是一列文字"),
    ],
)
def test_a_faulty_set_is_refused_with_its_line_and_not_kept(signed_in, folder, name, content, said):
    assert said in send(signed_in, name, content)
    assert kept(folder) == set()
    assert list((folder / "sets").iterdir()) == []


def test_a_graded_clause_that_the_index_lacks_is_said_at_once_and_does_not_run(signed_in, pages):
    content = beir(qrels="a\tnowhere#第一条\t2\n")
    assert "1 条：a：nowhere#第一条" in send(signed_in, "题.zip", content)
    page = run(signed_in, pages, "own/题")
    assert "评测 题 没有完成：索引里没有这些条文：a：nowhere#第一条" in page
    assert "没有完成的评测" not in page  # nothing was answered: nothing to go on with


def test_a_set_too_large_is_refused_before_it_is_read(signed_in):
    headers = {"content-length": str(2**30), "content-type": "multipart/form-data; boundary=x"}
    assert signed_in.post("/evaluation/sets", headers=headers, content=b"").status_code == 413


def test_a_run_that_was_interrupted_goes_on_where_it_was(signed_in, pages, folder):
    send(signed_in, "题.jsonl", lines(TARGET, NOT_HELD))
    run(signed_in, pages, "own/题", name="整")
    done = json.loads((folder / "runs" / "整.json").read_text(encoding="utf-8"))["queries"][0]
    Runs(folder / "runs").begin(Begun("断", "own/题", None, False))
    (folder / "runs" / "断.lines.jsonl").write_text(
        json.dumps(done | {"answer": "已答过"}, ensure_ascii=False) + '\n{"id": "无", "ans',
        encoding="utf-8",
    )
    assert "没有完成的评测" in signed_in.get("/evaluation").text
    act(signed_in, "unfinished", name="断", action="resume")
    assert pages.runner.wait(60)
    result = json.loads((folder / "runs" / "断.json").read_text(encoding="utf-8"))
    assert [one["answer"] == "已答过" for one in result["queries"]] == [True, False]
    assert "没有完成的评测" not in signed_in.get("/evaluation").text


def test_without_the_packages_to_compare_retrieval_the_run_is_kept(signed_in, pages, monkeypatch):
    monkeypatch.setitem(sys.modules, "langchain_chroma", None)
    send(signed_in, "题.jsonl", lines(TARGET))
    page = run(signed_in, pages, "own/题", retrieval="1")
    assert "评测 题 已完成。没有比较检索方法：比较检索方法要先安装开发用的附加包" in page
    assert 'value="own/题"' in page
    assert "没有完成的评测" not in page


def test_one_run_goes_on_at_a_time_and_a_stopped_one_can_be_dropped(signed_in, pages, folder):
    questions = [TARGET | {"id": str(number)} for number in range(300)]
    send(signed_in, "长.jsonl", lines(*questions))
    act(signed_in, "runs", set="own/长", name="甲")
    act(signed_in, "runs", set="own/长", name="乙")
    assert "评测 甲 正在运行，一次只能运行一个" in signed_in.get("/evaluation").text
    while not signed_in.get("/evaluation/status").json()["done"]:
        pass
    act(signed_in, "stop")
    assert pages.runner.wait(60)
    page = signed_in.get("/evaluation").text
    assert "评测 甲 已停止" in page
    assert "没有完成的评测" in page
    act(signed_in, "unfinished", name="甲", action="discard")
    assert kept(folder) == {"sets/长.jsonl"}


@pytest.mark.parametrize(
    "address", ["runs/own/..%2F..%2Fsecret", "runs/other/x", "runs/own/broken", "compare?run=own/x"]
)
def test_an_address_without_a_run_leads_back_with_a_sentence(signed_in, folder, address):
    (folder / "runs").mkdir(parents=True)
    (folder / "runs" / "broken.json").write_text('{"name": []', encoding="utf-8")
    (folder / "secret.json").write_text("{}", encoding="utf-8")
    assert signed_in.get(f"/evaluation/{address}").status_code in (303, 404)
    page = signed_in.get("/evaluation").text
    assert "broken.json 不是评测结果，或已损坏。" in page


def test_a_set_that_is_not_there_cannot_be_run(signed_in, pages):
    assert "没有名为“own/../../x”的测试集" in run(signed_in, pages, "own/../../x")
    with pytest.raises(UsageError, match="没有名为"):
        pages._sets.read("own/.sent")


def test_the_questions_of_two_runs_are_paired_by_id():
    before = {"queries": [{"id": "1", "right": 0.0}, {"id": "2", "right": 1.0}]}
    after = {"queries": [{"id": "2", "right": 0.0}, {"id": "1", "right": 1.0}, {"id": "3"}]}
    compared = compare_lines(before, after)
    assert [one["id"] for _, one in compared.where(False, True)] == ["1"]
    assert [one["id"] for _, one in compared.where(True, False)] == ["2"]
    assert (compared.only_before, compared.only_after) == (0, 1)


# In a browser


@pytest.fixture(scope="module")
def page_server(settings, tmp_path_factory):
    """The address of the application with a password, over the index of the five plans."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "app:create_app", "--factory", "--port", str(port)]
    environment = os.environ | {
        "POLICY_STORE": str(settings.store),
        "POLICY_CACHE": str(settings.cache),
        "POLICY_STAFF_PASSWORD": PASSWORD,
    }
    log = tmp_path_factory.mktemp("page") / "log.txt"
    with log.open("w") as output:
        process = subprocess.Popen(
            [*command, "--log-level", "warning", "--timeout-graceful-shutdown", "1"],
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


def test_one_sign_in_opens_the_desk_and_the_page(page_server):
    with httpx.Client(base_url=page_server, follow_redirects=True) as client:
        assert "管理密码" in client.get("/evaluation").text
        given = {"password": PASSWORD, "to": "/evaluation"}
        assert "评测结果" in client.post("/desk/sign-in", data=given).text
        assert "待收录" in client.get("/desk").text
        elsewhere = client.post("/desk/sign-in", data=given | {"to": "//evil.example"})
        assert elsewhere.url == f"{page_server}/desk"


@pytest.fixture
def window(browser, page_server):
    """A browser window; fails on any error of a script and any request to another address."""
    context = browser.new_context(viewport={"width": 1360, "height": 900}, locale="zh-CN")
    opened = context.new_page()
    asked, errors = [], []
    opened.on("request", lambda sent: asked.append(sent.url))
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    opened.goto(f"{page_server}/evaluation")
    yield opened
    context.close()
    assert [url for url in asked if not url.startswith((page_server, "data:", "blob:"))] == []
    assert errors == []


def enter(window):
    window.get_by_label("管理密码").fill(PASSWORD)
    window.get_by_role("button", name="登录").click()
    window.locator(".sets").wait_for()


def shot(window, name):
    """Keep a picture where POLICY_SHOTS names a folder, to be looked at."""
    if os.environ.get("POLICY_SHOTS"):
        window.screenshot(path=f"{os.environ['POLICY_SHOTS']}/{name}.png", full_page=True)


def put_in(window, path):
    """Choose a file of questions and send it."""
    window.locator(".upload input[type=file]").set_input_files(path)
    window.get_by_role("button", name="放入").click()


def run_it(window, name, called):
    """Run the set of this name under another name, and wait for its row among the results."""
    row = window.locator(".sets tr", has_text=name)
    row.get_by_label("名称").fill(called)
    row.get_by_role("button", name="运行").click()
    window.locator(".runs tr", has_text=called).wait_for(timeout=60_000)


def test_a_visit_from_a_faulty_set_to_two_runs_compared(window, tmp_path):
    enter(window)
    faulty, first, second = (tmp_path / name for name in ("错.jsonl", "旧题.jsonl", "新题.jsonl"))
    faulty.write_text(lines(TARGET, {"id": "2"}), encoding="utf-8")
    first.write_text(lines(TARGET, MARKED, NOT_HELD), encoding="utf-8")
    changed = TARGET | {"must_include": ["31亿"]}
    second.write_text(lines(changed, MARKED, NOT_HELD), encoding="utf-8")

    put_in(window, faulty)
    assert "错.jsonl 第 2 行 缺少 question" in window.locator(".message.wrong").inner_text()
    for path in (first, second):
        put_in(window, path)
        window.locator(".message.done", has_text="已放入测试集").wait_for()
    shot(window, "eval-1-sets")
    run_it(window, "旧题", "旧的一次")
    run_it(window, "新题", "新的一次")
    assert "评测 新的一次 已完成。" in window.locator(".message.done").inner_text()

    for name in ("旧的一次", "新的一次"):
        window.get_by_label(f"选择 {name}").check()
    shot(window, "eval-2-runs")
    window.get_by_role("button", name="比较所选的两次").click()
    lost = window.locator(".group.bad .question")
    assert (lost.count(), "目标" in lost.inner_text()) == (1, True)
    lost.locator("summary").click()
    assert lost.locator(".answer").count() == 2
    assert "30亿元" in lost.locator(".answer").last.inner_text()
    window.locator(".group.warn summary").first.click()
    window.locator(".group.warn .question summary").click()
    assert "<img src=x" in window.locator(".group.warn .question").inner_text()
    shot(window, "eval-3-compared")

    window.get_by_role("link", name="评测", exact=True).click()
    window.locator(".runs").get_by_role("link", name="新的一次").click()
    report = window.frame_locator("iframe")
    report.locator("details summary", has_text="目标 single_fact").click()
    assert "应有：31亿" in report.locator("body").inner_text()
    assert window.locator("main img").count() + report.locator("img").count() == 0
    assert window.title() == "新的一次 · 政策计算器"
    shot(window, "eval-4-report")


def test_progress_is_shown_and_a_run_can_be_stopped_and_go_on(window, tmp_path):
    enter(window)
    path = tmp_path / "长题.jsonl"
    questions = [TARGET | {"id": str(number)} for number in range(3000)]
    path.write_text(lines(*questions), encoding="utf-8")
    put_in(window, path)
    window.locator(".sets tr", has_text="长题").get_by_role("button", name="运行").click()
    stage = window.locator(".stage", has_text=re.compile(r"回答问题 [1-9]\d* / 3000"))
    stage.wait_for()
    shot(window, "eval-5-progress")
    window.get_by_role("button", name="停止").click()
    kept = window.locator(".unfinished tr", has_text="长题").locator(".number")
    answered = int(kept.inner_text().split()[0])
    shot(window, "eval-6-stopped")
    window.get_by_role("button", name="继续").click()
    stage.wait_for()
    window.get_by_role("button", name="停止").click()
    assert int(kept.inner_text().split()[0]) >= answered > 0
    window.get_by_role("button", name="丢弃").click()
    window.get_by_text("已丢弃没有完成的评测 长题").wait_for()


def test_on_a_phone_nothing_overflows(window):
    window.set_viewport_size({"width": 390, "height": 800})
    enter(window)
    assert window.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    shot(window, "eval-7-phone")
