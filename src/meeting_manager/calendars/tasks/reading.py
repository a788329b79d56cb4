"""Reading a calendar that is due, and acting on what was changed there."""

from datetime import datetime

from meeting_manager.adapters.calendar.errors import CursorInvalidError
from meeting_manager.adapters.errors import AdapterError
from meeting_manager.calendars.access import open_calendar
from meeting_manager.calendars.services import outside, pulling
from meeting_manager.calendars.services.noticing import OUTSIDE
from meeting_manager.calendars.services.staleness import note_unread
from meeting_manager.calendars.tasks.writing import still_there
from meeting_manager.ledger import handlers
from meeting_manager.ledger.handlers import PULL, Job, Outcome

_THREADS = 2
"""Files are read one beside the other, so that one slow server does not hold up all calendars."""

_ATTEMPTS = 3
"""The next pull comes anyway."""

_NOT_READ = Outcome("It is being read already, or no longer read.", skipped=True)


def register() -> None:
    """Called once at start-up."""
    handlers.register(PULL, pull, threads=_THREADS, attempts=_ATTEMPTS)
    handlers.register(OUTSIDE, act_on_change)


def pull(job: Job, now: datetime) -> Outcome:
    """Read one calendar and keep what it says. What fails outside is told on the calendar, and tried when next due."""
    begun = pulling.begin(job.payload["calendar"], now)
    if begun is None:
        return _NOT_READ
    try:
        changed = _read(begun, now)
    except AdapterError as error:
        pulling.give_up(begun, error, now)
        return Outcome("It could not be read; the reason stands on the calendar.", skipped=True)
    except Exception as error:
        pulling.give_up(begun, error, now)
        raise
    return _NOT_READ if changed is None else Outcome(f"Events changed: {changed}")


def _read(begun: pulling.Pull, now: datetime) -> int | None:
    calendar = open_calendar(begun.access, begun.window, begun.zone)
    try:
        pulled = calendar.pull(begun.cursor)
    except CursorInvalidError:
        pulled = calendar.pull("")
    changed = pulling.keep(begun, pulled, now)
    note_unread(now, begun.access.integration_id)
    return changed


def act_on_change(job: Job, now: datetime) -> Outcome:
    """Act on what somebody did in their calendar to the event of a booking."""
    return Outcome(outside.act(job.payload, now, still_there=still_there))
