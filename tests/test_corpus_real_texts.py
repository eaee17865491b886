"""Real documents as found on the web: five notices with their noise, 142 statutes.

They are not part of this repository; the tests skip where they are not at hand.
"""

import re
from datetime import date
from pathlib import Path

import pytest

from corpus.citation import parse_label
from corpus.clauses import split_clauses
from corpus.document import Document, Validity
from corpus.line_kinds import find_mark
from corpus.reader import read_document

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
SEEDS = {path.name[:3]: path for path in sorted((SHARED / "seeds").glob("*.txt"))}
LAWS = sorted((SHARED / "laws").glob("*.md"))
NUMBER = "[零〇一二三四五六七八九十百]+"

needs_seeds = pytest.mark.skipif(not SEEDS, reason="没有 shared/seeds 文件夹，不检查五份原文。")
needs_laws = pytest.mark.skipif(not LAWS, reason="没有 shared/laws 文件夹，不检查法规原文。")


@pytest.fixture(scope="module")
def seeds():
    return {number: read_document(path) for number, path in SEEDS.items()}


def clauses_of(document):
    return {clause.label: clause for clause in split_clauses(document)}


def labels(groups):
    return [label for head, tails in groups for label in (f"{head}{tail}" for tail in tails)]


@needs_seeds
def test_the_2019_plan_has_eight_chapters_of_lists(seeds):
    counts = {"一": 3, "二": 4, "三": 2, "四": 4, "五": 5, "六": 3, "七": 4, "八": 4}
    assert list(clauses_of(seeds["000"])) == ["引言第1段"] + labels(
        (f"（{head}）", [f"{one}是" for one in "一二三四五"[:count]])
        for head, count in counts.items()
    )
    clause = clauses_of(seeds["000"])["（三）二是"]
    assert clause.plain.startswith("二是提升培育集聚高端科技人才水平。组织实施“草原英才”工程")
    assert clause.headings == ("夯实创新基础,培育高水平人才队伍", "提升培育集聚高端科技人才水平")


@needs_seeds
def test_the_2022_opinions_have_six_chapters_and_closing_words(seeds):
    counts = {"一": 5, "二": 3, "三": 4, "四": 5, "五": 4, "六": 5}
    assert list(clauses_of(seeds["001"])) == [
        *(f"引言第{number}段" for number in range(1, 7)),
        *labels(
            (f"（{head}）", [f"{one}是" for one in "一二三四五"[:count]])
            for head, count in counts.items()
        ),
        *["结尾", "结尾一是", "结尾二是", "结尾三是", "结尾四是", "结尾五是", "文首"],
    ]
    clause = clauses_of(seeds["001"])["（三）二是"]
    assert clause.plain.startswith("二是加大力度持续实施县域科技成果引进示范项目。")
    assert "以261个移民村为重点" in clause.plain


@needs_seeds
def test_the_2024_reform_is_a_notice_and_a_plan(seeds):
    counts = {"一": (3, 4), "二": (3, 3), "三": (3, 3), "四": (3, 5), "五": (3, 4)}
    plans = labels(
        (
            f"二、（{head}）",
            [*(f"{n}." for n in range(1, 4)), *(f"3.第{n}段" for n in range(2, last + 1))],
        )
        for head, (_, last) in counts.items()
    )
    assert list(clauses_of(seeds["002"])) == [
        *["通知第1段", "引言第1段", "一、第1段", "一、第2段", "二、第1段"],
        *plans,
        *["二、第2段", "三、（一）", "三、（二）", "四、（一）", "四、（二）", "四、（三）"],
        *["五、（一）", "五、（二）", "五、（三）", "文首"],
    ]
    clause = clauses_of(seeds["002"])["二、（一）3.第2段"]
    assert clause.plain.startswith("科技突围专项。在自治区党委科技委员会(以下简称科技委)领导下")
    assert clause.headings == ("科技计划体系设置及组织形式", "科技重大专项计划", "科技突围专项")


