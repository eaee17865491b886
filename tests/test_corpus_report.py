"""What is said of a document that was read: fields, noise, doubts, what it repeals."""

from dataclasses import replace
from datetime import date

import pytest

from corpus.clauses import split_clauses
from corpus.document import Document, Validity
from corpus.reader import read_document
from corpus.repeals import find_repeals
from corpus.report import report_as_json, report_on, what_it_repeals
from corpus.validity import link_versions, validity_on

NOTICE = (
    "某某省科学技术厅关于印发《某某资金管理办法》的通知\n某科规〔2024〕3号\n打印本页 关闭窗口\n"
    "各市科技局：\n现印发给你们，请遵照执行。\n某某省科学技术厅\n2024年5月6日\n"
    "某某资金管理办法\n第一条 为规范管理，制定本办法。\n第二条 支持下列项目：\n"
    "（一）重大项目；\n（二）重点项目。\n"
    "第三条 本办法自2024年6月1日起施行，《某某资金管理暂行办法》（某科规〔2019〕8号）同时废止。\n"
)


def report_of(text, **fields):
    document = Document("d", "某某办法", text, "d.txt", **fields)
    return report_on(document, split_clauses(document))


def doubts_of(text):
    known = {
        "document_number": "某科〔2024〕1号",
        "issuing_bodies": ("某某厅",),
        "jurisdiction": "CN-NX",
        "signed_on": date(2024, 1, 1),
        "origins": (("title", "标题行"),),
    }
    return report_of(text, **known).doubts


def test_a_report_says_what_was_read_and_where(tmp_path):
    path = tmp_path / "办法.txt"
    path.write_text(NOTICE, encoding="utf-8")
    document = read_document(path)
    report = report_on(document, split_clauses(document))
    assert (report.source, report.document_id) == ("办法.txt", "办法")
    assert {one.label: (one.value, one.origin) for one in report.fields} == {
        "标题": ("某某省科学技术厅关于印发《某某资金管理办法》的通知", "标题行"),
        "文号": ("某科规〔2024〕3号", "文首"),
        "发文机关": ("某某省科学技术厅", "标题"),
        "文种": ("办法", "标题"),
        "成文日期": ("2024-05-06", "落款"),
        "施行日期": ("2024-06-01", "“自2024年6月1日起施行”"),
    }
    assert report.clause_count == 7
    assert (report.noise_lines, report.noise_examples) == (1, ("打印本页关闭窗口",))
    assert report.doubts == ("没有读到适用地域。",)
    assert report_as_json(report)["repeals"][0]["document_number"] == "某科规〔2019〕8号"


def test_a_document_that_says_nothing_of_itself_is_doubtful():
    assert report_of("第一条 支持创新。\n第二条 附则。\n").doubts == (
        "原文没有标题，现用标题“某某办法”是代拟的，请核对。",
        "没有读到文号。",
        "没有读到发文机关。",
        "没有读到适用地域。",
        "没有读到任何日期，不能判断何时施行。",
    )


def test_what_staff_say_there_is_none_of_is_no_doubt():
    stated = dict.fromkeys(("title", "document_number", "issuing_bodies"), "document.yaml")
    assert report_of(
        "第一条 支持创新。\n第二条 附则。\n", origins=tuple(stated.items())
    ).doubts == (
        "没有读到适用地域。",
        "没有读到任何日期，不能判断何时施行。",
    )


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        (
            "第一条 甲。\n第二条 乙。\n第三条 丙。\n第五条 丁。\n",
            "“第三条”之后是“第五条”，中间可能缺 1 个，请核对原文。",
        ),
        ("一、甲\n内容。\n三、乙\n内容。\n", "“一、”之后是“三、”，中间可能缺 1 个，请核对原文。"),
        (
            "第一条 有下列情形：\n（二）甲；\n（三）乙。\n",
            "第一条之下编号从“（二）”开始，前面可能缺 1 个，请核对原文。",
        ),
        (f"第一条 {'支持企业创新，' * 300}完。\n", "第一条有 2106 字，可能没有分开，请核对。"),
    ],
)
def test_what_may_have_been_read_wrongly_is_said(text, doubt):
    assert doubt in doubts_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "第一条 甲。\n第二条 乙。\n第二条之一 丙。\n第三条 依照第九条办理。\n",
        "一、甲\n（一）子。\n（二）丑。\n二、乙\n（一）寅。\n",
        "第一章 总则\n第一条 甲。\n第二章 附则\n第二条 乙。\n",
        "第一条 有下列情形：\n（一）甲；\n（二）乙。\n下列情形除外：\n（一）丙；\n（二）丁。\n",
    ],
)
def test_numbers_without_a_gap_raise_no_doubt(text):
    assert doubts_of(text) == ()


def test_a_digest_may_leave_numbers_out():
    text = "第一条 甲。\n第九条 乙。\n"
    assert any("第九条" in one for one in report_of(text).doubts)
    assert not any("第九条" in one for one in report_of(text, is_digest=True).doubts)


