"""The calendar of what a member hosts, read back by two parsers: what is in it, for how long, and at what cost."""

import re
from copy import copy
from datetime import timedelta
from typing import Any

import pytest
from django.test import override_settings
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries

from meeting_manager.bookings import links, queries, services
from meeting_manager.bookings.inputs import Host, Invitee
from meeting_manager.bookings.invitation import feed, feed_version, mail_part
from meeting_manager.bookings.models import AssignedUser, Booking
from meeting_manager.departments.models import MeetingTypeReminder
from meeting_manager.people.languages import speaking
from meeting_manager.people.models import User
from meeting_manager.people.queries import system_user
from tests.bookings.desk import JOHN, NOW, Book, after, executive
from tests.cast import Cast
from tests.second_parser import Read, SecondParser

pytestmark = pytest.mark.django_db

SITE = "replies@meet.example"


def events(user: User, **later: float) -> list[Any]:
    return list(Calendar.from_ical(feed(user, NOW + timedelta(**later))).events)


def with_sarah(cast: Cast, book: Book, **changes: object) -> Booking:
    return book(**({"host": cast.sarah, "actor": cast.lead} | changes))


def copies(booking: Booking, number: int) -> None:
    """As many bookings like it, one an hour; nothing of them is true but what an entry needs."""
    host = booking.assigned_users.get()
    rows = [copy(booking) for _ in range(number)]
    for each, row in enumerate(rows):
        row.pk, row.name, row.ical_uid = None, f"{booking.name}-{each}", f"copy-{each}"
        row.booking_reference = f"BK-{each:08}"
        row.start_datetime, row.end_datetime = after(hours=each), after(hours=each, minutes=30)
    made = Booking.objects.bulk_create(rows)
    given = {"user": host.user, "is_primary_host": True, "assigned_at": NOW, "assigned_by": host.user}
    AssignedUser.objects.bulk_create(AssignedUser(booking=row, **given) for row in made)


def without_invitations_own(read: Read) -> list[Any]:
    """The properties of the event, less those by which a mail asks for an answer."""
    (event,) = read.parts("vevent")
    return [each for each in event.jcal[1] if each[0] not in {"attendee", "organizer"}]


def test_a_feed_says_what_its_host_reads_in_mails_and_asks_nobody_to_answer(
    cast: Cast, book: Book, second_parser: SecondParser
) -> None:
    booking = with_sarah(cast, book, participants=[Invitee("eve@partner.example", "Eve")])
    whole = queries.whole(Booking.objects.filter(pk=booking.pk)).get()
    mailed = second_parser(mail_part(whole, method="REQUEST", attendee=cast.sarah.email, organizer=SITE))
    read = second_parser(feed(cast.sarah, NOW))
    assert without_invitations_own(read) == without_invitations_own(mailed)
    (event,) = read.parts("vevent")
    assert event.parts("valarm") == []
    assert (read["method"], read["version"], "attendee" in event) == ("PUBLISH", "2.0", False)
    assert event.all("organizer") == [({"cn": "Support"}, "mailto:noreply@127.0.0.1")]
    assert (event["uid"], int(event["sequence"])) == (booking.ical_uid, booking.sequence)
    assert (event["summary"], event["status"]) == ("30 Min Call - John Doe", "CONFIRMED")
    assert f"Phone: {JOHN.phone}" in event["description"]
    assert event["url"] == links.workspace_url(booking)
    assert links.link_token(booking) not in event["description"]


def test_the_calendar_has_a_name_and_says_how_often_to_look(
    cast: Cast, book: Book, second_parser: SecondParser
) -> None:
    with_sarah(cast, book)
    with override_settings(SITE_NAME="Meet; us, \\N\r\nhere"):
        written = feed(cast.sarah, NOW)
    read = second_parser(written)
    for name in (b"NAME", b"X-WR-CALNAME"):
        assert b"\r\n" + name + b":Meet\\; us\\, \\\\N here\r\n" in written
    assert read["refresh-interval"] == read["x-published-ttl"] == "PT1H"
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in written


def test_an_empty_calendar_is_one(cast: Cast, book: Book, second_parser: SecondParser) -> None:
    with_sarah(cast, book)
    read = second_parser(feed(cast.mike, NOW))
    assert read.parts("vevent") == []
    assert Calendar.from_ical(feed(cast.mike, NOW)).events == []


def test_everybody_finds_what_they_host_and_nothing_else(cast: Cast, book: Book) -> None:
    with_sarah(cast, book)
    hosts = [Host(cast.sarah, is_primary=True), Host(cast.mike)]
    services.book_internal(
        meeting_type=cast.planning,
        start=after(hours=2),
        hosts=hosts,
        participants=[Invitee(cast.jane.email, "Jane")],
        actor=cast.lead,
        now=NOW,
    )
    assert [event["SUMMARY"] for event in events(cast.sarah)] == ["30 Min Call - John Doe", "Internal Planning"]
    assert [event["SUMMARY"] for event in events(cast.mike)] == ["Internal Planning"]
    for user in (cast.lead, cast.jane, cast.outsider, cast.admin):
        assert events(user) == []


