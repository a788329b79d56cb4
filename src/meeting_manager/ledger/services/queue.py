"""Who has a delivery now: claiming it, keeping it, and saying what became of it.

A claim is one statement, so that two workers never get the same row. It raises `attempt`, which with the owner's name
is the token of the claim: who has lost a row to another can no longer finish it. Leases run by the database's clock,
because those of the machines may differ; whether something is due is asked with the caller's `now`.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from meeting_manager.adapters.errors import RefusedError
from meeting_manager.ledger.choices import DeliveryState
from meeting_manager.ledger.handlers import LONGEST_PAUSE, MOST_ATTEMPTS, Job, Outcome, registered
from meeting_manager.ledger.models import Delivery
from meeting_manager.ledger.services.backoff import pause_after
from meeting_manager.ledger.services.deferring import defer

LONGEST_ERROR = 2_000
LONGEST_NOTE = 2_000

log = structlog.get_logger(__name__)

_LEAST_PAUSE = timedelta(seconds=1)
_LOST = "The worker that had it died or lost the database."

_CLOCK = {
    "postgresql": "clock_timestamp()",
    "sqlite": "strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now')",
}
_LEASE = {
    "postgresql": "clock_timestamp() + %s * interval '1 second'",
    "sqlite": "strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now', '+' || %s || ' seconds')",
}
_TAKE = """
    UPDATE ledger_delivery SET
        failures = failures + CASE WHEN state = 'running' THEN 1 ELSE 0 END,
        last_error = CASE WHEN state = 'running' THEN %s ELSE last_error END,
        state = 'running', attempt = attempt + 1, owner = %s, lease_until = {lease}
    WHERE {which}
    RETURNING id, key, kind, payload, about, recipient, attempt, owner, created_at, due, failures
"""
_READY = "state = 'ready' AND kind IN ({kinds}) AND due <= %s"
_ABANDONED = "state = 'running' AND kind IN ({kinds}) AND lease_until < {clock}"
_HAS_SOME = """
    SELECT %s WHERE EXISTS (SELECT 1 FROM ledger_delivery WHERE {ready})
        OR EXISTS (SELECT 1 FROM ledger_delivery WHERE {abandoned})
"""
# The two are asked apart, each in the order of its index: joined by OR every claim would sort all that waits.
_SOME = {
    "postgresql": """id = ANY((
        ARRAY(SELECT id FROM ledger_delivery WHERE {abandoned} ORDER BY lease_until LIMIT %s FOR UPDATE SKIP LOCKED)
        || ARRAY(SELECT id FROM ledger_delivery WHERE {ready} ORDER BY due LIMIT %s FOR UPDATE SKIP LOCKED))[1:%s])""",
    "sqlite": """id IN (
        SELECT id FROM (SELECT id FROM ledger_delivery WHERE {abandoned} ORDER BY lease_until LIMIT %s)
        UNION ALL
        SELECT id FROM (SELECT id FROM ledger_delivery WHERE {ready} ORDER BY due LIMIT %s)
        LIMIT %s)""",
}


def due_kinds(now: datetime, kinds: Collection[str]) -> list[str]:
    """Those of `kinds` that have something to claim as of `now` (aware UTC): one read, which takes no lock."""
    if not kinds:
        return []
    one = _HAS_SOME.format(ready=_filled(_READY, 1), abandoned=_filled(_ABANDONED, 1))
    values: list[Any] = [value for kind in kinds for value in (kind, kind, _at(now), kind)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([one] * len(kinds)), values)
        return [kind for (kind,) in cursor.fetchall()]


def claim(now: datetime, owner: str, kinds: Collection[str], limit: int) -> list[Job]:
    """Take up to `limit` deliveries for `owner`: what others abandoned first, then the longest due as of `now`.

    Effects: they are running, with a lease of WORKER_LEASE_SECONDS; an abandoned one counts as having failed once more.
    Takes SQLite's write lock, so ask `due_kinds` before.
    """
    if not kinds:
        return []
    ready, abandoned = _filled(_READY, len(kinds)), _filled(_ABANDONED, len(kinds))
    which = _SOME[connection.vendor].format(ready=ready, abandoned=abandoned)
    return _take(owner, which, [*kinds, limit, *kinds, _at(now), limit, limit])


def claim_one(delivery: int, now: datetime, owner: str, kinds: Collection[str]) -> Job | None:
    """Take the delivery with this id, if it may be taken as of `now`; else None. As `claim` in all else."""
    if not kinds:
        return None
    which = f"id = %s AND (({_filled(_READY, len(kinds))}) OR ({_filled(_ABANDONED, len(kinds))}))"
    return next(iter(_take(owner, which, [delivery, *kinds, _at(now), *kinds])), None)


def renew(owner: str, ids: Collection[int]) -> set[int]:
    """Prolong the leases that `owner` still has on these deliveries; returns which. Without effect on what it lost."""
    if not ids:
        return set()
    places = ", ".join(["%s"] * len(ids))
    with _own_transaction(), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE ledger_delivery SET lease_until = {_LEASE[connection.vendor]}"  # noqa: S608 - names of our own
            f" WHERE owner = %s AND state = 'running' AND id IN ({places}) RETURNING id",
            [settings.WORKER_LEASE_SECONDS, owner, *ids],
        )
        return {pk for (pk,) in cursor.fetchall()}


def finish(job: Job, outcome: Outcome, now: datetime) -> bool:
    """Record that the delivery was carried out or skipped; False where it was no longer the caller's."""
    state = DeliveryState.SKIPPED if outcome.skipped else DeliveryState.DONE
    return _let_go(job, state=state, note=clean(outcome.note, LONGEST_NOTE), finished_at=now)


