"""Who has a delivery: claims, leases and what becomes of it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meeting_manager.adapters.errors import AdapterError, RefusedError
from meeting_manager.ledger.handlers import LONGEST_PAUSE, MOST_ATTEMPTS, Outcome
from meeting_manager.ledger.models import FailureCount
from meeting_manager.ledger.services import queue
from meeting_manager.ledger.services.backoff import pause_after
from tests.ledger.post import NOW, POST, lose_leases, owe, states, stored, take

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


def test_what_is_due_is_claimed_longest_waiting_first() -> None:
    owe("late", due=NOW - SECOND)
    owe("latest", due=NOW - 2 * SECOND)
    owe("now", due=NOW)
    owe("tomorrow", due=NOW + timedelta(days=1))
    assert [job.key for job in take(limit=2)] == ["latest", "late"]
    assert [job.key for job in take(limit=2)] == ["now"]
    assert take() == []


def test_a_claim_says_all_that_a_handler_needs() -> None:
    (row,) = owe("a", about="MM-MB-1")
    (job,) = take("one")
    assert (job.id, job.key, job.kind, job.payload, job.about) == (row.pk, "a", POST, {"says": "a"}, "MM-MB-1")
    assert (job.attempt, job.failures, job.owner, job.due, job.created_at) == (1, 0, "one", NOW, NOW)


def test_a_lease_runs_by_the_clock_of_the_database() -> None:
    owe("a", due=NOW + timedelta(days=400))
    take(now=NOW + timedelta(days=500))
    left = stored("a").lease_until
    assert left is not None
    assert timedelta(seconds=25) < left - datetime.now(UTC) <= timedelta(seconds=31)


def test_kinds_that_nobody_knows_here_are_left_alone() -> None:
    owe("a", kind="of the next release")
    assert take(kind=POST) == []
    assert queue.claim(NOW, "one", [], 5) == []
    assert queue.due_kinds(NOW, [POST]) == []
    assert queue.due_kinds(NOW, []) == []


def test_looking_for_work_writes_nothing() -> None:
    owe("a", kind="b")
    owe("c", kind="d", due=NOW + SECOND)
    with CaptureQueriesContext(connection) as made:
        assert queue.due_kinds(NOW, ["b", "d", "e"]) == ["b"]
    (query,) = made.captured_queries
    assert query["sql"].lstrip().startswith("SELECT")


def test_a_claim_is_one_statement() -> None:
    owe("a", "b")
    with CaptureQueriesContext(connection) as made:
        take(limit=2)
    assert len([query for query in made.captured_queries if "SAVEPOINT" not in query["sql"]]) == 1


def test_what_runs_is_claimed_by_nobody_else_before_its_lease_is_over() -> None:
    owe("a")
    take("one")
    assert take("two") == []
    lose_leases()
    assert queue.due_kinds(NOW, [POST]) == [POST]
    (again,) = take("two")
    assert (again.attempt, again.failures) == (2, 1)
    assert "worker" in stored("a").last_error


def test_what_was_abandoned_comes_first_and_counts_toward_the_limit() -> None:
    owe("lost")
    take("one")
    lose_leases()
    owe("older", due=NOW - timedelta(hours=1))
    owe("old", due=NOW - timedelta(minutes=1))
    assert {job.key for job in take("two", limit=2)} == {"lost", "older"}


def test_one_can_be_claimed_by_its_number() -> None:
    first, second = owe("a", "b")
    job = queue.claim_one(second.pk, NOW, "one", [POST])
    assert job is not None
    assert job.key == "b"
    assert queue.claim_one(second.pk, NOW, "two", [POST]) is None
    assert queue.claim_one(first.pk, NOW - SECOND, "two", [POST]) is None
    assert queue.claim_one(first.pk, NOW, "two", ["another kind"]) is None
    assert queue.claim_one(first.pk, NOW, "two", []) is None
    lose_leases()
    assert queue.claim_one(second.pk, NOW, "two", [POST]) is not None


def test_leases_are_renewed_for_their_owner_only() -> None:
    mine, other = owe("a", "b")
    take("one")
    take("two")
    lose_leases()
    assert queue.renew("one", [mine.pk, other.pk]) == {mine.pk}
    assert queue.renew("one", []) == set()
    assert [job.key for job in take("three", limit=2)] == ["b"]


def test_done_and_skipped_say_what_and_when() -> None:
    owe("a", "b")
    a, b = take(limit=2)
    assert queue.finish(a, Outcome("left at the door"), NOW + SECOND)
    assert queue.finish(b, Outcome("moved away", skipped=True), NOW)
    assert states() == {"a": "done", "b": "skipped"}
    done = stored("a")
    assert (done.note, done.finished_at, done.owner, done.lease_until) == (
        "left at the door",
        NOW + SECOND,
        "",
        None,
    )


def test_who_has_lost_a_delivery_can_neither_finish_postpone_nor_fail_it() -> None:
    owe("a")
    (lost,) = take("one")
    lose_leases()
    (current,) = take("two")
    assert not queue.finish(lost, Outcome(), NOW)
    assert not queue.postpone(lost, NOW + SECOND, "", NOW)
    assert not queue.fail(lost, ValueError(), NOW)
    assert states() == {"a": "running"}
    assert not FailureCount.objects.exists()
    assert queue.finish(current, Outcome(), NOW)


def test_the_same_worker_that_took_it_again_has_lost_its_first_claim() -> None:
    owe("a")
    (lost,) = take("one")
    lose_leases()
    (current,) = take("one")
    assert not queue.finish(lost, Outcome(), NOW)
    assert queue.finish(current, Outcome(), NOW)
    assert not queue.finish(current, Outcome(), NOW)


def test_postponing_costs_no_attempt_but_ends_the_claim() -> None:
    owe("a")
    (job,) = take()
    until = NOW + timedelta(hours=1)
    assert queue.postpone(job, until, "the house sleeps", NOW)
    row = stored("a")
    assert (row.state, row.due, row.failures, row.note, row.finished_at) == (
        "ready",
        until,
        0,
        "the house sleeps",
        None,
    )
    assert not queue.finish(job, Outcome(), NOW)
    assert take(now=until - SECOND) == []
    (again,) = take(now=until)
    assert not queue.finish(job, Outcome(), NOW)
    assert again.attempt == 2


def test_postponing_into_the_past_does_not_run_in_circles() -> None:
    owe("a")
    (job,) = take()
    queue.postpone(job, NOW - timedelta(hours=1), "", NOW)
    assert stored("a").due == NOW + SECOND


def test_a_failure_is_tried_again_later_and_kept_in_words() -> None:
    owe("a")
    (job,) = take()
    assert queue.fail(job, AdapterError("550 john@customer.example \0 is \udce4way" + "y" * 5_000), NOW)
    row = stored("a")
    assert (row.state, row.failures, row.finished_at) == ("ready", 1, None)
    assert NOW + SECOND < row.due <= NOW + 2 * SECOND
    assert row.last_error.startswith("AdapterError: 550 john@customer.example  is ?way")
    assert len(row.last_error) == queue.LONGEST_ERROR


def test_what_was_refused_is_dead_at_once() -> None:
    owe("a")
    (job,) = take()
    assert queue.fail(job, RefusedError("no such street"), NOW)
    row = stored("a")
    assert (row.state, row.failures, row.finished_at) == ("dead", 1, NOW)
    assert row.last_error == "RefusedError: no such street"
    assert take(now=NOW + timedelta(days=9)) == []


def test_a_failing_delivery_outlives_an_outage_of_a_day_and_then_dies() -> None:
    owe("a")
    now = NOW
    while stored("a").state == "ready":
        now = max(now, stored("a").due)
        (job,) = take(now=now)
        queue.fail(job, AdapterError("no answer"), now)
    assert stored("a").failures == MOST_ATTEMPTS
    assert timedelta(hours=27) < now - NOW < timedelta(hours=38)
    assert FailureCount.objects.get(kind=POST).failures == MOST_ATTEMPTS


def test_pauses_double_up_to_an_hour_and_differ() -> None:
    for failures, seconds in ((1, 2), (2, 4), (6, 64), (11, 2048), (12, 3600), (47, 3600), (4_000, 3600)):
        pauses = {pause_after(failures, LONGEST_PAUSE).total_seconds() for _ in range(50)}
        assert all(0.75 * seconds <= pause <= seconds for pause in pauses)
        assert len(pauses) > 1
