"""The staff page: its addresses without a browser, then a whole visit in a real one."""

import html
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
from small_index import POLICIES, PairEmbedder, write_policies
from test_assistant_sign_in import Clock, quick_hash

from assistant.desk.folders import Folders
from assistant.desk.work import Build
from assistant.pages import desk as pages
from assistant.pages.desk import DeskPages, add_desk
from assistant.pages.desk_overview import stage_of
from assistant.pages.staff import COOKIE
from assistant.settings import Settings
from assistant.sign_in import SignIn
from index.build import build_index
from index.embedding import load_embedder

PASSWORD = "塞上江南-2026"
MARKUP = "<img src=x onerror=\"document.title='gone'\"><script>document.title='gone'</script>"
VOUCHER = (
    "宁夏回族自治区科学技术厅关于印发科技创新券管理办法的通知\n"
    "宁科规〔2025〕7号\n"
    f"第一条 为支持企业购买科技服务{MARKUP}，制定本办法。\n"
    "第二条 科技创新券每张面额为37万元，每家企业每年最多申领两张。\n"
    "第四条 本办法自2025年5月1日起施行。\n"
)
HOUSES = (
    "宁夏回族自治区关于支持院士工作站建设的办法",
    "第一条 院士工作站经认定后，一次性补助建站经费88万元。",
    "第二条 本办法自2025年6月1日起施行。",
)
INCUBATORS = (
    "宁夏回族自治区关于支持孵化器建设的办法",
    "第一条 新认定的国家级科技企业孵化器一次性奖励66万元。",
    "第二条 本办法自2025年7月1日起施行。",
)


# Without a browser


@pytest.fixture
def folders(tmp_path):
    given = write_policies(tmp_path / "given", grants=POLICIES["grants"])
    own = tmp_path / "own"
    own.mkdir()
    build_index((given, own), tmp_path / "store", PairEmbedder())
    return Folders((given, own), own, tmp_path / "store")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def desk(folders, clock):
    return DeskPages(folders, PairEmbedder(), SignIn(quick_hash(PASSWORD), clock))


@pytest.fixture
def client(desk, monkeypatch):
    monkeypatch.setattr(pages, "WRONG_PASSWORD_SECONDS", 0.01)
    app = FastAPI()
    app.include_router(desk.router())
    with TestClient(app, base_url="http://desk.test", follow_redirects=False) as opened:
        yield opened


@pytest.fixture
def signed_in(client):
    client.post("/desk/sign-in", data={"password": PASSWORD})
    return client


def token(client):
    return re.search(r'name="token" value="([^"]+)"', client.get("/desk").text)[1]


def upload(client, *files):
    sent = [("files", (name, content)) for name, content in files]
    return client.post("/desk/files", data={"token": token(client)}, files=sent)


def act(client, address, **form):
    return client.post(address, data={"token": token(client)} | form)


def test_without_a_password_there_is_no_desk(tmp_path, monkeypatch):
    for name in ("POLICY_STAFF_PASSWORD", "POLICY_STAFF_PASSWORD_HASH"):
        monkeypatch.delenv(name, raising=False)
    app = FastAPI()
    before = len(app.routes)
    assert not add_desk(app, PairEmbedder(), Settings(store=tmp_path / "index", cache=tmp_path))
    assert len(app.routes) == before
    assert list(tmp_path.iterdir()) == []


def test_with_a_password_there_is_one(tmp_path, monkeypatch):
    monkeypatch.setenv("POLICY_STAFF_PASSWORD_HASH", quick_hash(PASSWORD))
    app = FastAPI()
    assert add_desk(app, PairEmbedder(), Settings(store=tmp_path / "index", cache=tmp_path))
    with TestClient(app) as client:
        assert "管理密码" in client.get("/desk").text


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", "/desk"),
        ("GET", "/desk/status"),
        ("GET", "/desk/documents/grants"),
        ("POST", "/desk/files"),
        ("POST", "/desk/index"),
        ("POST", "/desk/sign-out"),
        ("POST", "/desk/incoming/a/accept"),
        ("POST", "/desk/documents/grants/remove"),
    ],
)
def test_without_a_session_every_address_leads_to_the_sign_in_form(client, method, address):
    response = client.request(method, address, headers={"cookie": f"{COOKIE}={'x' * 43}"})
    assert (response.status_code, response.headers["location"]) == (303, "/desk/sign-in")


