"""The worker of one process, with real threads: on SQLite it looks itself, on PostgreSQL procrastinate tells it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial

import pytest
from pytest_django import Settings

from meeting_manager.ledger.handlers import Job, Outcome
from meeting_manager.ledger.models import Delivery
from meeting_manager.ledger.services import queue
from meeting_manager.ledger.worker import POLL_SECONDS, Worker, make_worker, run_once
from tests.ledger.post import POST, Postman, lose_leases, owe, states, stored
from tests.together import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("_no_jobs_left")]

PATIENCE_SECONDS = 15.0


def clock() -> datetime:
    """The real time: what is owed now is due now."""
    return datetime.now(UTC)


def owe_now(*keys: str, kind: str = POST) -> list[Delivery]:
    """Due at once."""
    return owe(*keys, kind=kind, due=clock(), now=clock())


def wait_for(condition: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
    """Return as soon as it is so; fail when it is not in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.02)
    pytest.fail(f"waited {seconds} s in vain")


@contextmanager
def working(count: int = 1) -> Iterator[list[Worker]]:
    """So many workers of one process each with threads of its own."""
    workers = [make_worker(clock) for _ in range(count)]
    for worker in workers:
        worker.start()
    try:
        yield workers
    finally:
        for worker in workers:
            worker.stop(PATIENCE_SECONDS)


@pytest.fixture(autouse=True)
def _short_leases(settings: Settings) -> None:
    settings.WORKER_LEASE_SECONDS = 2


