"""`verify` names deliveries that cannot be as they are."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from meeting_manager.adapters.inspection import Inspection
from meeting_manager.ledger.handlers import Outcome
from meeting_manager.ledger.models import Delivery
from meeting_manager.ledger.running import run_due
from meeting_manager.ledger.services import discard, queue, retry
from meeting_manager.ledger.verify import CHECKS
from tests.ledger.post import NOW, Postman, lose_leases, owe, stored, take

pytestmark = pytest.mark.django_db


def violations() -> list[str]:
    """What is found wrong."""
    return [each.wrong for check in CHECKS for each in check.find(Inspection(NOW))]


def test_whatever_the_ledger_does_is_in_order(postman: Postman) -> None:
    def fall(*_: object) -> Outcome:
        raise OSError("slippery")

    owe("postponed", "failed", "skipped", "lost", "done", "bad")
    postman.instead["bad"] = fall
    claims = {job.key: job for job in take(limit=4)}
    assert queue.postpone(claims["postponed"], NOW, "", NOW)
    assert queue.fail(claims["failed"], OSError(), NOW)
    assert queue.finish(claims["skipped"], Outcome(skipped=True), NOW)
    assert violations() == []
    lose_leases()
    run_due(NOW)
    assert violations() == []
    Delivery.objects.filter(key="bad").update(failures=47)
    run_due(NOW + timedelta(minutes=1))
    assert stored("bad").state == "dead"
    assert violations() == []
    assert retry(stored("bad"), NOW)
    assert violations() == []
    run_due(NOW)
    assert discard(stored("bad"), NOW)
    assert violations() == []


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"kind": ""}, "no kind"),
        ({"payload": [1]}, "payload is not an object"),
        ({"state": "running", "lease_until": NOW}, "nobody has claimed it"),
        ({"owner": "one"}, "still somebody's"),
        ({"lease_until": NOW}, "still somebody's"),
        ({"state": "done"}, "kept for ever"),
        ({"state": "skipped"}, "kept for ever"),
        ({"state": "discarded"}, "kept for ever"),
        ({"state": "dead", "failures": 1}, "kept for ever"),
        ({"state": "dead", "finished_at": NOW}, "dead without a failure"),
        ({"finished_at": NOW}, "has an end"),
    ],
)
def test_what_cannot_be_is_named(changes: dict[str, Any], wrong: str) -> None:
    owe("a")
    Delivery.objects.update(**changes)
    (found,) = violations()
    assert wrong in found


def test_the_database_itself_refuses_an_unknown_state_and_running_without_a_lease() -> None:
    names = set(connection.introspection.get_constraints(connection.cursor(), "ledger_delivery"))
    assert {"delivery_state_known", "delivery_running_has_lease"} <= names
