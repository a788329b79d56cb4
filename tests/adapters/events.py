"""A booking to be written, and what the calendars room makes of what is pulled: for the tests of all adapters."""

from datetime import UTC, datetime

from meeting_manager.adapters.calendar.protocol import OutgoingEvent, Pulled, PulledEvent, Window

T0 = int(datetime(2026, 11, 30, 8, tzinfo=UTC).timestamp())
_DAY = 86_400
WINDOW = Window(T0 - 30 * _DAY, T0 + 90 * _DAY)
REF = "0123456789abcdef0123456789abcdef"
UID = "7f9d5a9e-0000-4000-8000-000000000001"


def outgoing(start: int = T0, **changes: object) -> OutgoingEvent:
    fields: dict[str, object] = {
        "uid": UID,
        "sequence": 3,
        "start": start,
        "end": start + 1800,
        "title": "30 Min Call - Ada",
        "description": "Reference: BK-1",
        "location": "Room 1",
        "url": "https://meet.example/booking",
        "attendees": ({"email": "ada@customer.example", "name": "Ada", "response": "NEEDS-ACTION"},),
    }
    return OutgoingEvent(**{**fields, **changes})  # type: ignore[arg-type]  # tests change any of them


def mirrored(known: dict[str, PulledEvent], pulled: Pulled) -> dict[str, PulledEvent]:
    """What the calendars room makes of a pull."""
    if pulled.is_complete:
        known = {}
    told = {event.id: event for event in pulled.events}
    gone, whole = set(pulled.gone), {*pulled.retold, *pulled.gone}
    kept = {
        id_: event
        for id_, event in known.items()
        if id_ not in whole and id_.rpartition("/")[0] not in whole and id_.rpartition("/")[2] not in gone
    }
    return kept | told


def only(pulled: Pulled) -> PulledEvent:
    (event,) = pulled.events
    return event
