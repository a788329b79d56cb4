"""The worker of one process: lanes for every kind, a heart that keeps its leases, and the hand that fetches work."""

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial

import structlog
from django.conf import settings
from django.db import connection

from meeting_manager.ledger.handlers import Job, registered
from meeting_manager.ledger.lanes import Lane
from meeting_manager.ledger.loops import Loop
from meeting_manager.ledger.running import new_owner, run_due, run_job
from meeting_manager.ledger.services import queue

POLL_SECONDS = 0.5
"""How often an idle worker looks for what others have written."""

LONGEST_RUN_SECONDS = 3600.0
"""A delivery that takes longer hangs: its worker ends, so that another process can take over all it had."""

Clock = Callable[[], datetime]

log = structlog.get_logger(__name__)


def make_worker(clock: Clock) -> "Worker":
    """The worker for the database in use; `clock` returns now (aware UTC)."""
    if connection.vendor == "postgresql":
        from meeting_manager.ledger.distributed import DistributedWorker

        return DistributedWorker(clock)
    return EmbeddedWorker(clock)


class Heart:
    """Prolongs the leases of what this process works on, three times in the time of a lease."""

    def __init__(self, owner: str, longest: float, on_hang: Callable[[], None]) -> None:
        self._owner = owner
        self._longest = longest
        self._on_hang = on_hang
        self._guard = threading.Lock()
        self._held: dict[tuple[int, int], float] = {}
        self.loop = Loop("heart", self._beat)

    @contextmanager
    def holding(self, job: Job) -> Iterator[None]:
        """Keep the lease of `job` as long as the block lasts."""
        claim = (job.id, job.attempt)  # what was lost may come back, beside the thread that does not know yet
        with self._guard:
            self._held[claim] = time.monotonic()
        try:
            yield
        finally:
            with self._guard:
                del self._held[claim]

    @property
    def holds(self) -> int:
        """How many deliveries this process works on."""
        with self._guard:
            return len(self._held)

    def _beat(self) -> float:
        with self._guard:
            held = dict(self._held)
        hung = {pk for (pk, _), since in held.items() if time.monotonic() - since > self._longest}
        if hung:
            log.error("deliveries hang; the worker ends", deliveries=sorted(hung), after_seconds=self._longest)
            self._on_hang()
        queue.renew(self._owner, {pk for pk, _ in held} - hung)
        return float(settings.WORKER_LEASE_SECONDS) / 3


class Worker(ABC):
    """Runs in threads of its own from `start` to `stop`; carries out what is due of every kind registered by then."""

    def __init__(self, clock: Clock) -> None:
        self.owner = new_owner()
        self.failed = threading.Event()
        """Set when this process should end, as something in it hangs."""
        self.lanes = {kind: Lane(kind, known.threads) for kind, known in registered().items()}
        self.clock = clock
        self._heart = Heart(self.owner, LONGEST_RUN_SECONDS, self.failed.set)

    def start(self) -> None:
        """Begin."""
        for lane in self.lanes.values():
            lane.start()
        self._heart.loop.start()
        self._start_fetching()

    def stop(self, seconds: float) -> bool:
        """Fetch no more, and let what runs finish within `seconds`; False where something did not, and goes on.

        What is left then has to be ended with the process; its leases run out, and another worker takes it over.
        """
        deadline = time.monotonic() + seconds
        self._stop_fetching(deadline)
        ended = [lane.end(deadline) for lane in self.lanes.values()]
        if not all(ended):
            log.warning("deliveries were left to their leases", count=self._heart.holds)
        self._heart.loop.end(1.0)
        return all(ended)

    @abstractmethod
    def wake(self) -> None:
        """There is new work."""

    @abstractmethod
    def _start_fetching(self) -> None: ...

    @abstractmethod
    def _stop_fetching(self, deadline: float) -> None:
        """Begin nothing more; `deadline` is of the monotonic clock."""

    def _carry_out(self, job: Job) -> None:
        with self._heart.holding(job):
            run_job(job, self.clock())


class EmbeddedWorker(Worker):
    """Looks into the table itself: for SQLite, where everything happens on one machine."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._dispatcher = Loop("dispatcher", self._hand_out)

    def wake(self) -> None:
        """There is new work."""
        self._dispatcher.wake()

    def _start_fetching(self) -> None:
        self._dispatcher.start()

    def _stop_fetching(self, deadline: float) -> None:
        self._dispatcher.end(deadline - time.monotonic())

    def _hand_out(self) -> float:
        """Claim for every free thread what is due for it."""
        free = {kind: lane.free for kind, lane in self.lanes.items() if lane.free}
        for kind in queue.due_kinds(self.clock(), list(free)):
            for job in queue.claim(self.clock(), self.owner, [kind], free[kind]):
                done = self.lanes[kind].submit(partial(self._carry_out, job))
                done.add_done_callback(lambda _: self.wake())
        return POLL_SECONDS


def run_once(clock: Clock) -> int:
    """Carry out, in this thread, everything that is due now, keeping its leases; returns how much that was."""
    owner = new_owner()
    heart = Heart(owner, LONGEST_RUN_SECONDS, lambda: None)
    heart.loop.start()
    try:
        return run_due(clock(), owner=owner, holding=heart.holding)
    finally:
        heart.loop.end(1.0)
