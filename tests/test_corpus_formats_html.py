"""Web pages of government sites: the article is kept whole, the site around it goes."""

import time
from datetime import date

import pytest

from corpus.clauses import split_clauses
from corpus.document import Validity
from corpus.errors import DocumentError
from corpus.formats.html import read_html
from corpus.formats.page_fields import PAGE_LINES, is_page_line
from corpus.reader import read_document

ARTICLE = """
<p style="text-align:center"><strong>某某省科技资金管理办法</strong></p>
<p>　　第一条&nbsp;为规范科技资金管理，提高资金使用效益，<br>结合本省实际，制定本办法。</p>
<p>　　第二条 奖励标准如下：</p>
<table><tr><th>类别</th><th>标准</th><th>单位</th></tr>
<tr><td rowspan="2">奖励</td><td>10万元</td><td>科技厅</td></tr>
<tr><td colspan="2">20万元</td></tr></table>
<p>　　第三条 本办法自2024年7月1日起施行。</p>
<p style="text-align:right">某某省科学技术厅</p><p>2024年6月1日</p>
"""
BODY = [
    "某某省科技资金管理办法",
    "第一条\u00a0为规范科技资金管理，提高资金使用效益，",
    "结合本省实际，制定本办法。",
    "第二条 奖励标准如下：",
    "类别\t标准\t单位",
    "奖励\t10万元\t科技厅",
    "奖励\t20万元\t",
    "第三条 本办法自2024年7月1日起施行。",
    "某某省科学技术厅",
    "2024年6月1日",
]
SITE = """<!DOCTYPE html><html><head><meta charset="{charset}">
<title>某某省科技资金管理办法_某某省科学技术厅</title>
<style>.a{{color:red}}</style><script>var a = "第九条 脚本里的话。";</script></head>
<body><form id="aspnetForm"><div class="header"><h1>某某省科学技术厅</h1></div>
<ul class="nav"><li><a href="/a">政务公开</a></li><li><a href="/b">互动交流</a></li></ul>
<div class="weizhi">您当前的位置：<a href="/">首页</a> &gt; <a href="/c">政策</a> &gt; 正文</div>
<div class="page">
<div><h2>某某省科技资金管理办法</h2></div>
<div>发布时间：2024-06-03 09:00 来源：某某省科学技术厅 浏览次数：128 字号：[大 中 小]</div>
<div class="{name}">{article}</div>
<p style="DISPLAY: none">藏起来的一段，读者看不见。</p><p hidden>也看不见。</p>
<div>扫一扫在手机打开当前页</div><div>【打印】 【关闭】</div>
<div>分享到：<a href="#">微信</a> <a href="#">微博</a></div>
<p>上一篇：<a href="/1">关于申报2024年项目的通知</a></p>
<p>下一篇：<a href="/2">关于公示名单的通知。</a></p>
<p>相关链接</p><ul><li><a href="/3">一图读懂科技资金管理办法</a></li></ul></div>
<div class="footer">主办：某某省科学技术厅<br>某ICP备05000001号-1 网站标识码：6400000001</div>
</form></body></html>"""


def page(article=ARTICLE, name="TRS_Editor", charset="utf-8"):
    return SITE.format(article=article, name=name, charset=charset)


def write(folder, text, encoding="utf-8", name="page.html"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


def lines_of(folder, text, **more):
    return read_html(write(folder, text, **more)).text.split("\n")


def error_of(path):
    with pytest.raises(DocumentError) as caught:
        read_document(path)
    return str(caught.value)


@pytest.mark.parametrize("name", ["TRS_Editor", "a-name-nobody-knows"])
def test_the_article_stays_whole_and_the_site_goes(tmp_path, name):
    assert lines_of(tmp_path, page(name=name)) == [
        "发布日期：2024-06-03 09:00",
        "来源：某某省科学技术厅",
        *BODY,
    ]


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("gb2312", "gb18030"),
        ("gbk", "gb18030"),
        ("utf-8", "gb18030"),  # stated wrongly
        ("", "utf-16"),
    ],
)
def test_every_encoding_gives_the_same_document(tmp_path, charset, encoding):
    document = read_document(write(tmp_path, page(charset=charset), encoding))
    assert document.title == "某某省科技资金管理办法"
    assert (document.posted_on, document.effective_from) == (date(2024, 6, 3), date(2024, 7, 1))
    assert document.issuing_bodies == ("某某省科学技术厅",)
    labels = [clause.label for clause in split_clauses(document)]
    assert [one for one in labels if one.startswith("第")][0] == "第一条"


