"""From the words as received to whole lines: noise, broken lines, radicals, blanks, offsets."""

import pytest

from corpus.cleaning import NOISE_LINES, clean, repair_radicals, simplify


def lines_of(text, page_starts=()):
    return [line.plain for line in clean(text, page_starts) if not line.is_noise]


def noise_of(text, page_starts=()):
    return [line.plain for line in clean(text, page_starts) if line.is_noise]


def wrapped(text, width):
    """The text broken into lines of so many characters, as a plain-text export does."""
    return "".join(
        line[start : start + width].rstrip() + "\n"
        for line in text.splitlines()
        for start in range(0, len(line), width)
    )


@pytest.mark.parametrize(("pattern", "example"), NOISE_LINES)
def test_every_noise_rule_fires_on_its_example(pattern, example):
    assert noise_of(f"第一条 为规范管理，制定本办法。\n{example}\n第二条 本办法适用于全区。") == [
        line.plain for line in clean(example)
    ]
    assert pattern


@pytest.mark.parametrize(
    "line",
    [
        "打印机、复印机等办公设备纳入集中采购目录。",
        "打印本页所列材料一式三份。",
        "关闭不符合环保要求的生产线，按照规定给予补助。",
        "字号应当使用三号仿宋体。",
        "分享经济平台企业按照本办法申报。",
        "扫一扫附件中的二维码可以查看申报指南全文，请各单位及时组织申报。",
        "正文应当载明项目名称、承担单位和经费预算。",
        "合集下载量超过1万次的科普作品，给予奖励。",
        "相关文档由申报单位保存五年。",
        "3000",
        "第3页所附表格由县级科技部门填写。",
        "2020年",
        "1、下载文档前应当登录系统。",
    ],
)
def test_policy_text_that_looks_like_noise_stays(line):
    assert (
        lines_of(f"第一条 为规范管理，制定本办法。\n{line}\n第二条 本办法适用于全区。")[1] == line
    )


@pytest.mark.parametrize("rest", ["。", "定。", "的除外；"])
def test_the_last_words_of_paragraphs_at_the_edges_of_pages_are_no_running_heads(rest):
    pages = [
        f"第{number}条 科技部门应当自收到申请之日起三十日内作出是否立项的决\n{rest}\n"
        for number in "一二三四"
    ]
    page_starts = [sum(map(len, pages[:number])) for number in range(4)]
    assert noise_of("".join(pages), page_starts) == []
    heads = [f"某某省科学技术厅文件\n{page}" for page in pages]
    page_starts = [sum(map(len, heads[:number])) for number in range(4)]
    assert noise_of("".join(heads), page_starts) == ["某某省科学技术厅文件"] * 4


def test_numbers_of_a_table_stay_and_page_numbers_that_count_up_go():
    body = [f"（{number}）支持企业建设第{number}类创新平台。" for number in "一二三四五六七八九"]
    text = "\n".join([*body, "1", *body, "2", *body, "3", "预算", "300", "301"])
    assert noise_of(text) == ["1", "2", "3"]
    assert lines_of(text)[-3:] == ["预算", "300", "301"]


def test_a_page_number_in_mid_sentence_does_not_part_the_sentence():
    text = "一、总体要求\n坚决打赢三\n\n— 3 —\n\n大攻坚战，提供有力支撑。\n\n二、任务\n\n"
    assert lines_of(text)[:3] == ["一、总体要求", "坚决打赢三大攻坚战，提供有力支撑。", "二、任务"]
    assert noise_of(text) == ["—3—"]


def test_hard_line_breaks_in_mid_sentence_are_rejoined():
    text = (
        "依托各类科技平台和重大科研项目实施,强化科技人才培养和科\n研团队建设。\n\n"
        "完善科技智库建设。\n\n建立\n沟通交流渠道,加强引智工作。\n\n"
    )
    assert lines_of(text) == [
        "依托各类科技平台和重大科研项目实施,强化科技人才培养和科研团队建设。",
        "完善科技智库建设。",
        "建立沟通交流渠道,加强引智工作。",
    ]


def test_a_broken_title_is_rejoined():
    text = "青海省科学技术厅关于印发《2020年科技创新工作要\n点》的通知\n文章属性\n"
    assert lines_of(text) == ["青海省科学技术厅关于印发《2020年科技创新工作要点》的通知"]
    text = "某某市关于贯彻落实全区\n“科技兴蒙”行动实施方案\n为加快发展，制定如下实施方案。\n"
    assert lines_of(text)[0] == "某某市关于贯彻落实全区“科技兴蒙”行动实施方案"


