"""Mails, SMS and entries in the language of who reads them; what is kept stays English."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from meeting_manager.bookings import services
from meeting_manager.bookings.inputs import Customer, Invitee
from meeting_manager.ledger.models import Delivery
from meeting_manager.notifications.choices import Message
from meeting_manager.notifications.occasions import occasion, whole
from meeting_manager.notifications.samples import sample
from meeting_manager.notifications.short import render_sms
from meeting_manager.people.languages import speaking
from meeting_manager.people.queries import system_user
from tests.bookings.desk import JOHN, NOW, TUESDAY_TEN, Book
from tests.cast import Cast
from tests.catalogues import translations
from tests.mailserver import MailServer
from tests.notifications.mailroom import deliver, entry, parts

pytestmark = pytest.mark.django_db

GERMAN = {
    "Hello %(recipient_name)s,": "Hallo %(recipient_name)s,",
    "Confirmed:": "Bestätigt:",
    "%(meeting)s with %(department)s": "%(meeting)s mit %(department)s",
    "See, move or cancel the meeting: %(url)s": "Treffen ansehen, verschieben, absagen: %(url)s",
    "Your meeting is booked": "Ihr Treffen ist gebucht",
    "you": "Sie",
    "Your meeting was moved, as you asked.": "Wie gewünscht verschoben.",
    "Confirmed": "Bestätigt",
}
ADA = Customer("Ada Muster", "ada@customer.example", timezone="Europe/Berlin", language="de")


@pytest.fixture(autouse=True)
def german(tmp_path: Path) -> Iterator[None]:
    with translations(tmp_path, "de", GERMAN):
        yield


def letter(server: MailServer, address: str) -> str:
    (message,) = [each for each in server.received if address in str(each["To"])]
    return f"{message['Subject']}\n{parts(message)['text/plain']}"


def test_a_customer_is_written_to_in_their_language_and_the_host_in_the_sites(book: Book, server: MailServer) -> None:
    book(customer=ADA)
    deliver()
    theirs, hosts = letter(server, ADA.email), letter(server, "sarah@")
    assert "Hallo Ada Muster," in theirs
    assert "Dienstag, 8. Dezember 2026, 11:00–11:30" in theirs
    assert "Hello" in hosts
    assert "Tuesday, 8 December 2026" in hosts


def test_the_calendar_entry_speaks_to_its_reader_too(book: Book, server: MailServer) -> None:
    book(customer=ADA)
    deliver()
    by_address = {str(each["To"]): entry(each)[1] for each in server.received if "text/calendar" in parts(each)}
    (customers,) = [event for to, event in by_address.items() if ADA.email in to]
    (hosts,) = [event for to, event in by_address.items() if "sarah@" in to]
    assert "Treffen ansehen, verschieben, absagen" in str(customers["description"])
    assert customers["summary"] == "30 Min Call mit Support"
    assert "Open in the workspace" in str(hosts["description"])


def test_a_region_decides_how_dates_and_clocks_are_written(book: Book, server: MailServer) -> None:
    book(customer=Customer("Joe", "joe@customer.example", timezone="America/New_York", language="en-us"))
    deliver()
    assert "Tuesday, December 8, 2026, 5:00\xa0AM–5:30\xa0AM" in letter(server, "joe@customer.example")


def test_who_moved_their_own_booking_is_told_so_in_their_language(book: Book, server: MailServer) -> None:
    booking = book(customer=ADA)
    deliver()
    server.received.clear()
    services.reschedule(booking=booking, start=TUESDAY_TEN + timedelta(days=1), actor=system_user(), now=NOW)
    deliver()
    assert "Wie gewünscht verschoben." in letter(server, ADA.email)


def test_whom_a_customer_brings_along_is_written_to_in_the_customers_language(
    book: Book, cast: Cast, server: MailServer
) -> None:
    guest = Invitee("ben@partner.example", "Ben")
    book(customer=ADA, actor=cast.admin, participants=[guest])
    deliver()
    assert "Hallo Ben," in letter(server, "ben@partner.example")


def test_without_a_language_of_theirs_the_sites_is_spoken(book: Book, server: MailServer, settings: object) -> None:
    settings.LANGUAGE_CODE = "de"  # type: ignore[attr-defined]
    book(customer=JOHN)
    deliver()
    assert "Hallo John Doe," in letter(server, JOHN.email)
    assert "Hallo Sarah" in letter(server, "sarah@")


def test_a_text_message_is_in_the_customers_language_and_clock() -> None:
    reminder = sample(Message.CUSTOMER_REMINDER)
    with speaking("de"):
        assert "Dienstag, 14. Mai 2030, 15:00" in render_sms(reminder)  # type: ignore[arg-type]
    with speaking("en-us"):
        assert "Tuesday, May 14, 2030, 3:00 PM" in render_sms(reminder)  # type: ignore[arg-type]


def test_notes_of_deliveries_stay_english_whatever_is_spoken(book: Book, server: MailServer, settings: object) -> None:
    settings.LANGUAGE_CODE = "de"  # type: ignore[attr-defined]
    book(customer=ADA)
    deliver()
    notes = set(Delivery.objects.filter(kind__in=("mail", "notify")).values_list("note", flat=True))
    assert {note.split(":")[0].split(".")[0] for note in notes if note} == {"Messages planned", "Sent"}


def test_a_moved_booking_keeps_the_language(book: Book) -> None:
    moved = services.reschedule(
        booking=book(customer=ADA), start=TUESDAY_TEN + timedelta(days=1), actor=system_user(), now=NOW
    )
    assert moved.booking.customer_language == "de"


def test_who_caused_it_is_said_in_the_recipients_language(book: Book) -> None:
    booking = whole(book(customer=ADA).name)
    payload = {"message": Message.CUSTOMER_CANCELLED, "role": "customer", "actor": system_user().email}
    assert occasion(payload, ADA.email, booking).by_whom == "Sie"
