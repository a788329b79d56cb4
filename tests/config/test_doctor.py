"""What the doctor says of the background work."""

from datetime import UTC, datetime, timedelta

import pytest

from meeting_manager.config.doctor import examine
from meeting_manager.config.periodic import tick
from meeting_manager.ledger.models import Delivery
from meeting_manager.ledger.services import Owed, enqueue

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 12, 7, 12, 0, tzinfo=UTC)


def findings(kind: str) -> list[str]:
    """What is found of that kind about deliveries, with its remedy."""
    found = [finding for finding in examine(NOON) if finding.kind == kind and "deliver" in finding.text.lower()]
    return [f"{finding.text} {finding.remedy}" for finding in found]


def test_a_site_whose_worker_keeps_up_is_in_order() -> None:
    enqueue([Owed("mail", "a", {}, NOON - timedelta(minutes=9))], now=NOON)
    enqueue([tick("left over when the site was stopped", 1, NOON - timedelta(days=1))], now=NOON)
    assert findings("wrong") == findings("note") == []
    assert findings("ok") == ["No delivery is late. "]


def test_deliveries_that_nobody_brings_are_wrong() -> None:
    enqueue([Owed("mail", "a", {}, NOON - timedelta(minutes=11))], now=NOON)
    (found,) = findings("wrong")
    assert "for 11 minutes" in found
    assert "meeting-manager worker" in found


def test_deliveries_that_were_given_up_are_counted() -> None:
    enqueue([Owed("mail", key, {}, NOON) for key in ("a", "b")], now=NOON)
    Delivery.objects.update(state="dead", failures=48, finished_at=NOON)
    (found,) = findings("note")
    assert found.startswith("Given up deliveries: 2.")
