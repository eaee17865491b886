"""The way from a question to its answer, as a list of steps that one can read.

Each step takes a State and gives a State; the first that sets an answer ends the work, but
for the last, which checks it. The steps run as LangChain runnables, so that callbacks and
tracing see them; tracing stays off unless it is asked for.
"""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from langchain_core.runnables import Runnable, RunnableLambda, RunnableSequence

from assistant.about import (
    is_about_document,
    is_named_by_number,
    named_documents,
    write_about,
)
from assistant.answer import Answer, Status
from assistant.arithmetic import work_out
from assistant.compare import is_comparison, write_comparison
from assistant.compose import Draft, write_findings, write_sum
from assistant.eligibility import run_rules, tells_facts
from assistant.evidence import Evidence, rank_evidence, subject_weights, unknown_share
from assistant.follow_up import complete, suggestions
from assistant.grounding import ungrounded
from assistant.question import Question, is_greeting, is_in_domain, read_question, refusal
from assistant.refuse import (
    contradicting,
    false_premise,
    is_unverified,
    other_year,
    why_not_answered,
    write_contradicted,
    write_missing_region,
    write_missing_year,
    write_not_found,
    write_not_in_force,
    write_unverified,
)
from assistant.scope import find_scope, nearness
from assistant.selection import choose, whole_list, with_openings
from assistant.settings import Settings
from assistant.several import joined, split_questions
from assistant.spelling import correct, sounds
from assistant.state import State, Turn
from assistant.stray import find_stray, write_stray
from corpus.document import Document, Validity
from index.embedding import load_embedder
from index.search import Hit, Index

_CANDIDATES = 24  # clauses whose sentences are weighed
_WELCOME = (
    "您好。请直接提出科技政策方面的问题，写明地区、年份或政策名称会更准确，"
    "例如“内蒙古科技计划分为哪几类？”"
)
_MOST_UNKNOWN = 0.75  # of the subject, by rarity
_NAMED = 1.3  # for a document whose 文号 is named
_FAR_BETTER, _FAR_MORE, _MOST_OF_IT = 1.2, 0.2, 0.6
_EARLIER = 1.15  # for a document that was replaced, where 以前 is asked
_MOST_COMPARED = 8  # documents that are searched one by one


def read_facts(state: State) -> State:
    """Read the question; complete a second turn from the first, mend its spelling."""
    question = read_question(state.text, state.day, state.region)
    earlier = [turn.question for turn in state.history]
    question = complete(question, earlier, state.day, state.region)
    clauses = state.index.clauses.values()
    question = correct(
        question,
        knows=state.index.keyword.knows,
        holds=lambda words: any(words in clause.plain for clause in clauses),
        by_sound=state.by_sound,
    )
    return replace(state, question=question)


def route_question(state: State) -> State:
    """Refuse what is refused whatever the documents hold; find the documents that may answer."""
    question = state.asked
    if is_greeting(question.plain):
        return replace(
            state,
            answer=Answer(state.text, state.day, Status.NEEDS_FACTS, _WELCOME, needs=("问题",)),
        )
    sentence = refusal(question.plain)
    if sentence:
        return replace(state, answer=Answer(state.text, state.day, Status.REFUSED, sentence))
    scope = find_scope(question, state.index.documents.values(), state.day)
    return replace(
        state,
        scope=scope,
        weights=subject_weights(question, state.index),
        unknown=unknown_share(question, state.index),
    )


def find_clauses(state: State) -> State:
    """Search the documents of the scope; weigh every sentence of the clauses found."""
    hits, evidence = _search(state, state.scope.documents)
    return replace(state, hits=hits, evidence=evidence)


def _search(
    state: State, documents: Sequence[Document]
) -> tuple[tuple[Hit, ...], tuple[Evidence, ...]]:
    question = state.asked
    words = " ".join([question.plain, *question.expansions])
    groups = [[one.document_id] for one in documents]
    if not is_comparison(question) or len(groups) > _MOST_COMPARED:
        groups = [[one for group in groups for one in group]]
    hits = [
        hit
        for group in groups
        for hit in state.index.search(
            question.plain, words=words, documents=group, limit=_CANDIDATES
        )
    ]
    ranked = rank_evidence(hits, question, state.weights)
    near = [replace(one, score=one.score * _fit(one.document, question)) for one in ranked]
    near.sort(key=lambda one: -one.score)
    return tuple(hits), tuple(near)


