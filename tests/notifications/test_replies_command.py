"""``meeting-manager receive-mail`` as a mail server runs it: a process that gets one mail and ends with a code."""

import json
import os
import subprocess
import sys
import time
from importlib import import_module

import pytest
from django.db import connection
from django.test import override_settings
from icalendar import Event

from meeting_manager.bookings import services
from meeting_manager.bookings.models import Booking
from meeting_manager.ledger.models import Delivery
from meeting_manager.people.queries import system_user
from tests.bookings.desk import JOHN, NOW, Book
from tests.databases import FRESH_ADDRESS, with_database
from tests.mailserver import MailServer
from tests.notifications.calendars import MAILBOX, Reply, reply_to, thread_of
from tests.notifications.mailroom import deliver, entry

pytestmark = pytest.mark.django_db(transaction=True)

NOWHERE = "postgres://nobody@127.0.0.1:1/nothing"
SECRETS = ("john", "customer.example", "replies+", "uid")


def pipe(raw: bytes, *options: str, database: str = "") -> "subprocess.CompletedProcess[bytes]":
    """Run the command on the database of this test."""
    environment = {**os.environ, "DATABASE_URL": database or address(), "LOG_FORMAT": "json"}
    command = [sys.executable, "-m", "meeting_manager", "receive-mail", *options]
    return subprocess.run(command, input=raw, env=environment, capture_output=True, timeout=120)


def address() -> str:
    name = connection.settings_dict["NAME"]
    return f"sqlite:///{name}" if connection.vendor == "sqlite" else with_database(os.environ[FRESH_ADDRESS], name)


def logged(ended: "subprocess.CompletedProcess[bytes]") -> list[dict[str, str]]:
    return [json.loads(line) for line in ended.stderr.decode().splitlines() if line.startswith("{")]


@pytest.fixture
def booking(book: Book) -> Booking:
    return book()


@pytest.fixture
def reply(booking: Booking) -> Reply:
    return reply_to(thread_of(booking), booking)


def response(booking: Booking) -> str:
    return booking.participants.get(email=JOHN.email).response_status


def test_an_answer_is_noted_and_nothing_sent_back(booking: Booking, reply: Reply) -> None:
    mails = Delivery.objects.filter(kind="mail").count()
    ended = pipe(reply.mail())
    assert (ended.returncode, ended.stdout) == (0, b"")
    assert response(booking) == "Accepted"
    assert Delivery.objects.filter(kind="mail").count() == mails
    assert pipe(reply.mail()).returncode == 0, "a mail server that is not sure sends it again"


def test_the_recipient_can_be_said(booking: Booking, reply: Reply) -> None:
    ended = pipe(reply.but(to="somebody@meet.example").mail(), "--recipient", reply.to)
    assert (ended.returncode, response(booking)) == (0, "Accepted")


def test_refusals_say_why_in_the_log_and_to_the_sender_and_nothing_of_anybody(booking: Booking, reply: Reply) -> None:
    services.cancel(booking=booking, actor=system_user(), now=NOW)
    for raw, code, reason in (
        (reply.mail(), 65, "closed"),
        (reply.but(to="somebody@meet.example").mail(), 67, "not_addressed"),
        (reply.but(uid="another").mail(), 65, "other_meeting"),
        (reply.mail() + b"x" * 6_000_000, 65, "too_large"),
        (b"", 67, "not_addressed"),
        (b"\xff\x00", 67, "not_addressed"),
    ):
        ended = pipe(raw)
        assert (ended.returncode, [line["reason"] for line in logged(ended)]) == (code, [reason])
        said = ended.stderr.decode()
        assert said.splitlines()[-1].endswith(".")
        assert "Traceback" not in said
        assert not any(secret in said.lower() for secret in SECRETS)


def test_a_newer_answer_leaves_the_mail_server_nothing_to_do(booking: Booking, reply: Reply) -> None:
    assert pipe(reply.mail()).returncode == 0
    services.respond(booking=booking, email=JOHN.email, response="Declined", actor=system_user(), now=NOW)
    ended = pipe(reply.but(stamp=NOW.replace(hour=6)).mail())
    assert (ended.returncode, [line["reason"] for line in logged(ended)]) == (0, ["superseded"])
    assert response(booking) == "Declined"


def test_without_its_database_it_asks_the_mail_server_to_try_again(reply: Reply) -> None:
    ended = pipe(reply.mail(), database=NOWHERE)
    assert ended.returncode == 75
    assert [line["error"] for line in logged(ended)] == ["OperationalError"]


def test_a_mail_that_takes_too_long_to_read_is_left() -> None:
    command = import_module("meeting_manager.notifications.management.commands.receive-mail")
    with pytest.raises(TimeoutError), command._time_limit(0.05):
        time.sleep(5)
    time.sleep(0.1)


def test_a_calendar_answers_the_invitation_that_came_by_mail(book: Book, server: MailServer) -> None:
    with override_settings(REPLY_ADDRESS=MAILBOX):
        booking = book()
        deliver()
        invitation = entry(server.to(JOHN.email)[0])[1]
        ended = pipe(as_calendars_do(invitation).mail())
    assert ended.returncode == 0, ended.stderr
    assert response(booking) == "Accepted"
    host = booking.assigned_users.get().user.email
    organizers = {str(entry(mail)[1]["ORGANIZER"]) for mail in (*server.to(JOHN.email), *server.to(host))}
    assert len(organizers) == 2, "each attendee has an address of their own"
    assert all(each.startswith("mailto:replies+") for each in organizers)


def as_calendars_do(invitation: Event) -> Reply:
    """The answer of a program that knows nothing but the invitation."""
    return Reply(
        to=str(invitation["ORGANIZER"]).removeprefix("mailto:"),
        uid=str(invitation["UID"]),
        sequence=str(invitation["SEQUENCE"]),
    )
