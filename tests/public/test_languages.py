"""A guest's language: noted when they book, spoken by the pages that mails lead to, and never in what is stored."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client

from meeting_manager.bookings.inputs import Customer
from meeting_manager.bookings.models import Booking
from tests.cast import Cast
from tests.catalogues import translations
from tests.public.visits import Book, link, send, text, title

pytestmark = pytest.mark.django_db

GERMAN = {
    "Your meeting is booked": "Ihr Treffen ist gebucht",
    "Customer Name is required for external bookings.": "Bitte nennen Sie Ihren Namen.",
    "The selected time is no longer available. Please choose another time.": "Die Zeit ist leider vergeben.",
    "Confirmed": "Bestätigt",
    "Pending": "Offen",
    "Created": "Angelegt",
    "%(meeting)s with %(department)s": "%(meeting)s mit %(department)s",
    "%(label)s must be a month such as 2026-12.": "%(label)s: bitte so wie 2026-12.",
    "Month": "Monat",
}


@pytest.fixture(autouse=True)
def german(tmp_path: Path) -> Iterator[None]:
    with translations(tmp_path, "de", GERMAN):
        yield


@pytest.fixture
def visitor() -> Client:
    """A browser that asks for the German of Austria."""
    return Client(headers={"Accept-Language": "de-AT,de;q=0.8"})


def stored(booking: Booking) -> list[str]:
    rows = [*booking.booking_history.all(), *booking.assignment_history.all()]
    texts = [getattr(row, "event_description", "") or getattr(row, "notes", "") for row in rows]
    return [booking.meeting_title, booking.booking_status, booking.booking_source, *texts]


def test_language_and_region_of_a_guest_are_noted(visitor: Client, cast: Cast, start: datetime) -> None:
    send(visitor, start)
    assert Booking.objects.get().customer_language == "de-at"


def test_a_german_booking_writes_what_an_english_one_writes(
    client: Client, visitor: Client, cast: Cast, start: datetime
) -> None:
    send(visitor, start)
    german = Booking.objects.get()
    send(client, start, customer_email="ben@customer.example")
    english = Booking.objects.exclude(pk=german.pk).get()
    assert stored(german) == stored(english)
    assert german.name[:-4] == english.name[:-4]
    assert stored(german)[0] == "30 Min Call - Ada Muster"


def test_the_page_that_a_mail_leads_to_speaks_the_language_of_the_booking(client: Client, book: Book) -> None:
    booking = book(customer=Customer("Ada", "ada@customer.example", timezone="Europe/Berlin", language="de"))
    page = client.get(link(booking))
    assert title(page).startswith("Ihr Treffen ist gebucht")
    assert page["Content-Language"] == "de"
    assert 'lang="de"' in page.content.decode()


def test_what_was_chosen_in_this_browser_counts_more_and_is_not_kept_with_the_booking(
    client: Client, book: Book
) -> None:
    booking = book(customer=Customer("Ada", "ada@customer.example", timezone="Europe/Berlin", language="de"))
    client.post("/preferences", {"language": "en"})
    assert title(client.get(link(booking))).startswith("Your meeting is booked")
    booking.refresh_from_db()
    assert booking.customer_language == "de"


def test_the_next_visitor_is_not_spoken_to_in_the_language_of_a_booking(client: Client, book: Book) -> None:
    client.get(link(book(customer=Customer("Ada", "ada@customer.example", language="de"))))
    assert client.get("/booking")["Content-Language"] == "en"


def test_what_is_wrong_with_a_form_is_said_in_the_language_of_the_page(
    visitor: Client, cast: Cast, start: datetime
) -> None:
    refused = send(visitor, start, customer_name="")
    assert refused.status_code == 422
    assert "Bitte nennen Sie Ihren Namen." in text(refused)


def test_that_a_time_is_taken_is_said_in_the_language_of_the_page(
    visitor: Client, cast: Cast, start: datetime, book: Book
) -> None:
    for _ in range(4):
        book()
    assert "Die Zeit ist leider vergeben." in text(send(visitor, start))


def test_what_makes_no_sense_in_an_address_is_said_in_the_language_of_the_page(visitor: Client, cast: Cast) -> None:
    assert "Monat: bitte so wie 2026-12." in text(visitor.get("/book/support/30-min-call?month=soon"))
