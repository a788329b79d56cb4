"""What the house does by itself from time to time, beside answering requests.

Time is counted in periods of each entry's length. For each period there is one delivery of kind `tick`, whose key names
entry and period: every worker of a site writes it, one of them is first, and one carries it out.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.management import call_command
from django.utils.module_loading import import_string

from meeting_manager.ledger.choices import DeliveryState
from meeting_manager.ledger.handlers import TICK, Job, Outcome
from meeting_manager.ledger.models import Delivery
from meeting_manager.ledger.services import Owed, discard, enqueue

THREADS = 4
ATTEMPTS = 3
"""The next tick comes anyway."""

_LONGEST_PAUSE_SECONDS = 60.0


@dataclass(frozen=True)
class Periodic:
    """A function ``(now: aware UTC datetime)`` to be called every so many seconds; ``now`` is a whole second.

    It is called at least once in a period in which a worker runs, never twice at the same time; a call that comes too
    late, when the next period has begun, is left out.
    """

    name: str
    seconds: int
    function: str
    """Dotted path, so that this list can be read before the applications are loaded."""

    def run(self, now: datetime) -> None:
        """Call the function."""
        import_string(self.function)(now.replace(microsecond=0))

    def period(self, now: datetime) -> int:
        """The number of the period that contains `now`."""
        return int(now.timestamp() // self.seconds)


PERIODIC: tuple[Periodic, ...] = (
    Periodic("expire bookings nobody decided on", 30, "meeting_manager.bookings.services.decide.expire_unapproved"),
    Periodic("owe reminders that fell due", 20, "meeting_manager.notifications.services.reminders.plan_due"),
    Periodic("read calendars whose time has come", 15, "meeting_manager.calendars.services.pulling.plan_due"),
    Periodic("be told of changes in calendars", 240, "meeting_manager.calendars.services.pushing.plan_due"),
    Periodic("note calendars that cannot be read", 60, "meeting_manager.calendars.services.staleness.note_unread"),
    Periodic("tell of deliveries given up", 300, "meeting_manager.notifications.services.trouble.notice_dead"),
    Periodic("forget requests nobody confirmed", 60, "meeting_manager.bookings.services.requests.forget_expired"),
    Periodic("forget addresses of requests", 600, "meeting_manager.notifications.services.confirming.forget_old"),
    Periodic("forget expired sessions", 3600, "meeting_manager.config.periodic.forget_expired_sessions"),
    Periodic("forget old guest counters and answers", 3600, "meeting_manager.web.limits.forget_old"),
    Periodic("forget old deliveries", 3600, "meeting_manager.ledger.services.forgetting.forget_old"),
    Periodic("erase guests of old bookings", 3600, "meeting_manager.web.privacy.retention.erase_old"),
    Periodic("forget old mails of the outbox", 3600, "meeting_manager.adapters.mail.outbox.forget_old"),
)


def forget_expired_sessions(now: datetime) -> None:  # noqa: ARG001 - sessions expire by the database's rows
    """Delete sessions whose time is over."""
    call_command("clearsessions")


class Scheduler:
    """Writes the tick of each period when it begins, or when the worker starts within it."""

    def __init__(self, entries: Iterable[Periodic], clock: Callable[[], datetime], wake: Callable[[], object]) -> None:
        self._entries = tuple(entries)
        self._clock = clock
        self._wake = wake
        self._written: dict[str, int] = {}

    def step(self) -> float:
        """Write what has begun since the last call; returns the seconds until the next period begins."""
        now = self._clock()
        periods = {entry.name: entry.period(now) for entry in self._entries}
        new = {name: number for name, number in periods.items() if self._written.get(name) != number}
        if enqueue([tick(name, number, now) for name, number in new.items()], now=now):
            self._wake()
        self._written = periods
        return min((_left(entry, now) for entry in self._entries), default=_LONGEST_PAUSE_SECONDS)


def _left(entry: Periodic, now: datetime) -> float:
    return min(entry.seconds - now.timestamp() % entry.seconds, _LONGEST_PAUSE_SECONDS)


def tick(name: str, number: int, now: datetime) -> Owed:
    """The delivery that has the entry `name` called for its period `number`."""
    return Owed(TICK, f"{TICK}:{name}:{number}", {"name": name, "number": number}, now, about=name)


def run_tick(job: Job, now: datetime, entries: Iterable[Periodic] = PERIODIC) -> Outcome:
    """Call the function of a tick, unless a later tick of that name is there or an earlier one still runs.

    Effect: one that was given up before is discarded, because this one speaks for it, whatever becomes of it.
    """
    entry = next((each for each in entries if each.name == job.payload["name"]), None)
    if entry is None:
        return Outcome("It is no longer among what this release does.", skipped=True)
    alive = (DeliveryState.READY, DeliveryState.RUNNING, DeliveryState.DEAD)
    others = list(Delivery.objects.filter(kind=TICK, about=entry.name, state__in=alive).exclude(pk=job.id))
    for dead in (other for other in others if other.state == DeliveryState.DEAD and other.pk < job.id):
        discard(dead, now)
    if any(other.pk > job.id for other in others):
        return Outcome("A later one is there.", skipped=True)
    if any(other.state == DeliveryState.RUNNING for other in others):
        return Outcome("The one before is still at it.", skipped=True)
    entry.run(now)
    return Outcome()