def test_a_wrong_password_opens_nothing_and_the_right_one_sets_a_strict_cookie(client):
    wrong = client.post("/desk/sign-in", data={"password": "错"})
    assert wrong.status_code == 401
    assert "密码不对" in wrong.text
    assert "set-cookie" not in wrong.headers
    right = client.post("/desk/sign-in", data={"password": PASSWORD})
    assert (right.status_code, right.headers["location"]) == (303, "/desk")
    cookie = right.headers["set-cookie"].lower()
    for part in ("httponly", "samesite=strict", "path=/desk", "max-age=28800"):
        assert part in cookie
    assert PASSWORD not in right.headers["set-cookie"]
    assert client.get("/desk").status_code == 200


def test_over_https_the_cookie_is_secure(desk):
    app = FastAPI()
    app.include_router(desk.router())
    with TestClient(app, base_url="https://desk.test", follow_redirects=False) as client:
        answer = client.post("/desk/sign-in", data={"password": PASSWORD})
        assert "secure" in answer.headers["set-cookie"].lower()


def test_the_eleventh_wrong_password_of_a_minute_is_not_even_looked_at(client, clock):
    for _ in range(10):
        assert client.post("/desk/sign-in", data={"password": "错"}).status_code == 401
    refused = client.post("/desk/sign-in", data={"password": PASSWORD})
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")
    clock.now += 60
    assert client.post("/desk/sign-in", data={"password": PASSWORD}).status_code == 303


def test_a_session_ends_after_eight_hours_and_by_signing_out(signed_in, clock):
    assert act(signed_in, "/desk/sign-out").headers["location"] == "/desk/sign-in"
    assert signed_in.get("/desk").status_code == 303
    signed_in.post("/desk/sign-in", data={"password": PASSWORD})
    assert signed_in.get("/desk").status_code == 200
    clock.now += 8 * 3600
    assert signed_in.get("/desk").status_code == 303


def test_a_form_without_the_token_of_the_session_does_nothing(signed_in, folders):
    for sent in ({}, {"token": "x"}):
        assert signed_in.post("/desk/index", data=sent).status_code == 403
        files = {"files": ("a.txt", VOUCHER)}
        assert signed_in.post("/desk/files", data=sent, files=files).status_code == 403
    assert not folders.incoming.exists()


def test_a_request_from_another_site_does_nothing(signed_in):
    headers = {"sec-fetch-site": "cross-site"}
    sent = {"token": token(signed_in)}
    assert signed_in.post("/desk/index", data=sent, headers=headers).status_code == 403
    sign_in = signed_in.post("/desk/sign-in", data={"password": PASSWORD}, headers=headers)
    assert sign_in.status_code == 403


def test_a_request_too_large_is_refused_before_it_is_read(signed_in):
    headers = {"content-length": str(2**30), "content-type": "multipart/form-data; boundary=x"}
    assert signed_in.post("/desk/files", headers=headers, content=b"").status_code == 413

    def endless():
        yield b"--x\r\n"

    unknown = {"content-type": "multipart/form-data; boundary=x"}
    assert signed_in.post("/desk/files", headers=unknown, content=endless()).status_code == 411


def test_the_pages_run_no_script_but_their_own_and_are_kept_nowhere(signed_in):
    for address in ("/desk", "/desk/documents/grants", "/desk/incoming/无"):
        headers = signed_in.get(address).headers
        assert "script-src 'self';" in headers["content-security-policy"]
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
    page = signed_in.get("/desk").text
    assert set(re.findall(r'(?:src|href)="([^"]*)"', page)) == {
        "data:,",
        "/desk/desk.css",
        "/desk/desk.js",
        "/desk",
        "/evaluation",
        "/",
        "/desk/documents/grants",
    }


