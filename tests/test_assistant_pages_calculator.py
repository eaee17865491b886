"""The calculator page: its addresses by requests, then visits in a real browser."""

import os
import re
from decimal import Decimal
from html import unescape

import httpx
import pytest

from assistant.calculator import calculate, report_as_json
from assistant.pages.calculator_request import typed_number
from assistant.pages.calculator_texts import CHINESE, ENGLISH
from assistant.pages.day import today
from assistant.rules.catalogue import catalogue
from assistant.rules.facts import common_facts
from assistant.rules.values import read_facts
from corpus.errors import UsageError

TRANSFER = "technology_transfer_income"
ONLY = f"/calculator?programme={TRANSFER}"
QUALIFIES = {
    "resident_enterprise": True,
    "transferred_right": "所有权",
    "registered_contract": True,
    "from_wholly_owned_party": False,
    "transfer_income": 8_000_000,
}
MARKUP = "<script>document.title='gone'</script><img src=x onerror=\"document.title='gone'\">"


def words_of(html):
    return unescape(re.sub(r"<[^>]+>", "", html))


# Without a browser


@pytest.fixture(scope="module")
def client(server):
    with httpx.Client(base_url=server, timeout=60) as opened:
        yield opened


def calc(client, **body):
    return client.post("/api/calc", json=body)


def results(client, **body):
    return client.post("/calculator/results", json=body).json()


def test_the_api_gives_the_report_of_the_calculator(client):
    body = calc(client, facts=QUALIFIES, day="2024-12-31", programmes=["技术转让免税"]).json()
    facts = read_facts(QUALIFIES, catalogue().facts)
    report = calculate(facts, today().replace(2024, 12, 31), [TRANSFER])
    assert body == report_as_json(report) | {"understood": [], "notices": []}
    assert body["programmes"][0]["amount"]["shown"] == "162.5万元"


def test_without_a_day_the_report_is_for_today(client):
    assert calc(client).json()["day"] == today().isoformat()


def test_what_a_sentence_tells_comes_back_with_its_words(client):
    body = calc(client, sentence="我们公司职工80人，注册在宁夏").json()
    told = {one["fact"]: (one["value"], one["quote"]) for one in body["understood"]}
    assert told["staff"][0] == "80"
    assert "80人" in told["staff"][1]
    assert told["region"][0] == "CN-NX"
    assert body["facts"]["staff"] == {"name": "职工总数", "value": "80人"}


def test_a_fact_told_by_name_goes_before_the_sentence_and_not_sure_before_both(client):
    body = calc(client, sentence="我们公司职工80人", facts={"职工总数": 90}).json()
    assert body["facts"]["staff"]["value"] == "90人"
    body = calc(client, sentence="我们公司职工80人", unsure=["staff"]).json()
    assert (body["facts"], body["unsure"]) == ({}, ["staff"])


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"facts": {"revenue": "很多"}}, "写的是“很多”，应当是"),
        ({"facts": {"revenue": "1e999999"}}, "数值过大"),
        ({"facts": {"colour": 1}}, "没有名为“colour”的企业情况"),
        ({"facts": {"region": "某地"}}, "“注册地”写的是“某地”"),
        ({"facts": {"staff": {"text": "80.5"}}}, "应当是整数"),
        ({"programmes": ["登月补助"]}, "没有名为“登月补助”的政策项目"),
        ({"day": "昨天"}, "看不懂提问日“昨天”"),
        ({"colour": 1}, "没有名为 colour 的项"),
        ({"facts": 7}, "facts 应为"),
        ({"sentence": "好" * 2001}, "最多2000字"),
        ([], "请求体应为 JSON 对象"),
    ],
)
def test_a_request_that_cannot_be_used_is_a_400_with_a_sentence(client, body, said):
    answer = client.post("/api/calc", json=body)
    assert answer.status_code == 400
    assert said in answer.json()["error"]


def test_a_request_too_long_is_refused(client):
    answer = client.post("/api/calc", content=b'{"sentence": "' + b"a" * 70_000)
    assert (answer.status_code, answer.json()["error"]) == (400, "请求太长：最多64 KB。")


