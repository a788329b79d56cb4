"""When calendars are read, and what is kept of how it went. Reading itself, outside transactions, is in `tasks/`."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from meeting_manager.adapters.calendar.errors import RateLimitedError
from meeting_manager.adapters.calendar.protocol import Pulled, Window
from meeting_manager.adapters.errors import AdapterError, RefusedError
from meeting_manager.calendars.access import Access, readable_kinds
from meeting_manager.calendars.choices import SyncStatus
from meeting_manager.calendars.models import CalendarIntegration
from meeting_manager.calendars.rules import takes_bookings
from meeting_manager.calendars.services.mirroring import Mirrored, mirror
from meeting_manager.calendars.services.outgoing import owe_upcoming
from meeting_manager.calendars.services.zones import zone_of
from meeting_manager.ledger.handlers import PULL
from meeting_manager.ledger.services import Event, Owed, announce, enqueue

ABANDONED = timedelta(minutes=3)
"""A pull that began so long ago has lost its worker: fetching takes 10 seconds at most, reading 30."""

_MOST_AT_ONCE = 500
_DAY = 86_400
_LEAST_SHARE, _LARGEST_SHARE = 0.75, 0.9
"""Of the interval, so that calendars connected together come apart, and a change is here within one interval all the
same, with the time until the next look and for the pull."""

_REFUSED_PAUSE = timedelta(hours=1)
_SOON = timedelta(seconds=20)
_CATCHING_UP = timedelta(minutes=8)
"""What failed in passing is tried again so soon, so that a provider that is back is caught up with in ten minutes."""
_LONGEST_LOG = 10_000
_REPEATED = 3


@dataclass(frozen=True, slots=True)
class Pull:
    """One pull that has begun: what it needs to know outside the transaction. `started` tells it from all others."""

    integration_id: int
    started: datetime
    access: Access
    cursor: str
    window: Window
    zone: str


def plan_due(now: datetime) -> int:
    """Owe a pull for every calendar whose time has come; returns how many. Periodic; `now` aware UTC."""
    with transaction.atomic():
        rows = CalendarIntegration.objects.filter(readable()).filter(Q(next_sync=None) | Q(next_sync__lte=now))
        due = list(rows.only("name", "next_sync", "sync_interval_minutes").order_by("next_sync", "pk")[:_MOST_AT_ONCE])
        for row in due:
            row.next_sync = _next(row, now)
        CalendarIntegration.objects.bulk_update(due, ["next_sync"])
        key = f"{now:%Y-%m-%dT%H:%M:%S}"
        owed = [Owed(PULL, f"{PULL}:{row.pk}:{key}", {"calendar": row.pk}, now, about=row.name) for row in due]
        return enqueue(owed, now=now)


def owe(integration: CalendarIntegration, now: datetime, *, cause: str, seconds: int) -> bool:
    """Owe a pull because of `cause`, one for each so many seconds, at whose end it is due: whatever is told meanwhile
    comes with it. Returns whether it is new. Effect: one delivery, in the caller's transaction."""
    bucket = int(now.timestamp()) // seconds
    due = datetime.fromtimestamp((bucket + 1) * seconds, UTC)
    key = f"{PULL}:{integration.pk}:{cause}:{bucket}"
    return enqueue([Owed(PULL, key, {"calendar": integration.pk}, due, about=integration.name)], now=now) == 1


def is_read(integration: CalendarIntegration) -> bool:
    """Whether this calendar is read at all, as `plan_due` asks of many."""
    return CalendarIntegration.objects.filter(readable(), pk=integration.pk).exists()


def begin(integration_id: int, now: datetime) -> Pull | None:
    """Take the calendar for a pull; none where it is not to be read (any more), or another pull has it."""
    with transaction.atomic():
        row = _locked(integration_id, readable())
        if row is None or (row.sync_started and now - row.sync_started < ABANDONED):
            return None
        row.sync_started, row.sync_status = now, SyncStatus.IN_PROGRESS
        row.save(update_fields=["sync_started", "sync_status"])
    window = window_of(row, now)
    zone = zone_of(row.user_id)
    return Pull(row.pk, now, Access.of(row), row.sync_cursor, window, zone)


