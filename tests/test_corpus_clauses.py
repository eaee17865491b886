"""Text -> clauses: their paths, labels, headings, paragraphs and offsets."""

import time
from pathlib import Path

import pytest

from corpus.clauses import label, split_clauses
from corpus.cleaning import clean, simplify
from corpus.document import Document
from corpus.reader import read_document

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
PACKAGED = sorted(path for path in (ROOT / "corpus" / "documents").iterdir() if path.is_dir())
SEEDS = sorted((SHARED / "seeds").glob("*.txt"))


def document(text, page_starts=()):
    return Document("d", "某某文件", text, "d.txt", page_starts=page_starts)


def clauses_of(text):
    return split_clauses(document(text))


def labels_of(text):
    return [clause.label for clause in clauses_of(text)]


def words_of(text):
    """label -> words, the header left out."""
    return {one.label: one.plain for one in clauses_of(text) if one.path != ("文首",)}


def test_an_article_keeps_all_its_paragraphs():
    text = (
        "第七条 鼓励企业加大研发投入。\n研发投入按照规定加计扣除。\n具体办法由税务部门制定。\n"
        "第八条 本办法自公布之日起施行。\n"
    )
    assert words_of(text) == {
        "第七条": "第七条鼓励企业加大研发投入。",
        "第七条第二款": "研发投入按照规定加计扣除。",
        "第七条第三款": "具体办法由税务部门制定。",
        "第八条": "第八条本办法自公布之日起施行。",
    }


def test_a_paragraph_behind_the_items_belongs_to_the_article():
    text = (
        "第八条 申报单位应当具备下列条件：\n（一）依法成立；\n（二）有健全的制度。\n"
        "前款所称申报单位，不包括事业单位。\n第九条 申报时间另行通知。\n"
    )
    assert words_of(text) == {
        "第八条": "第八条申报单位应当具备下列条件：",
        "第八条第（一）项": "（一）依法成立；",
        "第八条第（二）项": "（二）有健全的制度。",
        "第八条第二款": "前款所称申报单位，不包括事业单位。",
        "第九条": "第九条申报时间另行通知。",
    }


def test_a_paragraph_between_two_items_belongs_to_the_first_of_them():
    text = (
        "第十一条 须同时满足以下条件：\n（一）研究开发费用占比符合如下要求：\n"
        "1. 收入小于5,000万元的企业，不低于5%；\n2. 收入5,000万元以上的企业，不低于4%；\n"
        "其中，在境内发生的费用不低于60%；\n（二）收入占比不低于60%。\n第十二条 附则。\n"
    )
    assert words_of(text) == {
        "第十一条": "第十一条须同时满足以下条件：",
        "第十一条第（一）项": "（一）研究开发费用占比符合如下要求：",
        "第十一条第（一）项第1目": "1.收入小于5,000万元的企业，不低于5%；",
        "第十一条第（一）项第2目": "2.收入5,000万元以上的企业，不低于4%；",
        "第十一条第（一）项第2段": "其中，在境内发生的费用不低于60%；",
        "第十一条第（二）项": "（二）收入占比不低于60%。",
        "第十二条": "第十二条附则。",
    }


def test_a_heading_with_nothing_under_it_is_a_clause():
    assert words_of("一、申报材料\n1.申报书\n2.承诺书\n二、申报时间\n2024年6月1日\n") == {
        "一、1.": "1.申报书",
        "一、2.": "2.承诺书",
        "二、": "2024年6月1日",
    }


def test_words_about_the_whole_document_are_no_part_of_the_last_item():
    text = (
        "某某若干措施\n1.支持平台。给予500万元奖励。\n2.支持转化。给予1%补助。\n"
        "本措施自2023年7月1日起施行，有效期至2025年12月31日。\n附件：申报指南\n"
        "某某市人民政府\n2023年6月5日\n（此件公开发布）\n"
    )
    assert words_of(text) == {
        "1.": "1.支持平台。给予500万元奖励。",
        "2.": "2.支持转化。给予1%补助。",
        "结尾第1段": "本措施自2023年7月1日起施行，有效期至2025年12月31日。",
        "结尾第2段": "附件：申报指南",
    }


