"""The day a question asks about: today where the policies apply, or the day a reader picked."""

from datetime import date, datetime, timedelta, timezone

from corpus.errors import UsageError

CHINA = timezone(timedelta(hours=8), "UTC+8")


def today() -> date:
    """Return today's date in China, wherever the server stands."""
    return datetime.now(CHINA).date()


def read_day(text: object) -> date:
    """Return the day written as YYYY-MM-DD; an empty field means today.

    Raises UsageError for anything else.
    """
    written = str(text or "").strip()
    if not written:
        return today()
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise UsageError(
            f"看不懂提问日“{written[:30]}”。请按“年-月-日”填写，如 2026-01-31。"
        ) from None
