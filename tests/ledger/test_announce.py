"""Announcing: one row for each subscriber, in the transaction of the fact."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.db import transaction

from meeting_manager.bookings import services
from meeting_manager.bookings.errors import TimeTaken
from meeting_manager.ledger.models import Delivery
from meeting_manager.ledger.services import Event, Owed, announce, subscribe
from meeting_manager.people.queries import system_user
from tests.bookings.desk import NOW, Book, after
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def _mail(event: Event, now: datetime) -> list[Owed]:
    return [Owed("mail", f"mail:{event.key}", event.payload, now)]


@pytest.fixture
def _subscribed() -> Iterator[None]:
    undo = [subscribe(f"booking.{what}", _mail) for what in ("confirmed", "cancelled", "rescheduled", "requested")]
    yield
    for each in undo:
        each()


@pytest.mark.usefixtures("_subscribed")
def test_each_fact_owes_its_subscribers_one_delivery(cast: Cast, book: Book) -> None:
    booking = book()
    moved = services.reschedule(booking=booking, start=after(hours=1), actor=system_user(), now=NOW).booking
    services.cancel(booking=moved, actor=system_user(), now=NOW)
    keys = list(Delivery.objects.order_by("pk").values_list("key", flat=True))
    assert keys == [
        f"mail:booking.confirmed:{booking.name}:3",
        f"mail:booking.rescheduled:{moved.name}:3",
        f"mail:booking.cancelled:{moved.name}:4",
    ]
    told = Delivery.objects.get(key__contains="rescheduled")
    assert told.payload["moved_from"] == booking.name
    assert (told.state, told.attempt, told.due) == ("ready", 0, NOW)


@pytest.mark.usefixtures("_subscribed")
def test_what_did_not_happen_is_not_told(book: Book) -> None:
    for _ in range(4):
        book()
    with pytest.raises(TimeTaken):
        book()
    assert Delivery.objects.count() == 4


@pytest.mark.usefixtures("_subscribed")
def test_the_same_event_told_twice_is_owed_once() -> None:
    event = Event("booking.confirmed", "booking.confirmed:x:1", {"booking": "x"})
    announce([event], now=NOW)
    announce([event], now=NOW)
    assert Delivery.objects.count() == 1


@pytest.mark.usefixtures("_subscribed")
def test_a_rolled_back_fact_owes_nothing() -> None:
    class UndoneError(Exception):
        pass

    def undo() -> None:
        with transaction.atomic():
            announce([Event("booking.confirmed", "k", {})], now=NOW)
            raise UndoneError

    with pytest.raises(UndoneError):
        undo()
    assert not Delivery.objects.exists()
