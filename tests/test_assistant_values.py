import pytest

from assistant.values import Kind, find_values, same_value


@pytest.mark.parametrize(
    ("kind", "text", "found"),
    [
        (Kind.MONEY, "技术合同交易额突破30亿元", ["突破30亿元"]),
        (Kind.MONEY, "撬动金融资本20亿元以上", ["20亿元以上"]),
        (Kind.MONEY, "不低于500万元", ["不低于500万元"]),
        (Kind.MONEY, "资助5,000万元，单个最高3200万元", ["5,000万元", "最高3200万元"]),
        (Kind.MONEY, "一次性奖励三百万元", ["三百万元"]),
        (Kind.MONEY, "给予20—30万元补助", ["20—30万元"]),
        (Kind.MONEY, "给予5万—10万元补助", ["5万—10万元"]),
        (Kind.MONEY, "奖励100万", ["100万"]),
        (Kind.PERCENT, "全社会R&D经费增长8%", ["8%"]),
        (Kind.PERCENT, "占比37%左右，不超过50%", ["37%左右", "不超过50%"]),
        (Kind.PERCENT, "按百分之十五的税率", ["百分之十五"]),
        (Kind.PERCENT, "提高3个百分点", ["3个百分点"]),
        (Kind.COUNT, "新培育250家以上，内含50家", ["250家以上", "50家"]),
        (Kind.COUNT, "新培育1-2家高新区", ["1-2家"]),
        (Kind.COUNT, "设三个专项和两项行动", ["三个", "两项"]),
        (Kind.COUNT, "攻关项目100项", ["100项"]),
        (Kind.DATE, "2024年12月31日印发", ["2024年12月31日"]),
        (Kind.DATE, "自2025年起执行，12月底前完成", ["2025年起", "12月底"]),
        (Kind.DATE, "2024.12.31", ["2024.12.31"]),
        (Kind.PERIOD, "攻坚方案（2021-2023年）", ["2021-2023年"]),
        (Kind.PERIOD, "三年内，或十个工作日", ["三年内", "十个工作日"]),
        (Kind.PERIOD, "“十四五”时期每年100项", ["“十四五”时期"]),
        (Kind.PHONE, "电话0471-6280000或13800138000", ["0471-6280000", "13800138000"]),
        (Kind.PHONE, "热线400-123-4567，税务12366", ["400-123-4567", "12366"]),
        (Kind.ADDRESS, "见http://kjt.nx.gov.cn/tz 查询", ["http://kjt.nx.gov.cn/tz"]),
        (Kind.ADDRESS, "邮箱kjc@nx.gov.cn", ["kjc@nx.gov.cn"]),
        (Kind.DOCUMENT_NUMBER, "依据内科资字〔2024〕75号", ["内科资字〔2024〕75号"]),
        (Kind.NUMBER, "261个移民村", ["261"]),
    ],
)
def test_a_value_of_the_kind_is_found_as_written(kind, text, found):
    assert [value.text for value in find_values(text, kind)] == found


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.MONEY, "新培育250家企业，增长8%"),
        (Kind.MONEY, "服务5万人次，示范300万亩"),
        (Kind.MONEY, "万元产值能耗下降"),
        (Kind.PERCENT, "突破30亿元，培育50家"),
        (Kind.COUNT, "2022年全区科技工作"),
        (Kind.COUNT, "提高3个百分点"),
        (Kind.COUNT, "增长8%，突破30亿元"),
        (Kind.DATE, "突破30亿元，培育50家"),
        (Kind.PERIOD, "2022年全区科技工作"),
        (Kind.PHONE, "方案（2021-2023年）、编号12345678901234"),
        (Kind.ADDRESS, "在门户网站设咨询投诉电话、信箱"),
        (Kind.DOCUMENT_NUMBER, "2020年工作要点第32号专栏"),
        (Kind.LIST, "揭榜挂帅、赛马制、定向委托"),  # no kind of value
    ],
)
def test_what_only_looks_like_a_value_is_none(kind, text):
    assert find_values(text, kind) == []


@pytest.mark.parametrize("kind", list(Kind))
def test_a_value_lies_where_it_says(kind):
    text = "2022年突破30亿元，250家以上，8%，0951-5032961，内科资字〔2024〕75号，三年内，a@b.cn"
    for value in find_values(text, kind):
        assert text[value.start : value.end] == value.text
        assert value.kind is kind


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5,000万元", "5000万"),
        ("30亿元以上", "突破30 亿元"),
        ("约8%", "8%"),
        ("不低于500万元", "500万元"),
    ],
)
def test_equal_values_are_equal_however_written(one, other):
    assert same_value(one) == same_value(other)


@pytest.mark.parametrize(("one", "other"), [("30亿元", "30万元"), ("8%", "8家"), ("50家", "5家")])
def test_different_values_stay_different(one, other):
    assert same_value(one) != same_value(other)
