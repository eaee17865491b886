"""What a web page says around an article: the site's furniture, and fields under known labels."""

import re
from collections.abc import Iterator, Sequence

# Each rule: a line at an article's edge that belongs to the page, with an example.
PAGE_LINES: tuple[tuple[str, str], ...] = (
    (r"(?:您?(?:的)?(?:当前|所在|现在)?(?:的)?位置|当前栏目)[:：]?.{0,120}", "当前位置：首页"),
    (r"(?:网站)?首页\s*[>＞»›/→\-].{0,120}", "首页 > 政策文件 > 通知公告"),
    (r".{0,12}扫一扫.{0,30}", "扫一扫在手机打开当前页"),
    (r".{0,4}(?:微信|手机)扫码.{0,20}|.{0,6}二维码.{0,16}", "微信扫码分享"),
    (
        r"(?:[\[【(（]?(?:我要)?(?:打印(?:本[页文])?|关闭(?:窗口|本页)?|收藏|返回(?:顶部|列表)?|纠错|下载"
        r"|分享(?:到|至)?|微信|微博|朋友圈|QQ空间|字[号体]|放大|缩小|默认|[大中小]|[A+\-]{1,2})"
        r"[\]】)）]?[:：|｜丨/·\s]*)+",
        "【打印】 【关闭】 字号：大 中 小",
    ),
    (r"[<>《》«»\s]*[上下]一[篇条页则][:：>＞»\s]?.{0,80}", "上一篇：关于某某的通知"),
    (
        r"[\[【]?(?:相关(?:链接|文章|文件|新闻|阅读|解读|稿件|信息|附件下载)|(?:政策|图片|专家|文字)解读"
        r"|延伸阅读|热点推荐|友情链接|推荐阅读)[\]】]?[:：]?",
        "相关链接",
    ),
    (r".{0,30}版权所有.{0,60}|copyright.{0,80}|©.{0,80}", "版权所有：某某省科学技术厅"),
    (r".{0,40}(?:ICP备|公网安备|网站标识码).{0,60}", "某ICP备05000001号-1"),
    (r"(?:主办|承办|主管|技术支持|维护)(?:单位)?[:：].{0,80}", "主办：某某省科学技术厅"),
    (r"(?:地址|邮编|邮政编码)[:：].{0,80}(?:邮编|电话|传真).{0,60}", "地址：某路1号 邮编：750001"),
    (r"(?:浏览|阅读|点击|访问)(?:次数|量|数)?[:：]?\s*\d*\s*次?", "浏览次数：128次"),
    (r"[\[【(（]?(?:责任)?编辑[:：].{1,12}", "责任编辑：某某"),
    (
        r"(?:(?:网站地图|联系我们|关于我们|设为首页|加入收藏|无障碍(?:浏览|阅读)?|(?:关怀|长者|适老化?)"
        r"(?:模式|版)|登录|注册|首页|English|繁體|简体|隐私声明|网站声明|使用帮助)[|｜\s·]*)+",
        "网站地图 | 联系我们 | 设为首页",
    ),
    (r"支持IPv6.{0,20}|建议使用.{0,40}浏览.{0,20}", "建议使用1024×768以上分辨率浏览本网站"),
)  # fmt: skip
_LONGEST = 200
_PAGE_LINE = re.compile("|".join(f"(?:{pattern})" for pattern, _ in PAGE_LINES), re.I)
# Labels that sites put over a document -> the 【block】 that corpus.metadata reads, or the
# beginning of a line that it reads; "" for what says nothing of the document.
_LABELS = {
    **dict.fromkeys(("发文机关", "发文单位", "制发机关", "制定机关"), "【发文机关】"),
    **dict.fromkeys(("发布机构", "公开机构", "来源", "信息来源", "文章来源"), "来源："),
    **dict.fromkeys(("发文字号", "文号", "文件编号", "文件号"), "【发文字号】"),
    **dict.fromkeys(("成文日期", "成文时间", "发文日期", "印发日期"), "【成文日期】"),
    **dict.fromkeys(("施行日期", "生效日期", "实施日期"), "【施行日期】"),
    **dict.fromkeys(("失效日期", "废止日期"), "【失效日期】"),
    **dict.fromkeys(("时效性", "有效性", "效力状态"), "【时效性】"),
    **dict.fromkeys(("发布日期", "发布时间", "公开日期", "公开时间", "上网日期"), "发布日期："),
    **dict.fromkeys(("标题", "名称", "信息名称", "文件名称"), "标题"),
    **dict.fromkeys(
        (
            *("索引号", "信息索引号", "信息索引", "主题分类", "主题词", "关键词", "公开方式"),
            *("信息分类", "体裁分类", "体裁", "服务对象", "公开形式", "公开类别", "分类"),
            *("浏览次数", "浏览量", "阅读次数", "阅读量", "点击数", "访问量", "字号", "字体"),
            *("责任编辑", "编辑", "作者", "文章作者", "打印", "分享到", "分享", "公开范围"),
        ),
        "",
    ),
}
# Labels that a table of the document itself may have over its columns or before its rows.
_WEAK = {
    *("标题", "名称", "文件名称", "信息名称", "文号", "文件编号", "文件号", "分类", "服务对象"),
    *("来源", "作者", "编辑", "字体", "字号", "体裁", "时效性", "有效性", "生效日期", "失效日期"),
    *("施行日期", "实施日期", "发布日期", "发布时间", "关键词", "打印", "分享", "废止日期"),
}
_LABEL = re.compile(
    r"(?:^|(?<=[\s　|｜\]】）)]))[\[【(（]?\s*("
    + "|".join(r"[\s　]*".join(label) for label in sorted(_LABELS, key=len, reverse=True))
    + r")\s*[\]】]?\s*[:：]\s*"
)
_NOTHING = re.compile(r"[\s无暂—–\-/]*")


