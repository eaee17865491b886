"""Every word of the page itself, in Chinese and in English.

Documents, questions and answers are not here: they stay in Chinese.
"""

from dataclasses import dataclass
from typing import Literal

from assistant.answer import Status
from corpus.document import Validity

Language = Literal["zh", "en"]

# Kinds of questions that the corpus can answer; they name no answer.
EXAMPLES = (
    "企业研发费用有什么补助？",
    "科技成果转化有哪些支持措施？",
    "自治区科技计划主要分为哪几类？",
    "怎样建设科技服务机构？",
    "宁夏2022年技术合同交易额的目标是多少？",
)


@dataclass(frozen=True)
class Texts:
    """The words of the page in one language."""

    html_lang: str
    name: str
    tagline: str
    language: str
    day: str
    day_hint: str
    tab_chat: str
    tab_library: str
    welcome: str
    try_asking: str
    question: str
    question_hint: str
    ask: str
    new_conversation: str
    disclaimer: str
    to_calculator: str
    to_desk: str
    you_asked: str
    looking: str
    as_of: str
    sources: str
    follow_ups: str
    needs: str
    copy_answer: str
    copied: str
    useful: str
    not_useful: str
    reason_hint: str
    send: str
    thanks: str
    failed: str
    panel: str
    panel_empty: str
    copy_citation: str
    cited_at: str
    also_cited: str
    digest: str
    digest_mark: str
    missing: str
    document_number: str
    issuing_bodies: str
    jurisdiction: str
    dates: str
    signed_on: str
    promulgated_on: str
    effective_from: str
    effective_to: str
    validity: str
    judged_on: str
    original: str
    page_number: str
    library: str
    library_hint: str
    library_filter: str
    clause_count: str
    clauses: str
    whole_text: str
    pick_document: str
    back: str
    statuses: dict[Status, str]
    validities: dict[Validity, str]


CHINESE = Texts(
    html_lang="zh-CN",
    name="政策计算器",
    tagline="按条文回答科技政策问题，每句都有出处",
    language="语言",
    day="提问日",
    day_hint="按这一天有效的规定回答",
    tab_chat="问政策",
    tab_library="政策库",
    welcome="请直接用一句话提问。回答只摘自库中的政策文件，并标明出自哪一条；库中没有依据时会直说。",
    try_asking="可以这样问",
    question="问题",
    question_hint="请写下您的问题",
    ask="提问",
    new_conversation="新对话",
    disclaimer="回答摘自政策条文，供查阅参考；办理时以发文机关公布的原文和解释为准。",
    to_calculator="按企业情况测算",
    to_desk="管理",
    you_asked="提问",
    looking="正在查找条文……",
    as_of="按 {day} 有效的规定回答",
    sources="出处",
    follow_ups="还可以问",
    needs="请补充",
    copy_answer="复制回答",
    copied="已复制",
    useful="有用",
    not_useful="没用",
    reason_hint="哪里不对？（选填）",
    send="提交",
    thanks="已记录，谢谢。",
    failed="抱歉，这个问题没有处理成功。请稍后再试；如果总是这样，请联系管理员查看日志。",
    panel="原文",
    panel_empty="点击回答里的 [1]，这里会打开原文，并标出所引的那一条。",
    copy_citation="复制引用",
    cited_at="所引条款",
    also_cited="同一回答还引用了本文件：",
    digest="摘编，非原文",
    digest_mark="（摘编，非原文）",
    missing="这份文件已不在库中，请重新提问。",
    document_number="文号",
    issuing_bodies="发文机关",
    jurisdiction="适用地域",
    dates="日期",
    signed_on="成文",
    promulgated_on="公布",
    effective_from="施行",
    effective_to="有效期至",
    validity="时效性",
    judged_on="（按 {day} 判断）",
    original="来源网址",
    page_number="第 {page} 页",
    library="政策库",
    library_hint="共 {count} 份文件；时效性按提问日 {day} 判断。",
    library_filter="按标题、文号、机关、地域、主题或对象筛选",
    clause_count="条款",
    clauses="条款目录",
    whole_text="全文",
    pick_document="点击列表里的文件，这里会打开全文。",
    back="返回",
    statuses={
        Status.NEEDS_FACTS: "需要补充情况",
        Status.NOT_IN_CORPUS: "库中没有依据",
        Status.NOT_IN_FORCE: "提问日不在有效期内",
        Status.OUT_OF_SCOPE: "不在服务范围",
        Status.REFUSED: "不作回答",
        Status.NOT_GROUNDED: "条文不足以支持回答",
        Status.MODEL_ERROR: "暂时不能回答",
    },
    validities={
        Validity.IN_FORCE: "未见失效",
        Validity.PARTIALLY_IN_FORCE: "部分有效",
        Validity.NOT_IN_FORCE: "已失效或未施行",
    },
)