def test_a_box_over_the_article_becomes_fields(tmp_path):
    box = """<table><tr><td>索 引 号：</td><td>000014349/2024-00059</td><td>发文机关：</td>
    <td>某某省人民政府</td></tr><tr><td>标　　题：</td><td>某某省科技资金管理办法</td>
    <td>发文字号：</td><td>某政发〔2024〕12号</td></tr><tr><td>成文日期：</td><td>2024年6月1日</td>
    <td>时效性：</td><td>失效</td></tr></table>"""
    document = read_document(write(tmp_path, page().replace('<div class="page">', f"<div>{box}")))
    assert document.document_number == "某政发〔2024〕12号"
    assert document.issuing_bodies == ("某某省人民政府",)
    assert document.signed_on == date(2024, 6, 1)
    assert document.validity is Validity.NOT_IN_FORCE
    assert dict(document.origins)["document_number"] == "【发文字号】"
    assert "索引号" not in document.text and "000014349" not in document.text


def test_the_head_of_the_page_states_title_and_date(tmp_path):
    head = (
        '<meta name="ArticleTitle" content="某某省科学技术厅关于组织申报的通知">'
        '<meta name="PubDate" content="2024-03-05 10:20"><meta name="Author" content="无">'
    )
    text = (
        f"<html><head>{head}<title>站名</title></head><body><p>各市科技局：</p>"
        "<p>请于2024年4月1日前报送申报材料，逾期不予受理，并加盖单位公章。</p></body></html>"
    )
    document = read_document(write(tmp_path, text))
    assert document.title == "某某省科学技术厅关于组织申报的通知"
    assert document.posted_on == date(2024, 3, 5)
    assert document.text.startswith("# 某某省科学技术厅关于组织申报的通知\n发布日期：2024-03-05")


def test_a_table_of_values_is_no_box_of_fields(tmp_path):
    rows = (
        "<table><tr><td>名称</td><td>文号</td><td>发布日期</td></tr>"
        "<tr><td>甲办法</td><td>某发〔2020〕1号</td><td>2020年1月1日</td></tr></table>"
    )
    article = f"<h3>政策清单</h3>{rows}<p>以上政策继续有效，请各单位遵照执行，做好衔接。</p>"
    lines = lines_of(tmp_path, page(article))
    assert "名称\t文号\t发布日期" in lines
    assert "甲办法\t某发〔2020〕1号\t2020年1月1日" in lines


def test_a_table_that_only_arranges_the_page_is_no_table(tmp_path):
    text = (
        "<html><body><table><tr><td>左栏</td><td><table><tr><td>某某省科技办法</td></tr><tr><td>"
        "<p>第一条 为规范科技资金管理，提高资金使用效益，制定本办法。</p>"
        "<p>第二条 本办法自发布之日起施行。</p></td></tr></table></td></tr></table></body></html>"
    )
    lines = lines_of(tmp_path, text)
    assert "第一条 为规范科技资金管理，提高资金使用效益，制定本办法。" in lines
    assert "第二条 本办法自发布之日起施行。" in lines
    assert not any("\t" in line for line in lines)


def test_an_ordered_list_shows_its_numbers(tmp_path):
    article = (
        "<p>申报材料应当真实、完整，包括下列各项，缺一不可，由推荐单位审核后统一报送：</p>"
        "<ol start=3><li>申报书<li>证明材料</ol>"
        '<ol style="list-style-type: cjk-ideographic"><li>总体要求</ol>'
        '<ol><li>（一）自己写了号码</ol><ol style="list-style:none"><li>没有号码</ol>'
        "<p>特此通知。</p>"
    )
    lines = lines_of(tmp_path, page(article))
    start = lines.index("3. 申报书")
    assert lines[start : start + 5] == [
        "3. 申报书",
        "4. 证明材料",
        "一、总体要求",
        "（一）自己写了号码",
        "没有号码",
    ]