def is_page_line(text: str) -> bool:
    """Whether a line at an article's edge is one that belongs to the page."""
    return len(text) <= _LONGEST and bool(_PAGE_LINE.fullmatch(text))


def is_nothing(value: str) -> bool:
    """Whether a field is empty: 无, —."""
    return bool(_NOTHING.fullmatch(value))


def take_fields(lines: Sequence[str], fields: dict[str, str]) -> set[int]:
    """Add to the fields what the lines state; return the numbers of the lines that state it.

    A field's key is how a line begins that corpus.metadata reads, or 标题; the first value stays.
    """
    found = [one for number in range(len(lines)) for one in _stated(lines, number)]
    if len({label for _, label, _ in found} - _WEAK) == 0 and len(found) < 3:
        return set()  # 名称：… alone may be the document's own words
    for _, label, value in found:
        key = _LABELS[label]
        if key and not is_nothing(value) and len(value) <= 80:
            fields.setdefault(key, value)
    return {number for numbers, _, _ in found for number in numbers}


_Stated = tuple[tuple[int, ...], str, str]  # numbers of lines, label, value


def _stated(lines: Sequence[str], number: int) -> list[_Stated]:
    """What one line states: a row of labels and values, 标签：值 …, or a label over its value."""
    cells = [one.strip() for one in lines[number].split("\t")]
    if len(cells) > 1:
        return [((number,), label, value) for label, value in _row(cells)]
    bare = _bare(cells[0])
    if bare in _LABELS and cells[0].endswith((":", "：")):
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if not following or _LABEL.match(following):
            return [((number,), bare, "")]
        return [((number, number + 1), bare, following)]
    if not _LABEL.match(cells[0]):
        return []
    return [((number,), label, value) for label, value in _segments(cells[0])]


def _row(cells: list[str]) -> list[tuple[str, str]]:
    """The pairs of a row of a box: label, value, label, value; none for a row of values."""
    pairs: list[tuple[str, str]] = []
    for label, value in zip(cells[::2], [*cells[1::2], ""], strict=False):
        if _LABEL.match(label) and _bare(label) not in _LABELS:
            pairs += _segments(label)
        elif _bare(label) in _LABELS and _bare(value) not in _LABELS:
            pairs.append((_bare(label), value))
        elif label:
            return []
    has_colon = all(cell.endswith((":", "：")) for cell in cells[::2] if cell)
    return pairs if has_colon or {label for label, _ in pairs} - _WEAK else []


def _bare(text: str) -> str:
    return re.sub(r"[\s:：　【】\[\]]", "", text)


def _segments(text: str) -> Iterator[tuple[str, str]]:
    """发布时间：2024-01-01 来源：某某厅 浏览次数：8 -> its labels and values."""
    found = list(_LABEL.finditer(text))
    for match, after in zip(found, [*found, None][1:], strict=True):
        value = text[match.end() : after.start() if after else len(text)]
        yield _bare(match[1]), value.strip(" 　|｜[]()（）")
