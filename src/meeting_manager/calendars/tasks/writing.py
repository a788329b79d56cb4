"""Writing a booking to a host's calendar, and taking it out there: the handler of kind `calendar_write`."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from meeting_manager.adapters.calendar.errors import ConflictError, NotFoundError, RateLimitedError, TransientError
from meeting_manager.adapters.calendar.protocol import OutgoingEvent, PulledEvent, WritableCalendar, Written
from meeting_manager.calendars.access import Access, open_for_writing
from meeting_manager.calendars.choices import ExternalChange
from meeting_manager.calendars.services import noticing, writing
from meeting_manager.calendars.services.trouble import tell_of_failures
from meeting_manager.ledger import handlers
from meeting_manager.ledger.handlers import CALENDAR_WRITE, Job, Outcome, Postponed

_THREADS = 2
_LONGEST_PAUSE = timedelta(minutes=8)
"""A provider that is back is caught up with within ten minutes (trust.md)."""

_ATTEMPTS = 400
"""With such pauses more than two days."""

_A_MOMENT = timedelta(seconds=1)


class ChangedOutsideError(Exception):
    """The event was moved or deleted there, and nothing here has changed since: people decide."""

    def __init__(self, change: ExternalChange, found: PulledEvent | None = None) -> None:
        super().__init__(change)
        self.change = change
        self.found = found


class GoneError(Exception):
    """The event is gone there, but the booking has changed since: it is written anew."""


def register() -> None:
    """Called once at start-up."""
    handlers.register(CALENDAR_WRITE, write, threads=_THREADS, attempts=_ATTEMPTS, longest_pause=_LONGEST_PAUSE)


def write(job: Job, now: datetime) -> Outcome:
    """Have one calendar say what one booking is; what fails is tried again, and told when it goes on failing."""
    clock = _clock(now)
    begun = writing.begin(job.payload["uid"], job.payload["calendar"], now)
    if begun is None:
        return Outcome("The calendar has it as it is to be.", skipped=True)
    try:
        written = _tried(begun)
    except ChangedOutsideError as changed:
        noticing.note_change(begun, changed.change, changed.found, now)
        return Outcome(f"{changed.change} in the calendar meanwhile.", skipped=True)
    except GoneError:
        writing.start_anew(begun)
        raise Postponed(now + _A_MOMENT, "It is gone there, and is written anew.") from None
    except RateLimitedError as error:
        writing.give_up(begun, error)
        raise Postponed(now + error.retry_after, str(error)) from error
    except Exception as error:
        writing.give_up(begun, error)
        tell_of_failures(job, begun.access, error, now)
        raise
    is_mine = writing.keep(begun, written, clock())
    return Outcome(_said(begun, written) if is_mine else "Somebody else has written it.", skipped=not is_mine)


def _clock(now: datetime) -> Callable[[], datetime]:
    """`now` as it goes on: a pull that began while we wrote may have seen either state."""
    began = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - began)


def still_there(access: Access, zone: str, ref: str) -> PulledEvent | None:
    """The event as it is in its calendar now; none where it is gone."""
    try:
        return open_for_writing(access, zone).find(ref)
    except NotFoundError:
        return None


def _said(begun: writing.Writing, written: Written | None) -> str:
    return f"Written to the calendar of {begun.access.email}." if written else "Taken out."


def _tried(begun: writing.Writing) -> Written | None:
    """Once more is refused in passing only: whoever changes an event while we write it will have done at some time."""
    try:
        return _carried_out(begun)
    except ConflictError as error:
        raise TransientError(str(error)) from error


def _carried_out(begun: writing.Writing) -> Written | None:
    calendar = open_for_writing(begun.access, begun.zone)
    if begun.entry is None:
        _remove(calendar, begun)
        return None
    try:
        return calendar.upsert(begun.ref, begun.entry, begun.etag)
    except ConflictError:
        return _settle(calendar, begun, begun.entry)
    except NotFoundError:
        if begun.was is None:
            raise  # the calendar itself is gone
        return _refuse_gone(begun, begun.entry)


def _settle(calendar: WritableCalendar, begun: writing.Writing, entry: OutgoingEvent) -> Written:
    """It was changed there. A time that was changed here since wins; one that was changed only there is for people."""
    try:
        found = calendar.find(begun.ref)
        expected = {begun.was, begun.unwanted, (entry.start, entry.end)}
        is_moved_there = begun.was is not None and (found.start, found.end) not in expected
        if is_moved_there and begun.was == (entry.start, entry.end):
            raise ChangedOutsideError(ExternalChange.MOVED, found)
        return calendar.upsert(found.id, entry, found.etag)
    except NotFoundError:
        return _refuse_gone(begun, entry)


def _refuse_gone(begun: writing.Writing, entry: OutgoingEvent) -> Written:
    if begun.was == (entry.start, entry.end):
        raise ChangedOutsideError(ExternalChange.DELETED)
    raise GoneError


def _remove(calendar: WritableCalendar, begun: writing.Writing) -> None:
    try:
        # One that was never known to be written may be there all the same, under an id that its calendar gave it.
        ref = begun.ref if begun.was else calendar.find(begun.ref).id
        calendar.delete(ref, "")
    except NotFoundError:
        return