def test_items_of_a_later_paragraph_are_cited_with_it():
    text = (
        "第八条 有下列情形之一的，不予受理：\n（一）材料不全；\n（二）超过期限。\n"
        "有下列情形之一的，终止审查：\n（一）申请人撤回；\n（二）申请人终止。\n"
    )
    assert labels_of(text) == [
        "第八条",
        "第八条第（一）项",
        "第八条第（二）项",
        "第八条第二款",
        "第八条第二款第（一）项",
        "第八条第二款第（二）项",
    ]


def test_a_subparagraph_holds_its_items():
    text = (
        "第五条 支持下列项目：\n（一）平台建设\n1.国家重点实验室；\n2.技术创新中心。\n"
        "（二）成果转化。\n"
    )
    assert labels_of(text) == [
        "第五条",
        "第五条第（一）项第1目",
        "第五条第（一）项第2目",
        "第五条第（二）项",
    ]


def test_an_article_heading_on_a_line_of_its_own_is_no_paragraph():
    text = "第六条 申报条件\n单位应当依法成立。\n单位应当信用良好。\n第七条 自发布之日起施行。\n"
    assert words_of(text) == {
        "第六条": "单位应当依法成立。",
        "第六条第二款": "单位应当信用良好。",
        "第七条": "第七条自发布之日起施行。",
    }
    assert clauses_of(text)[0].headings == ("申报条件",)


def test_chapters_and_sections_are_headings_and_articles_count_through():
    text = (
        "第一章 总 则\n第一条 为促进创新，制定本条例。\n第二章 创新主体\n第一节 企业\n"
        "第二条 企业是创新主体。\n第二节 高等学校\n第三条 高等学校培养人才。\n"
    )
    clauses = clauses_of(text)
    assert [clause.label for clause in clauses] == ["第一条", "第二条", "第三条"]
    assert [clause.headings for clause in clauses] == [
        ("总则",),
        ("创新主体", "企业"),
        ("创新主体", "高等学校"),
    ]


def test_chapters_without_articles_are_part_of_the_path():
    text = "第一章 现状\n一、成绩\n成绩显著。\n第二章 任务\n近期任务如下。\n一、目标\n目标明确。\n"
    assert labels_of(text) == ["第一章一、", "第二章", "第二章一、"]


def test_an_inserted_article_has_its_own_number():
    text = "第十条 依法纳税。\n第十条之一 依法减免。\n第十条之二 依法退还。\n第十一条 附则。\n"
    assert labels_of(text) == ["第十条", "第十条之一", "第十条之二", "第十一条"]


@pytest.mark.parametrize(
    "reference",
    [
        "第八条规定的条件，由科技部门认定。",
        "第八条第一款所称企业，是指居民企业。",
        "第八条和第九条所列项目不重复支持。",
        "第八条、第九条的规定适用于高等学校。",
        "第十二条情形消失的，恢复资格。",
    ],
)
def test_a_paragraph_that_begins_with_a_reference_is_no_article(reference):
    text = f"第八条 企业应当依法成立。\n第九条 企业应当信用良好。\n{reference}\n第十条 附则。\n"
    assert labels_of(text) == ["第八条", "第九条", "第九条第二款", "第十条"]


def test_a_wrapped_reference_stays_in_its_article():
    text = (
        "第三十条 违反本办法规定的，依照第十一\n条第二款的规定处理，并依照第十一条以及\n"
        "第八条规定的程序公开处理结果。\n"
        "第三十一条 项目承担单位对处理结果不服\n的，可以依法申请行政复议或者提起行政诉\n"
        "讼，复议期间不停止执行。\n"
        "第三十二条 项目承担单位应当按照合同约\n定的期限提交验收材料，逾期未提交的视为\n"
        "未完成。\n"
    )
    assert words_of(text)["第三十条"].endswith("并依照第十一条以及第八条规定的程序公开处理结果。")
    assert labels_of(text) == ["第三十条", "第三十一条", "第三十二条"]


@pytest.mark.parametrize(
    "begin", ["中小企业", "和谐劳动关系", "规定期限内", "至少两名专家", "以上企业"]
)
def test_an_article_may_begin_with_any_word_behind_a_blank(begin):
    text = f"第四条 科技部门负责认定。\n第五条 {begin}按照有关要求办理。\n第六条 附则。\n"
    assert labels_of(text) == ["第四条", "第五条", "第六条"]


