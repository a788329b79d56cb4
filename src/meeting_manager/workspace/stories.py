"""What happened to a booking, from both of its histories, in one order."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from meeting_manager.bookings import queries
from meeting_manager.bookings.choices import EventType
from meeting_manager.bookings.models import Booking, BookingHistory
from meeting_manager.bookings.services import NOTE
from meeting_manager.people.models import User
from meeting_manager.people.rules import is_system


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry: when (aware), by whom, what, and the words about it."""

    sequence: int
    at: datetime
    by: str
    what: str
    text: str


def story_of(booking: Booking) -> list[Happening]:
    """Everything that happened to the booking and to its hosts, in order; two queries."""
    return sorted([*_events(booking), *_assignments(booking)], key=lambda each: each.sequence)


def _events(booking: Booking) -> Iterator[Happening]:
    for row in queries.booking_history(booking):
        what, text = _told(row)
        yield Happening(row.sequence, row.event_datetime, _name(row.event_by), what, text)


def _told(row: BookingHistory) -> tuple[str, str]:
    """What happened, and the words about it; a note is called one."""
    if row.event_type == EventType.DETAILS_UPDATED and row.event_description.startswith(NOTE):
        return _("Note"), row.event_description.removeprefix(NOTE)
    return row.get_event_type_display(), row.event_description


def _assignments(booking: Booking) -> Iterator[Happening]:
    for row in queries.assignment_history(booking):
        what = f"{row.get_action_type_display()}: {row.user.display_name}"
        yield Happening(row.sequence, row.action_datetime, _name(row.action_by), what, row.notes)


def _name(user: User) -> str:
    return _("a guest or the system") if is_system(user) else user.display_name
