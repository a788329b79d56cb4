"""A customer moves or cancels a booking: asked first, done by POST, and too late is explained."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from meeting_manager.bookings import services
from meeting_manager.bookings.errors import TAKEN
from meeting_manager.bookings.models import Booking
from meeting_manager.people.queries import system_user
from meeting_manager.public import starts
from tests.cast import Cast
from tests.public.visits import Book, link, text, title

pytestmark = pytest.mark.django_db


def test_looking_at_the_pages_changes_nothing(client: Client, book: Book) -> None:
    booking = book()
    later = starts.write(booking.start_datetime + timedelta(hours=1))
    for page in ("/cancel", "/reschedule"):
        assert client.get(link(booking, page)).status_code == 200
        assert client.head(link(booking, page)).status_code == 200
    assert client.get(f"{link(booking, '/reschedule')}&start={later}").status_code == 200
    assert list(Booking.objects.values_list("booking_status", flat=True)) == ["Confirmed"]


def test_a_customer_cancels_with_a_reason(client: Client, book: Book) -> None:
    booking = book()
    answer = client.post(link(booking, "/cancel"), {"cancellation_reason": "I am ill"})
    assert (answer.status_code, answer["Location"]) == (303, link(booking))
    booking.refresh_from_db()
    assert (booking.booking_status, booking.cancellation_reason) == ("Cancelled", "I am ill")
    page = text(client.get(answer["Location"]))
    assert "This meeting is cancelled" in page
    assert "I am ill" in page
    assert "Book again" in page
    assert "Choose another time" not in page


def test_a_customer_cancels_without_a_reason(client: Client, book: Book) -> None:
    booking = book()
    client.post(link(booking, "/cancel"))
    booking.refresh_from_db()
    assert booking.booking_status == "Cancelled"


def test_cancelling_twice_is_cancelling_once(client: Client, book: Book) -> None:
    booking = book()
    for _ in range(2):
        assert client.post(link(booking, "/cancel"))["Location"] == link(booking)
    assert client.get(link(booking, "/cancel"))["Location"] == link(booking)
    assert booking.booking_history.filter(event_type="Cancelled").count() == 1


def test_a_reason_that_is_no_text_is_refused_beside_its_field(client: Client, book: Book) -> None:
    booking = book()
    answer = client.post(link(booking, "/cancel"), {"cancellation_reason": "a\x1bb"})
    assert answer.status_code == 422
    assert title(answer).startswith("Error:")
    assert 'id="id_cancellation_reason_error"' in answer.content.decode()


def test_a_customer_moves_the_meeting(client: Client, book: Book) -> None:
    booking = book()
    times = client.get(link(booking, "/reschedule")).content.decode()
    offered = [found.replace("%3A", ":") for found in re.findall(r"start=([^&]+)&amp;", times)]
    later = booking.start_datetime + timedelta(hours=1)
    assert starts.write(later) in offered
    asked = client.get(f"{link(booking, '/reschedule')}&start={starts.write(later)}")
    assert "Until now" in text(asked)
    answer = client.post(link(booking, "/reschedule"), {"start": starts.write(later), "reason": "The train"})
    new = Booking.objects.get(rescheduled_from=booking)
    assert (answer.status_code, answer["Location"]) == (303, link(new))
    assert new.start_datetime == later
    booking.refresh_from_db()
    assert booking.booking_status == "Rescheduled"
    assert "Your meeting is booked" in text(client.get(answer["Location"]))


def test_a_moving_booking_does_not_stand_in_its_own_way(client: Client, cast: Cast, book: Book) -> None:
    cast.support.members.exclude(member=cast.sarah).update(is_active=False)
    booking = book()
    later = booking.start_datetime + timedelta(minutes=30)
    book(start=later + timedelta(minutes=30))
    answer = client.post(link(booking, "/reschedule"), {"start": starts.write(later)})
    assert answer.status_code == 303


def test_moving_twice_is_moving_once(client: Client, book: Book) -> None:
    booking = book()
    wish = {"start": starts.write(booking.start_datetime + timedelta(hours=1))}
    first = client.post(link(booking, "/reschedule"), wish)
    second = client.post(link(booking, "/reschedule"), wish)
    assert first["Location"] == second["Location"]
    assert Booking.objects.count() == 2


def test_a_time_that_was_taken_meanwhile_keeps_the_reason_and_offers_the_nearest(client: Client, book: Book) -> None:
    booking = book()
    later = booking.start_datetime + timedelta(hours=1)
    for _ in range(4):
        book(start=later)
    asked = client.get(f"{link(booking, '/reschedule')}&start={starts.write(later)}")
    answer = client.post(link(booking, "/reschedule"), {"start": starts.write(later), "reason": "The train"})
    for response in (asked, answer):
        assert response.status_code == 409
        assert TAKEN in text(response)
        assert response.content.count(b'type="radio"') == 3
    assert "The train" in text(answer)
    booking.refresh_from_db()
    assert booking.booking_status == "Confirmed"


def test_moving_into_the_past_is_refused(client: Client, book: Book) -> None:
    booking = book()
    past = starts.write(timezone.now() - timedelta(days=2))
    answer = client.post(link(booking, "/reschedule"), {"start": past})
    assert answer.status_code == 422
    assert "Please select a future date and time." in text(answer)


@pytest.mark.parametrize("page", ["/cancel", "/reschedule"])
def test_a_meeting_that_has_begun_can_no_longer_be_changed(client: Client, book: Book, page: str) -> None:
    booking = book()
    began = timezone.now() - timedelta(minutes=5)
    Booking.objects.filter(pk=booking.pk).update(start_datetime=began)
    for answer in (client.get(link(booking, page)), client.post(link(booking, page), {"start": ""})):
        assert answer.status_code == 409
        assert "This meeting can no longer be changed" in title(answer)
    booking.refresh_from_db()
    assert booking.booking_status == "Confirmed"


def test_a_cancelled_meeting_cannot_be_moved(client: Client, book: Book, start: datetime) -> None:
    booking = book()
    services.cancel(booking=booking, actor=system_user(), now=timezone.now())
    answer = client.post(link(booking, "/reschedule"), {"start": starts.write(start)})
    assert answer.status_code == 409
    assert "This meeting can no longer be changed" in text(answer)


def test_forms_need_a_token_of_this_site(book: Book) -> None:
    booking = book()
    strict = Client(enforce_csrf_checks=True)
    for page in ("/cancel", "/reschedule"):
        assert strict.post(link(booking, page)).status_code == 403
    booking.refresh_from_db()
    assert booking.booking_status == "Confirmed"
