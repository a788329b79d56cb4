"""Carrying deliveries out: the handler is called outside any transaction, then one statement says what became of it."""

import os
import socket
import time
import uuid
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta

import structlog
from django.db import connection
from django.db.utils import InterfaceError, OperationalError
from django.utils import translation

from meeting_manager.ledger.handlers import Job, Postponed, registered
from meeting_manager.ledger.services import queue

ENGLISH = "en"
"""What notes of deliveries are written in; what goes to people is in theirs, which handlers see to."""

PATIENCE_SECONDS = 900.0
"""So long what became of a delivery is kept in memory while the database is away."""

_LONGEST_WAIT_SECONDS = 2.0
_LONGEST_HOST = 60

Holding = Callable[[Job], AbstractContextManager[object]]

log = structlog.get_logger(__name__)


class WorkersLost(Exception):  # noqa: N818 - said of workers, in the words of the ledger
    """So many workers have died over one delivery that it is not tried again."""


def new_owner() -> str:
    """A name for this process among all workers of a site, never used before."""
    return f"{socket.gethostname()[:_LONGEST_HOST]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def run_due(
    now: datetime, kinds: Collection[str] | None = None, *, owner: str = "", holding: Holding = nullcontext
) -> int:
    """Claim and carry out, in this thread, everything of `kinds` (or of all registered) that is due as of `now`.

    Goes on with what the handlers enqueue meanwhile until nothing is due; returns how many were carried out.
    `holding` keeps the lease of a delivery that takes longer, for `owner`.
    """
    owner = owner or new_owner()
    names = [kind for kind in registered() if kinds is None or kind in kinds]
    total = 0
    while due := queue.due_kinds(now, names):
        ran = 0
        for job in (job for kind in due for job in queue.claim(now, owner, [kind], 1)):
            with holding(job):
                run_job(job, now)
            ran += 1
        if not ran:
            break  # others hold what is left
        total += ran
    return total


def run_job(job: Job, now: datetime) -> bool:
    """Carry out a claimed delivery and record what became of it; False where it was lost to another worker meanwhile.

    `now` (aware UTC) is when it begins. Call it outside any transaction.
    """
    began = time.monotonic()
    record = _attempt(job, now, lambda: now + timedelta(seconds=time.monotonic() - began))
    mine = _recorded(record)
    if not mine:
        log.warning("delivery was taken over", kind=job.kind, delivery=job.id, attempt=job.attempt)
    return mine


def _attempt(job: Job, now: datetime, clock: Callable[[], datetime]) -> Callable[[], bool]:
    """Call the handler; returns what records the outcome, and may be called again until it succeeds."""
    try:
        known = registered()[job.kind]
        if job.failures >= known.attempts:
            raise WorkersLost(f"{job.failures} attempts failed or ended with their worker")
        with translation.override(ENGLISH):
            outcome = known.handler(job, now)
    except Postponed as postponed:
        until, note = postponed.until, postponed.note
        return lambda: queue.postpone(job, until, note, clock())
    except Exception as raised:
        error = raised
        log.warning("delivery failed", kind=job.kind, delivery=job.id, attempt=job.attempt, exc_info=error)
        return lambda: queue.fail(job, error, clock())
    log.debug("delivery done", kind=job.kind, delivery=job.id, attempt=job.attempt, skipped=outcome.skipped)
    return lambda: queue.finish(job, outcome, clock())


def _recorded(record: Callable[[], bool]) -> bool:
    # What was sent is sent: to forget it because the database is away would send it again.
    deadline = time.monotonic() + PATIENCE_SECONDS
    wait = 0.1
    while True:
        try:
            return record()
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or time.monotonic() > deadline:
                raise
            connection.close()
            time.sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT_SECONDS)
