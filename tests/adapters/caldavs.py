"""What the tests of the CalDAV adapter share."""

from collections.abc import Mapping
from datetime import UTC, datetime

from meeting_manager.adapters.calendar.caldav import CalDAV
from meeting_manager.adapters.calendar.protocol import OutgoingEvent, Pulled, PulledEvent, Window
from meeting_manager.adapters.calendar.reading import Reader, Reading
from meeting_manager.adapters.calendar.reading.several import read_several
from tests.calendarserver import HERE, PASSWORD, USER


def at(text: str) -> int:
    """Epoch seconds of "20261201T090000Z"."""
    return int(datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp())


WINDOW = Window(at("20261130T000000Z"), at("20270101T000000Z"))
BERLIN = Reader("Europe/Berlin", ("sarah@example.com",))
REF = "0123456789abcdef0123456789abcdef"
UID = "booking-7@meet.example.com"


def read_here(files: Mapping[str, bytes], window: Window, reader: Reader) -> Reading:
    """As in the process apart, without one."""
    return read_several([(name, len(text)) for name, text in files.items()], b"".join(files.values()), window, reader)


def opened(
    url: str, *, window: Window = WINDOW, reader: Reader = BERLIN, password: str = PASSWORD, seconds: float = 20.0
) -> CalDAV:
    """The calendar at that address."""
    return CalDAV(url, USER, password, window, reader, allowed=HERE, seconds=seconds, read=read_here)


def booking(start: str = "20261202T100000Z", end: str = "20261202T103000Z", **more: object) -> OutgoingEvent:
    """A booking as it is to be in the host's calendar."""
    known: dict[str, object] = {
        "uid": UID,
        "sequence": 0,
        "start": at(start),
        "end": at(end),
        "title": "Product tour with Erin",
        "description": "Erin asks:\nHow much?",
        "location": "Room 1; upstairs",
        "url": "https://meet.example.com/b/7",
        "organizer": ("sales@example.com", 'Sales "North"'),
        "attendees": (
            {"email": "sarah@example.com", "name": "Sarah", "response": "ACCEPTED"},
            {"email": "erin@example.org", "name": "Erin", "response": "NEEDS-ACTION"},
        ),
    }
    return OutgoingEvent(**{**known, **more})  # type: ignore[arg-type]  # tests may say anything of a booking


class Mirror:
    """What pulls add up to, as `calendars/services/mirroring.py` understands them."""

    def __init__(self) -> None:
        self.events: dict[str, PulledEvent] = {}
        self.cursor = ""

    def apply(self, pulled: Pulled) -> None:
        self.cursor = pulled.cursor
        told = {event.id: event for event in pulled.events}
        gone = set(pulled.gone)
        if pulled.is_complete:
            gone |= self.events.keys() - told
        for id_ in self.events.keys() - told:
            if id_ in pulled.retold or id_.rpartition("/")[0] in pulled.retold:
                gone.add(id_)
        kept = {id_ for id_ in gone if id_ in pulled.unread or id_.rpartition("/")[0] in pulled.unread}
        for id_ in gone - kept:
            self.events.pop(id_, None)
        self.events |= told


def titles(pulled: Pulled) -> list[str]:
    """Of the events that were told."""
    return sorted(event.title for event in pulled.events)
