"""Made-up twins of documents as they are found: each with the clauses that a reader would cite.

One text a shape: a yearly plan without a title, opinions with closing words, a notice with its
plan in traditional characters and lost blanks, a plan from a download site with broken lines,
a city's plan that names who is responsible, and measures with 款, 项, 目 under a notice.
"""

import re

import pytest

from corpus.clauses import split_clauses
from corpus.document import Document

PLAN = """\
2031年是青禾省科技工作爬坡过坎的一年。今年全省科技工作的总体思路是：抓应用、促转化、强服务。
(一)摸清家底,理顺布局
一是开展全省实验室普查。逐家登记仪器设备、人员和开放时间。
二是编制技术需求目录。面向县域企业征集难题,每季度更新一次。
(二)打通成果转化的堵点。
一是设立中试车间。首批建设五家,按照开放时数给予补助。
二是推行先试用后付费。企业试用满一年后再支付许可费用。
三是培养技术经理人。全年培训二百人次,考核合格的发给证书。
(三)改进服务作风
一是减少填表。能够从系统取得的数据,不再要求企业报送。
二是限时办结。项目变更申请自受理之日起十个工作日内答复。
"""
PLAN_CLAUSES = [
    ("引言第1段", "2031年是青禾省科"),
    ("（一）一是", "一是开展全省实验"),
    ("（一）二是", "二是编制技术需求"),
    ("（二）一是", "一是设立中试车间"),
    ("（二）二是", "二是推行先试用后"),
    ("（二）三是", "三是培养技术经理"),
    ("（三）一是", "一是减少填表。能"),
    ("（三）二是", "二是限时办结。项"),
]

OPINIONS = """\
云岭自治区2032年科技下乡工作意见
2032年是科技下乡行动的第三年。各地要总结前两年的做法，补齐短板。
当前，基层科技力量仍然薄弱，服务站点分布不均。
根据自治区农村工作会议部署，提出如下意见。
一、建好服务站点
（一）合理布局。每个乡镇至少设立一个科技服务站，边远村组由流动服务车覆盖。
（二）配齐人员。每站配备两名以上科技特派员，其中一名应当具有中级以上职称。
1.特派员每年驻站不少于一百二十天。
2.驻站补贴按照每人每天一百六十元发放。
二、用好示范基地
（一）扩大规模。新建示范基地二十个，其中：一是粮食类十二个；二是果蔬类五个；三是畜牧类三个。
（二）注重实效。示范品种的推广面积连续两年没有增加的，退出示范。
三、加强保障
自治区财政安排专项资金，用于站点建设和人员补贴。
各地财政应当按照一比一的比例配套。
"""
OPINIONS_CLAUSES = [
    ("引言第1段", "2032年是科技下"),
    ("引言第2段", "当前，基层科技力"),
    ("引言第3段", "根据自治区农村工"),
    ("一、（一）", "（一）合理布局。"),
    ("一、（二）", "（二）配齐人员。"),
    ("一、（二）1.", "1.特派员每年驻站"),
    ("一、（二）2.", "2.驻站补贴按照每"),
    ("二、（一）", "（一）扩大规模。"),
    ("二、（一）一是", "一是粮食类十二个"),
    ("二、（一）二是", "二是果蔬类五个；"),
    ("二、（一）三是", "三是畜牧类三个。"),
    ("二、（二）", "（二）注重实效。"),
    ("三、第1段", "自治区财政安排专"),
    ("三、第2段", "各地财政应当按照"),
    ("文首", "云岭自治区2032"),
]

REFORM = """\
關於印發《海塘省科研儀器共享方案》的通知
發布時間:2033-03-08 09:12 來源:海塘省科學技術廳
海科條字〔2033〕4號
各市科技局,各有關單位:
為提高大型儀器使用效率,現將《海塘省科研儀器共享方案》印發給你們,請認真執行。
? ? ? ? ? ? ? ? 海塘省科學技術廳
? ? ? ? ? ? ? ? 2033年3月8日???
海塘省科研儀器共享方案
為推動儀器開放共享,制定本方案。
一、總體要求
堅持公益為先,兼顧成本。
二、主要任務
(一)建立儀器清單
1.任務目標。單價三十萬元以上的儀器全部入網。?
2.組織形式。由管理單位按季度填報。
使用頻次低的儀器,可以調劑給其他單位。????調劑不收費用。
(二)開展共享補助
1.補助對象。向社會提供服務的管理單位。
三、保障措施
(一)加強考核。考核結果向社會公布。
"""
REFORM_CLAUSES = [
    ("通知第1段", "为提高大型仪器使"),
    ("引言第1段", "为推动仪器开放共"),
    ("一、", "坚持公益为先"),
    ("二、（一）1.", "1.任务目标。单价"),
    ("二、（一）2.", "2.组织形式。由管"),
    ("二、（一）2.第2段", "使用频次低的仪器"),
    ("二、（二）1.", "1.补助对象。向社"),
    ("三、（一）", "(一)加强考核。"),
    ("文首", "关于印发《海塘省"),
]