def test_markup_in_a_name_and_in_a_text_stays_text(signed_in):
    upload(signed_in, (f"{MARKUP.replace('/', '')}.txt", VOUCHER))
    address = re.search(r'href="(/desk/incoming/[^"]+)"', signed_in.get("/desk").text)[1]
    changed = act(signed_in, f"{address}/metadata", title=f'"><b>{MARKUP}')
    assert changed.headers["location"] == address
    for page in (signed_in.get("/desk").text, signed_in.get(address).text):
        assert "<img" not in page
        assert "<b>&quot;" not in page
        assert page.count("<script") == 1
        assert html.escape("<img src=x") in page


def test_files_are_staged_and_what_is_refused_is_said_once(signed_in, folders):
    sent = upload(
        signed_in, ("创新券.txt", VOUCHER), ("程序.exe", b"MZ"), ("断.pdf", b"%PDF-1.7\n")
    )
    assert (sent.status_code, sent.headers["location"]) == (303, "/desk")
    page = signed_in.get("/desk").text
    assert "程序.exe：" in page
    assert "断.pdf" in page
    assert "没有读成" in page
    assert "核对并收录" in page
    assert "程序.exe：" not in signed_in.get("/desk").text
    assert sorted(one.name for one in folders.incoming.iterdir()) == ["创新券", "断"]


def test_the_report_shows_doubts_fields_with_where_they_were_read_and_clauses(signed_in):
    upload(signed_in, ("创新券.txt", VOUCHER))
    page = signed_in.get("/desk/incoming/创新券").text
    assert page.index("请核对") < page.index("元数据") < page.index("条文")
    assert "“第二条”之后是“第四条”" in page
    assert 'value="宁科规〔2025〕7号"' in page
    assert "读自" in page
    assert "科技创新券每张面额为37万元" in page


def test_the_same_text_again_names_the_document_that_it_equals(signed_in, folders):
    upload(signed_in, ("另名.md", POLICIES["grants"]))
    page = signed_in.get("/desk/incoming/另名").text
    assert "内容与" in page
    assert "（grants）相同" in page
    assert "/accept" not in page
    act(signed_in, "/desk/incoming/另名/accept")
    assert "不重复收录" in signed_in.get("/desk/incoming/另名").text
    assert not list(folders.own.iterdir())


def test_the_same_number_under_another_text_is_a_doubt_and_the_same_text_a_badge(signed_in, desk):
    upload(signed_in, ("创新券.txt", VOUCHER))
    act(signed_in, "/desk/incoming/创新券/accept", index="1")
    assert desk.builder.wait(60)
    upload(signed_in, ("新版.txt", VOUCHER.replace("37万元", "40万元")), ("照抄.txt", VOUCHER))
    page = signed_in.get("/desk/incoming/新版").text
    title = VOUCHER.partition("\n")[0]
    assert f"文号与《{title}》（创新券）相同" in page
    assert signed_in.get("/desk").text.count(">重复</span>") == 1


@pytest.mark.parametrize(
    ("build", "shown"),
    [
        (Build(running=True), ("读取文件", 0, 0)),
        (Build(running=True, stage="read", done=3, total=9), ("读取文件", 3, 9)),
        (Build(running=True, stage="read", done=9, total=9), ("计算向量", 0, 0)),
        (Build(running=True, stage="embed", done=32, total=64), ("计算向量", 32, 64)),
        (Build(running=True, stage="embed", done=64, total=64), ("写入索引", 0, 0)),
        (Build(running=True, stage="write", done=64, total=64), ("写入索引", 64, 64)),
    ],
)
def test_the_stage_shown_is_the_one_that_runs(build, shown):
    assert stage_of(build) == shown


