"""Mails about accounts: owed in the request, sent by a worker, sealed meanwhile, and forgotten when sent."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.conf import settings as configured
from django.core import mail
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from meeting_manager.ledger.choices import DeliveryState
from meeting_manager.ledger.models import Delivery
from meeting_manager.ledger.running import run_due
from meeting_manager.people.services.account_mail import owe
from tests.cast import Cast
from tests.mailserver import MailServer, sending_to
from tests.people.post import RESET_LINK, ask_for_a_new_password, collect
from tests.site import free_port

SARAH = "sarah@bestsecurity.example"
LIFETIME = timedelta(seconds=configured.PASSWORD_RESET_TIMEOUT)


@pytest.fixture(autouse=True)
def _nothing_counted_yet() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def owed(cast: Cast, client: Client) -> Delivery:
    """Sarah has asked for a new password."""
    ask_for_a_new_password(SARAH, client)
    return Delivery.objects.get()


def _later(more: timedelta) -> datetime:
    return timezone.now() + more


def test_a_request_owes_one_mail_and_sends_none(owed: Delivery) -> None:
    assert (owed.kind, owed.recipient, owed.state) == ("account_mail", SARAH, DeliveryState.READY)
    assert mail.outbox == []


def test_a_worker_sends_it_once(owed: Delivery) -> None:
    (text,) = collect()
    assert RESET_LINK.search(text)
    assert mail.outbox[0].to == [SARAH]
    assert mail.outbox[0].subject == "Choose a new password"
    assert len(collect()) == 1
    owed.refresh_from_db()
    assert (owed.state, owed.note) == (DeliveryState.DONE, "Sent.")


def test_what_is_rolled_back_is_never_sent(cast: Cast, client: Client) -> None:
    with transaction.atomic():
        ask_for_a_new_password(SARAH, client)
        assert Delivery.objects.count() == 1
        transaction.set_rollback(True)
    assert collect() == []


def test_a_request_does_not_wait_for_a_mail_server(cast: Cast, client: Client, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    ask_for_a_new_password(SARAH, client)
    run_due(timezone.now())
    owed = Delivery.objects.get()
    assert owed.state == DeliveryState.READY
    assert "could not be reached" in owed.last_error


def test_a_known_and_an_unknown_address_cost_the_same_writes(cast: Cast, client: Client) -> None:
    ask_for_a_new_password(SARAH, client)  # the first time, allauth notes the address of an account
    written = []
    for email in (SARAH, "nobody@bestsecurity.example"):
        with CaptureQueriesContext(connection) as queries:
            ask_for_a_new_password(email, client)
        written.append([" ".join(query["sql"].split()[:3]) for query in queries if "INSERT" in query["sql"]])
    assert written == [["INSERT INTO ledger_delivery"]] * 2


def test_an_address_that_no_server_would_take_is_answered_as_any_other_and_owed_nothing(
    cast: Cast, client: Client
) -> None:
    ask_for_a_new_password("x" * 60 + "@" + ".".join(["y" * 60] * 3) + "." + "z" * 20 + ".example", client)
    assert not Delivery.objects.exists()


def _stored() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload FROM ledger_delivery")
        return str(cursor.fetchall())


def test_the_link_cannot_be_read_in_the_database_and_is_forgotten_when_it_was_sent(owed: Delivery) -> None:
    sealed = _stored()
    (text,) = collect()
    link = RESET_LINK.search(text)
    assert link
    token = link[1].rstrip("/").rpartition("/")[2]
    assert "sealed" in sealed
    assert token not in sealed
    assert "new password" not in sealed
    owed.refresh_from_db()
    assert owed.payload == {}


def test_an_expired_link_is_not_sent_and_forgotten_too(owed: Delivery) -> None:
    run_due(_later(LIFETIME + timedelta(minutes=1)))
    owed.refresh_from_db()
    assert mail.outbox == []
    assert (owed.state, owed.note, owed.payload) == (DeliveryState.SKIPPED, "Not sent: its link has expired.", {})


def test_a_link_that_still_leads_somewhere_is_sent_however_late(owed: Delivery) -> None:
    run_due(_later(LIFETIME - timedelta(minutes=1)))
    assert len(mail.outbox) == 1


def test_a_mail_that_is_tried_again_is_the_same_mail(owed: Delivery) -> None:
    with MailServer() as server, sending_to(server):
        server.drop_after_data = 1
        run_due(timezone.now())
        owed.refresh_from_db()
        assert owed.state == DeliveryState.READY
        assert owed.payload["sealed"]
        run_due(_later(timedelta(hours=1)))
        first, second = server.received
    assert first["Message-ID"] == second["Message-ID"]
    assert first.get_content() == second.get_content()
    owed.refresh_from_db()
    assert (owed.state, owed.payload) == (DeliveryState.DONE, {})


def test_two_mails_are_two_mails(cast: Cast, client: Client) -> None:
    for _ in range(2):
        ask_for_a_new_password(SARAH, client)
    collect()
    assert len({message.message()["Message-ID"] for message in mail.outbox}) == 2


def test_an_address_that_is_refused_for_good_is_not_tried_again(owed: Delivery) -> None:
    with MailServer() as server, sending_to(server):
        server.refuse[SARAH] = "550 5.1.1 No such user"
        run_due(timezone.now())
    owed.refresh_from_db()
    assert owed.state == DeliveryState.DEAD


def test_a_worker_that_ended_between_forgetting_and_saying_so_sends_nothing_again(owed: Delivery) -> None:
    Delivery.objects.update(payload={})
    assert collect() == []
    owed.refresh_from_db()
    assert owed.state == DeliveryState.DONE


def test_with_another_key_it_waits_for_the_old_one(owed: Delivery, settings: Settings) -> None:
    right = settings.SEAL_KEY
    settings.SEAL_KEY = "another key that is long enough to be one"
    assert collect() == []
    owed.refresh_from_db()
    assert "restore that key" in owed.last_error
    settings.SEAL_KEY = right
    run_due(_later(timedelta(hours=1)))
    assert len(mail.outbox) == 1


def test_a_mail_keeps_its_html_part(db: None) -> None:
    message = EmailMultiAlternatives("Grüße", "Hello", to=[SARAH])
    message.attach_alternative("<p>Hello</p>", "text/html")
    owe(message, now=timezone.now())
    collect()
    (sent,) = mail.outbox
    assert isinstance(sent, EmailMultiAlternatives)
    assert (sent.subject, sent.body) == ("Grüße", "Hello")
    assert [tuple(part) for part in sent.alternatives] == [("<p>Hello</p>", "text/html")]
