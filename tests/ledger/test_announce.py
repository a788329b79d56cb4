"""Announcing: one row for each subscriber, in the transaction of the fact."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.db import transaction

from meeting_manager.bookings import services
from meeting_manager.bookings.errors import TimeTaken
from meeting_manager.ledger.models import Delivery
from meeting_manager.ledger.services import Event, Owed, announce, enqueue, muted, subscribe
from meeting_manager.people.queries import system_user
from tests.bookings.desk import NOW, Book, after
from tests.cast import Cast
from tests.ledger.post import POST

pytestmark = pytest.mark.django_db


HAPPENED = "house.painted"


def _post(event: Event, now: datetime) -> list[Owed]:
    return [Owed(POST, f"post:{event.key}", event.payload, now)]


@pytest.fixture
def _subscribed() -> Iterator[None]:
    booked = [f"booking.{what}" for what in ("confirmed", "cancelled", "rescheduled", "requested")]
    undo = [subscribe(event, _post) for event in (HAPPENED, *booked)]
    yield
    for each in undo:
        each()


@pytest.mark.usefixtures("_subscribed")
def test_each_fact_owes_its_subscribers_one_delivery(cast: Cast, book: Book) -> None:
    booking = book()
    moved = services.reschedule(booking=booking, start=after(hours=1), actor=system_user(), now=NOW).booking
    services.cancel(booking=moved, actor=system_user(), now=NOW)
    posted = Delivery.objects.filter(kind=POST)
    assert list(posted.order_by("pk").values_list("key", flat=True)) == [
        f"post:booking.confirmed:{booking.name}:3",
        f"post:booking.rescheduled:{moved.name}:3",
        f"post:booking.cancelled:{moved.name}:4",
    ]
    told = posted.get(key__contains="rescheduled")
    assert told.payload["moved_from"] == booking.name
    assert (told.state, told.attempt, told.due) == ("ready", 0, NOW)


@pytest.mark.usefixtures("_subscribed")
def test_what_did_not_happen_is_not_told(book: Book) -> None:
    for _ in range(4):
        book()
    with pytest.raises(TimeTaken):
        book()
    assert Delivery.objects.filter(kind=POST).count() == 4


@pytest.mark.usefixtures("_subscribed")
def test_the_same_event_told_twice_is_owed_once() -> None:
    event = Event(HAPPENED, "x", {"colour": "blue"})
    assert announce([event, event], now=NOW) == 1
    assert announce([event], now=NOW) == 0
    assert Delivery.objects.filter(kind=POST).count() == 1


@pytest.mark.usefixtures("_subscribed")
def test_what_is_muted_owes_nothing() -> None:
    with muted():
        assert announce([Event(HAPPENED, "x", {})], now=NOW) == 0
    assert announce([Event(HAPPENED, "x", {})], now=NOW) == 1


def test_any_number_is_owed_at_once_and_each_as_it_was_given() -> None:
    owed = [
        Owed(POST, f"k{number}", {"says": "Grüße, 'you' \\ %s"}, NOW, about="MM-MB-1", recipient="a@b.example")
        for number in range(1_200)
    ]
    assert enqueue(owed, now=NOW) == 1_200
    assert enqueue([], now=NOW) == 0
    row = Delivery.objects.get(key="k1199")
    assert row.payload == {"says": "Grüße, 'you' \\ %s"}
    assert (row.about, row.recipient, row.created_at, row.due) == ("MM-MB-1", "a@b.example", NOW, NOW)
    assert (row.state, row.attempt, row.failures, row.owner, row.lease_until) == ("ready", 0, 0, "", None)


@pytest.mark.usefixtures("_subscribed")
def test_a_rolled_back_fact_owes_nothing() -> None:
    class UndoneError(Exception):
        pass

    def undo() -> None:
        with transaction.atomic():
            announce([Event(HAPPENED, "k", {})], now=NOW)
            raise UndoneError

    with pytest.raises(UndoneError):
        undo()
    assert not Delivery.objects.exists()
