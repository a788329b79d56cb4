"""PostgreSQL's workers: each delivery that is soon due has a job of procrastinate's, which names it and wakes a worker.

The rows of the ledger stay the only truth: a job without a row to claim comes to nothing, and a row without a job gets
one from the sweep. So a job may be lost or come twice without harm.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.utils import OperationalError

if TYPE_CHECKING:
    from procrastinate.manager import JobManager

TASK = "run_delivery"
HORIZON = timedelta(minutes=5)
"""What is due later gets its job from the sweep when its time comes near: procrastinate looks through all jobs that
wait for their time whenever it looks for one that may begin."""

_MOST_AT_ONCE = 1_000
_SWEEP_LOCK = 7_030_001
_WITHOUT_JOB = """
    SELECT id, kind, due FROM ledger_delivery
    WHERE (state = 'ready' AND kind IN ({kinds}) AND due <= %s
        OR state = 'running' AND kind IN ({kinds}) AND lease_until < clock_timestamp())
      AND NOT EXISTS (
        SELECT 1 FROM procrastinate_jobs AS job
        WHERE job.status = 'todo' AND job.task_name = %s AND (job.args ->> 'delivery')::bigint = ledger_delivery.id)
    ORDER BY due LIMIT %s
"""


def defer(rows: Iterable[tuple[int, str, datetime]], now: datetime) -> None:
    """Have PostgreSQL's workers run these deliveries (id, kind, due), in the caller's transaction; nothing elsewhere.

    One statement. Raises OperationalError as the database does.
    """
    if connection.vendor != "postgresql":
        return
    from procrastinate.exceptions import ConnectorException
    from procrastinate.jobs import Job

    jobs = [
        Job(queue=kind, task_name=TASK, lock=None, queueing_lock=None, task_kwargs={"delivery": pk}, scheduled_at=due)
        for pk, kind, due in rows
        if due <= now + HORIZON
    ]
    try:
        if jobs:
            _manager().batch_defer_jobs(jobs)
    except ConnectorException as error:
        raise OperationalError(str(error.__cause__ or error)) from error


def sweep(now: datetime, kinds: Collection[str], dead_after: float) -> int:
    """Give a job to every delivery of `kinds` that should have one; returns to how many. PostgreSQL only.

    Effects: forgets workers that were silent for `dead_after` seconds, with the jobs they had, and jobs that are over,
    so that procrastinate's tables stay small. Of several workers that sweep at once only one does.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SWEEP_LOCK])
        if not cursor.fetchone()[0] or not kinds:
            return 0
        silent = "DELETE FROM procrastinate_workers WHERE last_heartbeat < clock_timestamp() - %s * interval '1 second'"
        cursor.execute(silent, [dead_after])
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE status <> 'todo' AND (status <> 'doing' OR worker_id IS NULL)"
        )
        places = ", ".join(["%s"] * len(kinds))
        values: list[Any] = [*kinds, now + HORIZON, *kinds, TASK, _MOST_AT_ONCE]
        cursor.execute(_WITHOUT_JOB.format(kinds=places), values)
        rows = cursor.fetchall()
        defer(rows, now)
    return len(rows)


@lru_cache(maxsize=1)
def _manager() -> "JobManager":
    # Not that of procrastinate's own application: a worker gives that one connections outside our transactions.
    from procrastinate.contrib.django.django_connector import DjangoConnector
    from procrastinate.manager import JobManager

    return JobManager(DjangoConnector())