def test_accept_index_retire_and_remove(signed_in, desk):
    upload(signed_in, ("创新券.txt", VOUCHER))
    assert act(signed_in, "/desk/incoming/创新券/accept", index="0").headers["location"] == "/desk"
    assert "尚未编入" in signed_in.get("/desk").text
    act(signed_in, "/desk/index")
    assert desk.builder.wait(60)
    page = signed_in.get("/desk").text
    assert "尚未编入" not in page
    assert "<b>2</b> 份文件" in page
    assert signed_in.get("/desk/status").json()["busy"] is False

    address = "/desk/documents/创新券"
    act(signed_in, f"{address}/retire", reason="试用结束")
    assert desk.builder.wait(60)
    assert "停用：试用结束" in signed_in.get(address).text
    assert desk.shelf.catalogue().find("创新券").document.validity.value == "not_in_force"
    act(signed_in, f"{address}/restore")
    assert desk.builder.wait(60)
    assert desk.shelf.catalogue().find("创新券").document.validity.value == "in_force"

    act(signed_in, f"{address}/remove")
    assert desk.builder.wait(60)
    assert desk.shelf.catalogue().find("创新券") is None
    assert signed_in.get(address).status_code == 404


def test_a_document_of_another_folder_is_shown_but_not_changed(signed_in):
    page = signed_in.get("/desk/documents/grants").text
    assert "最高3200万元" in page
    assert "不能在这里更正或停用" in page
    act(signed_in, "/desk/documents/grants/retire", reason="试")
    assert "没有编号为“grants”的文件" in signed_in.get("/desk").text


@pytest.mark.parametrize(
    "address",
    ["/desk/incoming/..%2F..%2Fown", "/desk/documents/none", "/desk/elsewhere/grants"],
)
def test_an_address_of_nothing_is_not_found(signed_in, address):
    assert signed_in.get(address).status_code == 404


def test_a_wrongly_read_field_is_emptied_and_put_back_by_the_form(signed_in):
    upload(signed_in, ("创新券.txt", VOUCHER))
    address = "/desk/incoming/创新券"
    assert "改回原文所读" not in signed_in.get(address).text
    act(signed_in, f"{address}/metadata", document_number="")
    page = signed_in.get(address).text
    assert 'name="document_number" value=""' in page
    assert ">已清空</small>" in page
    assert 'name="as_read:document_number"' in page
    act(signed_in, f"{address}/metadata", document_number="", **{"as_read:document_number": "1"})
    page = signed_in.get(address).text
    assert 'name="document_number" value="宁科规〔2025〕7号"' in page
    assert "已清空" not in page


def test_the_report_of_a_run_names_every_document_the_doubtful_ones_first(signed_in, desk):
    assert "读取报告" not in signed_in.get("/desk").text
    text = VOUCHER.replace("\n", "\n打印本页 关闭窗口\n", 1)
    upload(signed_in, ("创新券.txt", text))
    act(signed_in, "/desk/incoming/创新券/accept", index="1")
    assert desk.builder.wait(60)
    report = signed_in.get("/desk").text.partition("<h2>读取报告</h2>")[2]
    assert "上次更新读了 2 份文件，2 份有存疑之处" in report
    assert "“第二条”之后是“第四条”，中间可能缺 1 个，请核对原文。" in report
    assert "<td>1 行：打印本页关闭窗口</td>" in report
    assert report.index("/desk/documents/grants") < report.index("科技创新券管理办法")


def test_an_action_that_there_is_not_is_not_found(signed_in):
    assert act(signed_in, "/desk/documents/grants/accept").status_code == 404
    assert act(signed_in, "/desk/incoming/a/retire").status_code == 404


def test_a_correction_that_cannot_be_used_is_said_and_changes_nothing(signed_in):
    upload(signed_in, ("创新券.txt", VOUCHER))
    address = "/desk/incoming/创新券"
    act(signed_in, f"{address}/metadata", effective_to="不是日期")
    assert "失效日期“不是日期”不是日期" in signed_in.get(address).text
    act(signed_in, f"{address}/metadata", effective_to="2028-04-30", jurisdiction="CN-NX")
    page = signed_in.get(address).text
    assert 'value="2028-04-30"' in page
    assert "已更正" in page
    assert '<option value="CN-NX" selected>宁夏回族自治区</option>' in page


# In a browser


