"""A booking in the calendars of its hosts, in words for whoever sees the booking."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meeting_manager.bookings.models import Booking
from meeting_manager.calendars import queries
from meeting_manager.calendars.choices import EventSyncStatus, ExternalChange
from meeting_manager.calendars.models import CalendarEventSync
from meeting_manager.engine.lifecycle import HOLDING
from meeting_manager.people.models import User

_STATES: dict[str, tuple[str, str | Promise]] = {
    EventSyncStatus.SYNCED: ("good", _("Written")),
    EventSyncStatus.PENDING: ("wait", _("Being written")),
    EventSyncStatus.FAILED: ("bad", _("Not written")),
    EventSyncStatus.DELETED_EXTERNALLY: ("bad", _("Deleted there")),
}
_MOVED = ("bad", _("Moved there"))


@dataclass(frozen=True, slots=True)
class BookedEvent:
    """The booking in one host's calendar; `tone` is the class of its state."""

    host: str
    tone: str
    state: str | Promise
    written_at: datetime | None
    error: str
    link: str
    """Its page in the calendar, for its owner only."""
    event: CalendarEventSync | None
    is_moved: bool = False
    is_deleted: bool = False

    @property
    def is_undecided(self) -> bool:
        """Whether something was done to it there, and nobody has said what is to become of the booking."""
        return self.is_moved or self.is_deleted


def events_of(booking: Booking, reader: User) -> list[BookedEvent]:
    """How the booking stands in its hosts' calendars; nothing where none of them has a calendar for bookings, or where
    it was moved and the new one tells it. Two queries."""
    if booking.rescheduled_to:
        return []
    rows = queries.events_of(booking)
    told = [_told(row, booking, reader) for row in rows]
    if booking.booking_status in HOLDING:
        told += _not_begun(booking, {row.calendar_integration.user_id for row in rows})
    return told


def _told(row: CalendarEventSync, booking: Booking, reader: User) -> BookedEvent:
    owner = row.calendar_integration.user
    is_open = booking.booking_status in HOLDING
    tone, state = _state(row)
    return BookedEvent(
        owner.display_name,
        tone,
        state,
        written_at=row.last_synced,
        error=row.sync_error_log if row.sync_status == EventSyncStatus.FAILED else "",
        link=row.external_link if owner.pk == reader.pk else "",
        event=row,
        is_moved=is_open and row.external_change == ExternalChange.MOVED,
        is_deleted=is_open and row.external_change == ExternalChange.DELETED,
    )


def _state(row: CalendarEventSync) -> tuple[str, str | Promise]:
    if row.external_change == ExternalChange.MOVED:
        return _MOVED
    if row.write_started:
        return _STATES[EventSyncStatus.PENDING]
    return _STATES[row.sync_status]


def _not_begun(booking: Booking, known: set[int]) -> list[BookedEvent]:
    """The hosts whose calendars are to have the booking, and whose turn has not come."""
    hosts = {host.user_id for host in booking.assigned_users.all()} - known
    waiting = queries.taking_bookings().filter(user__in=hosts).select_related("user").only("user")
    tone, state = _STATES[EventSyncStatus.PENDING]
    return [BookedEvent(each.user.display_name, tone, state, None, "", "", None) for each in waiting]