class Gate:
    """A handler that waits until it is let through, and says how many stand before it."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.entered = threading.Semaphore(0)

    def __call__(self, job: Job, now: datetime) -> Outcome:
        """Wait."""
        self.entered.release()
        assert self.open.wait(PATIENCE_SECONDS)
        return Outcome()

    def wait_for_one(self) -> None:
        """Return when another one stands before the gate."""
        assert self.entered.acquire(timeout=PATIENCE_SECONDS)


@pytest.fixture
def gate() -> Iterator[Gate]:
    """It opens when the test ends."""
    made = Gate()
    yield made
    made.open.set()


def test_what_is_owed_before_and_while_it_works_is_carried_out(postman: Postman) -> None:
    owe_now("before")
    with working():
        owe_now("while")
        wait_for(lambda: states() == {"before": "done", "while": "done"})
    assert sorted(postman.delivered) == ["before", "while"]


def test_it_is_carried_out_when_its_time_comes(postman: Postman) -> None:
    due = datetime.fromtimestamp(time.time() + 1.5, UTC)
    owe("later", due=due, now=clock())
    with working():
        wait_for(lambda: states() == {"later": "done"})
        finished = stored("later").finished_at
    assert finished is not None
    assert 0 <= (finished - due).total_seconds() < 3


def test_many_workers_share_the_work_and_run_nothing_twice(postman: Postman) -> None:
    keys = [f"k{number:03d}" for number in range(120)]
    with working(3):
        owe_now(*keys)
        wait_for(lambda: set(states().values()) == {"done"}, 60)
    assert sorted(postman.delivered) == keys
    assert set(Delivery.objects.values_list("attempt", flat=True)) == {1}


def test_a_thread_that_is_done_gets_its_next_delivery_at_once(postman: Postman) -> None:
    owe_now(*(f"k{number:03d}" for number in range(60)))
    with working():
        wait_for(lambda: set(states().values()) == {"done"}, 60 / 2 * POLL_SECONDS * 0.7)


def test_claims_made_at_once_never_overlap(postman: Postman) -> None:
    owe_now(*(f"k{number:03d}" for number in range(40)))
    claims: list[Callable[[], list[Job]]] = [
        partial(queue.claim, clock(), f"w{number}", [POST], 7) for number in range(8)
    ]
    taken = [job.key for jobs in together(claims) if isinstance(jobs, list) for job in jobs]
    assert len(taken) == len(set(taken))
    assert set(taken) <= set(states())


def test_a_hanging_kind_does_not_hold_up_the_others(postman: Postman, gate: Gate) -> None:
    stuck = Postman()
    undo = stuck.serve("stuck")
    stuck.instead = dict.fromkeys(("s1", "s2", "s3", "s4"), gate)
    owe_now("s1", "s2", "s3", "s4", kind="stuck")
    with working():
        gate.wait_for_one()
        gate.wait_for_one()
        owe_now("a", "b", "c")
        wait_for(lambda: sorted(postman.delivered) == ["a", "b", "c"])
        assert len(stuck.delivered) == 2
        gate.open.set()
        wait_for(lambda: set(states().values()) == {"done"})
    undo()


def test_a_failing_kind_does_not_hold_up_the_others(postman: Postman) -> None:
    def fall(job: Job, now: datetime) -> Outcome:
        raise SystemExit("not even this")

    broken = Postman()
    undo = broken.serve("broken", attempts=1)
    broken.instead = {f"f{number}": fall for number in range(6)}
    owe_now(*broken.instead, kind="broken")
    with working():
        owe_now("a")
        wait_for(lambda: stored("a").state == "done")
        wait_for(lambda: len(set(broken.delivered)) == 6)
    undo()


def test_a_delivery_that_takes_longer_than_its_lease_is_carried_out_once(postman: Postman, gate: Gate) -> None:
    postman.instead["slow"] = gate
    owe_now("slow")
    with working(2):
        gate.wait_for_one()
        time.sleep(3.5)
        gate.open.set()
        wait_for(lambda: states() == {"slow": "done"})
    assert postman.delivered == ["slow"]
    assert stored("slow").attempt == 1


def test_what_a_dead_worker_left_is_taken_over(postman: Postman) -> None:
    owe_now("lost")
    queue.claim(clock(), "a worker that died", [POST], 1)
    lose_leases()
    with working():
        wait_for(lambda: states() == {"lost": "done"})
    assert (stored("lost").attempt, stored("lost").failures) == (2, 1)


def test_a_postponed_delivery_comes_back(postman: Postman) -> None:
    from meeting_manager.ledger.handlers import Postponed

    def wait_a_second(job: Job, now: datetime) -> Outcome:
        if job.attempt == 1:
            raise Postponed(now)
        return Outcome()

    postman.instead["a"] = wait_a_second
    owe_now("a")
    with working():
        wait_for(lambda: states() == {"a": "done"})
    assert postman.delivered == ["a", "a"]
    assert stored("a").failures == 0


def test_a_failed_delivery_comes_back(postman: Postman) -> None:
    def fall_once(job: Job, now: datetime) -> Outcome:
        if not job.failures:
            raise OSError("slippery")
        return Outcome()

    postman.instead["a"] = fall_once
    owe_now("a")
    with working():
        wait_for(lambda: states() == {"a": "done"})
    assert postman.delivered == ["a", "a"]


def test_stopping_lets_what_runs_finish_and_begins_nothing(postman: Postman, gate: Gate) -> None:
    postman.instead = {"a": gate, "b": gate}
    owe_now("a", "b", "c")
    worker = make_worker(clock)
    worker.start()
    gate.wait_for_one()
    gate.wait_for_one()
    threading.Timer(1.0, gate.open.set).start()
    assert worker.stop(PATIENCE_SECONDS)
    assert states() == {"a": "done", "b": "done", "c": "ready"}


def test_stopping_leaves_what_hangs_to_its_lease(postman: Postman, gate: Gate) -> None:
    postman.instead["a"] = gate
    owe_now("a", "b")
    worker = make_worker(clock)
    worker.start()
    gate.wait_for_one()
    wait_for(lambda: stored("b").state == "done")
    began = time.monotonic()
    assert not worker.stop(1.5)
    assert time.monotonic() - began < 5
    assert stored("a").state == "running"
    lose_leases()
    assert [job.key for job in queue.claim(clock(), "another", [POST], 1)] == ["a"]
    gate.open.set()
    assert worker.stop(PATIENCE_SECONDS)


def test_a_worker_with_a_delivery_that_hangs_asks_to_be_replaced(postman: Postman, gate: Gate) -> None:
    from meeting_manager.ledger.worker import Heart

    failed = threading.Event()
    heart = Heart("one", 0.2, failed.set)
    owe_now("a")
    (job,) = queue.claim(clock(), "one", [POST], 1)
    heart.loop.start()
    with heart.holding(job):
        assert failed.wait(PATIENCE_SECONDS)
    heart.loop.end(PATIENCE_SECONDS)


def test_one_round_carries_out_what_is_due_and_ends(postman: Postman) -> None:
    owe_now("a", "b")
    owe("tomorrow", due=datetime(2199, 1, 1, tzinfo=UTC), now=clock())
    assert run_once(clock) == 2
    assert states() == {"a": "done", "b": "done", "tomorrow": "ready"}


def test_in_one_round_too_a_slow_delivery_keeps_its_lease(postman: Postman, gate: Gate) -> None:
    postman.instead["slow"] = gate
    owe_now("slow")
    threading.Timer(3.5, gate.open.set).start()
    with working(0):
        assert run_once(clock) == 1
    assert stored("slow").attempt == 1
