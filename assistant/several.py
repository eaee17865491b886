"""Several questions in one line: 有效期几年？多久填一次年报，不填会怎样？

Each is answered as a turn that follows the one before, and the answers are joined. A second
part without a subject of its own (分别怎么说？) belongs to the first and is not parted from it.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from assistant.answer import Answer, Citation, Status
from assistant.compare import is_comparison
from assistant.follow_up import own_subject
from assistant.question import read_question, refusal
from corpus.cleaning import mainland, simplify

_ASKS = r"几|多少|多久|怎么|怎样|什么|谁|哪|吗|何时|如何|是否|呢"
_PARTS = re.compile(rf"(?<=[？?])|(?<=[；;])|[，,](?=[^，,？?]*(?:{_ASKS})[^，,？?]*[？?]?$)")
_MARK = re.compile(r"\[(\d+)\]")
_MOST_PARTS = 4


def split_questions(text: str, day: date, region: str | None) -> list[str]:
    """The questions of a line, one or several. Raises UsageError when it is no question."""
    whole = read_question(text, day, region)
    if whole.was_cut or refusal(whole.plain) or is_comparison(whole):
        return [text]
    # 嗎 and 幾 part questions as 吗 and 几 do.
    parts = [part.strip() for part in _PARTS.split(mainland(text)) if re.search(r"\w", part)]
    if not 1 < len(parts) <= _MOST_PARTS or not all(re.search(_ASKS, simplify(p)) for p in parts):
        return [text]
    read = [read_question(part, day, region) for part in parts]
    stands_alone = [bool(own_subject(one)) or one.is_about_past for one in read]
    return parts if all(stands_alone) else [text]


def joined(text: str, answers: Sequence[Answer]) -> Answer:
    """One answer of several: their lines one after the other, their sources numbered on."""
    lines: list[str] = []
    citations: list[Citation] = []
    for answer in answers:
        lines += [
            f"{answer.question.rstrip('？?；;')}：",
            _renumbered(answer.answer, len(citations)),
        ]
        citations += [replace(one, n=one.n + len(citations)) for one in answer.citations]
    statuses = [answer.status for answer in answers]
    status = Status.ANSWERED if Status.ANSWERED in statuses else statuses[0]
    times = [sum(ms for _, ms in answer.timings_ms) for answer in answers]
    return replace(
        answers[0],
        question=text,
        status=status,
        answer="\n".join(_without_repeated_notes(lines)),
        citations=tuple(citations),
        follow_ups=answers[-1].follow_ups,
        timings_ms=tuple((f"part_{n}", round(ms, 2)) for n, ms in enumerate(times, 1)),
    )


def _renumbered(text: str, shift: int) -> str:
    return _MARK.sub(lambda match: f"[{int(match[1]) + shift}]", text)


def _without_repeated_notes(lines: Sequence[str]) -> list[str]:
    """The same note under two parts is said once, where it stands last."""
    split = [line for block in lines for line in block.splitlines()]
    return [
        line
        for place, line in enumerate(split)
        if not (line.startswith(("注意", "请查阅")) and line in split[place + 1 :])
    ]