def test_many_doubts_of_one_kind_are_shortened():
    text = "".join(f"第{number}条 甲。\n" for number in ("一三五七九" + "十").replace("十", ""))
    more = "".join(f"第二十{number}条 甲。\n" for number in "一三五七九")
    doubts = doubts_of(text + more)
    assert doubts[-1] == "同类情况另有 4 处。"
    assert len(doubts) == 6


def test_the_doubts_of_the_format_are_passed_on():
    found = report_of("第一条 甲。\n", doubts=("第 3 页是识别出来的文字，请核对。",)).doubts
    assert found[0] == "第 3 页是识别出来的文字，请核对。"


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("《甲办法》同时废止", [("甲办法", None, True)]),
        ("本办法自2024年1月1日起施行，《甲办法》（某科〔2016〕1号）同时废止",
         [("甲办法", "某科〔2016〕1号", True)]),
        ("根据《乙法》，制定本办法，《甲办法》同时废止", [("甲办法", None, True)]),
        ("1991年4月9日通过的《甲法》和1993年国务院发布的《乙条例》同时废止",
         [("甲法", None, True), ("乙条例", None, True)]),
        ("《关于印发〈甲办法〉的通知》（某科〔2016〕1号）自2024年1月1日起停止执行",
         [("关于印发〈甲办法〉的通知", "某科〔2016〕1号", True)]),
        ("某科〔2016〕1号文件同时废止", [(None, "某科〔2016〕1号", True)]),
        ("《甲办法》第三条同时废止", [("甲办法", None, False)]),
        ("《甲办法》与本办法不一致的，以本办法为准", [("甲办法", None, False)]),
        ("行业标准在国家标准实施后自行废止", []),
        ("《关于修改和废止部分行政法规的决定》第三次修订", []),
        ("根据《乙法》，应当及时修订或者废止", []),
    ],
)  # fmt: skip
def test_what_a_sentence_repeals(sentence, named):
    found = [(one.title, one.document_number, one.is_whole) for one in find_repeals([sentence])]
    assert found == named


def test_a_document_does_not_repeal_itself():
    text = "第一条 甲。\n第二条 某科〔2024〕1号文件同时废止。\n"
    document = Document("d", "某某办法", text, "d.txt", document_number="某科〔2024〕1号")
    assert what_it_repeals(document, split_clauses(document)) == ()
    other = replace(document, document_number="某科〔2025〕1号")
    assert len(what_it_repeals(other, split_clauses(other))) == 1


OLD = Document(
    "old",
    "某某资金管理暂行办法",
    "第一条 甲。",
    "old.txt",
    document_number="某科规〔2019〕8号",
    signed_on=date(2019, 3, 1),
)
NEW = Document(
    "new",
    "某某资金管理办法",
    "第一条 甲。\n第二条 本办法自2024年6月1日起施行，"
    "《某某资金管理暂行办法》（某科规[2019]8号）同时废止。\n",
    "new.txt",
    signed_on=date(2024, 5, 6),
    effective_from=date(2024, 6, 1),
)


def test_a_later_document_ends_the_earlier_one_on_the_day_before():
    old, new = link_versions([OLD, NEW])
    assert new == NEW
    assert (old.effective_to, old.replaced_by) == (date(2024, 5, 31), ("new",))
    assert validity_on(old, date(2024, 5, 31))[0] is Validity.IN_FORCE
    assert validity_on(old, date(2024, 6, 1)) == (
        Validity.NOT_IN_FORCE,
        "已失效：自2024年6月1日起被《某某资金管理办法》废止",
    )
    assert dict(old.origins)["effective_to"] == "后来的文件"


def test_an_end_that_staff_emptied_does_not_keep_a_repeal_out():
    emptied = replace(OLD, effective_to=None, origins=(("effective_to", "document.yaml"),))
    old, _ = link_versions([emptied, NEW])
    assert (old.effective_to, old.replaced_by) == (date(2024, 5, 31), ("new",))


def test_without_a_first_day_the_earlier_one_is_not_in_force():
    old, _ = link_versions([OLD, replace(NEW, effective_from=None)])
    assert (old.validity, old.validity_reason) == (
        Validity.NOT_IN_FORCE,
        "被《某某资金管理办法》废止",
    )


def test_an_exact_title_is_enough_where_the_number_is_not_known():
    old, _ = link_versions([replace(OLD, document_number=None), NEW])
    assert old.replaced_by == ("new",)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (OLD, replace(NEW, validity=Validity.NOT_IN_FORCE)),
        (replace(OLD, signed_on=date(2025, 1, 1)), NEW),
        (replace(OLD, document_number="某科规〔2020〕9号"), NEW),
        (replace(OLD, document_number=None, title="某某资金暂行办法"), NEW),
        (replace(OLD, document_number=None, signed_on=None), NEW),
        (replace(OLD, origins=(("validity", "document.yaml"),)), NEW),
        (OLD, replace(NEW, text="第一条 《某某资金管理暂行办法》第三条同时废止。")),
    ],
    ids=["repealed itself", "earlier", "other number", "other title", "no day", "stated", "part"],
)
def test_nothing_else_marks_a_document(old, new):
    assert link_versions([old, new]) == (old, new)
