"""Calendar entries, read back by two parsers: what stands in them, for whom, and that one entry lasts."""

import re
from datetime import timedelta
from typing import Any

import pytest
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries

from meeting_manager.bookings import links, queries, services
from meeting_manager.bookings.inputs import Customer, Details, Host, Invitee
from meeting_manager.bookings.invitation import invitation, mail_part
from meeting_manager.bookings.models import Booking
from meeting_manager.departments.models import MeetingType, MeetingTypeReminder
from meeting_manager.people.queries import system_user
from tests.bookings.desk import JOHN, NOW, TUESDAY_TEN, Book, after, executive
from tests.cast import Cast
from tests.second_parser import Read, SecondParser

pytestmark = pytest.mark.django_db

SITE = "replies@meet.example"
EVE = Invitee("eve@partner.example", "Eve")
SARAH, MIKE, JOHNS = "sarah@bestsecurity.example", "mike@bestsecurity.example", JOHN.email


def whole(booking: Booking) -> Booking:
    return queries.whole(Booking.objects.filter(pk=booking.pk)).get()


def part(booking: Booking, attendee: str = JOHNS, method: str = "REQUEST") -> bytes:
    return mail_part(whole(booking), method=method, attendee=attendee, organizer=SITE)


def entry(ical: bytes) -> Any:  # noqa: ANN401 - icalendar types every value as all it could be
    (event,) = Calendar.from_ical(ical).events
    return event


def people(read: Read) -> dict[str, dict[str, Any]]:
    (event,) = read.parts("vevent")
    return {value.removeprefix("mailto:"): params for params, value in event.all("attendee")}


def meeting(cast: Cast, *participants: Invitee) -> Booking:
    hosts = [Host(cast.sarah, is_primary=True), Host(cast.mike)]
    made = services.book_internal(
        meeting_type=cast.planning, start=TUESDAY_TEN, hosts=hosts, participants=participants, actor=cast.lead, now=NOW
    )
    return made.booking


def test_an_invitation_says_what_when_where_and_how_to_answer(book: Book, second_parser: SecondParser) -> None:
    booking = book()
    read = second_parser(part(booking))
    (event,) = read.parts("vevent")
    assert (read["method"], read["version"]) == ("REQUEST", "2.0")
    assert event["uid"] == booking.ical_uid
    assert (event["dtstart"], event["dtend"]) == ("2026-12-08T10:00:00Z", "2026-12-08T10:30:00Z")
    assert event["dtstamp"] == "2026-12-07T07:00:00Z"
    assert event["summary"] == "30 Min Call with Support"
    assert event["location"] == "https://meet.example/a"
    assert event["status"] == "CONFIRMED"
    assert event["url"] == links.manage_url(booking)
    assert event.all("organizer") == [({"cn": "Support"}, f"mailto:{SITE}")]
    assert people(read)[JOHNS] == {
        "cn": "John Doe",
        "cutype": "INDIVIDUAL",
        "role": "REQ-PARTICIPANT",
        "partstat": "NEEDS-ACTION",
        "rsvp": "TRUE",
    }
    assert (people(read)[SARAH]["partstat"], people(read)[SARAH]["rsvp"]) == ("ACCEPTED", "FALSE")


def test_every_line_ends_as_mail_wants_it_and_is_short(book: Book) -> None:
    ical = part(book(details=Details(description="long " * 100)))
    assert ical.endswith(b"\r\n")
    lines = ical.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line or b"\r" in line for line in lines)


@pytest.mark.parametrize(
    ("answer", "partstat"), [("Accepted", "ACCEPTED"), ("Declined", "DECLINED"), ("Tentative", "TENTATIVE")]
)
def test_an_answer_stays_in_later_invitations(
    book: Book, second_parser: SecondParser, answer: str, partstat: str
) -> None:
    booking = book()
    services.respond(booking=booking, email=JOHNS, response=answer, actor=system_user(), now=NOW)
    assert people(second_parser(part(booking)))[JOHNS]["partstat"] == partstat


def test_customers_and_participants_see_hosts_and_themselves_hosts_see_everybody(
    cast: Cast, book: Book, second_parser: SecondParser
) -> None:
    booking = book(participants=[EVE], actor=cast.lead, host=cast.sarah)
    assert set(people(second_parser(part(booking)))) == {JOHNS, SARAH}
    assert set(people(second_parser(part(booking, EVE.email)))) == {EVE.email, SARAH}
    assert set(people(second_parser(part(booking, SARAH)))) == {JOHNS, SARAH, EVE.email}


def test_colleagues_of_an_internal_meeting_see_each_other(cast: Cast, second_parser: SecondParser) -> None:
    jane = Invitee(user=cast.jane, participant_type="Internal")
    booking = meeting(cast, EVE, jane)
    everybody = {SARAH, MIKE, cast.jane.email, EVE.email}
    for email in everybody:
        assert set(people(second_parser(part(booking, email)))) == everybody
    (event,) = second_parser(part(booking, EVE.email)).parts("vevent")
    assert (event["summary"], event["location"]) == ("Internal Planning", "Room 1")
    assert event["url"] == links.answer_url(booking, EVE.email)


