"""What only PostgreSQL has: jobs of procrastinate's that tell the workers of a site which rows to look at."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import OperationalError
from django.test.utils import CaptureQueriesContext

from meeting_manager.ledger.handlers import Outcome
from meeting_manager.ledger.models import Delivery
from meeting_manager.ledger.services import discard, enqueue, queue, retry
from meeting_manager.ledger.services.announce import Owed
from meeting_manager.ledger.services.deferring import HORIZON, defer, sweep
from meeting_manager.ledger.worker import make_worker
from tests.ledger.post import NOW, POST, Postman, lose_leases, owe, states, stored, take
from tests.together import together

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_no_jobs_left")]

FAR = NOW + HORIZON + timedelta(days=30)


@pytest.fixture(autouse=True)
def _on_postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("procrastinate is for PostgreSQL")


def jobs() -> list[tuple[str, int, datetime]]:
    """Queue, delivery and time of all that waits."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT queue_name, (args ->> 'delivery')::int, scheduled_at FROM procrastinate_jobs ORDER BY id"
        )
        return [(queue_name, pk, at) for queue_name, pk, at in cursor.fetchall()]


def forget_jobs() -> None:
    """As if procrastinate had lost everything."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def finish(*keys: str, clock: Callable[[], datetime]) -> None:
    """Have a worker carry these out."""
    worker = make_worker(clock)
    worker.start()
    deadline = time.monotonic() + 15
    while set(states().values()) != {"done"} and time.monotonic() < deadline:
        time.sleep(0.05)
    assert worker.stop(10)
    assert states() == dict.fromkeys(keys, "done")


def test_each_new_delivery_has_a_job_in_the_queue_of_its_kind() -> None:
    soon = NOW + timedelta(seconds=10)
    (a,) = owe("a")
    (b,) = owe("b", kind="another", due=soon)
    owe("a", "b")
    assert jobs() == [(POST, a.pk, NOW), ("another", b.pk, soon)]


def test_many_are_owed_with_two_statements() -> None:
    owed = [Owed(POST, f"k{number}", {}, NOW) for number in range(40)]
    with CaptureQueriesContext(connection) as made, transaction.atomic():
        assert enqueue(owed, now=NOW) == 40
    assert len([query for query in made.captured_queries if "SAVEPOINT" not in query["sql"]]) == 2
    assert len(jobs()) == 40


def test_what_is_undone_wakes_nobody() -> None:
    point = transaction.savepoint()
    owe("a")
    transaction.savepoint_rollback(point)
    assert jobs() == []


def test_what_is_due_much_later_gets_its_job_when_the_time_comes_near() -> None:
    (a,) = owe("a", due=FAR)
    assert jobs() == []
    assert sweep(NOW, [POST], 30) == 0
    assert sweep(FAR - timedelta(minutes=1), [POST], 30) == 1
    assert jobs() == [(POST, a.pk, FAR)]
    assert sweep(FAR, [POST], 30) == 0


def test_another_attempt_has_a_job_of_its_own() -> None:
    (a,) = owe("a")
    (job,) = take()
    forget_jobs()
    queue.fail(job, OSError(), NOW)
    assert jobs() == [(POST, a.pk, stored("a").due)]
    forget_jobs()
    (job,) = take(now=NOW + timedelta(minutes=1))
    queue.postpone(job, NOW + timedelta(minutes=2), "", NOW)
    assert jobs() == [(POST, a.pk, NOW + timedelta(minutes=2))]


def test_what_people_retry_has_a_job_and_what_they_discard_has_none() -> None:
    a, b = owe("a", "b")
    Delivery.objects.update(state="dead", failures=1, finished_at=NOW)
    forget_jobs()
    assert retry(a, NOW)
    assert discard(b, NOW)
    assert jobs() == [(POST, a.pk, NOW)]


def test_the_sweep_finds_what_has_no_job_or_no_worker() -> None:
    a, b = owe("a", "b")
    owe("c", kind="of the next release")
    take()
    forget_jobs()
    assert sweep(NOW, [POST], 30) == 1
    lose_leases()
    assert sweep(NOW, [POST], 30) == 1
    assert [pk for _, pk, _ in jobs()] == [b.pk, a.pk]
    assert sweep(NOW, [], 30) == 0


def test_the_sweep_forgets_jobs_that_are_over_and_those_of_workers_that_are_silent() -> None:
    owe("over", "left", "kept")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now()), (now() - interval '1 hour')")
        cursor.execute("SELECT id FROM procrastinate_workers ORDER BY last_heartbeat")
        silent, alive = (pk for (pk,) in cursor.fetchall())
        over, left, kept = (pk for _, pk, _ in jobs())
        change = "UPDATE procrastinate_jobs SET status = %s, worker_id = %s WHERE (args ->> 'delivery')::int = %s"
        for values in (("succeeded", None, over), ("doing", silent, left), ("doing", alive, kept)):
            cursor.execute(change, values)
    for job in take(limit=3):
        queue.finish(job, Outcome(), NOW)
    sweep(NOW, [POST], 30)
    assert [pk for _, pk, _ in jobs()] == [kept]


@pytest.mark.django_db(transaction=True)
def test_of_several_sweeps_at_once_one_works() -> None:
    owe("a")
    forget_jobs()
    with transaction.atomic():
        assert sweep(NOW, [POST], 30) == 1
        assert together([lambda: sweep(NOW, [POST], 30)]) == [0]
    forget_jobs()


@pytest.mark.django_db(transaction=True)
def test_a_claim_passes_by_what_another_is_about_to_claim() -> None:
    owe("a", "b", "c")
    with transaction.atomic():
        first = take("one", limit=2)
        (second,) = together([lambda: take("two", limit=2)])
    assert isinstance(second, list)
    assert {job.key for job in first} | {job.key for job in second} == {"a", "b", "c"}
    assert len(second) == 1


@pytest.mark.django_db(transaction=True)
def test_a_machine_whose_clock_is_late_works_when_the_database_says_so(postman: Postman) -> None:
    now = datetime.now(UTC)
    owe("a", due=now, now=now)
    finish("a", clock=lambda: datetime.now(UTC) - timedelta(hours=1))


@pytest.mark.django_db(transaction=True)
def test_a_lost_database_is_met_as_everywhere() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 1")

    def owe_too_much() -> None:
        with transaction.atomic():
            defer([(number, POST, NOW) for number in range(20_000)], NOW)

    with pytest.raises(OperationalError):
        owe_too_much()
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_of_procrastinate_when_all_is_done(postman: Postman) -> None:
    now = datetime.now(UTC)
    owe("a", "b", "c", due=now, now=now)
    finish("a", "b", "c", clock=lambda: datetime.now(UTC))
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM procrastinate_jobs), (SELECT count(*) FROM procrastinate_workers)")
        assert cursor.fetchone() == (0, 0)
