"""The days on which to apply, as a calendar file (RFC 5545) of whole days.

Only programmes that are met or still open, and only windows whose text states a day.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.calculator import VERDICTS, Report, cite
from assistant.rules.assessment import Assessment
from assistant.rules.ranges import Verdict
from assistant.rules.rule import Window
from corpus.errors import UsageError

_OCTETS = 75  # of one line; longer ones are folded
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


@dataclass(frozen=True)
class ApplicationTime:
    """One window of a programme, on the days of its next turn; both included."""

    assessment: Assessment
    number: int  # of the window in its rule
    window: Window
    first: date
    last: date


def application_times(report: Report) -> tuple[ApplicationTime, ...]:
    """The next turn of every window that states a day, the earliest first."""
    wanted = (one for one in report.assessments if one.verdict in (Verdict.MET, Verdict.UNKNOWN))
    found = (
        ApplicationTime(one, number, window, *days)
        for one in wanted
        for number, window in enumerate(one.rule.windows, 1)
        if (days := next_days(window, one.day))
    )
    return tuple(sorted(found, key=lambda one: (one.first, one.assessment.programme, one.number)))


def next_days(window: Window, day: date) -> tuple[date, date] | None:
    """First and last day of the window's turn that is open on the day or comes next.

    A window that states only one end is that one day. None where it states no day, or no longer
    holds by then.
    """
    opens, closes = window.opens or window.closes, window.closes or window.opens
    if opens is None or closes is None:
        return None
    for year in (day.year - 1, day.year, day.year + 1):
        last = _day_of(year + (closes < opens), closes)
        if last >= day:
            held = window.covers(day) and window.covers(last)
            return (_day_of(year, opens), last) if held else None
    return None


def _day_of(year: int, month_day: str) -> date:
    """A day of a year; 29 February is the last of the month in a common year."""
    month, day = (int(part) for part in month_day.split("-"))
    return date(year, month, min(day, monthrange(year, month)[1]))


def windows_ics(report: Report) -> str:
    """The application times as one calendar file, lines ended by CRLF.

    Raises UsageError where there is none: a calendar must not be empty.
    """
    times = application_times(report)
    if not times:
        raise UsageError("符合或待确认的政策里，没有写明日期的申报时间，没有可以存入日历的内容。")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//policy-calculator//CN",
        "CALSCALE:GREGORIAN",
    ]
    for one in times:
        lines += _event(one)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(one: ApplicationTime) -> Iterator[str]:
    assessment = one.assessment
    uid = f"{assessment.programme}-{one.number}-{one.first:%Y%m%d}@policy-calculator"
    said = [one.window.text, f"自测结果：{VERDICTS[assessment.verdict]}（测算日{assessment.day}）"]
    if one.window.reference:
        cited = cite(one.window.reference, assessment.day)
        said.append(f"依据：{cited.title}{cited.clause}“{cited.quote}”")
    yield "BEGIN:VEVENT"
    yield f"UID:{uid}"
    yield f"DTSTAMP:{assessment.day:%Y%m%d}T000000Z"
    yield f"DTSTART;VALUE=DATE:{one.first:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{one.last + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_text(f'申报：{assessment.rule.name}')}"
    yield f"DESCRIPTION:{_text(chr(10).join(said))}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _text(words: str) -> str:
    return words.translate(_ESCAPES)


def _folded(line: str) -> Iterator[str]:
    """The line in parts of at most 75 octets; no character is cut, each later part is indented.

    >>> [len(part.encode()) for part in _folded("SUMMARY:" + "申报" * 20)]
    [74, 55]
    """
    part = ""
    for character in line:
        if len((part + character).encode()) > _OCTETS:
            yield part
            part = " "
        part += character
    yield part
