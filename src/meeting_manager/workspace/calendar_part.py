"""What the calendar part of a mail tells a calendar, in a few facts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from icalendar import Calendar


@dataclass(frozen=True, slots=True)
class Entry:
    """An invitation; `start` and `end` are aware, or missing where they are no instants."""

    method: str = ""
    summary: str = ""
    uid: str = ""
    sequence: str = ""
    organizer: str = ""
    attendees: tuple[str, ...] = ()
    start: datetime | None = None
    end: datetime | None = None


def read_entry(text: str) -> Entry:
    """The first event of a calendar; an empty entry where none can be read."""
    try:
        calendar = Calendar.from_ical(text)
        event = next(iter(calendar.walk("VEVENT")), None)
        return _entry(calendar, event) if event is not None else Entry()
    except (ValueError, KeyError, IndexError):
        return Entry()


def _entry(calendar: Any, event: Any) -> Entry:  # noqa: ANN401 - icalendar's components have no types of their own
    attendees = event.get("ATTENDEE", [])
    return Entry(
        method=str(calendar.get("METHOD", "")),
        summary=str(event.get("SUMMARY", "")),
        uid=str(event.get("UID", "")),
        sequence=str(event.get("SEQUENCE", "")),
        organizer=_address(event.get("ORGANIZER", "")),
        attendees=tuple(map(_attendee, attendees if isinstance(attendees, list) else [attendees])),
        start=_instant(event, "DTSTART"),
        end=_instant(event, "DTEND"),
    )


def _instant(event: Any, field: str) -> datetime | None:  # noqa: ANN401 - as above
    value = event.decoded(field) if field in event else None
    return value if isinstance(value, datetime) and value.tzinfo is not None else None


def _attendee(value: Any) -> str:  # noqa: ANN401 - as above
    answer = str(value.params.get("PARTSTAT", ""))
    return f"{_address(value)} ({answer})" if answer else _address(value)


def _address(value: object) -> str:
    return str(value).removeprefix("mailto:").removeprefix("MAILTO:")
