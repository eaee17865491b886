"""What people leave behind: their votes on answers, one JSON object a line."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock

FEEDBACK_FILE = "feedback.jsonl"
MAX_REASON = 500  # characters kept of a reason


@dataclass(frozen=True)
class Feedback:
    """One vote on one answer. `vote` is "up" or "down".

    A vote is written at once and again when its reason follows: of several lines with
    the same `answer_id` the last one counts.
    """

    answer_id: str
    question: str
    day: str  # YYYY-MM-DD
    answer: str
    status: str
    vote: str
    reason: str = ""


def add_feedback(store: Path, feedback: Feedback) -> Path:
    """Append one line to `<store>/feedback.jsonl` and return that file's path.

    A lock keeps lines of several threads and processes whole. The time written is UTC.
    """
    store.mkdir(parents=True, exist_ok=True)
    path = store / FEEDBACK_FILE
    record = asdict(feedback) | {
        "reason": feedback.reason[:MAX_REASON],
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    line = json.dumps(record, ensure_ascii=False) + "\n"
    with FileLock(path.with_suffix(".lock")), path.open("a", encoding="utf-8") as file:
        file.write(line)
    return path
