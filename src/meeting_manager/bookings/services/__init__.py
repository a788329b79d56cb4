"""Everything that may happen to a booking. Each verb owns its transaction; see docs/architecture.md."""

from meeting_manager.bookings.services.book import book, book_internal
from meeting_manager.bookings.services.calendar_link import link_calendar_event, record_calendar_event
from meeting_manager.bookings.services.cancel import cancel, delete
from meeting_manager.bookings.services.decide import approve, expire_unapproved, reject
from meeting_manager.bookings.services.edit import EDITABLE, edit
from meeting_manager.bookings.services.erasing import Erased, erase, erase_requests
from meeting_manager.bookings.services.note import NOTE, note
from meeting_manager.bookings.services.outcome import complete, mark_no_show
from meeting_manager.bookings.services.participants import invite, respond, uninvite
from meeting_manager.bookings.services.reassign import reassign
from meeting_manager.bookings.services.reminder import record_reminder
from meeting_manager.bookings.services.requests import confirm, request, requests_of
from meeting_manager.bookings.services.reschedule import reschedule
from meeting_manager.bookings.services.series import Made, book_series, cancel_series, move_series

__all__ = [
    "EDITABLE",
    "NOTE",
    "Erased",
    "Made",
    "approve",
    "book",
    "book_internal",
    "book_series",
    "cancel",
    "cancel_series",
    "complete",
    "confirm",
    "delete",
    "edit",
    "erase",
    "erase_requests",
    "expire_unapproved",
    "invite",
    "link_calendar_event",
    "mark_no_show",
    "move_series",
    "note",
    "reassign",
    "record_calendar_event",
    "record_reminder",
    "reject",
    "request",
    "requests_of",
    "reschedule",
    "respond",
    "uninvite",
]
