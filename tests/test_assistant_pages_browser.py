"""The page in a real browser, served by a real server over the real index."""

import json
import re

import pytest

QUESTION = "宁夏2022年技术合同交易额的目标是多少？"
PHONE = pytest.mark.parametrize("page", [390], indirect=True)


def ask(page, question: str) -> None:
    turns = page.locator(".exchange").count()
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    page.wait_for_function(
        "turns => document.querySelectorAll('.exchange').length === turns + 1"
        " && document.querySelector('.exchange:last-child .reply:is(.done, .notice)')",
        arg=turns,
    )


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def marked(page) -> str:
    page.wait_for_selector("#panel mark.main")
    return squeezed("".join(page.locator("#panel mark.main").all_inner_texts()))


def quoted(page) -> str:
    return squeezed(page.locator("#panel blockquote").inner_text())


def is_in_view(page, selector: str, frame: str) -> bool:
    inner = page.locator(selector).first.bounding_box()
    outer = page.locator(frame).bounding_box()
    return outer["y"] - 1 <= inner["y"] <= outer["y"] + outer["height"]


def overflow(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def test_a_click_on_a_mark_opens_the_source_with_the_quote_in_view(page):
    ask(page, QUESTION)
    assert "30亿元" in page.locator(".reply .words").inner_text()
    page.locator(".words a.cite", has_text="[1]").first.click()
    page.wait_for_selector('#panel article[data-n="1"]')
    assert marked(page) == quoted(page)
    assert "30亿元" in marked(page)
    assert is_in_view(page, "#panel mark.main", "#panel .text")


def test_on_a_wide_screen_the_first_source_opens_by_itself(page):
    ask(page, QUESTION)
    page.wait_for_selector('#panel article[data-n="1"]')


def test_the_sources_under_an_answer_open_too(page):
    ask(page, "科技成果转化有哪些支持措施？")
    links = page.locator(".sources a.cite")
    last = links.nth(links.count() - 1)
    last.click()
    page.wait_for_selector(f'#panel article[data-n="{last.get_attribute("data-n")}"]')
    assert marked(page) == quoted(page)


def test_the_sources_of_an_earlier_turn_still_open(page):
    ask(page, QUESTION)
    page.wait_for_selector("#panel mark.main")
    first = marked(page)
    ask(page, "内蒙古科技计划体系改革从什么时候起执行？")
    page.wait_for_function(
        "first => !document.querySelector('#panel blockquote').innerText.includes(first)",
        arg=first[:20],
    )
    page.locator(".exchange").first.locator("a.cite").first.click()
    page.wait_for_function(
        "first => document.querySelector('#panel blockquote').innerText.includes(first)",
        arg=first[:20],
    )
    assert marked(page) == first


@PHONE
def test_nothing_overflows_on_a_phone(page):
    assert overflow(page) <= 0
    ask(page, QUESTION)
    assert overflow(page) <= 0
    assert page.locator("#panel article").count() == 0
    page.locator(".words a.cite").first.click()
    assert marked(page) == quoted(page)
    assert is_in_view(page, "#panel mark.main", "#panel .text")
    assert overflow(page) <= 0
    page.get_by_role("tab", name="政策库").click()
    page.locator("button.open").first.click()
    page.wait_for_selector("#library-text article")
    assert overflow(page) <= 0


def test_markup_in_a_question_stays_text(page):
    question = '<img src=x onerror="document.title=\'gone\'"><script>document.title="gone"</script>'
    ask(page, question)
    assert page.locator(".asked").inner_text().endswith(question)
    assert page.locator("#conversation img, #conversation script").count() == 0
    assert page.title() == "政策计算器"


def test_the_whole_visit_asks_no_other_address(page, server, watched):
    ask(page, QUESTION)
    page.get_by_role("tab", name="政策库").click()
    page.locator("button.open").first.click()
    page.wait_for_selector("#library-text article")
    assert len(watched.requests) > 5
    assert all(url.startswith((server, "data:", "blob:")) for url in watched.requests)


def test_the_language_switch_changes_the_labels_and_keeps_the_conversation(page):
    ask(page, QUESTION)
    said = page.locator(".reply .words").inner_text()
    page.get_by_text("English", exact=True).click()
    page.wait_for_selector("#header h1:has-text('Policy Calculator')")
    page.get_by_role("tab", name="Library").wait_for()
    page.get_by_role("button", name="New conversation").wait_for()
    assert page.locator(".reply .words").inner_text() == said
    assert page.locator(".sources h4").inner_text() == "Sources"
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_text("中文", exact=True).click()
    page.wait_for_selector("#header h1:has-text('政策计算器'):not(:has-text('Policy'))")
    assert page.locator("html").get_attribute("lang") == "zh-CN"


def test_an_empty_question_gets_a_polite_line(page):
    ask(page, "")
    notice = page.locator(".reply.notice").inner_text()
    assert re.search(r"[\u4e00-\u9fff]", notice)
    assert "Error" not in notice
    assert "Traceback" not in page.locator("body").inner_text()


def test_a_question_out_of_scope_is_labelled(page):
    ask(page, "红烧肉怎么做？")
    assert page.locator(".reply .status").inner_text() == "不在服务范围"
    assert page.locator(".sources").count() == 0


def test_the_answer_follows_the_day_asked_about(page):
    page.locator("#day input").fill("2022-03-01")
    ask(page, QUESTION)
    assert "2022-03-01" in page.locator(".as-of").inner_text()
    page.wait_for_selector("#panel .about")
    assert "2022-03-01" in page.locator("#panel .about").inner_text()


def test_an_example_is_asked_by_a_click(page):
    example = page.locator(".welcome .chip").first
    words = example.inner_text()
    example.click()
    page.wait_for_selector(".reply.done")
    assert page.locator(".asked").inner_text().endswith(words)


def test_a_new_conversation_starts_empty(page):
    ask(page, QUESTION)
    page.get_by_role("button", name="新对话").click()
    page.wait_for_selector(".welcome")
    assert page.locator(".exchange").count() == 0
    page.wait_for_selector("#panel .empty")
    ask(page, QUESTION)
    page.wait_for_selector("#panel mark.main")


def test_readers_do_not_see_each_other(page, browser, server):
    ask(page, QUESTION)
    other = browser.new_page()
    other.goto(server)
    other.wait_for_selector(".welcome")
    assert other.locator(".exchange").count() == 0
    other.close()


def test_a_vote_with_its_reason_is_stored(page, settings):
    ask(page, QUESTION)
    page.get_by_role("button", name="没用").click()
    page.locator("form.reason input").fill("请写明年份")
    page.locator("form.reason button").click()
    page.wait_for_selector(".thanks")
    lines = (settings.store / "feedback.jsonl").read_text(encoding="utf-8").splitlines()
    last = json.loads(lines[-1])
    assert (last["question"], last["vote"]) == (QUESTION, "down")
    assert last["reason"] == "请写明年份"


def test_a_citation_is_copied_with_title_clause_and_quote(page):
    ask(page, QUESTION)
    page.wait_for_selector("#panel mark.main")
    page.get_by_role("button", name="复制引用").click()
    page.wait_for_selector("#panel button:has-text('已复制')")
    copied = squeezed(page.evaluate("navigator.clipboard.readText()"))
    title = squeezed(page.locator("#panel .title").inner_text())
    assert title in copied
    assert f"：“{quoted(page)}”" in copied


def test_the_library_opens_a_document_and_jumps_to_a_clause(page):
    page.get_by_role("tab", name="政策库").click()
    page.locator("button.open").first.click()
    page.locator("#library-text summary").click()
    jumps = page.locator("#library-text button.jump")
    jumps.nth(jumps.count() - 1).click()
    offset = jumps.nth(jumps.count() - 1).get_attribute("data-to")
    page.wait_for_function("document.querySelector('#library-text .text').scrollTop > 0")
    assert is_in_view(page, f'#library-text .anchor[data-offset="{offset}"]', "#library-text .text")


def test_the_library_is_filtered_while_typing(page):
    page.get_by_role("tab", name="政策库").click()
    items = page.locator(".documents li")
    items.first.wait_for()
    title = page.locator("button.open").last.inner_text()
    page.locator("input.filter").fill(title)
    shown = page.locator(".documents li:visible")
    assert 1 <= shown.count() < items.count()
    assert title in shown.first.inner_text()
    page.locator("input.filter").fill("")
    assert shown.count() == items.count()


def test_the_keyboard_alone_asks_and_opens_a_source(page):
    box = page.locator("#question textarea")
    box.focus()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector(".reply.done")
    page.locator(".words a.cite").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel mark.main")
    assert page.locator("[role=log]").get_attribute("aria-live") == "polite"


def test_the_box_takes_no_more_than_two_thousand_characters(page):
    box = page.locator("#question textarea")
    assert box.get_attribute("maxlength") == "2000"
