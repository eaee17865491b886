"""Which earlier documents a text says it repeals: 《…》（文号）同时废止, 自…起停止执行.

What it does not know: repeals by a list in another document, and those of a document's parts
only by what they are about.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corpus.line_kinds import find_document_number, find_mark

_TITLE = re.compile(r"《((?:[^《》]|《[^《》]*》)+)》(?:[（(]([^（）()]*)[）)])?")
_VERB = re.compile(
    r"(?:同时|即行|予以|一并|相应|均|全部|起|》|[）)])(?:废止|停止执行|失效|停止实施)"
)
_PREVAILS = re.compile(r"以本\w{2,4}为准")
# What stands before it speaks of this document, or of the laws that it rests on.
_BEFORE = re.compile(
    r"(?:施行|实施|执行|生效)(?:之日起)?[，,、]|之日起[，,、]?|\d日起[，,、]?|(?:根据|依据|按照)[^，,]*[，,]"
)
_PARTLY = re.compile(r"第[^，,]{1,6}[条款项章]|[中里]|不一致|相抵触|有关|相关|部分|附件")
_LEAD = re.compile("^(?:原|将|和|与|及|对|现将|此前)+")  # words before a 文号 in a sentence
_NOT_SO = re.compile("不|未|没有")


@dataclass(frozen=True)
class Repeal:
    """A document that a text repeals or overrides, as far as the text names it."""

    title: str | None
    document_number: str | None
    is_whole: bool  # False: in part, or only where it differs (以本办法为准)
    quote: str


def find_repeals(sentences: Iterable[str]) -> Iterator[Repeal]:
    """The documents that the simplified sentences repeal, in order, each once."""
    seen: set[tuple[str | None, str | None]] = set()
    for sentence in sentences:
        for one in _in_sentence(sentence):
            if (one.title, one.document_number) not in seen:
                seen.add((one.title, one.document_number))
                yield one


def _in_sentence(sentence: str) -> Iterator[Repeal]:
    masked = _masked(sentence)
    mark = find_mark(sentence)
    start = mark.length if mark else 0
    for verb in [*_VERB.finditer(masked), *_PREVAILS.finditer(masked)]:
        before = [match.end() for match in _BEFORE.finditer(masked, start, verb.start() + 1)]
        first = max([start, *(end for end in before if _names(sentence, end, verb.start() + 1))])
        yield from _named(sentence, masked, first, verb)
        start = verb.end()


def _names(sentence: str, start: int, end: int) -> bool:
    """Whether the words between name a document."""
    return "《" in sentence[start:end] or find_document_number(sentence[start:end]) is not None


def _masked(sentence: str) -> str:
    """The sentence with the words of titles blanked, place for place."""
    return _TITLE.sub(lambda match: f"《{'□' * (len(match[0]) - 2)}{match[0][-1]}", sentence)


def _named(sentence: str, masked: str, start: int, verb: re.Match[str]) -> Iterator[Repeal]:
    """The documents named before a verb; without a title the 文号 alone."""
    end = verb.start() + 1
    titles = list(_TITLE.finditer(sentence, start, end))
    rest = masked[titles[-1].end() if titles else start : verb.start()]
    is_whole = not (_PREVAILS.fullmatch(verb[0]) or _PARTLY.search(rest))
    if _NOT_SO.search(rest) and is_whole:
        return
    for match in titles:
        number = find_document_number(match[2] or "")
        yield Repeal(match[1], number[0] if number else None, is_whole, sentence)
    number = None if titles else find_document_number(sentence[start : verb.start()])
    if number:
        yield Repeal(None, _LEAD.sub("", number[0]), is_whole, sentence)
