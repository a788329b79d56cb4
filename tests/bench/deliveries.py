"""Deliveries a second through a worker, against claiming and finishing the same rows with raw SQL."""

import statistics
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count

from django.db import connection

from meeting_manager.ledger.handlers import Job, Outcome, register
from meeting_manager.ledger.models import Delivery
from meeting_manager.ledger.services import Owed, enqueue, queue
from meeting_manager.ledger.worker import EmbeddedWorker, Worker, make_worker
from tests.bench.measure import Figure, ratio

ROUNDS, EACH, THREADS = 5, 400, 4
KIND, RAW = "bench", "raw"

_numbers = count()


def run() -> list[Figure]:
    """The worker of this database; on PostgreSQL beside it the one that looks itself, to show what telling costs."""
    arrived = _Arrivals()
    undo = register(KIND, arrived, threads=THREADS)
    makers: list[tuple[str, float, Callable[[], Worker]]] = [("embedded worker", 0.3, lambda: EmbeddedWorker(_clock))]
    if connection.vendor == "postgresql":
        makers.append(("procrastinate", 0.2, lambda: make_worker(_clock)))
    figures = [_measured(name, wanted, make, arrived) for name, wanted, make in makers]
    undo()
    return figures


class _Arrivals:
    """A handler that does nothing but count."""

    def __init__(self) -> None:
        self._left = 0
        self._guard = threading.Lock()
        self.all = threading.Event()

    def expect(self, number: int) -> None:
        self._left = number
        self.all.clear()

    def __call__(self, job: Job, now: datetime) -> Outcome:
        with self._guard:
            self._left -= 1
            if not self._left:
                self.all.set()
        return Outcome()


def _measured(name: str, wanted: float, make: Callable[[], Worker], arrived: _Arrivals) -> Figure:
    worker = make()
    worker.start()
    time.sleep(1)
    rounds = [(_through(worker, arrived), _raw()) for _ in range(ROUNDS)]
    worker.stop(10)
    ours, theirs = (EACH / statistics.median(column) for column in zip(*rounds, strict=True))
    note = f" ({ours:.0f} against {theirs:.0f} a second, {THREADS} threads)"
    return ratio(f"deliveries, {name} / raw claim and finish", ours / theirs, wanted, at_most=False, note=note)


def _through(worker: Worker, arrived: _Arrivals) -> float:
    arrived.expect(EACH)
    began = time.perf_counter()
    _owe(KIND)
    worker.wake()
    assert arrived.all.wait(120)
    return time.perf_counter() - began


def _owe(kind: str) -> None:
    now = _clock()
    enqueue([Owed(kind, f"{kind}{next(_numbers)}", {"a": 1}, now) for _ in range(EACH)], now=now)


def _raw() -> float:
    """One client; the statements of the ledger, without anything around them."""
    began = time.perf_counter()
    _owe(RAW)
    for _ in range(EACH):
        (job,) = queue.claim(_clock(), "raw", [RAW], 1)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE ledger_delivery SET state = 'done', owner = '', lease_until = NULL, finished_at = %s"
                " WHERE id = %s AND attempt = %s AND owner = %s AND state = 'running'",
                [_clock(), job.id, job.attempt, job.owner],
            )
    taken = time.perf_counter() - began
    Delivery.objects.filter(kind__in=[KIND, RAW], state="done").delete()
    return taken


def _clock() -> datetime:
    return datetime.now(UTC)