def all_evidence(state: State) -> tuple[Evidence, ...]:
    """The sentences found, best first, with those of documents that are not in force."""
    expired = _search(state, state.scope.not_in_force)[1] if state.scope.not_in_force else ()
    return tuple(sorted((*state.evidence, *expired), key=lambda one: -one.score))


def _fit(document: Document, question: Question) -> float:
    """A factor that prefers the very region and the very 文号 that were named."""
    named = _NAMED if is_named_by_number(document, question) else 1.0
    is_earlier = bool(document.replaced_by) or document.validity is not Validity.IN_FORCE
    earlier = _EARLIER if question.is_about_past and is_earlier else 1.0
    return named * earlier * nearness(document, question.regions)


def write_answer(state: State) -> State:
    """Answer from metadata, side by side, or from the best sentences; or say what is missing."""
    question, draft = state.asked, Draft(state.day)
    if not is_in_domain(question.plain) and _is_foreign(state):
        status = Status.OUT_OF_SCOPE
        draft.lines.append(
            "这个问题超出科技政策问答的范围，无法回答。可以问科技计划、企业认定、研发费用、成果转化、"
            "人才、平台和资金补助等政策。"
        )
    elif state.scope.missing_region:
        status = write_missing_region(draft, question, state.evidence, state.index)
    elif state.scope.missing_years and not is_comparison(question):
        status = write_missing_year(draft, question, state.scope, state.evidence)
    elif is_about_document(question) and (named := _named(state)):
        write_about(draft, question, named, state.index)
        status = Status.ANSWERED
    else:
        status = _write_found(draft, state)
    offered = suggestions(state) if status is Status.ANSWERED else ()
    answer = draft.answer(question, status, offered)
    return replace(state, answer=answer)


def _write_found(draft: Draft, state: State) -> Status:
    question = state.asked
    stray = find_stray(question, state.scope.documents, state.index)
    if stray is not None:
        write_stray(draft, stray, state.index.documents[stray.document_id])
        return Status.ANSWERED
    denied = false_premise(question, state.evidence, state.index, state.scope.documents)
    if denied:
        return _write_denied(draft, state, denied)
    if is_comparison(question) and (compared := write_comparison(draft, question, state)):
        return compared
    worked = work_out(question, state.evidence)
    if worked is not None:
        write_sum(draft, question, worked, state.evidence)
        return Status.ANSWERED
    reason = why_not_answered(question, state.evidence, state.weights) or _strange(state)
    others = state.scope.not_in_force
    expired = _search(state, others)[1] if others and not question.is_about_past else ()
    if _answers_instead(expired, state, reason):
        return write_not_in_force(draft, expired[0])
    if reason:
        return write_not_found(draft, question, state.evidence, reason)
    return _write_chosen(draft, state)


def _answers_instead(expired: Sequence[Evidence], state: State, reason: str | None) -> bool:
    """Whether what is not in force answers and what is in force does not, or far less."""
    if why_not_answered(state.asked, expired, state.weights) is not None:
        return False
    if reason or not state.evidence:
        return True
    best, held = expired[0], state.evidence[0]
    return (
        best.score >= _FAR_BETTER * held.score
        and best.coverage >= _MOST_OF_IT
        and best.coverage >= held.coverage + _FAR_MORE
    )


def _write_denied(draft: Draft, state: State, denied: str) -> Status:
    question = state.asked
    stated = contradicting(question, state.evidence)
    if stated is not None:
        return write_contradicted(draft, question, stated, denied)
    return write_not_found(draft, question, state.evidence, denied)


def _write_chosen(draft: Draft, state: State) -> Status:
    """The sentences that answer, unless they are of another year or say that nothing is known."""
    question = state.asked
    chosen = choose(question, state.evidence)
    if other_year(question, chosen):
        scope = replace(state.scope, missing_years=question.years)
        return write_missing_year(draft, question, scope, chosen)
    if is_unverified(chosen[0]):
        return write_unverified(draft, question, chosen[:2])
    listed = whole_list(question, chosen[0], state.evidence, state.index)
    write_findings(draft, question, listed or with_openings(chosen, state.index))
    return Status.ANSWERED