def test_headings_and_titles_are_not_joined_to_the_next_line():
    text = (
        "某某省科技创新条例\n第一章 总 则\n第一条 为促进科技创新，制定本条例。\n"
        "一、总体要求\n以企业为主体。\n（一）重点任务\n1.任务目标\n加快成果转化。\n"
    )
    assert lines_of(text) == [
        "某某省科技创新条例",
        "第一章总则",
        "第一条为促进科技创新，制定本条例。",
        "一、总体要求",
        "以企业为主体。",
        "（一）重点任务",
        "1.任务目标",
        "加快成果转化。",
    ]


def test_lines_wrapped_at_a_margin_become_paragraphs_again():
    text = (
        "某某自治区科技项目管理办法\n"
        "第一条 为规范科技项目管理，提高财政资金使用效益，根据有关规定，结合实际，制定本办法。\n"
        "第二条 本办法适用于自治区本级科技项目的申报、立项、实施、验收和监督管理活动。\n"
        "第三条 科技项目管理遵循公开透明、择优支持、注重绩效的原则，由科技部门会同财政部门实施。\n"
        "第四条 违反本办法第二条和第三条规定的，由科技部门责令改正。\n"
    )
    assert wrapped(text, 20).splitlines()[1:4] == [
        "第一条 为规范科技项目管理，提高财政资金",
        "使用效益，根据有关规定，结合实际，制定本",
        "办法。",
    ]
    assert lines_of(wrapped(text, 20)) == lines_of(text)


def test_indents_tell_a_new_paragraph_from_a_full_line_that_ends_a_sentence():
    text = (
        "　　第一条 科技部门应当自收到申请之日起三十日内作出决定。不予批准的，应当说明理由。\n"
        "　　申请人对决定有异议的，可以在收到决定之日起十五日内提出复核申请，逾期不再受理。\n"
        "　　第二条 申请复核的单位应当提交下列材料，材料不齐全的，应当一次告知需要补正的材料。\n"
    )
    assert wrapped(text, 15).splitlines()[:3] == [
        "　　第一条 科技部门应当自收到",
        "申请之日起三十日内作出决定。不",
        "予批准的，应当说明理由。",
    ]
    assert lines_of(wrapped(text, 15)) == lines_of(text)


@pytest.mark.parametrize(
    "reference",
    ["第八条规定的条件", "第八条第二款规定的", "第八条、第九条规定的", "第八条所列情形"],
)
def test_a_reference_at_the_begin_of_a_wrapped_line_is_no_heading(reference):
    text = (
        "第十条 科技项目承担单位应当建立项目管理制度，如实记录经费使用情况，接受监督。\n"
        f"第十一条 项目承担单位如果不符合本办法{reference}，由科技部门取消其承担资格。\n"
        "第十二条 项目验收由科技部门组织专家进行，也可以委托专业机构按照有关规定进行。\n"
    )
    lines = lines_of(wrapped(text, 19))
    assert [line[:4] for line in lines] == ["第十条科", "第十一条", "第十二条"]
    assert f"不符合本办法{reference}，由科技部门" in lines[1]


def test_runs_of_question_marks_are_lost_blanks_and_a_question_stays():
    text = (
        "分层次管理。????自治区科技计划主要包括五类。\n"
        "? ? ? ?内蒙古自治区科学技术厅\n什么是“揭榜挂帅”?\n"
    )
    assert lines_of(text) == [
        "分层次管理。自治区科技计划主要包括五类。",
        "内蒙古自治区科学技术厅",
        "什么是“揭榜挂帅”?",
    ]


def test_kangxi_radicals_become_whole_characters():
    assert simplify("⽂⾰⼲⼈⽤⺠⻅⻔") == "文革干人用民见门"
    assert repair_radicals("⽀持⺠营企业（①）％") == "支持民营企业（①）％"


def test_traditional_characters_are_found_as_simplified_ones():
    assert (
        simplify("內蒙古自治區科技計劃體系優化改革方案") == "内蒙古自治区科技计划体系优化改革方案"
    )


def test_full_width_letters_and_digits_become_half_width():
    assert simplify("Ｒ＆Ｄ经费占比２．５％") == "R&D经费占比2.5%"


@pytest.mark.parametrize("text", ["藉口", "乾隆年間", "後補助", "瞭望", "皇后", "⺠營", "𠮷林"])
def test_simplified_text_has_the_length_of_the_original(text):
    assert len(simplify(text)) == len(text)


def test_blanks_inside_words_go_and_blanks_between_latin_words_stay():
    assert lines_of("国 务 院 关 于 R&D Center 建设的意见\n") == ["国务院关于R&D Center建设的意见"]


def test_invisible_characters_go():
    assert lines_of("\ufeff科技\u200b型中小企业R\u200bD投入。\n") == ["科技型中小企业RD投入。"]


def test_markdown_marks_are_no_words():
    text = "# 某某办法\n\n## 第一章 总则\n\n- 支持企业。\n* 支持高校。\n\n<!-- INFO END -->\n"
    assert lines_of(text) == ["某某办法", "第一章总则", "支持企业。", "支持高校。"]


