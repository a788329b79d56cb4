"""Carrying out what is due: what becomes of what handlers do."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from meeting_manager.adapters.errors import RefusedError
from meeting_manager.ledger.handlers import Job, Outcome, Postponed, register
from meeting_manager.ledger.running import run_due, run_job
from tests.ledger.post import NOW, POST, Postman, lose_leases, owe, states, stored, take

pytestmark = pytest.mark.django_db


def test_everything_due_is_carried_out_once(postman: Postman) -> None:
    owe("a", "b")
    owe("tomorrow", due=NOW + timedelta(days=1))
    assert run_due(NOW) == 2
    assert run_due(NOW) == 0
    assert postman.delivered == ["a", "b"]
    assert states() == {"a": "done", "b": "done", "tomorrow": "ready"}
    assert run_due(NOW + timedelta(days=1)) == 1


def test_what_handlers_owe_meanwhile_is_carried_out_too(postman: Postman) -> None:
    def pass_on(job: Job, now: datetime) -> Outcome:
        owe("reply", now=now, due=now)
        return Outcome()

    postman.instead["a"] = pass_on
    owe("a")
    assert run_due(NOW) == 2
    assert states() == {"a": "done", "reply": "done"}


def test_it_can_be_kept_to_some_kinds(postman: Postman) -> None:
    owe("a", "b")
    assert run_due(NOW, kinds=["another", "of the next release"]) == 0
    assert run_due(NOW, kinds=[POST]) == 2


def test_kinds_of_a_newer_release_wait(postman: Postman) -> None:
    owe("a", kind="of the next release")
    assert run_due(NOW) == 0
    assert states() == {"a": "ready"}


def test_each_way_a_handler_ends_is_recorded(postman: Postman) -> None:
    def refuse(job: Job, now: datetime) -> Outcome:
        raise RefusedError("no such street")

    def fall(job: Job, now: datetime) -> Outcome:
        raise ZeroDivisionError("off the bicycle")

    def wait(job: Job, now: datetime) -> Outcome:
        raise Postponed(now + timedelta(hours=1), "the house sleeps")

    def skip(job: Job, now: datetime) -> Outcome:
        return Outcome("moved away", skipped=True)

    postman.instead = {"refused": refuse, "fallen": fall, "waiting": wait, "skipped": skip}
    owe("done", "fallen", "refused", "skipped", "waiting")
    assert run_due(NOW) == 5
    assert states() == {
        "done": "done",
        "fallen": "ready",
        "refused": "dead",
        "skipped": "skipped",
        "waiting": "ready",
    }
    assert stored("fallen").last_error == "ZeroDivisionError: off the bicycle"
    assert (stored("waiting").due, stored("waiting").failures) == (NOW + timedelta(hours=1), 0)


def test_a_failing_delivery_is_tried_again_until_it_succeeds(postman: Postman) -> None:
    def fall_twice(job: Job, now: datetime) -> Outcome:
        if job.failures < 2:
            raise OSError("slippery")
        return Outcome("third time lucky")

    postman.instead["a"] = fall_twice
    owe("a")
    for minute in range(3):
        run_due(NOW + timedelta(minutes=minute))
    row = stored("a")
    assert (row.state, row.note, row.attempt, row.failures) == ("done", "third time lucky", 3, 2)


def test_each_kind_has_its_own_number_of_attempts() -> None:
    impatient = Postman()

    def fall(job: Job, now: datetime) -> Outcome:
        raise OSError("slippery")

    impatient.instead["a"] = fall
    undo = impatient.serve("express", attempts=2)
    owe("a", kind="express")
    for minute in range(5):
        run_due(NOW + timedelta(minutes=minute))
    undo()
    assert impatient.delivered == ["a", "a"]
    assert states() == {"a": "dead"}


def test_a_delivery_that_kills_its_workers_is_given_up(postman: Postman) -> None:
    undo = postman.serve("bomb", attempts=3)
    owe("a", kind="bomb")
    for _ in range(3):
        assert take(kind="bomb")
        lose_leases()
    run_due(NOW)
    undo()
    assert postman.delivered == []
    assert states() == {"a": "dead"}
    assert stored("a").last_error.startswith("WorkersLost")


def test_who_has_lost_it_meanwhile_is_told_so(postman: Postman) -> None:
    def sleep_long(job: Job, now: datetime) -> Outcome:
        lose_leases()
        take("another")
        return Outcome()

    postman.instead["a"] = sleep_long
    owe("a")
    (job,) = take("one")
    assert run_job(job, NOW) is False
    assert states() == {"a": "running"}
    assert stored("a").owner == "another"


@pytest.fixture
def _bad_tempered() -> Iterator[None]:
    def handler(job: Job, now: datetime) -> Outcome:
        raise ValueError("550 no mailbox for john@customer.example")

    undo = register(POST, handler)
    yield
    undo()


@pytest.mark.usefixtures("_bad_tempered")
def test_a_failure_is_logged_without_saying_about_whom(caplog: pytest.LogCaptureFixture) -> None:
    owe("mail:john@customer.example")
    with caplog.at_level(logging.DEBUG):
        run_due(NOW)
    text = "\n".join(str(record.msg) for record in caplog.records)
    assert "delivery failed" in text
    assert "ValueError" in text
    assert "john" not in text