@pytest.mark.parametrize(
    ("fact", "text", "unit", "number"),
    [
        ("revenue", "3200", "万元", 32_000_000),
        ("revenue", "3,200.5", "万元", 32_005_000),
        ("revenue", "３２００", "元", 3200),
        ("revenue", "3.2亿", "万元", 320_000_000),
        ("revenue", "500元", "万元", 500),
        ("net_profit", "-20", "万元", -200_000),
        ("rd_share", "4.5", "%", "0.045"),
        ("rd_share", "4.5%", "%", "0.045"),
        ("staff", "80人", "", 80),
    ],
)
def test_a_typed_number_is_counted_in_the_unit_of_its_field(fact, text, unit, number):
    assert typed_number(text, unit, common_facts()[fact]) == Decimal(number)


@pytest.mark.parametrize("text", ["abc", "3200万人", "1e9", "--5", "3.2.1", "5%"])
def test_a_text_that_is_no_amount_is_said_to_be_none(text):
    with pytest.raises(UsageError, match="应当是数字，如 3200万元"):
        typed_number(text, "万元", common_facts()["revenue"])


def test_the_page_leaves_out_what_it_cannot_use_and_says_so(client):
    typed = {"revenue": {"text": "abc", "unit": "万元"}, "staff": {"text": "80", "unit": ""}}
    body = results(client, facts=typed)
    assert body["problems"].keys() == {"revenue"}
    assert body["shown"]["staff"] == "80人"
    assert "revenue" not in body["shown"]


@pytest.mark.parametrize(
    ("fact", "value"),
    [("staff", "-3"), ("domestic_rd_share", "1.5"), ("founded_on", "2099-01-01")],
)
def test_a_value_that_cannot_be_is_said_beside_its_field_and_not_used(client, fact, value):
    body = results(client, facts={fact: value})
    assert fact in body["problems"]
    assert "这些数字不用于计算" in body["html"]
    assert fact not in calc(client, facts={fact: value}).json()["facts"]


def test_programmes_stand_in_the_order_of_their_verdicts(client):
    body = results(client, facts=QUALIFIES | {"region": "CN-QH"}, day="2024-12-31")
    order = ["met", "unknown", "not_met", "not_in_force"]
    found = re.findall(r'<details class="programme (\w+)"', body["html"])
    assert found == sorted(found, key=order.index)
    assert body["counts"] == {one: found.count(one) for one in order}


def test_an_open_card_has_conditions_clauses_steps_and_notes(client):
    body = results(
        client, facts=QUALIFIES, day="2024-12-31", programmes=[TRANSFER], opened=[TRANSFER]
    )
    words = words_of(body["html"])
    for part in (
        "转让所有权或5年以上许可",
        "162.5万元",
        "免征的部分",
        "第九十条",
        "找谁办",
        "注意",
        "有效期间",
    ):
        assert part in words, part
    assert "/calculator/source/eit-regulations?clause=" in body["html"]
    folded = results(client, facts=QUALIFIES, day="2024-12-31", programmes=[TRANSFER])
    assert "第九十条" not in words_of(folded["html"])


def test_bars_are_solid_where_the_amount_is_exact_and_hatched_where_it_is_at_most(client):
    exact = results(client, facts=QUALIFIES, programmes=[TRANSFER])["html"]
    assert ('class="exact"' in exact, 'class="at-most"' in exact) == (True, False)
    told = {name: one for name, one in QUALIFIES.items() if name != "registered_contract"}
    open_ended = results(client, facts=told, programmes=[TRANSFER])["html"]
    assert ('class="exact"' in open_ended, 'class="at-most"' in open_ended) == (False, True)
    assert "最多162.5万元" in words_of(open_ended)


def test_a_trial_says_what_changes_and_by_how_much(client):
    before = {"facts": QUALIFIES, "unsure": []}
    body = results(
        client,
        facts=QUALIFIES | {"transfer_income": 9_000_000},
        baseline=before,
        programmes=[TRANSFER],
    )
    assert "可少缴的企业所得税：162.5万元 → 175万元" in words_of(body["html"])
    same = results(client, facts=QUALIFIES, baseline=before, programmes=[TRANSFER])
    assert "还没有不同" in same["html"]


