"""What may be wrong with connected calendars: each is read, and those that take up bookings are written to, too."""

import datetime as dt
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TypeVar

from meeting_manager.adapters.calendar.errors import AuthRevokedError, NotFoundError, RateLimitedError
from meeting_manager.adapters.calendar.protocol import OutgoingEvent, WritableCalendar, Written
from meeting_manager.adapters.errors import AdapterError, RefusedError
from meeting_manager.adapters.fetching import FetchRefusedError
from meeting_manager.calendars.access import Access, open_calendar, open_for_writing, readable_kinds, writable_kinds
from meeting_manager.calendars.choices import SyncDirection
from meeting_manager.calendars.models import CalendarIntegration
from meeting_manager.calendars.services.pulling import window_of
from meeting_manager.calendars.services.zones import zone_of
from meeting_manager.config.doctor import Finding, Kind

TITLE = "Meeting Manager test, please ignore"
_AHEAD = dt.timedelta(days=300)
_HOUR, _LENGTH = 3, dt.timedelta(minutes=10)

T = TypeVar("T")


class _WrongAnswerError(RefusedError):
    """The calendar did not do what it said."""


def examine_calendars(now: dt.datetime, email: str = "") -> Iterator[Finding]:
    """A finding for each reading, and each round trip, of every active calendar, or of those of one user; `now` aware
    UTC. Uses the network. Effects: a test event in each two-way calendar, for moments; nothing is stored here but
    tokens that were refreshed."""
    rows = CalendarIntegration.objects.filter(is_active=True, integration_type__in=readable_kinds())
    rows = rows.filter(user__email=email.lower()) if email else rows
    found = False
    for row in rows.select_related("user").order_by("user__email", "pk").iterator(50):
        found = True
        yield from _looked_at(row, now)
    if not found:
        yield Finding(Kind.NOTE, f"No active calendar{f' of {email}' if email else ''} was found.")


def _looked_at(row: CalendarIntegration, now: dt.datetime) -> Iterator[Finding]:
    """One that cannot be read is not written to: the same would be wrong, and be told twice."""
    reading = _told(row, "was read", "could not be read", lambda: _read(row, now))
    yield reading
    takes_up = row.sync_direction == SyncDirection.TWO_WAY and row.integration_type in writable_kinds()
    if takes_up and reading.kind is Kind.OK:
        yield _told(row, "takes up bookings", "does not take up bookings", lambda: _round_trip(row, now))


def _told(row: CalendarIntegration, what: str, what_not: str, look: Callable[[], str]) -> Finding:
    label = f"{row.name} ({row.integration_type} '{row.integration_name}' of {row.user.email})"
    began = time.monotonic()
    try:
        more = look()
    except AdapterError as error:
        return Finding(Kind.WRONG, f"{label} {what_not} (after {_seconds(began)}): {error}", _remedy(error))
    return Finding(Kind.OK, f"{label} {what} in {_seconds(began)}{more}.")


def _read(row: CalendarIntegration, now: dt.datetime) -> str:
    pulled = open_calendar(Access.of(row), window_of(row, now), zone_of(row.user_id)).pull("")
    return f", {len(pulled.events)} events, {len(pulled.problems)} that could not be read"


def _round_trip(row: CalendarIntegration, now: dt.datetime) -> str:
    """Write an event, find it, delete it, and see that it is gone; whatever happens it is deleted."""
    calendar = open_for_writing(Access.of(row), zone_of(row.user_id))
    ref = uuid.uuid4().hex
    event = _event(ref, now)
    written: Written | None = None
    try:
        written = calendar.upsert(ref, event, "")
        found = calendar.find(written.id)
        if (found.start, found.end) != (event.start, event.end):
            raise _WrongAnswerError("A test event came back at another time than it was written at.")
    finally:
        _tidy(calendar, ref, written)
    _require_gone(calendar, written.id)
    return ": a test event was written, read and deleted"


def _event(ref: str, now: dt.datetime) -> OutgoingEvent:
    """At night and far ahead, so that it is in nobody's way where it cannot be deleted."""
    day = (now + _AHEAD).astimezone(dt.UTC)
    start = day.replace(hour=_HOUR, minute=0, second=0, microsecond=0)
    return OutgoingEvent(
        f"{ref}@meeting-manager.test",
        0,
        int(start.timestamp()),
        int((start + _LENGTH).timestamp()),
        TITLE,
        is_tentative=True,
    )


def _tidy(calendar: WritableCalendar, ref: str, written: Written | None) -> None:
    """Delete the test event, also where the answer to its writing was lost."""
    try:
        calendar.delete(written.id if written else calendar.find(ref).id, "")
    except NotFoundError:
        return
    except AdapterError:
        if written:
            raise  # it is still there, which somebody should know


def _require_gone(calendar: WritableCalendar, id_: str) -> None:
    with suppress(NotFoundError):
        calendar.find(id_)
        raise _WrongAnswerError(f"A test event could not be deleted. Please delete '{TITLE}' there.")


def _remedy(error: AdapterError) -> str:
    if isinstance(error, AuthRevokedError):
        return "Have its owner connect it anew."
    if isinstance(error, RateLimitedError):
        return "Wait, and look again."
    if isinstance(error, NotFoundError):
        return "Have its owner connect the calendar that is meant."
    if isinstance(error.__cause__, FetchRefusedError):
        return "Have its owner look at the address; private networks have to be allowed by ALLOW_PRIVATE_ADDRESSES."
    if isinstance(error, RefusedError):
        return "Have its owner look at the calendar's rights, or connect it anew."
    return "Look whether its server can be reached from here; it is tried again by itself."


def _seconds(began: float) -> str:
    return f"{time.monotonic() - began:.1f} s"
