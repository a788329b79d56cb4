"""Many bookings under way: left and taken up again, by a page or a worker, and never done twice."""

from datetime import timedelta
from uuid import uuid4

import pytest

from meeting_manager.bookings import services
from meeting_manager.bookings.models import Booking
from meeting_manager.ledger.choices import DeliveryState
from meeting_manager.ledger.handlers import Job, Outcome, Postponed
from meeting_manager.ledger.models import Delivery
from meeting_manager.people.models import User
from meeting_manager.workspace import tasks
from meeting_manager.workspace.choices import ItemState, Verb
from meeting_manager.workspace.models import BulkRun
from meeting_manager.workspace.services import runs
from tests.bookings.desk import NOW, TUESDAY_TEN, Book, events
from tests.cast import Cast
from tests.notifications.mailroom import deliver
from tests.together import together
from tests.workspace.visits import signed_in, text

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def two(book: Book) -> list[Booking]:
    """Two calls on Tuesday."""
    return [book(), book(start=TUESDAY_TEN + HOUR)]


def order_of(bookings: list[Booking]) -> runs.Order:
    return runs.Order(str(uuid4()), Verb.CANCEL, [runs.Piece(booking.pk) for booking in bookings])


def job_of(run: BulkRun) -> Job:
    row = Delivery.objects.get(kind=runs.BULK)
    return Job(row.pk, row.key, row.kind, row.payload, row.about, row.recipient, 1, "me", row.created_at, row.due)


def test_a_run_goes_on_where_it_was_left(cast: Cast, two: list[Booking]) -> None:
    run = runs.begin(order=order_of(two), user=cast.lead, now=NOW)
    assert runs.carry_on(run=run, most=1, now=NOW) == 1
    seen = signed_in(cast.lead).get(f"/workspace/bulk/runs/{run.pk}/")
    assert "1 of 2 are done." in text(seen)
    assert "See how far it is" in text(signed_in(cast.lead).get("/workspace/bookings/"))
    assert tasks.go_on(job_of(run), NOW) == Outcome()
    assert "2 bookings cancelled" in text(signed_in(cast.lead).get(f"/workspace/bulk/runs/{run.pk}/"))
    assert [events(booking).count("Cancelled") for booking in two] == [1, 1]


def test_a_worker_lets_others_have_their_turn(cast: Cast, two: list[Booking]) -> None:
    run = runs.begin(order=order_of(two), user=cast.lead, now=NOW)
    template = run.items.get(booking=two[0])
    assert tasks.AT_A_TIME > 1
    with pytest.raises(Postponed, match="1 still to do"):
        tasks.go_on(job_of(run), NOW, at_a_time=1)
    template.refresh_from_db()
    assert template.state == ItemState.DONE


def test_a_worker_finishes_what_a_lost_request_began(cast: Cast, two: list[Booking]) -> None:
    runs.begin(order=order_of(two), user=cast.lead, now=NOW)
    deliver(NOW + timedelta(seconds=30))
    assert Booking.objects.filter(booking_status="Confirmed").count() == 2
    deliver(NOW + timedelta(seconds=90))
    assert Booking.objects.filter(booking_status="Cancelled").count() == 2
    assert Delivery.objects.get(kind=runs.BULK).state == DeliveryState.DONE


def test_who_lost_the_right_meanwhile_changes_nothing(cast: Cast, two: list[Booking]) -> None:
    run = runs.begin(order=order_of(two), user=cast.lead, now=NOW)
    User.objects.filter(pk=cast.lead.pk).update(is_active=False)
    tasks.go_on(job_of(run), NOW)
    assert set(run.items.values_list("state", "problem")) == {("failed", "You may not cancel this booking.")}


def test_a_deleted_booking_leaves_the_run(cast: Cast, two: list[Booking]) -> None:
    run = runs.begin(order=order_of(two), user=cast.lead, now=NOW)
    services.delete(booking=two[0], actor=cast.admin, now=NOW)
    assert runs.carry_on(run=run, most=5, now=NOW) == 0
    assert run.items.count() == 1


def test_results_are_their_owners_alone_and_are_forgotten_in_time(cast: Cast, two: list[Booking]) -> None:
    old = runs.begin(order=order_of(two[:1]), user=cast.lead, now=NOW)
    assert signed_in(cast.admin).get(f"/workspace/bulk/runs/{old.pk}/").status_code == 404
    runs.begin(order=order_of(two[1:]), user=cast.lead, now=NOW + runs.KEPT + HOUR)
    assert not BulkRun.objects.filter(pk=old.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_page_and_worker_at_once_do_each_booking_once(cast: Cast, book: Book) -> None:
    bookings = [book(start=TUESDAY_TEN + hours * HOUR) for hours in range(4)]
    run = runs.begin(order=order_of(bookings), user=cast.lead, now=NOW)
    told = together([lambda: runs.carry_on(run=run, most=9, now=NOW)] * 3)
    assert not [each for each in told if isinstance(each, Exception)]
    assert set(run.items.values_list("state", flat=True)) == {ItemState.DONE}
    assert [events(booking).count("Cancelled") for booking in bookings] == [1, 1, 1, 1]