def test_a_host_who_is_invited_too_is_named_once(cast: Cast, second_parser: SecondParser) -> None:
    booking = meeting(cast, Invitee(user=cast.sarah, participant_type="Internal"))
    (event,) = second_parser(part(booking, SARAH)).parts("vevent")
    assert sorted(value for _, value in event.all("attendee")) == [f"mailto:{MIKE}", f"mailto:{SARAH}"]


def test_nobody_finds_the_link_or_the_details_of_another(cast: Cast, book: Book) -> None:
    booking = book(participants=[EVE], actor=cast.lead, host=cast.sarah)
    to_john, to_eve, to_sarah = (str(entry(part(booking, email))) for email in (JOHNS, EVE.email, SARAH))
    manage, answer = links.link_token(booking), links.participant_token(booking, EVE.email)
    assert manage in to_john
    assert answer not in to_john
    assert answer in to_eve
    assert not any(secret in to_eve for secret in (manage, JOHNS, "555", "Needs help with MFA"))
    assert all(known in to_sarah for known in (JOHNS, "+1-555-123-4567", "Needs help with MFA"))
    assert not any(secret in to_sarah for secret in (manage, answer))


def test_everybody_reads_whom_they_meet(cast: Cast, book: Book) -> None:
    booking = book(participants=[EVE], actor=cast.lead, host=cast.sarah)
    called = [str(entry(part(booking, email))["SUMMARY"]) for email in (JOHNS, SARAH, EVE.email)]
    assert called == ["30 Min Call with Support", "30 Min Call - John Doe", "30 Min Call with Support"]


def test_a_title_that_somebody_chose_stays_and_the_host_reads_the_customer(cast: Cast, book: Book) -> None:
    booking = book(details=Details(title="Alarm"), actor=cast.lead, host=cast.sarah)
    assert entry(part(booking))["SUMMARY"] == "Alarm"
    assert entry(part(booking, SARAH))["SUMMARY"] == "Alarm - John Doe"


def test_the_description_is_plain(book: Book, second_parser: SecondParser) -> None:
    html = '<p>First &amp; <b>bold</b></p><ul><li>one</li><li><a href="https://x.example/a">two</a></li></ul>'
    booking = book(details=Details(description=html))
    (event,) = second_parser(part(booking)).parts("vevent")
    text = event["description"]
    assert text.startswith("First & bold\n• one\n• two (https://x.example/a)\n\n")
    assert "When it is time, open the link of the video call.\n\n" in text
    assert text.endswith(f"See, move or cancel the meeting: {links.manage_url(booking)}")
    assert f"Reference: {booking.booking_reference}" in text


@pytest.mark.parametrize(
    ("details", "place"),
    [
        (Details(location_type="Phone Call", location="", video_url=""), ["Phone call"]),
        (Details(location_type="Physical Location", location="Main St 1, Berlin", video_url=""), ["Main St 1, Berlin"]),
        (Details(location_type="Custom", location="At the gate", video_url=""), ["At the gate"]),
        (
            Details(location_type="Video Call", location="Room 2", video_url="https://m.example/"),
            ["Room 2, https://m.example/"],
        ),
        (Details(location_type="", location="", video_url=""), []),
    ],
)
def test_the_place_is_an_address_a_link_or_what_kind_of_place_it_is(
    book: Book, second_parser: SecondParser, details: Details, place: list[str]
) -> None:
    (event,) = second_parser(part(book(details=details))).parts("vevent")
    assert [value for _, value in event.all("location")] == place


def test_a_phone_call_tells_each_side_who_calls(cast: Cast, book: Book) -> None:
    booking = book(
        details=Details(location_type="Phone Call", video_url=""), participants=[EVE], actor=cast.lead, host=cast.sarah
    )
    assert "we call you at +1-555-123-4567." in entry(part(booking))["DESCRIPTION"]
    assert "call John Doe at +1-555-123-4567." in entry(part(booking, SARAH))["DESCRIPTION"]
    assert "call" not in entry(part(booking, EVE.email))["DESCRIPTION"].lower()


def schedule(kind: MeetingType, *hours: float, is_active: bool = True) -> None:
    for each in hours:
        MeetingTypeReminder.objects.create(meeting_type=kind, hours_before_meeting=each, is_active=is_active)


def test_alarms_follow_the_reminder_schedule(cast: Cast, book: Book, second_parser: SecondParser) -> None:
    MeetingTypeReminder.objects.all().delete()
    schedule(cast.call, 24, 0.25, 0)
    schedule(cast.call, 2, is_active=False)
    (event,) = second_parser(part(book())).parts("vevent")
    alarms = event.parts("valarm")
    assert [alarm["trigger"] for alarm in alarms] == ["P0D", "-PT15M", "-P1D"]
    assert {(alarm["action"], alarm["description"]) for alarm in alarms} == {("DISPLAY", "30 Min Call with Support")}


