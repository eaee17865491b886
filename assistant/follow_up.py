"""Second turns: 那内蒙古呢？ and 具体怎么申请？ carry the subject of what was asked before."""

import re
from collections.abc import Sequence
from datetime import date

from assistant.question import Question, read_question
from assistant.rules.catalogue import name_pattern
from assistant.state import State
from assistant.values import Kind
from corpus.regions import find_regions, region_name

_POINTING = re.compile(
    r"^(那|那么|还有|另外|同样|换成|如果是)|呢[？?。]?$|同上|上述|上面|刚才|前面|这个|该(政策|项目|计划|专项)|它"
)
_NOW = re.compile("现在|目前|今年|眼下|当前|如今|现行")
_YEAR = re.compile(r"(?:19|20)\d{2}年?")
# Asked of anything, these words are no subject of their own.
_GENERIC = re.compile(
    r"政策|文件|申请|申报|办理|材料|流程|程序|步骤|条件|标准|时间|截止|日期|金额|额度|资金|补助|补贴|奖励|钱|责任|单位|部门|牵头|负责|期限"
    r"|方式|方法|比例|咨询|联系|电话|文号|依据|出处|原文|条款|目标|支持|现行|有效|效|今年|去年|明年|以前|从前|过去|原来|旧|老|申领|兑现|找"
)
_MOST_ELLIPTIC = 8
_MOST_BRIEF = 8


def complete(question: Question, earlier: Sequence[str], day: date, region: str | None) -> Question:
    """Return the question with the earlier subject put in where it has none of its own."""
    whole: Question | None = None
    for text in [*earlier, question.text]:
        current = read_question(text, day, region)
        whole = current if whole is None else _merged(whole, current, day, region)
    assert whole is not None
    return whole if whole.text == question.text else read_question(question.text, day, region)


def _merged(before: Question, current: Question, day: date, region: str | None) -> Question:
    if not _is_elliptic(current):
        return _under_topic(before, current, day, region)
    places = [region_name(one.code) for one in find_regions(current.plain)]
    before_plain = _with_regions(before.plain, places) if places else before.plain
    if current.years:
        before_plain = f"{current.years[0]}年{_YEAR.sub('', before_plain)}"
    if current.is_about_past:
        before_plain = f"以前{_NOW.sub('', before_plain)}"
    own_subject = _without_generic(current.subject)
    if own_subject and not current.kinds - {Kind.YES_NO}:
        plain = _with_subject(before_plain, before.subject, current.subject)
    elif current.kinds - {Kind.YES_NO}:
        place = "、".join(places or [region_name(code) for code in before.regions])
        years = "".join(f"{year}年" for year in current.years or before.years)
        plain = f"{place}{years}{_without_generic(before.subject)} {current.plain}"
    else:
        plain = before_plain
    merged = read_question(plain, day, region)
    return Question(**{**merged.__dict__, "text": current.text})


def _under_topic(before: Question, current: Question, day: date, region: str | None) -> Question:
    """多久填一次年报 asked after 高企证书有效期几年 is asked of 高企: it names no programme."""
    topics = dict.fromkeys(name_pattern().findall(before.plain))
    is_brief = len(own_subject(current)) <= _MOST_BRIEF
    if not topics or not is_brief or current.quoted or name_pattern().search(current.plain):
        return current
    if find_regions(current.plain):
        return current
    merged = read_question(f"{'、'.join(topics)} {current.plain}", day, region)
    return Question(**{**merged.__dict__, "text": current.text})


def own_subject(question: Question) -> str:
    """The question's subject without words that can be asked of anything; "" when none."""
    return _without_generic(question.subject).replace(" ", "")


def _is_elliptic(question: Question) -> bool:
    rest = own_subject(question)
    pointing = bool(_POINTING.search(question.plain))
    return not rest or (pointing and len(rest) <= _MOST_ELLIPTIC)


def _without_generic(subject: str) -> str:
    return " ".join(word for word in subject.split() if _GENERIC.sub("", word))


def _with_subject(plain: str, subject: str, other: str) -> str:
    """The earlier question asked of another subject."""
    words = _without_generic(subject).split()
    if not words or words[0] not in plain:
        return f"{plain} {other}"
    plain = plain.replace(words[0], other, 1)
    for word in words[1:]:
        plain = plain.replace(word, "", 1)
    return plain


def _with_regions(plain: str, names: Sequence[str]) -> str:
    mentions = find_regions(plain)
    if not mentions:
        return "、".join(names) + plain
    first, last = mentions[0], mentions[-1]
    return plain[: first.start] + "、".join(names) + plain[last.end :]


def suggestions(state: State) -> tuple[str, ...]:
    """Up to three next questions that the corpus holds an answer to."""
    if not state.evidence or state.question is None:
        return ()
    question, first = state.question, state.evidence[0]
    offered: list[str] = []
    heading = first.clause.headings[-1] if first.clause.headings else ""
    if "责任单位" in first.clause.plain and not question.asks(Kind.BODY) and heading:
        offered.append(f"{heading}的责任单位有哪些？")
    if len(question.regions) == 1:
        offered += [
            f"那{region_name(code)}呢？"
            for code in _other_regions(state)
            if code not in question.regions
        ]
    return tuple(offered[:3])


def _other_regions(state: State) -> list[str]:
    """Regions whose documents hold the subject's rarest words."""
    rare = sorted(state.weights, key=lambda term: -state.weights[term])[:3]
    return list(
        dict.fromkeys(
            document.jurisdiction
            for document in state.index.documents.values()
            if document.jurisdiction
            and rare
            and all(term in document.text.lower() for term in rare)
        )
    )
