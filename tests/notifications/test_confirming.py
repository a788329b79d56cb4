"""The mail by which a guest confirms a booking."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from meeting_manager.bookings.inputs import Customer
from meeting_manager.ledger.models import Delivery
from meeting_manager.notifications.services.confirming import forget_old
from tests.bookings.asked import ask, confirm, token_of
from tests.bookings.desk import JOHN, NOW, Book
from tests.cast import Cast
from tests.mailserver import MailServer, sending_to
from tests.notifications.mailroom import deliver, parts

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def owed() -> Delivery:
    return Delivery.objects.get(kind="confirmation")


def test_it_says_what_when_and_until_when_in_the_customers_zone_with_the_link(cast: Cast, server: MailServer) -> None:
    token = token_of(ask(cast))
    deliver()
    (mail,) = server.received
    assert str(mail["Subject"]) == "Please confirm: 30 Min Call with Support"
    assert "john@customer.example" in str(mail["To"])
    text = parts(mail)["text/plain"]
    assert "Tuesday, 8 December 2026, 05:00–05:30" in text
    assert "America/New York (UTC−5)" in text
    assert "Please confirm until: Monday, 7 December 2026, 02:30 America/New York (UTC−5)" in text
    assert f"http://127.0.0.1:8000/confirm/{token}" in text
    assert "Nothing is booked yet" in text
    assert "If it was not you, there is nothing to do" in text
    assert "answer this mail" not in text


def test_of_what_was_typed_only_the_name_is_in_it(cast: Cast, server: MailServer) -> None:
    ask(cast)
    deliver()
    whole = "".join(parts(server.received[0]).values())
    assert "John Doe" in whole
    assert JOHN.notes not in whole
    assert JOHN.phone not in whole


def test_its_link_is_forgotten_once_it_is_sent(cast: Cast, server: MailServer) -> None:
    ask(cast)
    deliver()
    assert owed().state == "done"
    assert owed().payload == {"message": "customer_confirm", "by_guest": True}


@pytest.mark.parametrize("late", [30 * MINUTE, 31 * MINUTE, timedelta(days=2)])
def test_it_is_not_sent_once_its_link_has_expired(cast: Cast, server: MailServer, late: timedelta) -> None:
    ask(cast)
    deliver(NOW + late)
    assert server.received == []
    assert (owed().state, owed().note) == ("skipped", "Not sent: its link has expired.")
    assert "token" not in owed().payload


def test_it_is_not_sent_for_what_was_confirmed_already(cast: Cast, server: MailServer) -> None:
    confirm(ask(cast))
    deliver()
    assert owed().state == "skipped"
    assert "Please confirm" not in " ".join(str(mail["Subject"]) for mail in server.received)


def test_while_the_mail_server_is_away_it_waits_but_not_for_too_long(cast: Cast) -> None:
    ask(cast)
    with MailServer() as gone:
        pass
    with sending_to(gone):
        deliver()
    assert (owed().state, owed().failures) == ("ready", 1)
    with MailServer() as back, sending_to(back):
        deliver(NOW + 10 * MINUTE)
        assert len(back.received) == 1


def test_it_counts_among_the_mails_that_guests_may_cause_to_an_address(
    cast: Cast, server: MailServer, settings: Settings
) -> None:
    settings.GUEST_MAILS_PER_HOUR = 2
    for _ in range(4):
        ask(cast)
        deliver()
    ask(cast, customer=Customer("Ada", "ada@customer.example"))
    deliver()
    to = [str(mail["To"]) for mail in server.received]
    assert sum(JOHN.email in one for one in to) == 2
    assert sum("ada@" in one for one in to) == 1
    deliver(NOW + 61 * MINUTE)
    assert len(server.received) == 3


def test_the_mails_of_bookings_wait_after_too_many_of_these(
    cast: Cast, server: MailServer, settings: Settings, book: Book
) -> None:
    settings.GUEST_MAILS_PER_HOUR = 1
    ask(cast)
    deliver()
    book()
    deliver()
    assert sum(JOHN.email in str(mail["To"]) for mail in server.received) == 1
    deliver(NOW + 61 * MINUTE)
    assert sum(JOHN.email in str(mail["To"]) for mail in server.received) == 2


def test_an_hour_later_nobody_knows_the_address_any_more(cast: Cast, server: MailServer) -> None:
    ask(cast)
    deliver()
    forget_old(NOW + 59 * MINUTE)
    assert owed().recipient == JOHN.email
    forget_old(NOW + 61 * MINUTE)
    assert not Delivery.objects.filter(kind="confirmation").exists()


def test_an_address_that_no_mail_reached_is_forgotten_too(cast: Cast) -> None:
    ask(cast)
    forget_old(NOW + 60 * MINUTE)
    assert not Delivery.objects.filter(recipient=JOHN.email).exists()


def test_a_name_that_is_an_advertisement_is_not_sent_to_strangers(cast: Cast, server: MailServer) -> None:
    ask(cast, customer=Customer("Buy at https://spam.example", "ada@customer.example"))
    deliver()
    assert "spam.example" not in "".join(parts(server.received[0]).values())


def test_the_link_in_the_html_is_the_one_in_the_text(cast: Cast, server: MailServer) -> None:
    ask(cast)
    deliver()
    found = parts(server.received[0])
    links = [set(re.findall(r"/confirm/[\w-]+", found[kind])) for kind in ("text/plain", "text/html")]
    assert links[0] == links[1]
    assert len(links[0]) == 1


def test_a_mail_program_that_opens_the_link_books_nothing(cast: Cast, client: Client) -> None:
    asked = ask(cast)
    client.get(f"/confirm/{token_of(asked)}")
    client.head(f"/confirm/{token_of(asked)}")
    asked.refresh_from_db()
    assert not asked.is_used


def test_it_is_written_by_the_clock_of_the_customers_language(cast: Cast, server: MailServer) -> None:
    ask(cast, customer=replace(JOHN, language="en-us"))
    deliver()
    assert "AM" in parts(server.received[0])["text/plain"]