def test_articles_without_blanks_are_articles():
    text = "第一条为促进创新，制定本办法。\n第二条中小企业适用本办法。\n第三条自发布之日起施行。\n"
    assert labels_of(text) == ["第一条", "第二条", "第三条"]


def test_an_excerpt_may_leave_out_articles():
    assert labels_of("第九十条 免征所得税。\n第九十三条 减按税率征收。\n") == [
        "第九十条",
        "第九十三条",
    ]


def test_a_notice_counts_from_chinese_numbers_down_to_circled_ones():
    text = (
        "一、支持平台建设\n（一）重点实验室\n1.申报条件\n（1）依托单位\n①企业应当依法成立。\n"
        "②高校应当有博士点。\n（2）科研条件。面积不少于1000平方米。\n2.支持标准。给予100万元补助。\n"
        "二、附则\n本政策由科技厅解释。\n"
    )
    clauses = clauses_of(text)
    assert [clause.label for clause in clauses] == [
        "一、（一）1.（1）①",
        "一、（一）1.（1）②",
        "一、（一）1.（2）",
        "一、（一）2.",
        "二、",
    ]
    assert clauses[0].headings == ("支持平台建设", "重点实验室", "申报条件", "依托单位")


def test_both_families_of_numbers_mix():
    text = "第三条 支持内容\n一、平台建设\n给予补助。\n二、成果转化\n（一）技术合同。给予奖励。\n"
    assert labels_of(text) == ["第三条", "第三条一、", "第三条二、第（一）项"]


@pytest.mark.parametrize(
    "line",
    [
        "（一）项所列材料应当齐全。",
        "（一）、（二）项材料应当齐全。",
        "（一）至（三）项材料应当齐全。",
    ],
)
def test_a_reference_to_items_is_no_item(line):
    text = f"第五条 提交下列材料：\n（一）申请书。\n第六条 本办法第五条第\n{line}\n"
    assert "第六条第（一）项" not in labels_of(text)


def test_decimals_are_no_item_numbers_and_an_item_may_begin_with_a_year():
    text = "一、目标\n1.2025年研发投入增长8%。\n2.全区投入强度达到\n3.5%以上。\n"
    assert labels_of(text)[:2] == ["一、1.", "一、2."]
    assert "一、3." not in labels_of(text)


def test_inline_lists_become_clauses():
    text = (
        "(一)狠抓政策落地。一是认真贯彻法律。加强宣传。二是推进政策落实。\n"
        "(二)开展攻关。是工作重点，一是突破技术。二是组建联合体。三是培育人才。\n"
    )
    assert labels_of(text) == [
        "（一）一是",
        "（一）二是",
        "（二）",
        "（二）一是",
        "（二）二是",
        "（二）三是",
    ]
    assert clauses_of(text)[0].headings == ("狠抓政策落地", "认真贯彻法律")


def test_lists_on_lines_of_their_own_become_clauses():
    text = "(三)夯实基础,培育队伍。\n一是加强研究。立足优势。\n二是提升水平。集聚人才。\n"
    assert words_of(text) == {
        "（三）一是": "一是加强研究。立足优势。",
        "（三）二是": "二是提升水平。集聚人才。",
    }


def test_a_sentence_that_begins_like_a_list_is_none():
    text = "一、总体要求\n坚持统筹。\n三是一个重要数字。\n"
    assert labels_of(text) == ["一、第1段", "一、第2段"]


def test_a_run_in_heading_stays_with_its_sentence():
    clause = clauses_of("二、任务\n1.任务目标。聚焦重大任务。提升能力。\n")[0]
    assert [sentence.plain for sentence in clause.sentences] == [
        "1.任务目标。聚焦重大任务。",
        "提升能力。",
    ]
    assert clause.headings == ("任务", "任务目标")


NOTICE = (
    "某某厅关于印发《某某资金管理办法》的通知\n某科规〔2024〕3号\n各市科技局：\n"
    "现将《某某资金管理办法》印发给你们，请遵照执行。\n某某省科学技术厅\n2024年5月6日\n"
    "某某资金管理办法\n第一条 为规范管理，制定本办法。\n第二条 本办法自发布之日起施行。\n"
)