@needs_seeds
def test_the_2020_plan_has_no_broken_word_left(seeds):
    found = clauses_of(seeds["003"])
    for whole, label in [
        ("坚决打赢三大攻坚战、决胜全面建成小康社会", "引言第2段"),
        ("补齐创新链关键短板,注重建立长板", "二、第3段"),
        ("强化科技人才培养和科研团队建设", "五、第7段"),
        ("建立沟通交流渠道,加强引智工作", "十一、第4段"),
    ]:
        assert whole in found[label].plain
    counts = [5, 7, 5, 8, 7, 4, 5, 4, 5, 2, 7, 4, 2]
    numbers = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三"]
    assert list(found) == [
        *["通知第1段", "引言第1段", "引言第2段"],
        *labels(
            (f"{number}、", [f"第{n}段" for n in range(1, count + 1)])
            for number, count in zip(numbers, counts, strict=True)
        ),
        "文首",
    ]
    for clause in found.values():
        assert not re.search("甄别|仅部分预览|客服|合集下载|相关文档|最新文档", clause.plain)
        assert clause.label == "文首" or clause.plain.endswith("。")


@needs_seeds
def test_the_city_plan_keeps_who_is_responsible(seeds):
    found = clauses_of(seeds["004"])
    assert list(found) == [
        *["通知第1段", "引言第1段", "一、"],
        *(f"二、（{number}）" for number in "一二三四五六"),
        *(f"三、（{number}）" for number in "一二三"),
        "文首",
    ]
    assert found["二、（三）"].plain.endswith("(责任单位:市科技局,各旗县区)")
    assert found["二、（三）"].headings == ("主要任务", "建设科技服务机构")


def golden(seed):
    """The labels and first words of a document's clauses, checked by eye once."""
    path = Path(__file__).parent / "golden" / f"{seed}.txt"
    return [tuple(line.split("\t")) for line in path.read_text(encoding="utf-8").splitlines()]


@needs_seeds
@pytest.mark.parametrize("seed", sorted(SEEDS))
def test_a_seed_has_the_clauses_that_were_checked_by_eye(seeds, seed):
    found = [(one.label, one.plain[:12]) for one in split_clauses(seeds[seed])]
    assert found == golden(seed)


@needs_seeds
def test_each_of_the_107_numbered_leaves_is_a_clause_that_knows_its_parents(seeds):
    leaves = 0
    for document in seeds.values():
        clauses = split_clauses(document)
        units = {one.path[:n] for one in clauses for n in range(1, len(one.path) + 1)}
        numbered = {path for path in units if find_mark(path[-1])}
        inner = {path[:n] for path in numbered for n in range(1, len(path))}
        leaves += len(numbered - inner)
        for one in clauses:
            above = [name for name in one.path[:-1] if find_mark(name)]
            assert len(one.headings) >= len(above), one.label
    assert leaves == 107


@needs_seeds
@pytest.mark.parametrize(
    ("seed", "fields"),
    [
        ("000", {"plan_year": 2019, "jurisdiction": "CN-NM", "document_type": "思路"}),
        ("001", {"plan_year": 2022, "jurisdiction": "CN-NX", "document_type": "意见"}),
        (
            "002",
            {
                "title": "关于印发《内蒙古自治区科技计划体系优化改革方案》的通知",
                "document_number": "内科资字〔2024〕75号",
                "issuing_bodies": ("内蒙古自治区科学技术厅",),
                "signed_on": date(2024, 12, 31),
                "posted_on": date(2024, 12, 31),
                "effective_from": date(2025, 1, 1),
                "jurisdiction": "CN-NM",
                "document_type": "方案",
            },
        ),
        (
            "003",
            {
                "title": "青海省科学技术厅关于印发《2020年科技创新工作要点》的通知",
                "document_number": "青科党组发〔2020〕1号",
                "issuing_bodies": ("青海省科学技术厅",),
                "promulgated_on": date(2020, 1, 20),
                "effective_from": date(2020, 1, 20),
                "jurisdiction": "CN-QH",
                "plan_year": 2020,
                "validity": Validity.IN_FORCE,
            },
        ),
        (
            "004",
            {
                "title": "巴彦淖尔市关于贯彻落实全区“科技兴蒙”行动实施方案",
                "document_number": "巴政办字〔2020〕117号",
                "issuing_bodies": ("巴彦淖尔市人民政府办公室",),
                "signed_on": date(2020, 11, 11),
                "jurisdiction": "CN-NM-1508",
                "effective_from": None,
            },
        ),
    ],
)
def test_the_metadata_of_each_seed(seeds, seed, fields):
    assert {name: getattr(seeds[seed], name) for name in fields} == fields