DOWNLOADED = """\
松原省科学技术厅关于印发《2034年种业创新要点》的通知

合集下载
  1. 1、下载文档前请自行甄别文档内容的完整性,平台不作任何担保。
  3. 3、如文档侵犯您的权益,请联系客服反馈。

松原省科学技术厅关于印发《2034年种业创新要
点》的通知
文章属性
•【制定机关】松原省科学技术厅
•【公布日期】2034.02.03
•【字号】松科农〔2034〕2号
•【时效性】现行有效
正文
松原省科学技术厅关于印发《2034年种业创新要点》的
通知
各市科技局:
现将《2034年种业创新要点》印发给你们,请结合实际做好相关工作。

2034年2月3日
2034年种业创新要点
2034年,全省种业创新要以自主品种为重点,加快育种、制种和推广一体化,力争在玉米、大豆育种上取得突
破,为粮食增产提供支撑。

一、保护种质资源
建设省级种质库,保存资源份数达到八万份。

建立
共享平台,向育种单位开放查询。

二、培育优良品种
支持企业牵头组建育种联合体,每个联合体最高支持三百万元,分
三年拨付。

相关文档
"""
DOWNLOADED_CLAUSES = [
    ("通知第1段", "现将《2034年种"),
    ("引言第1段", "2034年,全省种"),
    ("一、第1段", "建设省级种质库,"),
    ("一、第2段", "建立共享平台,向"),
    ("二、", "支持企业牵头组建"),
    ("文首", "松原省科学技术厅"),
]

CITY = """\
河汊市关于加快推进“数字
工坊”建设的实施方案
河政办字〔2035〕19号
各县区人民政府,市直有关部门:
《河汊市关于加快推进“数字工坊”建设的实施方案》已经市政府同意,现印发给你们,请认真执行。
河汊市人民政府办公室
2035年6月18日
河汊市关于加快推进“数字
工坊”建设的实施方案
为推动小微工厂数字化改造,结合我市实际,制定如下实施方案。
一、工作目标
三年内建成数字工坊五百家。
二、主要任务
(一)开展诊断服务
组织服务商为工厂免费诊断,每家诊断不少于两次。(责任单位:市工信局、市科技局,各县区)
(二)给予改造补助
改造完成后按照投入的百分之二十补助,最高四十万元。(责任单位:市财政局)
三、保障措施
(一)加强领导。成立工作专班。
(二)严格督查。每半年通报一次。
"""
CITY_CLAUSES = [
    ("通知第1段", "《河汊市关于加快"),
    ("引言第1段", "为推动小微工厂数"),
    ("一、", "三年内建成数字工"),
    ("二、（一）", "组织服务商为工厂"),
    ("二、（二）", "改造完成后按照投"),
    ("三、（一）", "(一)加强领导。"),
    ("三、（二）", "(二)严格督查。"),
    ("文首", "河汊市关于加快推"),
]