def test_a_notice_and_what_it_issues_are_two_parts():
    assert words_of(NOTICE) == {
        "通知第1段": "现将《某某资金管理办法》印发给你们，请遵照执行。",
        "第一条": "第一条为规范管理，制定本办法。",
        "第二条": "第二条本办法自发布之日起施行。",
    }


def test_titles_dates_addressees_and_signatures_are_the_header():
    header = clauses_of(NOTICE)[-1]
    assert header.label == "文首"
    assert [sentence.plain for sentence in header.sentences] == [
        "某某厅关于印发《某某资金管理办法》的通知",
        "某科规〔2024〕3号",
        "各市科技局：",
        "某某省科学技术厅",
        "2024年5月6日",
        "某某资金管理办法",
    ]


def test_an_annex_line_opens_what_a_plain_notice_issues():
    text = (
        "关于印发《某某办法》的通知\n现印发给你们，请遵照执行。\n附件1\n某某资金管理办法\n"
        "第一条 为规范管理，制定本办法。\n附件2\n某某项目申报表填写说明\n第一条 如实填写。\n"
    )
    assert labels_of(text) == ["通知第1段", "第一条", "附件2第一条", "文首"]


def test_a_list_of_annexes_opens_no_part():
    text = "一、申报要求\n如实申报。\n附件：\n1.申报书\n2.承诺书\n"
    assert labels_of(text) == ["一、", "结尾", "结尾1.", "结尾2."]


def test_a_signature_under_the_last_clause_is_no_part_of_it():
    text = (
        "一、总则\n如实申报。\n二、附则\n本通知自印发之日起执行。\n某某省科学技术厅\n2024年5月6日\n"
    )
    assert words_of(text) == {"一、": "如实申报。", "二、": "本通知自印发之日起执行。"}


def test_numbers_that_begin_again_get_ids_of_their_own():
    text = (
        "一、甲\n支持企业。\n二、乙\n支持高校。\n某某厅\n2024年5月6日\n某某工作方案\n"
        "一、甲\n支持院所。\n一、甲\n支持个人。\n"
    )
    assert [clause.clause_id for clause in clauses_of(text)][:-1] == [
        "d#通知/一、",
        "d#通知/二、",
        "d#一、",
        "d#一、~2",
    ]


def test_a_table_of_contents_gives_no_clauses_and_costs_no_heading():
    text = (
        "某某条例\n目 录\n第一章 总则\n第二章 保障\n第一章 总则\n第一条 为促进创新，制定本条例。\n"
        "第二章 保障\n第二条 政府保障投入。\n"
    )
    assert [(clause.label, clause.headings) for clause in clauses_of(text)][:-1] == [
        ("第一条", ("总则",)),
        ("第二条", ("保障",)),
    ]


def test_the_entries_of_a_table_of_contents_may_have_page_numbers():
    text = (
        "某某方案\n目录\n一、总体要求……1\n二、任务……3\n"
        "一、总体要求\n以企业为主体。\n二、任务\n加快转化。\n"
    )
    assert words_of(text) == {"一、": "以企业为主体。", "二、": "加快转化。"}


def test_closing_words_about_all_items_go_back_to_their_heading():
    text = (
        "一、设置\n计划分三类。\n（一）甲类\n支持企业。\n（二）乙类\n支持高校。\n"
        "（三）丙类\n支持院所。\n以上三类由科技厅管理。\n"
    )
    assert labels_of(text) == ["一、第1段", "一、（一）", "一、（二）", "一、（三）", "一、第2段"]


def test_part_marks_of_our_digests_name_the_parts():
    text = (
        "# 关于某某的通知\n\n<!-- part: 通知 -->\n\n请遵照执行。\n\n<!-- part: 方案 -->\n\n"
        "# 某某方案\n\n## 一、目标\n\n加快发展。\n"
    )
    assert words_of(text) == {"通知第1段": "请遵照执行。", "一、": "加快发展。"}


