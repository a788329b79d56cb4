"""How long what was delivered is kept."""

from datetime import timedelta

import pytest

from meeting_manager.config.periodic import tick
from meeting_manager.ledger.models import Delivery
from meeting_manager.ledger.services import enqueue
from meeting_manager.ledger.services.forgetting import forget_old
from tests.ledger.post import NOW, owe, states

pytestmark = pytest.mark.django_db


def settle(key: str, state: str, days: int) -> None:
    """One that has been in that state for so many days."""
    owe(key)
    Delivery.objects.filter(key=key).update(state=state, finished_at=NOW - timedelta(days=days, seconds=1), failures=1)


def test_what_is_settled_is_kept_for_ninety_days() -> None:
    for state in ("done", "skipped", "discarded"):
        settle(f"{state} long ago", state, 90)
        settle(f"{state} lately", state, 89)
    forget_old(NOW)
    assert set(states()) == {"done lately", "skipped lately", "discarded lately"}


def test_what_was_given_up_or_waits_is_kept_until_somebody_acts() -> None:
    settle("dead", "dead", 900)
    owe("waiting", due=NOW - timedelta(days=900))
    forget_old(NOW)
    assert set(states()) == {"dead", "waiting"}


def test_ticks_are_kept_for_a_day() -> None:
    enqueue([tick("tidy up", number, NOW) for number in range(3)], now=NOW)
    first, second, _ = Delivery.objects.order_by("pk")
    Delivery.objects.filter(pk=first.pk).update(state="done", finished_at=NOW - timedelta(days=1, seconds=1))
    Delivery.objects.filter(pk=second.pk).update(state="skipped", finished_at=NOW - timedelta(hours=23))
    forget_old(NOW)
    assert set(states()) == {"tick:tidy up:1", "tick:tidy up:2"}


def test_any_number_is_forgotten() -> None:
    owe(*(f"k{number}" for number in range(2_100)))
    Delivery.objects.update(state="done", finished_at=NOW - timedelta(days=91))
    forget_old(NOW)
    assert not Delivery.objects.exists()
