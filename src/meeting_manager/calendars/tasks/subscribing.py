"""Subscribing calendars to their changes: the ledger's handler of kind `calendar_push`, and its network."""

from contextlib import suppress
from datetime import datetime, timedelta

from meeting_manager.adapters.calendar.errors import NotFoundError, RateLimitedError
from meeting_manager.adapters.calendar.protocol import NO_WINDOW, PushingCalendar, Subscription
from meeting_manager.adapters.errors import AdapterError, RefusedError
from meeting_manager.calendars.access import open_calendar
from meeting_manager.calendars.services import pushing
from meeting_manager.ledger import handlers
from meeting_manager.ledger.handlers import Job, Outcome, Postponed

_ATTEMPTS = 10
_LONGEST_PAUSE = timedelta(minutes=30)


def register() -> None:
    """Called once at start-up."""
    handlers.register(pushing.PUSH, subscribe, threads=1, attempts=_ATTEMPTS, longest_pause=_LONGEST_PAUSE)


def subscribe(job: Job, now: datetime) -> Outcome:
    """Have one calendar tell of its changes for longer. Where that is not to be had nothing is lost but seconds, so
    nobody is told: pulls by interval go on, and the next plan asks again."""
    begun = pushing.begin(job.payload["calendar"])
    if begun is None:
        return Outcome("It is not read any more.", skipped=True)
    calendar = open_calendar(begun.access, NO_WINDOW, "UTC")
    if not isinstance(calendar, PushingCalendar):
        return Outcome("This kind of calendar does not tell of changes.", skipped=True)
    try:
        return _kept(calendar, begun, _made(calendar, begun, now))
    except RateLimitedError as error:
        raise Postponed(now + error.retry_after, str(error)) from error
    except RefusedError as error:
        return Outcome(f"It does not tell of changes: {error}", skipped=True)
    except AdapterError as error:
        if job.failures + 1 < _ATTEMPTS:
            raise
        return Outcome(f"It could not be asked: {error}", skipped=True)


def _made(calendar: PushingCalendar, begun: pushing.Subscribing, now: datetime) -> Subscription:
    if begun.before and begun.before.until > now.timestamp():
        with suppress(NotFoundError):
            return calendar.renew(begun.before)
    return calendar.subscribe(begun.address, begun.identity, begun.secret)


def _kept(calendar: PushingCalendar, begun: pushing.Subscribing, made: Subscription) -> Outcome:
    is_ours = pushing.keep(begun, made)
    is_new = not begun.before or made.id != begun.before.id
    superfluous = (begun.before if is_ours else made) if is_new else None
    if superfluous:
        with suppress(AdapterError):  # it ends by itself
            calendar.unsubscribe(superfluous)
    return Outcome("It tells of changes." if is_ours else "It was subscribed meanwhile.", skipped=not is_ours)