def check_grounding(state: State) -> State:
    """Drop an answer that states what its sources do not hold."""
    answer = state.answer
    assert answer is not None
    if answer.worked is not None:  # a rule's quotes and numbers are checked by its cases
        return state
    stray = ungrounded(answer, state.question)
    if not stray:
        return state
    sentence = f"查到的条文不能支持这样的回答（{'、'.join(stray)}），因此不作答。请换一种问法。"
    return replace(
        state, answer=replace(answer, status=Status.NOT_GROUNDED, answer=sentence, citations=())
    )


STEPS: tuple[Callable[[State], State], ...] = (
    read_facts,
    route_question,
    run_rules,
    find_clauses,
    write_answer,
    check_grounding,
)


def _timed(step: Callable[[State], State]) -> Callable[[State], State]:
    def run(state: State) -> State:
        if state.answer is not None and step is not check_grounding:
            return state
        begin = time.perf_counter()
        after = step(state)
        spent = (time.perf_counter() - begin) * 1000
        return replace(after, timings=(*state.timings, (step.__name__, round(spent, 2))))

    return run


class Assistant:
    """Answers questions from one index."""

    def __init__(self, index: Index) -> None:
        os.environ.setdefault("LANGSMITH_TRACING", "false")
        self.index = index
        self._by_sound, self._version = _sounds_of(index), index.manifest.version
        steps = [RunnableLambda(_timed(step), name=step.__name__) for step in STEPS]
        self._chain: Runnable[State, State] = RunnableSequence(*steps)

    def ask(
        self, question: str, *, day: date, region: str | None = None, history: Sequence[Turn] = ()
    ) -> Answer:
        """Answer a question as of `day`. Raises UsageError when it is no question.

        `region` (name or code) holds where the question names none; `history` are the earlier
        turns of the conversation, oldest first.
        """
        self.index.refresh()
        if self._version != self.index.manifest.version:  # another reader may have refreshed
            self._by_sound, self._version = _sounds_of(self.index), self.index.manifest.version
        turns = list(history)
        answers = []
        place = _place_of_all(question, day, region)
        is_one = tells_facts(question, day)
        for part in [question] if is_one else split_questions(question, day, region):
            answers.append(self._answer(part, day, place, turns))
            turns.append(Turn(part, answers[-1]))
        return answers[0] if len(answers) == 1 else joined(question, answers)

    def state(self, question: str, day: date, region: str | None, history: Sequence[Turn]) -> State:
        """A question before the first step, so that steps can be run one by one."""
        return State(question, day, self.index, self._by_sound, region, tuple(history))

    def _answer(
        self, question: str, day: date, region: str | None, history: Sequence[Turn]
    ) -> Answer:
        state = self._chain.invoke(self.state(question, day, region, history))
        assert state.answer is not None
        return replace(state.answer, timings_ms=state.timings)


def open_assistant(settings: Settings) -> Assistant:
    """Open the index of the settings' store. Raises IndexStoreError and ModelError."""
    embedder = load_embedder(settings.embedding_model, settings.cache)
    return Assistant(Index.open(settings.store, embedder))


def _place_of_all(question: str, day: date, region: str | None) -> str | None:
    """The one region that a line of several questions names holds for each of them."""
    regions = read_question(question, day, region).regions
    return regions[0] if len(regions) == 1 else region


def _named(state: State) -> list[Document]:
    """The documents that a question about a document means; none where no title fits."""
    held = [*state.scope.documents, *state.scope.not_in_force]
    return named_documents(held, state.weights, state.asked)


def _strange(state: State) -> str | None:
    """The subject itself is unknown to the corpus, whatever its everyday words find."""
    question = state.asked
    if state.unknown < _MOST_UNKNOWN or question.expansions or question.corrections:
        return None
    return f"库中文件没有找到关于“{question.subject}”的规定，未提及所问内容"


def _is_foreign(state: State) -> bool:
    """Whether neither words nor likeness tie the question to the corpus."""
    likeness = max((hit.dense for hit in state.hits), default=0.0)
    return likeness < 0.85 or state.unknown > 0.6


def _sounds_of(index: Index) -> dict[str, list[str]]:
    return sounds("".join(clause.plain for clause in index.clauses.values()))