@pytest.fixture(scope="module")
def desk_server(tmp_path_factory):
    """The address of an application with a staff page, over folders of its own."""
    folder = tmp_path_factory.mktemp("desk")
    settings = Settings(
        documents=(write_policies(folder / "given"),), store=folder / "data" / "index"
    )
    build_index(settings.documents, settings.store, load_embedder(None, settings.cache))
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "app:create_app", "--factory", "--port", str(port)]
    environment = os.environ | {
        "POLICY_DOCUMENTS": str(folder / "given"),
        "POLICY_STORE": str(settings.store),
        "POLICY_CACHE": str(settings.cache),
        "POLICY_STAFF_PASSWORD": PASSWORD,
    }
    log = folder / "log.txt"
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


@pytest.fixture
def window(browser, desk_server):
    """A browser window; fails on any error of a script and any request to another address."""
    context = browser.new_context(viewport={"width": 1360, "height": 900}, locale="zh-CN")
    opened = context.new_page()
    asked, errors = [], []
    opened.on("request", lambda sent: asked.append(sent.url))
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.goto(f"{desk_server}/desk")
    yield opened
    context.close()
    assert [url for url in asked if not url.startswith((desk_server, "data:", "blob:"))] == []
    assert errors == []


def enter(window, password=PASSWORD):
    window.get_by_label("管理密码").fill(password)
    window.get_by_role("button", name="登录").click()


def ask(address, question):
    return httpx.post(f"{address}/api/ask", json={"question": question}, timeout=60).json()


def cited(answer):
    return {one["document_id"] for one in answer["citations"]}


def shot(window, name):
    """Keep a picture where POLICY_SHOTS names a folder, to be looked at."""
    if os.environ.get("POLICY_SHOTS"):
        window.screenshot(path=f"{os.environ['POLICY_SHOTS']}/{name}.png", full_page=True)