def postpone(job: Job, until: datetime, note: str, now: datetime) -> bool:
    """Have it tried again at `until` (not before a second from `now`); False where it was no longer the caller's."""
    due = max(until, now + _LEAST_PAUSE)
    with transaction.atomic():
        return _again(job, due, now, note=clean(note, LONGEST_NOTE))


def fail(job: Job, error: Exception, now: datetime) -> bool:
    """Record a failed attempt: tried again later, or dead when refused or tried often enough.

    Effects: raises the count of its kind's failures. Returns False where it was no longer the caller's.
    """
    failures = job.failures + 1
    given_up = isinstance(error, RefusedError) or failures >= _most_attempts(job.kind)
    with transaction.atomic():
        if given_up:
            mine = _let_go(job, state=DeliveryState.DEAD, failures=failures, last_error=_words(error), finished_at=now)
        else:
            mine = _again(
                job,
                now + pause_after(failures, _longest_pause(job.kind)),
                now,
                failures=failures,
                last_error=_words(error),
            )
        if mine:
            _count_failure(job.kind)
    if mine and given_up:
        log.error("delivery given up", kind=job.kind, delivery=job.id, failures=failures)
    return mine


def clean(text: str, longest: int) -> str:
    """What both databases can store of a text from outside, cut to `longest` characters."""
    return text.replace("\0", "").encode(errors="replace").decode()[:longest]


def _most_attempts(kind: str) -> int:
    known = registered().get(kind)
    return known.attempts if known else MOST_ATTEMPTS


def _longest_pause(kind: str) -> timedelta:
    known = registered().get(kind)
    return known.longest_pause if known else LONGEST_PAUSE


def _words(error: Exception) -> str:
    return clean(f"{type(error).__name__}: {error}", LONGEST_ERROR)


def _mine(job: Job) -> QuerySet[Delivery]:
    return Delivery.objects.filter(pk=job.id, attempt=job.attempt, owner=job.owner, state=DeliveryState.RUNNING)


def _let_go(job: Job, **changes: object) -> bool:
    return _mine(job).update(owner="", lease_until=None, **changes) == 1


def _again(job: Job, due: datetime, now: datetime, **changes: object) -> bool:
    mine = _let_go(job, state=DeliveryState.READY, due=due, **changes)
    if mine:
        defer([(job.id, job.kind, due)], now)
    return mine


def _count_failure(kind: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_failurecount (kind, failures) VALUES (%s, 1)"
            " ON CONFLICT (kind) DO UPDATE SET failures = ledger_failurecount.failures + 1",
            [kind],
        )


def _filled(condition: str, kinds: int) -> str:
    return condition.format(kinds=", ".join(["%s"] * kinds), clock=_CLOCK[connection.vendor])


def _take(owner: str, which: str, values: Iterable[Any]) -> list[Job]:
    statement = _TAKE.format(which=which, lease=_LEASE[connection.vendor])
    with _own_transaction(), connection.cursor() as cursor:
        cursor.execute(statement, [_LOST, owner, settings.WORKER_LEASE_SECONDS, *values])
        names = [column[0] for column in cursor.description]
        jobs = [_job(dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
    return sorted(jobs, key=lambda job: (job.due, job.id))


def _own_transaction() -> AbstractContextManager[None]:
    # SQLite commits a statement that returns rows when the last was read, by when our lock of writers is given back.
    return transaction.atomic() if connection.vendor == "sqlite" else nullcontext()


def _job(row: Mapping[str, Any]) -> Job:
    times = {name: _aware(row[name]) for name in ("created_at", "due")}
    return Job(**{**row, **times, "payload": json.loads(row["payload"])})


def _at(moment: datetime) -> Any:  # noqa: ANN401 - as the database wants it
    return connection.ops.adapt_datetimefield_value(moment)


def _aware(stored: datetime) -> datetime:
    return stored if stored.tzinfo else stored.replace(tzinfo=UTC)  # SQLite's have no zone
