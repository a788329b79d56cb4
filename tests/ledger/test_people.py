"""What people do about deliveries that went wrong, and what they see."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meeting_manager.adapters.errors import RefusedError
from meeting_manager.ledger.handlers import Outcome
from meeting_manager.ledger.models import Delivery
from meeting_manager.ledger.queries import figures, timeline
from meeting_manager.ledger.running import run_due
from meeting_manager.ledger.services import discard, queue, retry
from tests.ledger.post import NOW, POST, Postman, lose_leases, owe, states, stored, take

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=3)


def dead(key: str) -> Delivery:
    """One that was refused."""
    owe(key)
    (job,) = take()
    queue.fail(job, RefusedError("no such street"), NOW)
    return stored(key)


def test_what_was_given_up_can_be_retried_from_the_beginning(postman: Postman) -> None:
    delivery = dead("a")
    assert retry(delivery, LATER)
    row = stored("a")
    assert (row.state, row.due, row.failures, row.finished_at) == ("ready", LATER, 0, None)
    assert row.attempt == 1
    assert run_due(LATER) == 1
    assert states() == {"a": "done"}


def test_what_was_given_up_can_be_discarded() -> None:
    assert discard(dead("a"), LATER)
    assert (stored("a").state, stored("a").finished_at) == ("discarded", LATER)


def test_what_fails_again_and_again_need_not_be_waited_for() -> None:
    a, b = owe("a", "b")
    for job in take(limit=2):
        queue.fail(job, OSError("slippery"), NOW)
    assert retry(a, NOW)
    assert stored("a").due == NOW
    assert discard(b, NOW)
    assert states() == {"a": "ready", "b": "discarded"}


def test_what_did_not_go_wrong_is_left_alone() -> None:
    owe("done", "skipped", "running")
    done, skipped, _ = take(limit=3)
    queue.finish(done, Outcome(), NOW)
    queue.finish(skipped, Outcome(skipped=True), NOW)
    owe("scheduled", due=LATER)
    before = states()
    for row in Delivery.objects.all():
        assert not retry(row, NOW)
        assert not discard(row, NOW)
    assert states() == before
    assert stored("scheduled").due == LATER


def test_who_is_still_at_it_does_not_undo_what_people_did() -> None:
    owe("a")
    (slow,) = take("one")
    lose_leases()
    (other,) = take("two")
    queue.fail(other, RefusedError("no"), NOW)
    assert retry(stored("a"), NOW)
    assert not queue.finish(slow, Outcome(), NOW)
    assert states() == {"a": "ready"}


def test_a_record_shows_its_deliveries_in_the_order_they_were_owed() -> None:
    owe("second", about="MM-MB-1", now=LATER)
    owe("first", about="MM-MB-1")
    owe("moved", about="MM-MB-0")
    owe("foreign", about="MM-MB-2")
    found = timeline(["MM-MB-0", "MM-MB-1"])
    assert [row.key for row in found] == ["first", "moved", "second"]


def test_the_figures_tell_depth_age_and_failures_by_kind() -> None:
    owe("old", due=NOW - timedelta(minutes=10))
    owe("older", due=NOW - timedelta(minutes=30))
    owe("tomorrow", due=NOW + timedelta(days=1))
    owe("other", kind="another")
    with CaptureQueriesContext(connection) as made:
        told = figures(NOW)
    assert len(made) == 3
    assert told.depth == {(POST, "ready"): 3, ("another", "ready"): 1}
    assert told.overdue_seconds == {POST: 1800.0, "another": 0.0}
    assert told.failures == {}
    older, old = take(limit=2)
    queue.fail(old, RefusedError("no"), NOW)
    queue.finish(older, Outcome(), NOW)
    take(kind="another")
    Delivery.objects.filter(state="running").update(lease_until=NOW + timedelta(seconds=30))
    told = figures(NOW)
    assert told.depth == {(POST, "ready"): 1, (POST, "dead"): 1, ("another", "running"): 1}
    assert told.overdue_seconds == {}
    assert told.failures == {POST: 1}


def test_failures_are_counted_on_whatever_becomes_of_the_rows() -> None:
    for key in ("a", "b"):
        dead(key)
    Delivery.objects.all().delete()
    dead("c")
    assert figures(NOW).failures == {POST: 3}


def test_what_a_dead_worker_has_is_overdue(postman: Postman) -> None:
    owe("a", due=NOW - timedelta(minutes=1))
    take()
    assert figures(NOW - timedelta(days=365)).overdue_seconds == {}
    Delivery.objects.update(lease_until=NOW - timedelta(seconds=1))
    assert figures(NOW).overdue_seconds == {POST: 60.0}