@needs_seeds
@pytest.mark.parametrize("seed", ["000", "001"])
def test_a_seed_without_a_title_says_so(seeds, seed):
    assert seeds[seed].title.endswith("（原文无标题，据正文拟）")


def articles_stated(text):
    """The articles that the Markdown states: 第X条 at a line's begin with a blank behind it."""
    return re.findall(rf"^(第{NUMBER}条(?:之{NUMBER})?)[ \u3000]", text, re.MULTILINE)


def articles_found(text):
    """The articles in order of first mention; ~ where an id was given a second time."""
    clauses = split_clauses(Document("law", "", text, "law.md"))
    first = [(clause.path[0], "~" in clause.clause_id) for clause in clauses]
    names = [name + "~" * again for name, again in first if re.fullmatch(f"第{NUMBER}条.*", name)]
    return list(dict.fromkeys(names))


def wrapped(text, width):
    """The words broken into full lines, without blank lines: nothing parts the paragraphs."""
    return "".join(
        line[start : start + width] + "\n"
        for line in text.splitlines()
        for start in range(0, len(line), width)
    )


@needs_laws
@pytest.mark.parametrize("path", LAWS, ids=lambda path: path.stem[:24])
def test_a_statute_has_each_of_its_articles_exactly_once(path):
    text = path.read_text(encoding="utf-8")
    assert articles_found(text) == articles_stated(text)


@needs_laws
@pytest.mark.parametrize("width", [28, 38])
def test_statutes_wrapped_at_a_margin_keep_their_articles(width):
    texts = [path.read_text(encoding="utf-8") for path in LAWS]
    same = [articles_found(wrapped(text, width)) == articles_stated(text) for text in texts]
    assert sum(same) >= 0.99 * len(texts)


@needs_laws
def test_most_wrapped_statutes_keep_every_clause_word_for_word():
    """The rest have a full line that ends a sentence: nothing tells whether the 款 goes on."""
    same = 0
    for path in LAWS:
        text = path.read_text(encoding="utf-8")
        before, after = (
            {one.clause_id: one.plain for one in split_clauses(Document("law", "", words, "l.md"))}
            for words in (text, wrapped(text, 38))
        )
        same += before == after
    assert same >= 0.75 * len(LAWS)


@needs_laws
def test_every_label_leads_back_to_its_clause_and_every_id_is_its_own():
    for path in LAWS:
        clauses = split_clauses(read_document(path))
        assert [parse_label(one.label) for one in clauses] == [one.path for one in clauses]
        assert len({one.clause_id for one in clauses}) == len(clauses)


@needs_laws
def test_items_and_paragraphs_of_a_statute_are_cited_as_lawyers_do():
    path = SHARED / "laws" / "企业所得税法(2018-12-29).md"
    found = clauses_of(read_document(path))
    assert found["第二十八条"].plain.startswith("第二十八条符合条件的小型微利企业")
    assert found["第二十八条第二款"].plain == (
        "国家需要重点扶持的高新技术企业，减按15％的税率征收企业所得税。".replace("％", "%")
    )
    assert found["第三十条第（一）项"].plain.startswith("（一）开发新技术、新产品、新工艺")
    assert found["第二十八条"].headings == ("税收优惠",)


def test_every_statute_has_the_articles_and_clauses_it_had_when_they_were_checked():
    if not LAWS:
        pytest.skip("没有 shared/laws 文件夹，不检查法规原文。")
    golden_counts = Path(__file__).parent / "golden" / "statutes.txt"
    name = re.compile("第[零〇一二三四五六七八九十百]+条(?:之[一二三四五六七八九十]+)?")
    for line in golden_counts.read_text(encoding="utf-8").splitlines():
        stem, articles, clauses = line.split("\t")
        found = split_clauses(read_document(SHARED / "laws" / f"{stem}.md"))
        names = {part for clause in found for part in clause.path if name.fullmatch(part)}
        assert (stem, len(names), len(found)) == (stem, int(articles), int(clauses))