def test_a_clause_link_opens_the_document_with_the_words_marked(client):
    asked = {"clause": "第九十条", "quote": "不超过500万元的部分免征企业所得税"}
    page = client.get("/calculator/source/eit-regulations", params=asked)
    assert page.status_code == 200
    assert '<mark class="main">不超过500万元的部分免征企业所得税</mark>' in page.text


@pytest.mark.parametrize(
    ("document", "clause"),
    [("eit-regulations", "第九百条"), ("none", "第一条"), ("..%2F..%2Ftests", "第一条")],
)
def test_a_clause_that_is_not_there_is_not_found(client, document, clause):
    answer = client.get(f"/calculator/source/{document}", params={"clause": clause})
    assert answer.status_code == 404
    assert "请从测算结果里的条款链接打开" in answer.text or document.startswith("..")


def test_a_programme_that_there_is_not_is_a_page_that_says_so(client):
    answer = client.get("/calculator", params={"programme": MARKUP})
    assert answer.status_code == 404
    assert "没有名为“&lt;script&gt;" in answer.text
    assert "<script>" not in answer.text


def test_the_report_and_the_calendar_come_from_a_form(client):
    sent = {"request": '{"facts": {"staff": 80}, "sentence": "职工80人<b>"}'}
    report = client.post("/calculator/report", data=sent)
    assert "企业自述：职工80人&lt;b&gt;" in report.text
    assert "script-src 'sha256-" in report.headers["content-security-policy"]
    calendar = client.post("/calculator/windows.ics", data=sent)
    assert calendar.headers["content-type"] == "text/calendar; charset=utf-8"
    assert calendar.content.startswith(b"BEGIN:VCALENDAR\r\n")


def test_pages_run_no_script_but_their_own_and_results_are_kept_nowhere(client):
    page = client.get("/calculator")
    assert "script-src 'self';" in page.headers["content-security-policy"]
    assert set(re.findall(r'(?:src|href)="([^"]*)"', page.text)) >= {"/calculator/calculator.js"}
    assert client.post("/calculator/results", json={}).headers["cache-control"] == "no-store"


def test_every_common_fact_has_a_field_and_an_english_name(client):
    fields = set(
        re.findall(r'class="field \w+" data-fact="([^"]+)"', client.get("/calculator").text)
    )
    assert fields == catalogue().facts.keys()
    assert ENGLISH.facts.keys() == common_facts().keys()
    assert {one.group for one in common_facts().values()} <= ENGLISH.groups.keys()


def test_the_chat_page_and_the_calculator_link_to_each_other(client):
    assert "/calculator" in client.get("/config").text
    assert 'href="/"' in client.get("/calculator").text
    assert "/desk" not in client.get("/calculator").text  # no staff page on this server


# In a browser


@pytest.fixture
def window(browser, server, watched):
    """A browser window; fails on any error of a script and any request to another address."""
    context = browser.new_context(viewport={"width": 1400, "height": 900}, locale="zh-CN")
    opened = context.new_page()
    opened.on("request", lambda sent: watched.requests.append(sent.url))
    opened.on("pageerror", lambda error: watched.errors.append(str(error)))
    opened.on(
        "console",
        lambda said: watched.errors.append(said.text) if said.type == "error" else None,
    )
    yield opened
    context.close()
    assert [url for url in watched.requests if not url.startswith((server, "data:"))] == []
    assert watched.errors == []


def visit(window, server, address="/calculator"):
    window.goto(server + address)
    window.locator("#result[aria-busy=false] .counts").wait_for()


def settle(window, act):
    """Do something and wait for the results that follow."""
    act()
    window.locator("#result[aria-busy=false]").wait_for()


def field(window, fact):
    return window.locator(f'#facts .field[data-fact="{fact}"]')


def fill(window, fact, text):
    """Type into a field, as one does who has unfolded the part of the form where it stands."""
    window.evaluate("for (const one of document.querySelectorAll('.group')) one.open = true")
    settle(window, lambda: window.locator(f"#f-{fact}").fill(text))


def read(window, sentence):
    window.locator("#sentence").fill(sentence)
    settle(window, lambda: window.locator("#read").click())


def overflow(window):
    return window.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def shot(window, name):
    """Keep a picture where POLICY_SHOTS names a folder, to be looked at."""
    if os.environ.get("POLICY_SHOTS"):
        window.screenshot(path=f"{os.environ['POLICY_SHOTS']}/{name}.png", full_page=True)


