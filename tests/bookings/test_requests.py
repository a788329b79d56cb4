"""A request that is confirmed by mail: no booking, holds nothing, is sealed, and becomes one booking at most."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from pytest_django import Settings

from meeting_manager.bookings import queries, services
from meeting_manager.bookings.errors import RequestExpired, TimeTaken
from meeting_manager.bookings.inputs import Customer
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.services.requests import forget_expired, typed
from meeting_manager.bookings.unconfirmed import BookingRequest
from meeting_manager.busy.models import BusyTime
from meeting_manager.departments.services import delete_meeting_type, edit_meeting_type, set_questions
from meeting_manager.ledger.models import Delivery
from tests.bookings.asked import ask, confirm, token_of
from tests.bookings.desk import JOHN, NOW, TUESDAY_TEN, Book, after
from tests.cast import Cast
from tests.together import together

pytestmark = pytest.mark.django_db

HALF_AN_HOUR = timedelta(minutes=30)


def test_a_request_is_no_booking_and_holds_nothing(cast: Cast, book: Book) -> None:
    asked = ask(cast)
    assert not Booking.objects.exists()
    assert not BusyTime.objects.exists()
    assert asked.expires_at == NOW + HALF_AN_HOUR
    assert len({book().pk for _ in range(4)}) == 4


def test_what_was_typed_and_the_token_are_nowhere_in_clear(cast: Cast) -> None:
    asked = ask(cast)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM bookings_bookingrequest")
        stored = str(cursor.fetchall())
    owed = Delivery.objects.get()
    for secret in (JOHN.name, JOHN.email, JOHN.notes, JOHN.phone, token_of(asked)):
        assert secret not in stored
        assert secret not in str(owed.payload) + owed.key
    assert typed(asked)["customer"] == JOHN


def test_confirming_books_as_if_it_was_typed_now(cast: Cast) -> None:
    asked = confirm(ask(cast), NOW + timedelta(minutes=29))
    booking = Booking.objects.get()
    assert asked.booking == booking
    assert (booking.start_datetime, booking.customer_email) == (TUESDAY_TEN, JOHN.email)
    assert (booking.customer_notes, booking.customer_timezone) == (JOHN.notes, JOHN.timezone)
    assert booking.booking_source == "Public Booking Page"
    assert booking.created_at == NOW + timedelta(minutes=29)
    assert BookingRequest.objects.get().sealed == ""


def test_confirming_again_leads_to_the_one_booking(cast: Cast) -> None:
    asked = ask(cast)
    first = confirm(asked)
    again = confirm(asked, NOW + timedelta(minutes=1), start=after(hours=1))
    assert first.booking == again.booking == Booking.objects.get()
    assert Booking.objects.get().start_datetime == TUESDAY_TEN


@pytest.mark.django_db(transaction=True)
def test_many_clicks_at_once_make_one_booking(cast: Cast) -> None:
    token = token_of(ask(cast))
    results = together([partial(services.confirm, token=token, now=NOW) for _ in range(8)])
    booking = Booking.objects.get()
    assert [one.booking for one in results if isinstance(one, BookingRequest)] == [booking] * 8


@pytest.mark.django_db(transaction=True)
def test_many_requests_for_one_time_get_as_many_bookings_as_there_are_hosts(cast: Cast) -> None:
    tokens = [token_of(ask(cast, customer=replace(JOHN, email=f"john{n}@customer.example"))) for n in range(6)]
    results = together([partial(services.confirm, token=token, now=NOW) for token in tokens])
    assert sum(isinstance(one, BookingRequest) for one in results) == 4
    assert sum(isinstance(one, TimeTaken) for one in results) == 2
    assert Booking.objects.count() == 4
    assert BookingRequest.objects.exclude(sealed="").count() == 2


def test_a_time_taken_meanwhile_keeps_the_request_for_another(cast: Cast, book: Book) -> None:
    asked = ask(cast)
    for _ in range(4):
        book()
    with pytest.raises(TimeTaken):
        confirm(asked)
    assert confirm(asked, start=after(hours=1)).booking == Booking.objects.get(start_datetime=after(hours=1))


def test_after_half_an_hour_nothing_can_be_confirmed(cast: Cast) -> None:
    asked = ask(cast)
    with pytest.raises(RequestExpired):
        confirm(asked, NOW + HALF_AN_HOUR)
    assert not Booking.objects.exists()


def test_a_token_that_nobody_sent_confirms_nothing(cast: Cast) -> None:
    ask(cast)
    for token in ("", "x", BookingRequest.objects.get().digest, "\x00", "\ud800"):
        with pytest.raises(BookingRequest.DoesNotExist):
            services.confirm(token=token, now=NOW)
        with pytest.raises(BookingRequest.DoesNotExist):
            queries.request_of(token)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"customer": Customer("", "john@customer.example")}, "customer_name"),
        ({"customer": Customer("John", "john@")}, "customer_email"),
        ({"start": NOW - timedelta(days=1)}, "start_datetime"),
        ({"end": TUESDAY_TEN + timedelta(minutes=45)}, "end_datetime"),
    ],
)
def test_what_is_wrong_is_said_before_a_mail_is_sent(cast: Cast, changes: dict[str, object], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        ask(cast, **changes)
    assert field in refused.value.message_dict
    assert not BookingRequest.objects.exists()
    assert not Delivery.objects.exists()


def test_a_time_that_is_not_offered_is_taken(cast: Cast, book: Book) -> None:
    for start in (after(minutes=7), after(hours=12), after(days=4)):
        with pytest.raises(TimeTaken):
            ask(cast, start=start)
    for _ in range(4):
        book()
    with pytest.raises(TimeTaken):
        ask(cast)


def test_a_type_that_is_not_for_guests_cannot_be_asked_for(cast: Cast) -> None:
    with pytest.raises(ValidationError) as refused:
        ask(cast, meeting_type=cast.planning)
    assert "meeting_type" in refused.value.message_dict


def test_a_type_that_was_closed_meanwhile_books_nothing(cast: Cast) -> None:
    asked = ask(cast)
    edit_meeting_type(actor=cast.admin, meeting_type=cast.call, changes={"is_active": False})
    with pytest.raises(ValidationError):
        confirm(asked)
    assert not Booking.objects.exists()
    assert not BookingRequest.objects.get().is_used


def test_a_request_does_not_keep_its_type_from_being_deleted(cast: Cast) -> None:
    ask(cast)
    delete_meeting_type(actor=cast.admin, meeting_type=cast.call)
    assert not BookingRequest.objects.exists()


def test_what_was_typed_is_forgotten_at_expiry_and_the_rest_a_day_later(cast: Cast) -> None:
    asked = ask(cast)
    forget_expired(asked.expires_at - timedelta(seconds=1))
    assert BookingRequest.objects.get().sealed
    forget_expired(asked.expires_at)
    assert BookingRequest.objects.get().sealed == ""
    with pytest.raises(RequestExpired):
        confirm(asked)
    forget_expired(asked.expires_at + timedelta(days=1))
    assert not BookingRequest.objects.exists()


def test_forgetting_a_used_request_leaves_its_booking(cast: Cast) -> None:
    asked = confirm(ask(cast))
    forget_expired(asked.expires_at + timedelta(days=1))
    assert Booking.objects.count() == 1


def test_without_the_key_it_was_sealed_with_a_request_has_expired(cast: Cast, settings: Settings) -> None:
    asked, token = ask(cast), token_of(BookingRequest.objects.get())
    settings.SEAL_KEY = "another key, of at least thirty-two letters"
    with pytest.raises(RequestExpired):
        services.confirm(token=token, now=NOW)
    assert not asked.is_used


@pytest.mark.django_db(transaction=True)
def test_the_database_keeps_nothing_typed_in_a_used_request(cast: Cast) -> None:
    asked = ask(cast)
    with pytest.raises(IntegrityError):
        BookingRequest.objects.filter(pk=asked.pk).update(used_at=NOW)


def test_answers_are_sealed_checked_at_once_and_booked(cast: Cast) -> None:
    question = {"label": "Which alarm?", "question_type": "Text", "is_required": True}
    set_questions(actor=cast.admin, meeting_type=cast.call, questions=[question])
    key = cast.call.questions.get().key
    with pytest.raises(ValidationError) as refused:
        ask(cast)
    assert f"answers.{key}" in refused.value.message_dict
    asked = ask(cast, answers={key: "The red one"})
    assert "red one" not in BookingRequest.objects.get().sealed
    booking = confirm(asked).booking
    assert booking is not None
    assert [each["value"] for each in booking.answers] == ["The red one"]


def test_a_booking_keeps_the_language_in_which_it_was_asked_for(cast: Cast) -> None:
    booking = confirm(ask(cast, customer=replace(JOHN, language="de"))).booking
    assert booking is not None
    assert booking.customer_language == "de"
