"""The run that goes on beside the page, in a thread of its own: one at a time.

Its lines are kept as they come, so a run that was stopped, or whose server ended, goes on where
it was. The index may be renewed meanwhile; a run is of one index, so it then asks anew.
"""

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.pipeline import Assistant
from corpus.errors import PolicyError, UsageError
from eval.page_runs import Begun, Runs
from eval.page_sets import Sets
from eval.questions import Query
from eval.run import Options, run_set

_LOG = logging.getLogger(__name__)


class _StoppedError(Exception):
    """Somebody stopped the run."""


class _RenewedError(Exception):
    """The index is another one than when the run began."""


@dataclass(frozen=True)
class Work:
    """The run going on, or how the last one ended: at most one of `said` and `wrong`."""

    running: bool = False
    name: str = ""
    stage: str = "answer"  # or retrieval
    done: int = 0
    total: int = 0
    ended: int = 0  # runs since the server began
    said: str = ""
    wrong: str = ""


class Runner:
    """Runs sets against the assistant that answers the readers."""

    def __init__(self, assistant: Assistant, runs: Runs, sets: Sets) -> None:
        self._assistant = assistant
        self._runs = runs
        self._sets = sets
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._idle = threading.Event()
        self._idle.set()
        self._state = Work()

    @property
    def state(self) -> Work:
        """What it is doing, or how it ended."""
        return self._state

    def start(self, begun: Begun) -> None:
        """Begin a run or go on with it. Raises UsageError while another goes on."""
        with self._lock:
            if self._state.running:
                raise UsageError(
                    f"评测 {self._state.name} 正在运行，一次只能运行一个。请等它结束，或先停止它。"
                )
            queries = self._sets.read(begun.questions)
            self._runs.begin(begun)
            self._state = Work(True, begun.name, ended=self._state.ended)
            self._stop.clear()
            self._idle.clear()
        threading.Thread(
            target=self._run, args=(begun, queries), name="evaluation", daemon=True
        ).start()

    def stop(self) -> None:
        """End the run after the question that it is at; it can go on later."""
        self._stop.set()

    def wait(self, seconds: float) -> bool:
        """Wait until nothing runs, this long at most; whether that is so."""
        return self._idle.wait(seconds)

    def _run(self, begun: Begun, queries: Sequence[Query]) -> None:
        said, wrong = "", ""
        try:
            missing = self._finish(begun, queries)
            said = f"评测 {begun.name} 已完成。"
            if missing:
                said, wrong = "", f"{said}没有比较检索方法：{missing}"
        except _StoppedError:
            said = f"评测 {begun.name} 已停止，答过的题都已保存，可以继续。"
        except PolicyError as error:
            wrong = f"评测 {begun.name} 没有完成{self._where()}：{error}"
        except Exception:
            _LOG.exception("the run %s failed", begun.name)
            wrong = f"评测 {begun.name} 出错{self._where()}；详情已记入服务器日志。"
        if wrong and not self._runs.answered(begun.name):
            self._runs.forget(begun.name)  # nothing to go on with
        with self._lock:
            self._state = Work(ended=self._state.ended + 1, said=said, wrong=wrong)
            self._idle.set()

    def _where(self) -> str:
        """At which question a run ended, where it got as far as the questions."""
        state = self._state
        return f"（第 {state.done + 1} 题）" if 0 < state.done < state.total else ""

    def _finish(self, begun: Begun, queries: Sequence[Query]) -> str:
        """Run to the end and keep the result; why the retrieval could not be compared."""
        missing = ""
        try:
            run = self._whole(begun, queries)
        except UsageError as error:
            if not begun.retrieval:
                raise
            missing = str(error)
            run = self._whole(replace(begun, retrieval=False), queries)
        self._runs.keep(run)
        return missing

    def _whole(self, begun: Begun, queries: Sequence[Query]) -> dict[str, Any]:
        """The run over one index, asked anew whenever the index was renewed meanwhile."""
        index = self._assistant.index
        lines = self._runs.lines(begun.name)
        options = Options(begun.name, begun.part, begun.retrieval)
        while True:
            index.refresh()
            version = index.manifest.version

            def say(stage: str, done: int, total: int, version: str = version) -> None:
                self._state = replace(self._state, stage=stage, done=done, total=total)
                if self._stop.is_set():
                    raise _StoppedError
                if index.manifest.version != version:
                    raise _RenewedError

            try:
                return run_set(queries, self._assistant, options, lines, say)
            except _RenewedError:
                _LOG.info("the index was renewed: %s asks anew", begun.name)
