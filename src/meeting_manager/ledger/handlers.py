"""Who carries deliveries out: one handler for each kind, registered at start-up by the rooms above."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

TICK = "tick"
"""The kind of periodic work: one delivery for each time that it is due."""

PULL = "calendar_pull"
"""The kind that reads a connected calendar: one delivery for each time that it is due."""

CALENDAR_WRITE = "calendar_write"
"""The kind that writes a booking to a host's calendar, or takes it away there; `about` is the booking."""

ROUTINE = (TICK, PULL)
"""What comes again by itself, so that nobody need look long at what went well."""

LONGEST_PAUSE = timedelta(hours=1)

MOST_ATTEMPTS = 48
"""So often a delivery is tried before it is given up: with the pauses of `services/backoff.py` 28 to 38 hours, so that
a mail server that is away for a night, or for a day, loses nothing."""


@dataclass(frozen=True, slots=True)
class Job:
    """A delivery as its handler sees it: whose it is now, how often it was claimed, how often it has failed before."""

    id: int
    key: str
    kind: str
    payload: Mapping[str, Any]
    about: str
    recipient: str
    attempt: int
    owner: str
    created_at: datetime
    due: datetime
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it, in words for the timeline; `skipped`: it no longer made sense and nothing was sent."""

    note: str = ""
    skipped: bool = False


class Postponed(Exception):  # noqa: N818 - not an error: the handler asks to be called again
    """Not now: try again at `until` (aware UTC); costs no attempt. `note` says why, for the timeline."""

    def __init__(self, until: datetime, note: str = "") -> None:
        super().__init__(note)
        self.until = until
        self.note = note


Handler = Callable[[Job, datetime], Outcome]
"""Called outside any transaction with the delivery and `now` (aware UTC). It may be called again for the same
delivery, so what it does outside needs an identity that stays the same: `job.key` does not change. Whatever it raises
is a failed attempt; `adapters.errors.RefusedError` is the last one."""


@dataclass(frozen=True, slots=True)
class Registration:
    """A handler, how many deliveries of its kind one process works on at a time, how long one that fails waits at most,
    and after how many attempts it is given up."""

    handler: Handler
    threads: int
    attempts: int
    longest_pause: timedelta


_handlers: dict[str, Registration] = {}


def register(
    kind: str,
    handler: Handler,
    *,
    threads: int = 2,
    attempts: int = MOST_ATTEMPTS,
    longest_pause: timedelta = LONGEST_PAUSE,
) -> Callable[[], None]:
    """Have deliveries of `kind` carried out by `handler`, in a lane of its own; returns its undoing.

    `threads` work on it in each process; one that failed waits for `longest_pause` at most, and after `attempts`
    failures it is dead. Deliveries of a kind that nobody has registered here wait, as a newer release may have written
    them.
    """
    before = _handlers.get(kind)
    _handlers[kind] = Registration(handler, threads, attempts, longest_pause)

    def undo() -> None:
        if before is None:
            _handlers.pop(kind, None)
        else:
            _handlers[kind] = before

    return undo


def registered() -> Mapping[str, Registration]:
    """Every kind that somebody carries out here."""
    return _handlers