def test_of_a_long_schedule_the_nearest_alarms_count(cast: Cast, book: Book, second_parser: SecondParser) -> None:
    MeetingTypeReminder.objects.all().delete()
    schedule(cast.call, *range(1, 30))
    (event,) = second_parser(part(book())).parts("vevent")
    assert [alarm["trigger"] for alarm in event.parts("valarm")] == [f"-PT{hours}H" for hours in range(1, 6)]


def test_a_cancellation_names_its_reader_and_rings_no_more(book: Book, second_parser: SecondParser) -> None:
    booking = book()
    services.cancel(booking=booking, actor=system_user(), now=NOW)
    read = second_parser(part(booking, method="CANCEL"))
    (event,) = read.parts("vevent")
    assert (read["method"], event["status"]) == ("CANCEL", "CANCELLED")
    assert event.all("attendee") == [({"cn": "John Doe"}, f"mailto:{JOHNS}")]
    assert event.parts("valarm") == []


def test_somebody_who_left_gets_a_cancellation_of_their_own(
    cast: Cast, book: Book, second_parser: SecondParser
) -> None:
    booking = book(participants=[EVE], actor=cast.lead, host=cast.sarah)
    services.uninvite(booking=booking, email=EVE.email, actor=cast.lead, now=NOW)
    read = second_parser(part(booking, EVE.email, method="CANCEL"))
    (event,) = read.parts("vevent")
    assert event.all("attendee") == [({}, f"mailto:{EVE.email}")]
    assert event["status"] == "CANCELLED"


def test_one_entry_with_rising_numbers_for_the_whole_life_of_a_booking(cast: Cast, book: Book) -> None:
    booking = book()
    seen = [part(booking)]
    services.edit(booking=booking, changes={"meeting_title": "Alarm"}, actor=cast.lead, now=NOW)
    seen.append(part(booking))
    services.respond(booking=booking, email=JOHNS, response="Accepted", actor=system_user(), now=NOW)
    seen.append(part(booking))
    host = booking.assigned_users.get().user
    services.reassign(booking=booking, new_user=cast.jane if host != cast.jane else cast.mike, actor=cast.lead, now=NOW)
    seen.append(part(booking))
    for hours in (2, 4):
        booking = services.reschedule(booking=booking, start=after(hours=hours), actor=system_user(), now=NOW).booking
        seen.append(part(booking))
    services.cancel(booking=booking, actor=system_user(), now=NOW)
    seen.append(part(booking, method="CANCEL"))
    assert {str(entry(ical)["UID"]) for ical in seen} == {booking.ical_uid}
    sequences = [entry(ical)["SEQUENCE"] for ical in seen]
    assert sequences == sorted(set(sequences))


def test_a_second_try_sends_the_same_bytes(book: Book) -> None:
    booking = book()
    assert part(booking) == part(booking)


def test_a_request_that_awaits_approval_is_tentative(cast: Cast, book: Book) -> None:
    booking = book(meeting_type=executive(cast))
    assert entry(invitation(booking))["STATUS"] == "TENTATIVE"


def test_the_file_to_keep_asks_nobody_to_answer(book: Book, second_parser: SecondParser) -> None:
    booking = book()
    read = second_parser(invitation(booking))
    (event,) = read.parts("vevent")
    assert "method" not in read
    assert "attendee" not in event
    assert "organizer" not in event
    assert event["summary"] == "30 Min Call with Support"
    assert links.manage_url(booking) in event["description"]


def test_an_invitation_costs_one_query_for_a_whole_booking(
    cast: Cast, book: Book, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in (1, 3):
        guests = [Invitee(f"guest{each}@partner.example", "Guest") for each in range(number)]
        booking = whole(
            book(start=TUESDAY_TEN + timedelta(hours=number), participants=guests, actor=cast.lead, host=cast.sarah)
        )
        for email, method, queried in ((JOHNS, "REQUEST", 1), (SARAH, "REQUEST", 1), (JOHNS, "CANCEL", 0)):
            with django_assert_num_queries(queried):
                mail_part(booking, method=method, attendee=email, organizer=SITE)


def test_a_customers_name_is_no_second_customer(book: Book) -> None:
    booking = book(customer=Customer('Eve" <x>;CN=Ada,\\', JOHNS))
    (address,) = [each for each in entry(part(booking)).get("ATTENDEE") if str(each) == f"mailto:{JOHNS}"]
    assert address.params["CN"] == "Eve' <x>;CN=Ada,/"
    assert not re.search(rb'"[^"\r\n]*"[^";:,\r\n]', part(booking))