ENGLISH = Texts(
    html_lang="en",
    name="Policy Calculator 政策计算器",
    tagline="Answers questions on science and technology policy, each sentence with its clause",
    language="Language",
    day="Day asked about",
    day_hint="Answers follow the rules in force on this day",
    tab_chat="Ask",
    tab_library="Library",
    welcome="Ask in one Chinese sentence. Answers are taken from the policy documents in the "
    "library, each with its clause; where the library has no basis, the answer says so.",
    try_asking="For example",
    question="Question",
    question_hint="Your question, in Chinese",
    ask="Ask",
    new_conversation="New conversation",
    disclaimer="Answers are excerpts for reference; the text published by the issuing body and "
    "its interpretation prevail.",
    to_calculator="Calculate for an enterprise",
    to_desk="Staff",
    you_asked="Question",
    looking="Looking through the clauses…",
    as_of="Rules in force on {day}",
    sources="Sources",
    follow_ups="Related questions",
    needs="Please add",
    copy_answer="Copy answer",
    copied="Copied",
    useful="Useful",
    not_useful="Not useful",
    reason_hint="What is wrong? (optional)",
    send="Send",
    thanks="Recorded, thank you.",
    failed="Sorry, this question could not be processed. Please try again later; if it keeps "
    "failing, ask the administrator to look at the log.",
    panel="Original text",
    panel_empty="Click a [1] in an answer to open the original text here with the cited clause "
    "marked.",
    copy_citation="Copy citation",
    cited_at="Cited clause",
    also_cited="The same answer also cites, in this document: ",
    digest="Digest, not the original",
    digest_mark="（摘编，非原文）",
    missing="This document is no longer in the library. Please ask again.",
    document_number="Number",
    issuing_bodies="Issued by",
    jurisdiction="Applies in",
    dates="Dates",
    signed_on="signed",
    promulgated_on="promulgated",
    effective_from="effective from",
    effective_to="effective to",
    validity="Validity",
    judged_on="(on {day})",
    original="Source address",
    page_number="page {page}",
    library="Library",
    library_hint="{count} documents; validity as of {day}.",
    library_filter="Filter by title, number, body, region, topic or audience",
    clause_count="Clauses",
    clauses="Clauses",
    whole_text="Whole text",
    pick_document="Click a document in the list to read it here.",
    back="Back",
    statuses={
        Status.NEEDS_FACTS: "More facts needed",
        Status.NOT_IN_CORPUS: "No basis in the library",
        Status.NOT_IN_FORCE: "Not in force on that day",
        Status.OUT_OF_SCOPE: "Out of scope",
        Status.REFUSED: "Not answered",
        Status.NOT_GROUNDED: "Not supported by the clauses",
        Status.MODEL_ERROR: "Cannot answer right now",
    },
    validities={
        Validity.IN_FORCE: "No repeal known",
        Validity.PARTIALLY_IN_FORCE: "Partly in force",
        Validity.NOT_IN_FORCE: "Not in force",
    },
)


def texts_for(language: object) -> Texts:
    """Return the words in that language; Chinese for anything but "en"."""
    return ENGLISH if language == "en" else CHINESE