MEASURES = """\
平沙省科学技术厅 平沙省财政厅关于印发《平沙省科技保险补贴办法》的通知
平科规〔2036〕5号
各市科技局、财政局：
现将《平沙省科技保险补贴办法》印发给你们，请遵照执行。
附件：平沙省科技保险补贴办法
平沙省科学技术厅　平沙省财政厅
2036年9月1日
附件
平沙省科技保险补贴办法
第一章　总　则
第一条　为分担企业研发风险，制定本办法。
第二条　本办法所称科技保险，包括下列险种：
（一）研发责任保险；
（二）产品质量保险：
1.首台套产品；
2.新材料首批次产品。
前款所列险种由省科技厅每年公布。
第二章　补贴标准
第三条　补贴按照实缴保费的百分之五十计算。
依照第二条第二款公布的新增险种，补贴比例为百分之六十。
第三条之一　同一保单不重复补贴。
第三章　附　则
第四条　本办法自2036年10月1日起施行，《平沙省科技保险试点办法》同时废止。
"""
MEASURES_CLAUSES = [
    ("通知第1段", "现将《平沙省科技"),
    ("通知第2段", "附件：平沙省科技"),
    ("第一条", "第一条为分担企业"),
    ("第二条", "第二条本办法所称"),
    ("第二条第（一）项", "（一）研发责任保"),
    ("第二条第（二）项", "（二）产品质量保"),
    ("第二条第（二）项第1目", "1.首台套产品；"),
    ("第二条第（二）项第2目", "2.新材料首批次产"),
    ("第二条第二款", "前款所列险种由省"),
    ("第三条", "第三条补贴按照实"),
    ("第三条第二款", "依照第二条第二款"),
    ("第三条之一", "第三条之一同一保"),
    ("第四条", "第四条本办法自2"),
    ("文首", "平沙省科学技术厅"),
]
TWINS = {
    "yearly plan": (PLAN, PLAN_CLAUSES),
    "opinions": (OPINIONS, OPINIONS_CLAUSES),
    "reform": (REFORM, REFORM_CLAUSES),
    "downloaded": (DOWNLOADED, DOWNLOADED_CLAUSES),
    "city": (CITY, CITY_CLAUSES),
    "measures": (MEASURES, MEASURES_CLAUSES),
}


def read(name):
    text = TWINS[name][0]
    return split_clauses(Document("d", "某某文件", text, "d.txt"))


@pytest.mark.parametrize("name", TWINS)
def test_a_twin_has_the_clauses_that_a_reader_would_cite(name):
    found = read(name)
    wanted = TWINS[name][1]
    assert [one.label for one in found] == [label for label, _ in wanted]
    for clause, (_, first_words) in zip(found, wanted, strict=True):
        assert clause.plain.startswith(first_words)


@pytest.mark.parametrize("name", TWINS)
def test_every_clause_of_a_twin_is_whole_and_can_be_quoted(name):
    text = TWINS[name][0]
    for clause in read(name):
        words = "".join(text[one.start : one.end] for one in clause.sentences)
        assert re.sub(r"\s|\?", "", words)[-1:] in "。；：)" or clause.label in (
            "文首",
            "通知第2段",
        )
        assert len(clause.plain) <= len(words)


@pytest.mark.parametrize(
    ("name", "label", "headings"),
    [
        ("yearly plan", "（二）三是", ("打通成果转化的堵点", "培养技术经理人")),
        ("opinions", "一、（二）1.", ("建好服务站点", "配齐人员")),
        ("reform", "二、（一）2.", ("主要任务", "建立仪器清单", "组织形式")),
        ("reform", "二、（一）2.第2段", ("主要任务", "建立仪器清单")),
        ("city", "二、（一）", ("主要任务", "开展诊断服务")),
        ("measures", "第三条第二款", ("补贴标准",)),
    ],
)
def test_a_clause_knows_the_headings_above_it(name, label, headings):
    clause = next(one for one in read(name) if one.label == label)
    assert clause.headings == headings


@pytest.mark.parametrize("name", ["yearly plan", "opinions"])
def test_a_first_sentence_about_the_year_is_no_heading_of_the_clauses_below(name):
    first, *below = read(name)
    assert first.label == "引言第1段"
    opening = first.plain.partition("。")[0].partition("是")[2]
    assert len(below) > 5
    assert all(opening not in one.headings for one in below)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("downloaded", "力争在玉米、大豆育种上取得突破,为粮食增产提供支撑。"),
        ("downloaded", "建立共享平台,向育种单位开放查询。"),
        ("downloaded", "每个联合体最高支持三百万元,分三年拨付。"),
        ("downloaded", "松原省科学技术厅关于印发《2034年种业创新要点》的通知"),
        ("city", "河汊市关于加快推进“数字工坊”建设的实施方案"),
        ("reform", "可以调剂给其他单位。调剂不收费用。"),
        ("city", "每家诊断不少于两次。(责任单位:市工信局、市科技局,各县区)"),
    ],
)
def test_a_broken_sentence_is_whole_again(name, sentence):
    assert any(sentence in clause.plain for clause in read(name))


def test_nothing_of_the_download_site_is_in_a_clause():
    words = "".join(clause.plain for clause in read("downloaded"))
    for noise in ("合集下载", "甄别", "客服", "文章属性", "相关文档"):
        assert noise in DOWNLOADED
        assert noise not in words


def test_a_reference_to_a_paragraph_opens_no_article():
    articles = {one.path[0] for one in read("measures") if one.path[0].startswith("第")}
    assert articles == {"第一条", "第二条", "第三条", "第三条之一", "第四条"}
