"""Answers that calendars send: which are noted, which are refused, and why."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from meeting_manager.bookings import services
from meeting_manager.bookings.inputs import Invitee
from meeting_manager.bookings.links import participant_token
from meeting_manager.bookings.models import Booking, Participant
from meeting_manager.notifications.models import Thread
from meeting_manager.notifications.replies import new_thread_organizer, organizer
from meeting_manager.notifications.replies.reading import read
from meeting_manager.notifications.replies.refusals import Reason, Refused
from meeting_manager.notifications.services.answering import take
from meeting_manager.people.queries import system_user
from tests.bookings.desk import JOHN, NOW, Book, after, events
from tests.cast import Cast
from tests.notifications.calendars import MAILBOX, Reply, reply_to, thread_of

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def booking(book: Book) -> Booking:
    return book()


@pytest.fixture
def thread(booking: Booking) -> Thread:
    return thread_of(booking)


@pytest.fixture
def reply(thread: Thread, booking: Booking) -> Reply:
    return reply_to(thread, booking)


def receive(reply: Reply, now: Any = LATER) -> Participant:  # noqa: ANN401 - a moment
    return take(answer=read(reply.mail()), now=now)


def refused(reply: Reply, now: Any = LATER) -> Reason:  # noqa: ANN401 - a moment
    with pytest.raises(Refused) as caught:
        receive(reply, now)
    return caught.value.reason


def response(booking: Booking) -> str:
    return booking.participants.get(email=JOHN.email).response_status


def move(booking: Booking, hours: int = 2) -> Booking:
    return services.reschedule(booking=booking, start=after(hours=hours), actor=system_user(), now=NOW).booking


@pytest.mark.parametrize(
    ("partstat", "expected"), [("ACCEPTED", "Accepted"), ("declined", "Declined"), ("TENTATIVE", "Tentative")]
)
def test_an_answer_is_noted_in_status_and_history(booking: Booking, reply: Reply, partstat: str, expected: str) -> None:
    noted = receive(reply.but(partstat=partstat))
    assert (noted.email, response(booking)) == (JOHN.email, expected)
    entry = booking.booking_history.get(event_type="Participant Responded")
    assert expected in entry.event_description
    assert entry.event_by == system_user()


def test_an_answer_counts_from_when_it_was_given(booking: Booking, reply: Reply) -> None:
    receive(reply.but(stamp=NOW + timedelta(minutes=1)))
    assert booking.participants.get().response_datetime == NOW + timedelta(minutes=1)


def test_a_clock_that_is_ahead_cannot_answer_from_the_future(booking: Booking, reply: Reply) -> None:
    receive(reply.but(stamp=NOW + timedelta(days=1)))
    assert booking.participants.get().response_datetime == LATER
    receive(reply.but(partstat="DECLINED", stamp=NOW + timedelta(days=1)), LATER + timedelta(minutes=1))
    assert response(booking) == "Declined"


def test_the_same_mail_twice_is_one_answer(booking: Booking, reply: Reply) -> None:
    receive(reply)
    receive(reply, LATER + timedelta(minutes=1))
    assert events(booking).count("Participant Responded") == 1


def test_answers_that_waited_for_the_database_all_count_in_their_order(booking: Booking, reply: Reply) -> None:
    receive(reply.but(stamp=NOW + timedelta(minutes=1)))
    receive(reply.but(partstat="DECLINED", stamp=NOW + timedelta(minutes=2)))
    assert response(booking) == "Declined"


def test_an_older_answer_does_not_overwrite_a_newer_one(booking: Booking, reply: Reply) -> None:
    receive(reply.but(partstat="DECLINED", stamp=NOW + timedelta(minutes=2)))
    assert refused(reply.but(stamp=NOW + timedelta(minutes=1))) == Reason.SUPERSEDED
    assert response(booking) == "Declined"


def test_an_answer_on_the_page_is_not_overwritten_by_an_older_mail(booking: Booking, reply: Reply) -> None:
    services.respond(booking=booking, email=JOHN.email, response="Declined", actor=system_user(), now=LATER)
    assert refused(reply) == Reason.SUPERSEDED


def test_an_answer_that_crossed_a_change_of_details_counts(cast: Cast, booking: Booking, reply: Reply) -> None:
    services.edit(booking=booking, changes={"meeting_title": "Alarm"}, actor=cast.lead, now=NOW)
    receive(reply)
    assert response(booking) == "Accepted"


def test_an_answer_follows_the_booking_to_where_it_is_now(booking: Booking, thread: Thread) -> None:
    current = move(move(booking), 4)
    receive(reply_to(thread, current))
    assert response(current) == "Accepted"


def test_an_answer_to_an_older_time_is_outdated(booking: Booking, reply: Reply) -> None:
    current = move(booking)
    assert refused(reply) == Reason.OUTDATED
    assert response(current) == "Pending"


def test_a_calendar_that_names_no_number_answers_the_first_invitation(booking: Booking, reply: Reply) -> None:
    first = reply.but(sequence=0)
    receive(first)
    move(booking)
    assert refused(first) == Reason.OUTDATED


def test_the_address_may_come_from_the_mail_server(booking: Booking, reply: Reply) -> None:
    raw = reply.but(to="undisclosed-recipients:;").mail()
    take(answer=read(raw, reply.to.upper()), now=LATER)
    assert response(booking) == "Accepted"


def test_somebody_with_letters_in_another_case_is_the_same_person(booking: Booking, reply: Reply) -> None:
    receive(reply.but(attendee="MailTo:JOHN%40Customer.Example"))
    assert response(booking) == "Accepted"


def test_an_unknown_thread_is_nobodys(booking: Booking, reply: Reply) -> None:
    Thread.objects.all().delete()
    assert refused(reply) == Reason.UNKNOWN_THREAD


def test_the_largest_number_that_fits_is_no_fault(booking: Booking, reply: Reply) -> None:
    mailbox, _, rest = reply.to.partition("+")
    token = rest.partition(".")[2]
    assert refused(reply.but(to=f"{mailbox}+{'9' * 18}.{token}")) == Reason.UNKNOWN_THREAD
    assert refused(reply.but(to=f"{mailbox}+{'9' * 19}.{token}")) == Reason.NOT_ADDRESSED


def test_the_answer_to_a_deleted_booking_is_nobodys(cast: Cast, booking: Booking, reply: Reply) -> None:
    services.delete(booking=booking, actor=cast.admin, now=NOW)
    assert refused(reply) == Reason.NO_BOOKING


def test_a_forged_token_is_nobodys(book: Book, booking: Booking, thread: Thread, reply: Reply) -> None:
    other = book(start=after(hours=4))
    genuine = participant_token(booking, JOHN.email)
    for forged in ("a" * 26, participant_token(other, JOHN.email), participant_token(booking, "eve@x.example")):
        assert refused(reply.but(to=reply.to.replace(genuine, forged))) == Reason.UNKNOWN_TOKEN
    assert response(booking) == "Pending"


def test_somebody_who_was_taken_off_answers_no_more(cast: Cast, booking: Booking, thread: Thread) -> None:
    services.invite(booking=booking, invitees=[Invitee("eve@x.example", "Eve")], actor=cast.lead, now=NOW)
    eve = reply_to(thread, booking, "eve@x.example")
    services.uninvite(booking=booking, email="eve@x.example", actor=cast.lead, now=NOW)
    assert refused(eve) == Reason.UNKNOWN_TOKEN


def test_the_answer_of_one_cannot_be_sent_to_the_address_of_another(
    cast: Cast, booking: Booking, thread: Thread, reply: Reply
) -> None:
    services.invite(booking=booking, invitees=[Invitee("eve@x.example", "Eve")], actor=cast.lead, now=NOW)
    assert refused(reply.but(attendee="mailto:eve@x.example")) == Reason.OTHER_PERSON
    assert refused(reply.but(attendee="john@customer.example")) == Reason.OTHER_PERSON


def test_an_answer_about_another_meeting_is_refused(booking: Booking, reply: Reply) -> None:
    assert refused(reply.but(uid="somebody-elses")) == Reason.OTHER_MEETING


def test_a_cancelled_meeting_takes_no_answers(booking: Booking, reply: Reply) -> None:
    services.cancel(booking=booking, actor=system_user(), now=NOW)
    assert refused(reply) == Reason.CLOSED


@pytest.mark.parametrize("method", ["COUNTER", "REQUEST", "CANCEL", "REFRESH"])
def test_only_replies_are_answers(booking: Booking, reply: Reply, method: str) -> None:
    assert refused(reply.but(method=method, declared=method)) == Reason.NOT_A_REPLY
    assert refused(reply.but(method=method)) == Reason.NOT_A_REPLY
    assert refused(reply.but(declared=method)) == Reason.NOT_A_REPLY


@pytest.mark.parametrize("partstat", ["NEEDS-ACTION", "DELEGATED", "X-PERHAPS"])
def test_only_the_three_answers_are_answers(booking: Booking, reply: Reply, partstat: str) -> None:
    assert refused(reply.but(partstat=partstat)) == Reason.NO_ANSWER


def test_every_reason_tells_mail_server_and_sender() -> None:
    codes = {reason: Refused(reason).exit_code for reason in Reason}
    assert {reason for reason, code in codes.items() if code == 67} == {
        Reason.NOT_ADDRESSED,
        Reason.UNKNOWN_THREAD,
        Reason.NO_BOOKING,
        Reason.UNKNOWN_TOKEN,
    }
    assert {reason for reason, code in codes.items() if code == 0} == {Reason.SUPERSEDED}
    assert set(codes.values()) == {0, 65, 67}
    assert all(Refused(reason).sentence.endswith(".") for reason in Reason)


def test_an_entry_keeps_its_organizer_whatever_the_setting_becomes(
    booking: Booking, thread: Thread, settings: Settings
) -> None:
    before = organizer(thread, JOHN.email, booking)
    settings.REPLY_ADDRESS = "answers@elsewhere.example"
    assert organizer(thread, JOHN.email, booking) == before
    assert organizer(thread, JOHN.email, move(booking)) == before
    assert before == f"replies+{thread.pk}.{participant_token(booking, JOHN.email)}@meet.example"


def test_an_organizer_whose_mailbox_takes_no_answers_bears_no_token(booking: Booking) -> None:
    assert organizer(thread_of(booking, receives=False), JOHN.email, booking) == MAILBOX


def test_the_longest_address_fits_into_what_mail_servers_take(booking: Booking) -> None:
    thread = Thread(pk=10**15, organizer=f"{'r' * 20}@meet.example", receives_replies=True)
    assert len(organizer(thread, JOHN.email, booking).partition("@")[0]) <= 64


def test_a_new_entry_is_organized_by_the_reply_address_else_by_the_sender(settings: Settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "Meetings <noreply@meet.example>"
    settings.REPLY_ADDRESS = ""
    assert new_thread_organizer() == ("noreply@meet.example", False)
    settings.REPLY_ADDRESS = MAILBOX
    assert new_thread_organizer() == (MAILBOX, True)


def test_an_answer_costs_few_queries_however_many_are_invited(
    cast: Cast, booking: Booking, reply: Reply, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    receive(reply)
    guests = [Invitee(f"guest{number}@x.example", "Guest") for number in range(5)]
    services.invite(booking=booking, invitees=guests, actor=cast.lead, now=NOW)
    with django_assert_max_num_queries(14):
        receive(reply.but(partstat="DECLINED", stamp=LATER))
