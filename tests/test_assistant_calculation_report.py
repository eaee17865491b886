"""What one takes away: the printable report and the calendar of application times."""

import io
import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from pypdf import PdfReader

from assistant.calculation_calendar import application_times, next_days, windows_ics
from assistant.calculation_report import report_html
from assistant.calculator import calculate
from assistant.rules.catalogue import catalogue
from assistant.rules.rule import Window
from assistant.rules.values import read_facts
from corpus.cleaning import repair_radicals
from corpus.errors import UsageError

DAY = date(2024, 12, 31)
TRANSFER = "technology_transfer_income"
QUALIFIES = {
    "resident_enterprise": True,
    "transferred_right": "所有权",
    "registered_contract": True,
    "from_wholly_owned_party": False,
    "transfer_income": 8_000_000,
}


def report(told=QUALIFIES, day=DAY, programmes=(TRANSFER,)):
    return calculate(read_facts(told, catalogue().facts), day, programmes)


def with_windows(held, *windows):
    """The report, its one programme with other windows."""
    (one,) = held.assessments
    rule = one.rule.model_copy(update={"windows": tuple(windows)})
    return replace(held, assessments=(replace(one, rule=rule),))


def words_of(html):
    return unescape(re.sub(r"<[^>]+>", "", html))


# The report


def test_the_report_says_the_day_the_facts_the_result_and_that_it_is_a_self_test():
    words = words_of(report_html(report(), "我们转让了一项技术"))
    assert "按2024年12月31日有效的规定测算" in words
    assert "不是主管部门的决定" in words
    assert "企业自述：我们转让了一项技术" in words
    assert "技术转让所得800万元" in words
    assert "技术转让所得减免企业所得税：符合" in words
    assert "可少缴的企业所得税：162.5万元" in words


def test_an_amount_comes_with_its_steps():
    words = words_of(report_html(report()))
    assert "免征的部分 ＝ 技术转让所得与限额取小者 ＝ 500万元" in words
    assert "减征的部分 ＝ 超过限额的所得 × 50% ＝ 150万元" in words


def test_every_mark_leads_to_a_clause_with_its_exact_words():
    html = report_html(report())
    body, _, sources = html.partition("条款依据")
    marks = set(re.findall(r"\[(\d+)\]", body))
    assert marks == set(re.findall(r"<li>\[(\d+)\]", sources))
    assert "第九十条：“不超过500万元的部分免征企业所得税”" in words_of(sources)
    assert "《中华人民共和国企业所得税法实施条例》" in words_of(sources)


def test_a_condition_that_fails_says_what_is_missing_and_no_amount():
    words = words_of(report_html(report(QUALIFIES | {"registered_contract": False})))
    assert "技术转让所得减免企业所得税：不符合" in words
    assert re.search(r"合同已认定登记（?待?核?）?\[\d+\]不符合否是", words)
    assert "可少缴的企业所得税" not in words


def test_on_a_day_without_the_rule_the_report_says_since_when_it_holds():
    words = words_of(report_html(report(day=date(2007, 12, 31))))
    assert "测算日没有有效的规定，不作测算。库中所载的有效期间：自2008年1月1日起" in words


def test_figures_in_doubt_stand_in_the_report_as_not_used():
    told = QUALIFIES | {"staff": 10, "research_staff": 30}
    words = words_of(report_html(report(told)))
    assert "未用于计算：" in words
    assert "职工总数10人" not in words


def test_markup_in_what_was_told_stays_text():
    html = report_html(report(), "<script>alert(1)</script>")
    assert html.count("<script>") == 1  # its own
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_the_report_prints_to_a_pdf_whose_text_can_be_read(browser):
    window = browser.new_page()
    window.set_content(report_html(report()))
    printed = window.pdf(prefer_css_page_size=True)
    window.close()
    pages = PdfReader(io.BytesIO(printed)).pages
    text = repair_radicals("".join(page.extract_text() for page in pages))
    assert float(pages[0].mediabox.width) == pytest.approx(595, abs=2)  # A4
    assert "科技政策自测报告" in text
    assert "162.5万元" in text
    assert "打印 / 保存为 PDF" not in text


# The calendar


def window(opens=None, closes=None, **more):
    return Window(text="每年申报", opens=opens, closes=closes, **more)


@pytest.mark.parametrize(
    ("day", "given", "days"),
    [
        ("2026-03-01", window("04-25", "05-25"), ("2026-04-25", "2026-05-25")),
        ("2026-05-25", window("04-25", "05-25"), ("2026-04-25", "2026-05-25")),
        ("2026-05-26", window("04-25", "05-25"), ("2027-04-25", "2027-05-25")),
        ("2026-06-01", window(closes="05-31"), ("2027-05-31", "2027-05-31")),
        ("2026-06-01", window(opens="06-01"), ("2026-06-01", "2026-06-01")),
        ("2026-01-10", window("11-01", "01-15"), ("2025-11-01", "2026-01-15")),
        ("2026-02-01", window("11-01", "01-15"), ("2026-11-01", "2027-01-15")),
        ("2026-02-01", window("02-29", "03-02"), ("2026-02-28", "2026-03-02")),
    ],
)
def test_a_window_is_this_years_turn_or_the_next_when_past(day, given, days):
    first, last = next_days(given, date.fromisoformat(day))
    assert (first.isoformat(), last.isoformat()) == days


@pytest.mark.parametrize(
    "given",
    [
        window(),
        window("04-25", "05-25", effective_to=date(2026, 12, 31)),
        window("04-25", "05-25", effective_from=date(2027, 1, 1)),
    ],
)
def test_a_window_without_a_day_or_that_holds_no_more_by_then_has_no_turn(given):
    assert next_days(given, date(2026, 6, 1)) is None


def unfolded(calendar):
    return calendar.replace("\r\n ", "").split("\r\n")


def test_the_calendar_is_one_event_of_whole_days_for_each_window():
    told = with_windows(report(), window("04-25", "05-25"))
    lines = unfolded(windows_ics(told))
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 1
    assert f"UID:{TRANSFER}-1-20250425@policy-calculator" in lines
    assert "DTSTAMP:20241231T000000Z" in lines
    assert "DTSTART;VALUE=DATE:20250425" in lines
    assert "DTEND;VALUE=DATE:20250526" in lines  # the day after the last
    assert "SUMMARY:申报：技术转让所得减免企业所得税" in lines


def test_lines_end_in_crlf_are_at_most_75_octets_and_lose_nothing():
    long = "申报材料；" * 40
    calendar = windows_ics(with_windows(report(), Window(text=long, closes="05-31")))
    lines = calendar.split("\r\n")
    assert "\n" not in calendar.replace("\r\n", "")
    assert max(len(line.encode()) for line in lines) <= 75
    assert long in next(one for one in unfolded(calendar) if one.startswith("DESCRIPTION:"))


def test_what_means_something_in_a_calendar_is_escaped():
    held = with_windows(report(), Window(text="a;b,c\\d\ne", closes="05-31"))
    assert "DESCRIPTION:a\\;b\\,c\\\\d\\ne\\n自测结果：符合" in "".join(unfolded(windows_ics(held)))


def test_a_programme_that_is_not_met_has_no_application_time():
    told = report(QUALIFIES | {"registered_contract": False})
    held = with_windows(told, window("04-25", "05-25"))
    assert application_times(held) == ()
    with pytest.raises(UsageError, match="没有写明日期的申报时间"):
        windows_ics(held)