def test_a_remark_under_a_markdown_title_is_noise():
    assert noise_of("# 某某方案\n\n> 要点摘编：不是原文。\n\n正式条文。\n") == [
        "要点摘编：不是原文。"
    ]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_any_line_end_gives_the_same_lines(line_end):
    text = line_end.join(["一、总体要求", "以企业为主体。", ""])
    assert lines_of(text) == ["一、总体要求", "以企业为主体。"]


def test_every_character_of_a_line_stands_where_its_offset_says():
    text = (
        "關于印發　《科技計劃》 的通知\r\n"
        "一、總體要求。????２０２５年，Ｒ＆Ｄ 投 入 增 長８％。\r\n"
    )
    for line in clean(text):
        for character, offset in zip(line.plain, line.origin, strict=True):
            assert simplify(text)[offset] == character


def test_running_heads_and_page_numbers_go_from_every_page_and_the_title_stays():
    pages = [
        "某某省科技创新条例\n某某省科技创新条例\n第一条 为促进科技创新，制定本条例。\n第 1 页\n",
        "某某省科技创新条例\n第二条 本条例适用于本省。\n科技部门负责组织实施。\n第 2 页\n",
        "某某省科技创新条例\n第三条 鼓励企业加大研发投入。\n税务部门落实税收优惠。\n第 3 页\n",
    ]
    starts = tuple(len("".join(pages[:number])) for number in range(3))
    assert lines_of("".join(pages), starts) == [
        "某某省科技创新条例",
        "第一条为促进科技创新，制定本条例。",
        "第二条本条例适用于本省。",
        "科技部门负责组织实施。",
        "第三条鼓励企业加大研发投入。",
        "税务部门落实税收优惠。",
    ]


def test_a_part_mark_is_a_line_without_words():
    marks = [(line.plain, line.mark) for line in clean("<!-- part: 通知 -->\n特此通知。\n")]
    assert marks == [("", "part:通知"), ("特此通知。", "")]


def rows_of(text):
    return [(line.plain, line.cells) for line in clean(text)]


def test_rows_of_a_table_stay_apart_and_keep_a_blank_between_their_cells():
    text = (
        "补助标准如下：\n企业类型\t补助标准\n高新技术企业\t10万元\n瞪羚企业\t20万元，\n"
        "不超过三年。\n"
    )
    assert rows_of(text) == [
        ("补助标准如下：", ()),
        ("企业类型 补助标准", ("企业类型", "补助标准")),
        ("高新技术企业 10万元", ("高新技术企业", "10万元")),
        ("瞪羚企业 20万元，", ("瞪羚企业", "20万元，")),
        ("不超过三年。", ()),
    ]
    row = clean(text)[2]
    assert [text[i] for i in row.origin] == list("高新技术企业\t10万元")


def test_rows_of_a_markdown_table_are_rows_too():
    text = "| 材料 | 份数 |\n|---|---:|\n| 申报书 | 1 |\n"
    assert rows_of(text) == [("材料 份数", ("材料", "份数")), ("申报书 1", ("申报书", "1"))]


def test_an_empty_cell_leaves_a_row_a_row():
    text = "项目\t金额\t备注\n人员\t5\t\n\t小计\t\n合计\t5\t无\n"
    assert [cells for _, cells in rows_of(text)] == [
        ("项目", "金额", "备注"),
        ("人员", "5"),
        ("小计",),
        ("合计", "5", "无"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "第一条\t为规范管理，制定本办法。\n第二条\t本办法自公布之日起施行。\n",
        "1.\t申报书\n2.\t营业执照\n",
        "第一章 总则\t1\n第二章 附则\t9\n",
        "联系人：张某\t电话：0951-5032000\n",
        "\t各市科技局要加强领导。\n\t各单位要抓好落实。\n",
        "财政部\t税务总局\t科技部\n",
    ],
)
def test_tabs_alone_make_no_table(text):
    assert [cells for _, cells in rows_of(text)] == [()] * len(text.splitlines())


def test_a_line_that_ends_in_a_comma_goes_on():
    text = "第一条 支持企业创新，\n最高补助50万元。\n"
    assert [plain for plain, _ in rows_of(text)] == ["第一条支持企业创新，最高补助50万元。"]
    text = "某某省科学技术厅、\n某某省财政厅\n"
    assert [plain for plain, _ in rows_of(text)] == ["某某省科学技术厅、某某省财政厅"]


def test_a_bracket_at_a_lines_begin_is_no_markdown_quote():
    text = "《关于修改<某某法\n>的决定》已经通过。\n"
    assert [plain for plain, _ in rows_of(text)] == ["《关于修改<某某法>的决定》已经通过。"]
