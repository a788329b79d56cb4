"""Which events this room listens to, and when it acts on them."""

from datetime import datetime

from meeting_manager.bookings.services.requests import REQUESTED
from meeting_manager.ledger.services import Event, Owed, subscribe
from meeting_manager.notifications.services import elsewhere
from meeting_manager.notifications.services.confirming import owe_confirmation
from meeting_manager.notifications.services.planning import CALM, NOTIFY
from meeting_manager.notifications.services.trouble import calendar_notice
from meeting_manager.people.models import SYSTEM_EMAIL

TOLD = (
    "booking.confirmed",
    "booking.requested",
    "booking.rejected",
    "booking.cancelled",
    "booking.rescheduled",
    "booking.reassigned",
    "booking.edited",
    "booking.invited",
    "booking.uninvited",
    "booking.completed",
    "booking.no_show",
    "booking.deleted",
)
_TAKEN_BACK = {"booking.rescheduled", "booking.reassigned", "booking.completed", "booking.no_show"}
"""What staff do with one movement, and may undo with the next."""


def subscribe_all() -> None:
    """Called once at start-up."""
    for event_type in TOLD:
        subscribe(event_type, owe_planning)
    subscribe("calendar.trouble", calendar_notice)
    for event_type in elsewhere.EVENTS:
        subscribe(event_type, elsewhere.owe_notices)
    subscribe(REQUESTED, owe_confirmation)


def owe_planning(event: Event, now: datetime) -> list[Owed]:
    """One delivery for the event, whoever will hear of it: who that is, is worked out after the commit."""
    is_calm = event.type in _TAKEN_BACK and event.payload["actor"] != SYSTEM_EMAIL
    payload = {**event.payload, "event": event.type, "event_key": event.key}
    due = now + CALM if is_calm else now
    return [Owed(NOTIFY, f"{NOTIFY}:{event.key}", payload, due, about=event.payload["booking"])]