def test_a_request_is_tentative_until_it_is_approved(cast: Cast, book: Book) -> None:
    booking = with_sarah(cast, book, meeting_type=executive(cast), actor=system_user(), host=None)
    host = booking.assigned_users.get().user
    (asked,) = events(host)
    services.approve(booking=booking, actor=cast.lead, now=NOW)
    (approved,) = events(host)
    assert (asked["STATUS"], approved["STATUS"]) == ("TENTATIVE", "CONFIRMED")
    assert asked["UID"] == approved["UID"]
    assert asked["SEQUENCE"] < approved["SEQUENCE"]


def test_a_moved_booking_is_there_once_at_its_new_time(cast: Cast, book: Book) -> None:
    booking = with_sarah(cast, book)
    services.reschedule(booking=booking, start=after(hours=3), host=cast.sarah, actor=cast.lead, now=NOW)
    (event,) = events(cast.sarah)
    assert event["UID"] == booking.ical_uid
    assert event["SEQUENCE"] > booking.sequence
    assert event.start == after(hours=3)


def test_what_is_cancelled_given_to_others_or_missed_is_gone_and_what_took_place_stays(cast: Cast, book: Book) -> None:
    cancelled, given, done, missed = (with_sarah(cast, book, start=after(hours=each)) for each in range(4))
    services.cancel(booking=cancelled, actor=system_user(), now=NOW)
    services.reassign(booking=given, new_user=cast.mike, actor=cast.lead, now=NOW)
    later = after(days=1)
    services.complete(booking=done, actor=cast.sarah, now=later)
    services.mark_no_show(booking=missed, actor=cast.sarah, now=later)
    assert [(event["UID"], event["STATUS"]) for event in events(cast.sarah, days=2)] == [(done.ical_uid, "CONFIRMED")]
    assert [event["UID"] for event in events(cast.mike)] == [given.ical_uid]


def test_it_reaches_thirty_days_back_and_a_year_ahead(cast: Cast, book: Book) -> None:
    booking = with_sarah(cast, book)
    for start, is_in in ((-31, False), (-30, True), (0, True), (365, True), (366, False)):
        begins = NOW.replace(hour=12) + timedelta(days=start)
        Booking.objects.filter(pk=booking.pk).update(start_datetime=begins, end_datetime=begins + timedelta(minutes=30))
        assert len(events(cast.sarah)) == is_in, start


def test_it_speaks_the_active_language(cast: Cast, book: Book) -> None:
    with_sarah(cast, book)
    english = feed_version(cast.sarah, NOW)
    with speaking("de"):
        (event,) = events(cast.sarah)
        assert f"Telefon: {JOHN.phone}" in event["DESCRIPTION"]
        assert feed_version(cast.sarah, NOW) != english


def test_alarms_are_those_of_the_mails(cast: Cast, book: Book, second_parser: SecondParser) -> None:
    MeetingTypeReminder.objects.all().delete()
    for hours, is_active in ((24, True), (0.25, True), (2, False)):
        MeetingTypeReminder.objects.create(meeting_type=cast.call, hours_before_meeting=hours, is_active=is_active)
    with_sarah(cast, book)
    (event,) = second_parser(feed(cast.sarah, NOW)).parts("vevent")
    assert [alarm["trigger"] for alarm in event.parts("valarm")] == ["-PT15M", "-P1D"]


def test_five_hundred_bookings_cost_as_many_queries_as_one(
    cast: Cast, book: Book, django_assert_num_queries: DjangoAssertNumQueries, second_parser: SecondParser
) -> None:
    booking = with_sarah(cast, book)
    with django_assert_num_queries(3):
        feed(cast.sarah, NOW)
    copies(booking, 499)
    with django_assert_num_queries(3):
        written = feed(cast.sarah, NOW)
    with django_assert_num_queries(1):
        feed_version(cast.sarah, NOW)
    assert len(second_parser(written).parts("vevent")) == 500
    assert max(map(len, written.split(b"\r\n"))) <= 75


def test_its_version_changes_with_everything_that_happens_and_with_nothing_else(cast: Cast, book: Book) -> None:
    seen = [feed_version(cast.sarah, NOW)]

    def is_new() -> bool:
        seen.append(feed_version(cast.sarah, NOW))
        return seen[-1] not in seen[:-1]

    booking = with_sarah(cast, book)
    assert is_new()
    services.edit(booking=booking, changes={"meeting_title": "Alarm"}, actor=cast.lead, now=NOW)
    assert is_new()
    services.invite(booking=booking, invitees=[Invitee("eve@x.example", "Eve")], actor=cast.lead, now=NOW)
    assert is_new()
    moved = services.reschedule(booking=booking, start=after(hours=2), host=cast.sarah, actor=cast.lead, now=NOW)
    assert is_new()
    book(host=cast.mike, actor=cast.lead)
    assert not is_new()
    assert feed_version(cast.sarah, NOW + timedelta(hours=9)) == seen[-1]
    assert feed_version(cast.sarah, NOW + timedelta(days=1)) not in seen
    services.cancel(booking=moved.booking, actor=system_user(), now=NOW)
    assert re.fullmatch("[0-9a-f]{64}", feed_version(cast.sarah, NOW))
    assert feed_version(cast.sarah, NOW) == seen[0]