def test_annexes_of_our_digests_keep_their_names_and_headings():
    text = (
        "# 某某公告\n\n一、享受优惠。\n\n<!-- part: 附 -->\n\n## 附：要点\n\n单独核算。\n\n"
        "不得叠加。\n\n<!-- part: 附 -->\n\n## 附：尚未核实\n\n能否继续享受，尚未核实。\n"
    )
    assert [(one.label, one.headings) for one in clauses_of(text)][:-1] == [
        ("一、", ()),
        ("附第1段", ("附：要点",)),
        ("附第2段", ("附：要点",)),
        ("附2第1段", ("附：尚未核实",)),
    ]


def test_clauses_come_in_document_order_with_the_header_last():
    clauses = clauses_of(NOTICE)
    starts = [clause.start for clause in clauses[:-1]]
    assert starts == sorted(starts)
    assert clauses[-1].path == ("文首",)


def test_a_text_without_numbers_is_still_citable():
    assert labels_of("支持企业牵头承担项目。\n支持高校开展研究。\n") == ["正文第1段", "正文第2段"]


def test_a_clause_knows_its_page():
    pages = ("第一条 为促进创新，制定本办法。\n", "第二条 本办法适用于本省。\n")
    clauses = split_clauses(document("".join(pages), (0, len(pages[0]))))
    assert [(clause.label, clause.page) for clause in clauses] == [("第一条", 1), ("第二条", 2)]


def test_clauses_of_a_text_without_pages_have_no_page():
    assert clauses_of("第一条 为促进创新，制定本办法。\n")[0].page is None


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("第十一条", "（五）"), "第十一条第（五）项"),
        (("第十条", "第二款", "（一）", "1."), "第十条第二款第（一）项第1目"),
        (("附件2", "第一条", "（一）"), "附件2第一条第（一）项"),
        (("二、", "（一）", "3.", "第2段"), "二、（一）3.第2段"),
    ],
)
def test_a_path_reads_as_a_person_cites_it(path, text):
    assert label(path) == text


@pytest.mark.parametrize("path", [*SEEDS, *PACKAGED], ids=lambda path: path.name[:20])
def test_every_clause_and_sentence_can_be_quoted_from_its_offsets(path):
    read = read_document(path)
    assert_offsets_hold(read)


def assert_offsets_hold(read):
    noise = set()
    for line in clean(read.text, read.page_starts):
        if line.is_noise:
            noise.update(range(line.origin[0], line.origin[-1] + 1))
    clauses = split_clauses(read)
    assert len({clause.clause_id for clause in clauses}) == len(clauses)
    for clause in clauses:
        for sentence in clause.sentences:
            kept = [n for n in range(sentence.start, sentence.end) if n not in noise]
            original = simplify("".join(read.text[n] for n in kept))
            assert essence(original) == essence(sentence.plain)
        assert clause.plain == "".join(sentence.plain for sentence in clause.sentences)
        assert clause.start < clause.end


@pytest.mark.parametrize("path", [*SEEDS, *PACKAGED], ids=lambda path: path.name[:20])
def test_no_words_of_a_document_are_lost(path):
    assert lost_lines(read_document(path)) == []


def lost_lines(read):
    """Lines that are in no clause and no heading above one."""
    clauses = split_clauses(read)
    headings = {name for clause in clauses for name in (*clause.headings, *clause.path)}
    spans = [(one.start, one.end) for clause in clauses for one in clause.sentences]
    return [
        line.plain
        for line in clean(read.text, read.page_starts)
        if line.plain
        and not line.is_noise
        and not any(start <= line.origin[-1] < end for start, end in spans)
        and not any(line.plain.rstrip("。；：").endswith(heading) for heading in headings)
    ]


def essence(text):
    """The words without blanks, lost blanks and Markdown marks."""
    return "".join(
        character for character in text if not character.isspace() and character not in "?#"
    )


