"""A booking as an event of iCalendar, for calendars that keep events as files: made new, or written over what is there.

What the owner of the calendar added to an event stays: reminders, categories, everything that is not said here.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime

from icalendar import Calendar, Component, Event, vCalAddress, vText

from meeting_manager.adapters.calendar.protocol import OutgoingEvent

_PRODUCT = "-//Meeting Manager//EN"
_OURS = ("DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "LOCATION", "URL", "STATUS", "ORGANIZER", "ATTENDEE")
_OF_OURS = ("DURATION", "X-ALT-DESC", "LAST-MODIFIED")
"""What says the same as something of ours in another way, and so would say what is no longer true."""

_IN_PARAMETERS = str.maketrans({'"': "'", "\\": "/", "^": " "})
"""Signs that calendar programs read in different ways in a parameter."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def made(event: OutgoingEvent, now: datetime) -> bytes:
    """A new file with the event; `now` aware, for its DTSTAMP."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    entry = Event()
    entry.add("uid", event.uid)
    entry.add("sequence", event.sequence)
    _say(entry, event, now)
    calendar.add_component(entry)
    return bytes(calendar.to_ical())


def changed(text: bytes, event: OutgoingEvent, now: datetime) -> bytes:
    """The file `text` with the event as it is to be; a new one where it cannot be read, or holds no such event.

    SEQUENCE never goes back, which servers would refuse.
    """
    calendar = _read(text)
    entry = _entry(calendar, event.uid) if calendar else None
    if calendar is None or entry is None:
        return made(event, now)
    calendar.pop("METHOD", None)
    sequence = max(event.sequence, _sequence(entry))
    for name in (*_OURS, *_OF_OURS, "SEQUENCE"):
        entry.pop(name, None)
    entry.add("sequence", sequence)
    _say(entry, event, now)
    return bytes(calendar.to_ical())


def is_of(text: bytes, uid: str) -> bool:
    """Whether the file holds the event of this UID."""
    calendar = _read(text)
    return calendar is not None and _entry(calendar, uid) is not None


def _read(text: bytes) -> Component | None:
    with suppress(Exception):  # the library breaks over files in many ways
        return Calendar.from_ical(text)
    return None


def _entry(calendar: Component, uid: str) -> Component | None:
    """The event itself, not one of the exceptions that its owner may have made."""
    events = (each for each in calendar.subcomponents if each.name == "VEVENT" and "RECURRENCE-ID" not in each)
    return next((each for each in events if str(each.get("UID", "")).strip() == uid), None)


def _sequence(entry: Component) -> int:
    with suppress(TypeError, ValueError):
        return int(entry.get("SEQUENCE", 0))
    return 0


def _say(entry: Component, event: OutgoingEvent, now: datetime) -> None:
    entry.add("dtstamp", now.replace(microsecond=0))
    entry.add("dtstart", datetime.fromtimestamp(event.start, UTC))
    entry.add("dtend", datetime.fromtimestamp(event.end, UTC))
    entry.add("summary", _text(event.title))
    for name, value in (("description", event.description), ("location", event.location)):
        if value:
            entry.add(name, _text(value))
    if event.url:
        entry.add("url", event.url)
    entry.add("status", "TENTATIVE" if event.is_tentative else "CONFIRMED")
    if event.organizer[0]:
        entry.add("organizer", _person(*event.organizer))
    for each in _attendees(event.attendees):
        entry.add("attendee", each)


def _attendees(people: Iterable[dict[str, str]]) -> Iterable[vCalAddress]:
    for each in people:
        person = _person(each["email"], each.get("name", ""))
        person.params["PARTSTAT"] = each.get("response") or "NEEDS-ACTION"
        yield person


def _person(email: str, name: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    if cleaned := " ".join(_CONTROL.sub("", name).split()).translate(_IN_PARAMETERS):
        address.params["CN"] = cleaned
    # Servers that invite by themselves (RFC 6638) leave it to us with this: no attendee hears of anything twice, and
    # no answer of the host is sent to us when the event is written or deleted.
    address.params["SCHEDULE-AGENT"] = "CLIENT"
    return address


class _Text(vText):
    r"""Text in which a backslash before N stays one: icalendar 7.3 takes both for a line end that somebody escaped."""

    def to_ical(self) -> bytes:
        return b"\\\\N".join(vText(part).to_ical() for part in self.split(r"\N"))


def _text(value: str) -> vText:
    return _Text(_CONTROL.sub("", value.replace("\r\n", "\n")))