def test_a_sentence_becomes_chips_that_can_be_taken_away_and_corrected(window, server):
    visit(window, server)
    read(window, "我们公司职工80人，注册在宁夏")
    chip = window.locator(".chips li", has_text="职工总数 80人")
    assert "80人" in chip.locator("q").inner_text()
    assert window.locator("#f-staff").input_value() == "80"
    assert window.locator("#f-region").input_value() == "CN-NX"
    shot(window, "calculator-1-sentence")
    settle(window, chip.get_by_role("button", name="去掉").click)
    assert window.locator("#f-staff").input_value() == ""
    read(window, "我们公司职工80人，注册在青海")
    assert window.locator("#f-staff").input_value() == ""  # taken away stays away
    window.locator(".chips li", has_text="青海").get_by_role("button", name="改").click()
    assert window.evaluate("document.activeElement.id") == "f-region"
    settle(window, lambda: window.locator("#f-region").select_option("CN-NM"))
    assert window.locator(".chips li").count() == 0


def test_questions_are_answered_in_place_until_the_amount_is_known(window, server):
    visit(window, server, ONLY)
    answers = {
        "resident_enterprise": "是",
        "transferred_right": "所有权",
        "registered_contract": "是",
        "from_wholly_owned_party": "否",
        "transfer_income": "800",
    }
    for _ in range(len(answers)):
        form = window.locator("form.answer")
        answer = answers.pop(form.get_attribute("data-fact"))
        if form.locator("select").count():
            form.locator("select").select_option(answer)
            settle(window, form.get_by_role("button", name="回答").click)
        elif form.locator("input").count():
            form.locator("input").fill(answer)
            settle(window, lambda form=form: form.locator("input").press("Enter"))
        else:
            settle(window, form.get_by_role("button", name=answer, exact=True).click)
    assert answers == {}
    assert window.locator("form.answer").count() == 0
    assert window.locator(".programme.met .worth").inner_text() == "162.5万元"
    window.locator(".programme summary").first.click()
    window.locator(".programme .steps").wait_for()
    shot(window, "calculator-2-result")
    window.locator(".conditions a.clause").first.click()
    marked = window.locator("dialog mark.main").first.inner_text()
    assert marked == window.locator("dialog blockquote").inner_text()
    window.keyboard.press("Escape")
    assert not window.locator("dialog").is_visible()


def test_not_sure_is_not_asked_again_and_can_be_taken_back(window, server):
    visit(window, server, ONLY)
    fact = window.locator("form.answer").get_attribute("data-fact")
    settle(window, window.locator("form.answer").get_by_role("button", name="不清楚").click)
    assert window.locator("form.answer").get_attribute("data-fact") != fact
    chosen = field(window, fact).locator("input:checked")
    assert chosen.get_attribute("value") == "unsure"
    settle(window, field(window, fact).locator("label", has_text="不清楚").click)
    assert window.locator("form.answer").get_attribute("data-fact") == fact


def test_the_keyboard_alone_answers_question_after_question(window, server):
    visit(window, server, ONLY)
    window.locator("form.answer :is(button, select)").first.focus()
    first = window.locator("form.answer").get_attribute("data-fact")
    settle(window, lambda: window.keyboard.press("Enter"))
    assert window.locator("form.answer").get_attribute("data-fact") != first
    assert window.evaluate("document.activeElement.closest('form.answer') !== null")


def test_wrong_values_are_said_beside_their_fields_and_computed_with_nowhere(window, server):
    visit(window, server)
    for fact, text in (("revenue", "abc"), ("staff", "-5"), ("main_business_revenue_share", "150")):
        fill(window, fact, text)
        problem = field(window, fact).locator(".problem")
        problem.wait_for()
        assert window.locator(f"#f-{fact}").get_attribute("aria-invalid") == "true"
    assert "应当是数字，如 3200万元" in field(window, "revenue").inner_text()
    fill(window, "founded_on", "2099-01-01")
    field(window, "founded_on").locator(".problem").wait_for()
    loud = window.locator(".doubts")
    assert loud.locator("li").count() == 3
    assert "这些数字不用于计算" in loud.inner_text()
    shot(window, "calculator-3-doubts")
    for fact in ("staff", "main_business_revenue_share", "founded_on", "revenue"):
        fill(window, fact, "")
    assert window.locator(".doubts").count() == 0
    assert window.locator(".problem:visible").count() == 0