@pytest.mark.parametrize(
    "text",
    [
        "第一条 为促进科技创新，制定本办法。\n" * 15_000,
        "支持企业牵头承担重大项目推动产业链创新链融合发展加快\n" * 10_000,
        "“支持企业牵头承担重大项目\n" * 15_000,
        "支持企业牵头承担重大项目；" * 15_000,
        "一是支持企业。二是支持高校。" * 15_000,
    ],
    ids=["articles", "no stops", "open quotes", "one line", "lists"],
)
def test_the_time_grows_with_the_length_and_not_with_its_square(text):
    def seconds(part):
        begin = time.process_time()
        split_clauses(document(part))
        return time.process_time() - begin

    seconds(text[:1000])
    assert seconds(text) < 0.3 + 12 * seconds(text[: len(text) // 4])


TABLE = (
    "第五条 补助标准如下：\n序号\t企业类型\t补助标准\n1\t高新技术企业\t10万元；限一次\n"
    "2\t瞪羚企业\t20万元\n前款所称企业不包括事业单位。\n第六条 附则。\n"
)


def test_a_tables_row_is_a_clause_with_its_column_headings():
    found = {one.label: one for one in clauses_of(TABLE)}
    assert {label: one.plain for label, one in found.items()} == {
        "第五条": "第五条补助标准如下：",
        "第五条第1段": "1 高新技术企业 10万元；限一次",
        "第五条第2段": "2 瞪羚企业 20万元",
        "第五条第二款": "前款所称企业不包括事业单位。",
        "第六条": "第六条附则。",
    }
    row = found["第五条第2段"]
    assert row.headings == ("序号｜企业类型｜补助标准",)
    assert TABLE[row.start : row.end] == "2\t瞪羚企业\t20万元"
    assert found["第五条第二款"].headings == ()


def test_rows_under_a_numbered_item_are_its_paragraphs():
    text = (
        "一、支持方式\n（一）奖补\n按下表执行。\n类别\t金额\n甲类\t50万元\n乙类\t30万元\n"
        "（二）贴息\n另行规定。\n"
    )
    assert words_of(text) == {
        "一、（一）第1段": "按下表执行。",
        "一、（一）第2段": "甲类 50万元",
        "一、（一）第3段": "乙类 30万元",
        "一、（二）": "另行规定。",
    }


def test_column_headings_that_every_page_repeats_are_said_once():
    text = (
        "一、清单\n政策\t部门\n研发补助\t科技厅\n政策\t部门\n贷款贴息\t财政厅\n"
        "二、其他\n另行通知。\n"
    )
    assert words_of(text) == {
        "一、第1段": "研发补助 科技厅",
        "一、第2段": "贷款贴息 财政厅",
        "二、": "另行通知。",
    }


def test_a_table_without_column_headings_keeps_its_first_row():
    text = "一、联系方式\n科技厅\t0951-5032000\n财政厅\t0951-5069000\n二、其他\n另行通知。\n"
    assert list(words_of(text).values())[:2] == ["科技厅 0951-5032000", "财政厅 0951-5069000"]


def test_numbers_in_a_table_open_no_unit():
    text = (
        "第一条 标准见表。\n编号\t内容\t金额\n一、\t人才\t5万元\n第二条\t平台\t6万元\n"
        "第二条 附则。\n"
    )
    assert labels_of(text) == ["第一条", "第一条第1段", "第一条第2段", "第二条"]


def test_a_numbered_heading_over_articles_takes_the_place_of_a_chapter():
    text = (
        "一、一般规定\n第一条 甲。\n有下列情形：\n（一）子；\n二、技术合同\n第二条 乙。\n"
        "三、其他\n第三条 丙。\n"
    )
    found = {one.label: one.headings for one in clauses_of(text)}
    assert found == {
        "第一条": ("一般规定",),
        "第一条第二款": ("一般规定",),
        "第一条第二款第（一）项": ("一般规定",),
        "第二条": ("技术合同",),
        "第三条": ("其他",),
    }


def test_an_annex_with_a_colon_is_a_part_of_its_own():
    text = (
        "第一条 目录见附件。\n第二条 本办法自公布之日起施行。\n附：\n计量器具目录\n"
        "下列计量器具实行强制检定：\n1.尺\n2.秤\n3.表\n"
    )
    assert labels_of(text) == [
        *["第一条", "第二条", "附第1段", "附：1.", "附：2.", "附：3.", "文首"],
    ]


def test_a_list_of_annexes_under_a_notice_stays_with_it():
    text = (
        "一、请认真执行。\n二、请按时报送。\n附件：\n某某申报表\n某某省科学技术厅\n2024年5月6日\n"
    )
    assert [label for label in labels_of(text) if label.startswith("附")] == []