def make_docx(path, lines):
    """A Word file of these paragraphs."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "".join(f"<w:p><w:r><w:t>{html.escape(line)}</w:t></w:r></w:p>" for line in lines)
    kinds = "http://schemas.openxmlformats.org/package/2006/content-types"
    with zipfile.ZipFile(path, "w") as container:
        container.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{kinds}"><Default Extension="xml" ContentType="application/xml"/>'
            '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
            'officedocument.wordprocessingml.document.main+xml"/></Types>',
        )
        container.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>',
        )


def make_pdf(window, path, lines):
    """A PDF of these lines, printed by the browser."""
    paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    printer = window.context.new_page()
    printer.set_content(f'<html lang="zh-CN"><body>{paragraphs}</body></html>')
    printer.pdf(path=path)
    printer.close()


def accept(window, name):
    """Open a waiting file, accept it and wait until it is indexed."""
    window.locator(".incoming tr", has_text=name).get_by_role("link").click()
    window.get_by_role("button", name="收录并更新索引").click()
    window.locator("#indexed tr", has_text=name).locator(".badge.good").wait_for(timeout=60_000)


def test_a_visit_from_the_password_to_a_retired_policy(window, desk_server, tmp_path):
    shot(window, "desk-0-sign-in")
    enter(window, "错误的密码")
    window.get_by_text("密码不对").wait_for()
    enter(window)
    window.locator("#drop").wait_for()

    (tmp_path / f"{MARKUP.replace('/', '_')}.txt").write_text(VOUCHER)
    make_pdf(window, tmp_path / "院士工作站.pdf", HOUSES)
    make_docx(tmp_path / "孵化器.docx", INCUBATORS)
    (tmp_path / "旧.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    window.locator("#drop input").set_input_files(
        [path for path in sorted(tmp_path.iterdir()) if path.is_file()]
    )
    window.locator(".incoming tbody tr").nth(2).wait_for()
    window.locator(".incoming .reading").first.wait_for(state="detached")
    assert window.locator(".message.wrong").inner_text().startswith("旧.doc：")
    assert window.title() == "管理 · 政策计算器"
    shot(window, "desk-1-incoming")

    window.locator(".incoming tr", has_text="<img src=x").get_by_role("link").click()
    assert "“第二条”之后是“第四条”" in window.locator(".doubts").inner_text()
    assert "37万元" in window.locator(".clauses").inner_text()
    assert window.locator("main img, main script").count() == 0
    window.locator("select[name=jurisdiction]").select_option("CN-NX")
    window.locator("input[name=effective_to]").fill("2030-04-30")
    window.get_by_role("button", name="保存修改").click()
    window.get_by_text("已保存。").wait_for()
    shot(window, "desk-2-report")
    window.get_by_role("button", name="收录并更新索引").click()
    window.locator("#indexed tr", has_text="<img").locator(".badge.good").wait_for(timeout=60_000)
    accept(window, "院士工作站")
    accept(window, "孵化器")
    shot(window, "desk-3-indexed")

    voucher = ask(desk_server, "宁夏科技创新券每张面额是多少？")
    assert voucher["status"] == "answered"
    assert "37万元" in voucher["answer"]
    (voucher_id,) = cited(voucher)
    for question, amount, name in (
        ("宁夏院士工作站建站经费补助多少？", "88万元", "院士工作站"),
        ("宁夏新认定的国家级科技企业孵化器奖励多少？", "66万元", "孵化器"),
    ):
        answer = ask(desk_server, question)
        assert amount in answer["answer"]
        assert name in cited(answer)
        assert answer["citations"][0]["clause"] == "第一条"

    _ask_on_the_page(window, desk_server)
    window.goto(f"{desk_server}/desk/documents/{voucher_id}")
    window.locator("summary", has_text="停用").click()
    window.get_by_label("停用的原因").fill("试用结束")
    shot(window, "desk-4-retire")
    window.get_by_role("button", name="停用", exact=True).click()
    window.get_by_text("停用：试用结束").first.wait_for()
    window.goto(f"{desk_server}/desk")
    window.locator("#indexed tr", has_text="<img").locator(".badge.bad").wait_for(timeout=60_000)
    retired = ask(desk_server, "宁夏科技创新券每张面额是多少？")
    assert retired["status"] != "answered"
    assert all(one["validity"] == "not_in_force" for one in retired["citations"])

    window.goto(f"{desk_server}/desk/documents/{voucher_id}")
    window.locator("summary", has_text="移除").click()
    window.get_by_role("button", name="移除", exact=True).click()
    window.get_by_text("已移除").wait_for()
    window.locator("body[data-busy='0']").wait_for(timeout=60_000)
    assert window.locator("#indexed tr", has_text="<img").count() == 0
    assert voucher_id not in cited(ask(desk_server, "宁夏科技创新券每张面额是多少？"))

    window.get_by_role("button", name="退出登录").click()
    window.get_by_label("管理密码").wait_for()
    window.goto(f"{desk_server}/desk")
    window.get_by_label("管理密码").wait_for()


def _ask_on_the_page(window, desk_server):
    """The readers' page cites the document and shows its markup as text."""
    window.goto(desk_server)
    window.locator("#question textarea").fill("宁夏科技创新券每张面额是多少？")
    window.locator("#question textarea").press("Enter")
    window.wait_for_selector("#panel mark.main")
    assert "37万元" in window.locator("#panel mark.main").first.inner_text()
    assert window.locator("#panel .text img, #panel .text script").count() == 0
    assert window.title() == "政策计算器"


def test_on_a_phone_nothing_overflows(window):
    window.set_viewport_size({"width": 390, "height": 800})
    enter(window)
    window.locator("#drop").wait_for()
    width = "document.documentElement.scrollWidth - window.innerWidth"
    assert window.evaluate(width) <= 0
    shot(window, "desk-5-phone")
    window.locator("#indexed a").first.click()
    window.locator(".clauses").wait_for()
    assert window.evaluate(width) <= 0


def test_the_filter_leaves_the_rows_that_hold_the_words(window):
    enter(window)
    rows = window.locator("#indexed tbody tr:visible")
    before = rows.count()
    window.get_by_placeholder("按标题、文号、地域或来源筛选").fill("贷款贴息")
    assert (before > 1, rows.count()) == (True, 1)
    assert "某区科技贷款贴息办法" in rows.inner_text()