def keep(pull: Pull, pulled: Pulled, now: datetime) -> int | None:
    """Record what a pull brought: events, busy time, cursor; returns how many events changed.

    None, and nothing is recorded, where the calendar was deleted meanwhile or another pull has taken it over.
    """
    with transaction.atomic():
        row = _mine(pull)
        if row is None:
            return None
        mirrored = mirror(row, pulled, pull.window, now, started=pull.started) if _tells_something(pulled) else _NOTHING
        if pulled.is_complete:
            row.sync_error_log = "\n".join(pulled.problems)[:_LONGEST_LOG]
        elif row.failing_since:
            row.sync_error_log = ""
        if row.failing_since and takes_bookings(row):
            owe_upcoming([row], now)  # what was refused meanwhile is not tried again by itself
        row.sync_cursor, row.last_sync = pulled.cursor if mirrored.is_whole else pull.cursor, now
        if not mirrored.is_whole:
            row.next_sync = now + _SOON
        row.sync_status, row.sync_started, row.failing_since = SyncStatus.SUCCESS, None, None
        row.save(update_fields=[*_ENDED, "sync_cursor", "last_sync", "next_sync"])
    return mirrored.changed


_NOTHING = Mirrored(0)


def give_up(pull: Pull, error: Exception, now: datetime) -> bool:
    """Record that a pull failed, in words for the owner; what was read before stays. False as None with `keep`.

    Effects: a calendar that the owner has to look at is asked less often; one that has not been read for
    CALENDAR_STALE_HOURS is announced as `calendar.trouble`.
    """
    with transaction.atomic():
        row = _mine(pull)
        if row is None:
            return False
        row.sync_status, row.sync_started = SyncStatus.FAILED, None
        row.failing_since = row.failing_since or now
        row.sync_error_log = _words(error)
        if pause := _pause(error):
            row.next_sync = max(row.next_sync or now, now + pause)
        else:
            row.next_sync = min(row.next_sync or now, now + _CATCHING_UP)
        row.save(update_fields=[*_ENDED, "next_sync"])
        _announce_trouble(row, now)
    return True


_ENDED = ("sync_status", "sync_started", "failing_since", "sync_error_log")


def window_of(integration: CalendarIntegration, now: datetime) -> Window:
    """The days that are mirrored, whole ones in UTC: it rolls forward once a day, and then everything is compared."""
    today = int(now.timestamp()) // _DAY * _DAY
    past, future = integration.sync_past_days, integration.sync_future_days
    return Window(today - past * _DAY, today + (future + 1) * _DAY)


def readable() -> Q:
    """The calendars that are read: as a condition, for those who look for many."""
    return Q(is_active=True, auto_sync_enabled=True, integration_type__in=readable_kinds(), user__is_active=True)


def _locked(integration_id: int, condition: Q) -> CalendarIntegration | None:
    rows = CalendarIntegration.objects.select_related("user")
    locked = rows.select_for_update(of=("self",), no_key=True)
    return locked.filter(condition, pk=integration_id).first()


def _mine(pull: Pull) -> CalendarIntegration | None:
    return _locked(pull.integration_id, Q(sync_started=pull.started))


def _next(row: CalendarIntegration, now: datetime) -> datetime:
    share = random.uniform(_LEAST_SHARE, _LARGEST_SHARE)  # noqa: S311 - no secret hangs on it
    return now + timedelta(minutes=row.sync_interval_minutes) * share


def _tells_something(pulled: Pulled) -> bool:
    return pulled.is_complete or bool(pulled.events or pulled.gone or pulled.retold)


def _words(error: Exception) -> str:
    if isinstance(error, AdapterError):
        return str(error)[:_LONGEST_LOG]
    return "Reading this calendar failed in a way that was not foreseen. It will be tried again."


def _pause(error: Exception) -> timedelta | None:
    if isinstance(error, RateLimitedError):
        return error.retry_after
    return _REFUSED_PAUSE if isinstance(error, RefusedError) else None


def _announce_trouble(row: CalendarIntegration, now: datetime) -> None:
    since = row.last_sync or row.failing_since or now
    stale = timedelta(hours=settings.CALENDAR_STALE_HOURS)
    if now - since < stale:
        return
    payload = {
        "user": row.user.email,
        "calendar": row.name,
        "label": row.integration_name,
        "error": row.sync_error_log,
        "since": since.isoformat(),
        "is_unread": True,
        "repeated": row.failing_since is not None and now - row.failing_since >= _REPEATED * stale,
    }
    announce([Event("calendar.trouble", f"calendar.trouble:{row.pk}:{now:%Y-%m-%d}", payload)], now=now)