def test_the_unit_of_money_can_be_changed_without_changing_the_amount(window, server):
    visit(window, server)
    fill(window, "revenue", "3200.5")
    settle(window, window.locator("#money-unit label", has_text="元").last.click)
    assert window.locator("#f-revenue").input_value() == "32005000"
    assert "3200.5万元" in field(window, "revenue").locator(".echo").inner_text()
    settle(window, window.locator("#money-unit label", has_text="万元").click)
    assert window.locator("#f-revenue").input_value() == "3200.5"


def test_what_was_told_is_kept_in_the_browser_until_it_is_cleared(window, server):
    visit(window, server)
    read(window, "我们公司职工80人")
    fill(window, "revenue", "3200")
    visit(window, server, "/calculator?lang=en")
    assert window.locator("#f-staff").input_value() == "80"
    assert window.locator("#f-revenue").input_value() == "3200"
    assert window.locator("html").get_attribute("lang") == "en"
    assert "More facts needed" in window.locator(".counts").inner_text()
    shot(window, "calculator-4-english")
    settle(window, window.get_by_role("button", name="Clear").click)
    assert "nothing of what you entered is left" in window.locator(".kept").inner_text()
    assert window.locator("#f-staff").input_value() == ""
    assert window.evaluate("localStorage.length") == 0


def test_a_trial_keeps_the_present_facts_to_go_back_to(window, server):
    visit(window, server)
    fill(window, "transfer_income", "800")
    settle(window, window.get_by_role("button", name="假如").click)
    assert "还没有不同" in window.locator(".changes").inner_text()
    fill(window, "transfer_income", "900")
    assert "162.5万元 → 最多175万元" in window.locator(".changes").inner_text()
    shot(window, "calculator-5-trial")
    settle(window, window.get_by_role("button", name="回到现在的情况").click)
    assert window.locator("#f-transfer_income").input_value() == "800"
    assert window.locator(".changes").count() == 0


def test_a_condition_that_lacks_a_fact_leads_to_its_field(window, server):
    visit(window, server)
    card = window.locator(f"#p-{TRANSFER}")
    card.locator("summary").first.click()
    card.locator("[data-ask=registered_contract]").click()
    asked = field(window, "registered_contract").locator("input").first
    assert asked.is_visible()
    assert asked.evaluate("one => one === document.activeElement")


def test_the_report_opens_and_the_calendar_downloads(window, server):
    visit(window, server)
    fill(window, "staff", "80")
    with window.expect_popup() as opening:
        window.get_by_role("button", name="自测报告").click()
    report = opening.value
    report.wait_for_load_state()
    assert "职工总数" in report.locator("table").first.inner_text()
    report.evaluate("window.print = () => { document.title = 'printed'; }")
    report.get_by_role("button", name="打印").click()
    assert report.title() == "printed"
    with window.expect_download() as saving:
        window.get_by_role("button", name="申报时间").click()
    assert saving.value.suggested_filename == "policy-windows.ics"


def test_markup_stays_text(window, server):
    visit(window, server)
    window.locator("#sentence").fill(MARKUP)
    settle(window, window.locator("#read").click)
    fill(window, "revenue", MARKUP[:40])
    assert MARKUP[:20] in field(window, "revenue").locator(".problem").inner_text()
    assert window.locator("main img, main script").count() == 0
    assert window.title() == f"{CHINESE.name} · {CHINESE.results}"


@pytest.mark.parametrize("width", [380, 1400])
def test_nothing_overflows(window, server, width):
    window.set_viewport_size({"width": width, "height": 800})
    visit(window, server)
    assert overflow(window) <= 0
    read(window, "我们公司职工80人，注册在宁夏，研发费用260万元")
    window.locator(".programme summary").first.click()
    window.locator(".programme .conditions").first.wait_for()
    assert overflow(window) <= 0
    assert window.locator("#to-results").is_visible() == (width < 900)
    shot(window, f"calculator-6-{width}")