def test_annexes_and_signature_beside_the_article_are_kept(tmp_path):
    text = (
        "<html><body><div><div><p>现将有关事项通知如下，请各单位认真贯彻执行，确保落实到位。</p>"
        "<p>第一条 为规范管理，制定本办法。</p></div><div><p>某某省科学技术厅</p>"
        '<p>2024年6月1日</p><p>附件：<a href="a.docx">1.申报书.docx</a></p></div></div>'
        "<div>相关链接</div></body></html>"
    )
    assert lines_of(tmp_path, text)[-3:] == [
        "某某省科学技术厅",
        "2024年6月1日",
        "附件：1.申报书.docx",
    ]


@pytest.mark.parametrize(("pattern", "example"), PAGE_LINES)
def test_each_rule_names_a_line_of_a_site(pattern, example):
    assert pattern and is_page_line(example)


@pytest.mark.parametrize(
    "line",
    [
        "主办方应当建立登记制度。",
        "（三）打印申报书一式三份",
        "附件：1.申报书.docx",
        "一、首页版式要求",
        "某某省科学技术厅",
        "2024年6月1日",
        "联系地址及电话见附件2",
        "第三条 网站标识码由省政府办公厅统一分配，各单位应当在网站首页显著位置标明，"
        "并与备案信息保持一致；不一致的，限期改正。" * 2,
    ],
)
def test_a_line_of_a_policy_is_no_line_of_the_site(line):
    assert not is_page_line(line)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "<html><title>404</title><body><h1>您访问的页面不存在或已删除</h1><p>返回首页，请稍后再试</p></body></html>",
            "像是“页面不存在”之类的提示页，不含政策正文。",
        ),
        (
            "<html><title>统一身份认证</title><body><p>用户登录，请输入账号、密码，忘记密码请联系管理员。</p></body></html>",
            "像是登录页，不含政策正文。",
        ),
        ("<html><body><div id=app></div><script>x()</script></body></html>", "没有正文"),
        (
            "<html><body><ul>"
            + "<li><a href=1>关于印发某某办法的通知</a></li>" * 20
            + "</ul></body></html>",
            "像是目录页，几乎全是链接",
        ),
        ("<html>" + "<div>" * 5000 + "第一条 正文。", "嵌套过深"),
        ("<html>", "没有"),
    ],
)
def test_a_page_without_a_policy_is_refused(tmp_path, text, message):
    error = error_of(write(tmp_path, text))
    assert error.startswith("page.html") and message in error and error.endswith("。")


def test_a_short_notice_with_a_number_of_404_is_read(tmp_path):
    article = "<p>根据财教〔2014〕404号文件，现将项目申报有关事项通知如下，请遵照执行。</p>"
    assert "404号" in read_document(write(tmp_path, page(article))).text


def test_words_left_out_of_a_page_are_told(tmp_path):
    other = "<p>另一栏目里的长文章，讲的是别的事情，占了不少篇幅，与本文没有关系。</p>" * 6
    text = page(ARTICLE * 8).replace("<form", f"<div>{other}</div><form")
    (doubt,) = read_html(write(tmp_path, text)).doubts
    assert doubt.startswith("网页正文之外还有约 ") and doubt.endswith("字没有读入，请核对。")


def test_a_page_under_another_name_is_read_as_a_page(tmp_path):
    document = read_document(write(tmp_path, page(), name="办法.doc"))
    assert document.title == "某某省科技资金管理办法"


@pytest.mark.parametrize(
    "text",
    [
        "<html><body>" + "<b>" * 100_000 + "第一条 正文。",
        "<html><body>" + "<p>第一条 为规范管理，制定本办法。</p>" * 60_000,
        "<html><body><p>" + "第一条 为规范管理，制定本办法。" * 60_000,
        "<html><body><table>" + "<tr><td rowspan=65000 colspan=1000>甲<td>乙。" * 3000,
        "<html><body><div " + "a=1 " * 100_000 + ">第一条 为规范管理。",
        "<html><body><ol>" + "<li>为规范管理，制定本办法。" * 30_000,
    ],
    ids=["deep", "many lines", "one line", "spans", "attributes", "list"],
)
def test_a_page_made_to_be_slow_takes_seconds(tmp_path, text):
    path = write(tmp_path, text)
    begin = time.monotonic()
    try:
        assert len(read_html(path).text) < 4_000_000
    except DocumentError as error:
        assert "嵌套过深" in str(error) or "没有正文" in str(error)
    assert time.monotonic() - begin < 20
