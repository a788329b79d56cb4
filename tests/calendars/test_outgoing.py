"""Bookings appear in their hosts' calendars, move and vanish with them, and never wait for a calendar."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meeting_manager.adapters.calendar.errors import AuthRevokedError, ConflictError, RateLimitedError, TransientError
from meeting_manager.adapters.calendar.protocol import Written
from meeting_manager.bookings import services
from meeting_manager.bookings.facts import seconds
from meeting_manager.bookings.inputs import Host, Invitee
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.services.door import lock_booking
from meeting_manager.busy.models import BusyTime
from meeting_manager.calendars.choices import IntegrationType
from meeting_manager.calendars.models import CalendarEventSync, CalendarIntegration
from meeting_manager.calendars.services import edit_integration, outgoing, writing
from meeting_manager.departments.models import MeetingType
from meeting_manager.departments.services import edit_meeting_type
from meeting_manager.ledger.handlers import CALENDAR_WRITE, Postponed
from meeting_manager.ledger.models import Delivery
from meeting_manager.ledger.services import Event
from meeting_manager.people.queries import system_user
from tests.bookings.desk import JOHN, NOW, TUESDAY_TEN, Book, after, events, executive
from tests.calendars.carrying import Connect, carry, owed, read
from tests.cast import Cast
from tests.together import together

START, END = seconds(TUESDAY_TEN), seconds(TUESDAY_TEN) + 1800
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def _fresh(booking: Booking) -> Booking:
    return Booking.objects.get(pk=booking.pk)


def _by_meet(cast: Cast) -> MeetingType:
    changes = {"video_platform": "Google Meet", "video_meeting_url": ""}
    return edit_meeting_type(actor=cast.admin, meeting_type=cast.call, changes=changes)


def test_a_confirmed_booking_is_written_to_its_hosts_calendar(cast: Cast, connect: Connect, book: Book) -> None:
    agenda = connect(cast.sarah)
    booking = book(host=cast.sarah)
    assert not agenda.ours, "a booking does not wait for a calendar"
    carry()
    (id_,) = agenda.ours
    entry = agenda.titles[id_]
    assert (entry.uid, entry.start, entry.end) == (booking.ical_uid, START, END)
    assert entry.title == "30 Min Call - John Doe"
    assert "Needs help with MFA" in entry.description
    assert [person["email"] for person in entry.attendees] == [JOHN.email]
    assert entry.organizer[0] == cast.sarah.email


def test_the_booking_says_where_it_is_written(cast: Cast, connect: Connect, book: Book) -> None:
    connect(cast.sarah)
    booking = book(host=cast.sarah)
    carry()
    stored = _fresh(booking)
    event = CalendarEventSync.objects.get()
    assert stored.calendar_event_synced
    assert stored.calendar_event == event
    assert stored.external_calendar_link == f"https://calendar.example/{event.external_event_id}"
    assert (event.sync_status, event.event_type, event.sync_direction) == ("Synced", "Meeting Booking", "Bidirectional")
    entry = stored.booking_history.filter(event_type="Calendar Synced").get()
    assert entry.event_description == f"Written to the calendar of {cast.sarah.email}"


def test_what_awaits_approval_is_written_once_it_is_approved(cast: Cast, connect: Connect, book: Book) -> None:
    agenda = connect(cast.sarah)
    booking = book(meeting_type=executive(cast), host=cast.sarah, actor=system_user())
    carry()
    assert not agenda.ours
    services.approve(booking=booking, actor=cast.lead, now=NOW)
    carry()
    assert len(agenda.ours) == 1


def test_a_moved_booking_moves_its_event(cast: Cast, connect: Connect, book: Book) -> None:
    agenda = connect(cast.sarah)
    booking = book(host=cast.sarah)
    carry()
    (before,) = agenda.ours
    moved = services.reschedule(booking=booking, start=after(hours=1), actor=cast.sarah, now=NOW).booking
    carry()
    assert agenda.ours == [before]
    assert agenda.events[before].start == START + 3600
    assert _fresh(moved).calendar_event == CalendarEventSync.objects.get()


def test_a_reassigned_booking_moves_from_one_calendar_to_the_other(cast: Cast, connect: Connect, book: Book) -> None:
    sarahs, mikes = connect(cast.sarah), connect(cast.mike)
    booking = book(host=cast.sarah)
    carry()
    services.reassign(booking=booking, new_user=cast.mike, actor=cast.lead, now=NOW)
    carry()
    assert (sarahs.ours, len(mikes.ours)) == ([], 1)
    stored = _fresh(booking)
    assert stored.calendar_event
    assert stored.calendar_event.calendar_integration.user == cast.mike
    services.reassign(booking=booking, new_user=cast.sarah, actor=cast.lead, now=NOW + MINUTE)
    carry(NOW + MINUTE)
    assert (len(sarahs.ours), mikes.ours) == (1, [])


def test_a_former_host_is_free_at_once_whatever_their_calendar_still_says(
    cast: Cast, connect: Connect, book: Book
) -> None:
    agenda = connect(cast.sarah)
    booking = book(host=cast.sarah)
    carry()
    services.reassign(booking=booking, new_user=cast.mike, actor=cast.lead, now=NOW)
    agenda.touch(agenda.ours[0])
    read()
    assert not BusyTime.objects.filter(user=cast.sarah).exists()


def test_a_cancelled_booking_is_taken_out(cast: Cast, connect: Connect, book: Book) -> None:
    agenda = connect(cast.sarah)
    booking = book(host=cast.sarah)
    carry()
    services.cancel(booking=booking, actor=cast.sarah, now=NOW, reason="Ill")
    carry()
    stored = _fresh(booking)
    assert not agenda.events
    assert (stored.calendar_event, stored.calendar_event_synced, stored.external_calendar_link) == (None, False, "")


def test_a_booking_cancelled_before_it_was_written_is_never_written(cast: Cast, connect: Connect, book: Book) -> None:
    agenda = connect(cast.sarah)
    services.cancel(booking=book(host=cast.sarah), actor=cast.sarah, now=NOW, reason="Ill")
    carry()
    assert "upsert" not in agenda.calls


def test_a_deleted_booking_is_taken_out(cast: Cast, connect: Connect, book: Book) -> None:
    agenda = connect(cast.sarah)
    booking = book(host=cast.sarah)
    carry()
    services.delete(booking=booking, actor=cast.admin, now=NOW)
    carry()
    assert not agenda.events


def test_every_host_of_an_internal_meeting_has_it(cast: Cast, connect: Connect) -> None:
    sarahs, mikes = connect(cast.sarah), connect(cast.mike, IntegrationType.OUTLOOK)
    meeting = services.book_internal(
        meeting_type=cast.planning,
        start=TUESDAY_TEN,
        hosts=[Host(cast.sarah, is_primary=True), Host(cast.mike)],
        actor=cast.lead,
        now=NOW,
    ).booking
    carry()
    assert (len(sarahs.ours), len(mikes.ours)) == (1, 1)
    event = _fresh(meeting).calendar_event
    assert event
    assert event.calendar_integration.user == cast.sarah, "the primary host's"


def test_an_edit_and_a_new_participant_reach_the_event(cast: Cast, connect: Connect, book: Book) -> None:
    agenda = connect(cast.sarah)
    booking = book(host=cast.sarah)
    carry()
    services.edit(booking=booking, changes={"meeting_title": "Badges"}, actor=cast.sarah, now=NOW)
    services.invite(booking=booking, invitees=[Invitee("zoe@x.example", "Zoe")], actor=cast.sarah, now=NOW)
    carry()
    (entry,) = agenda.titles.values()
    assert entry.title == "Badges - John Doe"
    assert {person["email"] for person in entry.attendees} == {JOHN.email, "zoe@x.example"}
    assert agenda.calls.count("upsert") == 2, "what came together is written once"


def test_how_a_meeting_went_leaves_its_event_as_it_is(cast: Cast, connect: Connect, book: Book) -> None:
    agenda = connect(cast.sarah)
    booking = book(host=cast.sarah)
    carry()
    services.complete(booking=booking, actor=cast.sarah, now=after(hours=1))
    carry(after(hours=1))
    assert agenda.calls == ["upsert"]


@pytest.mark.parametrize("kind", [IntegrationType.CALDAV, IntegrationType.OUTLOOK])
def test_an_answer_that_got_lost_leads_to_no_second_event(
    cast: Cast, connect: Connect, book: Book, kind: IntegrationType
) -> None:
    agenda = connect(cast.sarah, kind)
    agenda.lost = [TransientError("no answer")]
    book(host=cast.sarah)
    carry()
    assert CalendarEventSync.objects.get().sync_status == "Sync Failed"
    carry(NOW + MINUTE)
    assert len(agenda.ours) == 1
    assert CalendarEventSync.objects.get().sync_status == "Synced"


def test_a_pull_between_writing_and_its_answer_makes_no_second_event(cast: Cast, connect: Connect, book: Book) -> None:
    agenda = connect(cast.sarah, IntegrationType.OUTLOOK)
    agenda.lost = [TransientError("no answer")]
    book(host=cast.sarah)
    carry()
    read(NOW + timedelta(seconds=1))
    carry(NOW + MINUTE)
    assert len(agenda.ours) == 1
    assert CalendarEventSync.objects.count() == 1
    assert not BusyTime.objects.filter(event__isnull=False).exists()


def test_a_failure_is_shown_and_tried_again_until_it_works(cast: Cast, connect: Connect, book: Book) -> None:
    agenda = connect(cast.sarah)
    agenda.faults = [TransientError("The server is in trouble.")] * 3
    booking = book(host=cast.sarah)
    carry()
    event = CalendarEventSync.objects.get()
    assert (event.sync_status, event.sync_error_log) == ("Sync Failed", "The server is in trouble.")
    assert not _fresh(booking).calendar_event_synced
    for minutes in (1, 2, 3):
        carry(NOW + minutes * MINUTE)
    assert len(agenda.ours) == 1
    assert CalendarEventSync.objects.get().sync_error_log == ""
    assert owed() == ["done"]


def test_a_provider_that_is_away_for_a_day_is_caught_up_with_in_ten_minutes(
    cast: Cast, connect: Connect, book: Book
) -> None:
    agenda = connect(cast.sarah)
    booking = book(host=cast.sarah, start=after(days=7))
    agenda.faults = [TransientError("away")] * 1_000
    now = NOW
    while now < NOW + timedelta(hours=24):
        carry(now)
        now += 5 * MINUTE
    services.reschedule(booking=booking, start=after(days=7, hours=1), actor=cast.sarah, now=now)
    carry(now)
    agenda.faults.clear()
    tries = len(agenda.calls)
    carry(now + 10 * MINUTE)
    (id_,) = agenda.ours
    assert agenda.events[id_].start == START + 7 * 86_400 + 3600
    assert tries <= 24 * 60 / 5 + 2, "a server that is away is not stormed"
    assert not Delivery.objects.filter(kind=CALENDAR_WRITE, state="dead").exists()


def test_a_calendar_that_asks_us_to_wait_is_waited_for(cast: Cast, connect: Connect, book: Book) -> None:
    agenda = connect(cast.sarah)
    agenda.faults = [RateLimitedError("Asked to wait.", timedelta(minutes=4))]
    book(host=cast.sarah)
    carry()
    carry(NOW + 3 * MINUTE)
    assert agenda.calls == ["upsert"]
    carry(NOW + 5 * MINUTE)
    assert len(agenda.ours) == 1


def test_a_calendar_that_does_not_let_us_in_is_told_of_and_not_asked_again(
    cast: Cast, connect: Connect, book: Book
) -> None:
    agenda = connect(cast.sarah)
    agenda.faults = [AuthRevokedError("Please connect the calendar anew.")]
    book(host=cast.sarah)
    carry()
    carry(NOW + HOUR)
    assert owed() == ["dead"]
    told = Delivery.objects.filter(kind="notice", recipient__in=[cast.sarah.email, cast.admin.email])
    assert set(told.values_list("recipient", flat=True)) == {cast.sarah.email, cast.admin.email}


def test_who_connects_anew_gets_what_was_missed(cast: Cast, connect: Connect, book: Book) -> None:
    agenda = connect(cast.sarah)
    agenda.faults = [AuthRevokedError("Please connect the calendar anew.")]
    book(host=cast.sarah)
    carry()
    calendar = CalendarIntegration.objects.get()
    anew = {"credentials": {"username": "u", "password": "new", "refresh_token": "r"}}
    edit_integration(actor=cast.sarah, integration=calendar, changes=anew, now=NOW + HOUR)
    carry(NOW + HOUR)
    assert len(agenda.ours) == 1


def test_a_calendar_that_is_connected_later_gets_what_is_to_come(cast: Cast, connect: Connect, book: Book) -> None:
    book(host=cast.sarah)
    book(host=cast.sarah, start=after(days=1))
    book(host=cast.mike, start=after(days=2))
    agenda = connect(cast.sarah)
    carry()
    assert len(agenda.ours) == 2


def test_bookings_follow_the_primary_calendar(cast: Cast, connect: Connect, book: Book) -> None:
    old = connect(cast.sarah)
    book(host=cast.sarah)
    carry()
    new = connect(cast.sarah, IntegrationType.GOOGLE)
    carry()
    assert (old.ours, len(new.ours)) == ([], 1)


def test_a_calendar_that_is_only_read_gets_nothing(cast: Cast, connect: Connect, book: Book) -> None:
    agenda = connect(cast.sarah, sync_direction="One-way (Read Only)")
    book(host=cast.sarah)
    carry()
    assert not owed()
    assert "upsert" not in agenda.calls


def test_our_own_event_coming_back_is_not_counted_twice(cast: Cast, connect: Connect, book: Book) -> None:
    connect(cast.sarah, IntegrationType.OUTLOOK)
    book(host=cast.sarah)
    carry()
    read()
    assert CalendarEventSync.objects.count() == 1
    assert not BusyTime.objects.filter(event__isnull=False).exists()
    assert not CalendarEventSync.objects.exclude(external_change="").exists()


def test_what_the_owner_changed_besides_the_time_hinders_nothing(cast: Cast, connect: Connect, book: Book) -> None:
    agenda = connect(cast.sarah)
    booking = book(host=cast.sarah)
    carry()
    agenda.touch(agenda.ours[0])
    services.reschedule(booking=booking, start=after(hours=1), actor=cast.sarah, now=NOW)
    carry()
    assert agenda.events[agenda.ours[0]].start == START + 3600


def test_two_workers_never_write_one_event_at_once(cast: Cast, connect: Connect, book: Book) -> None:
    connect(cast.sarah)
    booking = book(host=cast.sarah)
    calendar = CalendarIntegration.objects.get()
    begun = writing.begin(booking.ical_uid, calendar.pk, NOW)
    assert begun
    with pytest.raises(Postponed):
        writing.begin(booking.ical_uid, calendar.pk, NOW + timedelta(seconds=30))
    other = writing.begin(booking.ical_uid, calendar.pk, NOW + 4 * MINUTE)
    assert other, "whoever lost their worker is taken over"
    assert not writing.keep(begun, None, NOW + 4 * MINUTE), "and says nothing any more"


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_at_once_one_writes(cast: Cast, connect: Connect, book: Book) -> None:
    connect(cast.sarah)
    booking = book(host=cast.sarah)
    calendar = CalendarIntegration.objects.get()

    def begin() -> bool:
        try:
            return writing.begin(booking.ical_uid, calendar.pk, NOW) is not None
        except Postponed:
            return False

    assert together([begin] * 6).count(True) == 1
    assert CalendarEventSync.objects.count() == 1


def test_a_video_call_is_made_with_the_event_and_told(cast: Cast, connect: Connect, book: Book) -> None:
    agenda = connect(cast.sarah, IntegrationType.GOOGLE)
    booking = book(host=cast.sarah, meeting_type=_by_meet(cast))
    assert _fresh(booking).video_meeting_url == ""
    carry()
    stored = _fresh(booking)
    assert stored.video_meeting_url == f"https://meet.example/{agenda.ours[0]}"
    assert "Details Updated" in events(stored)
    carry(NOW + MINUTE)
    assert stored.video_meeting_url in agenda.titles[agenda.ours[0]].location


def test_a_video_call_that_is_made_later_is_asked_for_again(cast: Cast, connect: Connect, book: Book) -> None:
    agenda = connect(cast.sarah, IntegrationType.GOOGLE)
    agenda.late = 2
    booking = book(host=cast.sarah, meeting_type=_by_meet(cast))
    for seconds_later in (0, 20, 40):
        carry(NOW + timedelta(seconds=seconds_later))
    assert _fresh(booking).video_meeting_url == f"https://meet.example/{agenda.ours[0]}"


def test_a_video_call_that_never_comes_is_not_asked_for_for_ever(cast: Cast, connect: Connect, book: Book) -> None:
    agenda = connect(cast.sarah, IntegrationType.GOOGLE)
    agenda.late = 1_000
    book(host=cast.sarah, meeting_type=_by_meet(cast))
    for minutes in range(20):
        carry(NOW + minutes * MINUTE)
    assert agenda.calls.count("upsert") == 5


def test_another_calendar_of_the_same_account_gets_what_is_to_come(cast: Cast, connect: Connect, book: Book) -> None:
    connect(cast.sarah)
    book(host=cast.sarah)
    carry()
    calendar = CalendarIntegration.objects.get()
    changes = {"calendar_id": "https://calendar.example/other"}
    edit_integration(actor=cast.sarah, integration=calendar, changes=changes, now=NOW)
    carry()
    assert [event.sync_status for event in CalendarEventSync.objects.order_by("pk")] == ["Deleted Locally", "Synced"]


def test_a_reassigned_video_call_gets_the_new_hosts_link(cast: Cast, connect: Connect, book: Book) -> None:
    connect(cast.sarah, IntegrationType.GOOGLE)
    mikes = connect(cast.mike, IntegrationType.GOOGLE)
    booking = book(host=cast.sarah, meeting_type=_by_meet(cast))
    carry()
    services.reassign(booking=booking, new_user=cast.mike, actor=cast.lead, now=NOW)
    carry()
    assert _fresh(booking).video_meeting_url == f"https://meet.example/{mikes.ours[0]}"
    services.reassign(booking=booking, new_user=cast.jane, actor=cast.lead, now=NOW)
    carry()
    assert _fresh(booking).video_meeting_url == "", "a link that is dead is no longer shown"


def test_a_link_that_somebody_set_stays(cast: Cast, connect: Connect, book: Book) -> None:
    agenda = connect(cast.sarah, IntegrationType.GOOGLE)
    edit_meeting_type(actor=cast.admin, meeting_type=cast.call, changes={"video_platform": "Google Meet"})
    booking = book(host=cast.sarah)
    carry()
    assert _fresh(booking).video_meeting_url == "https://meet.example/a"
    assert not agenda.titles[agenda.ours[0]].wants_conference


def test_owing_asks_the_database_once_however_many_hosts(cast: Cast, connect: Connect) -> None:
    for user in (cast.sarah, cast.mike, cast.jane):
        connect(user)
    meeting = services.book_internal(
        meeting_type=cast.planning,
        start=TUESDAY_TEN,
        hosts=[Host(cast.sarah, is_primary=True), Host(cast.mike), Host(cast.jane)],
        actor=cast.lead,
        now=NOW,
    ).booking
    told = {"booking": meeting.name, "uid": meeting.ical_uid}
    event = Event("booking.edited", "once", told)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert len(outgoing.owe_writing(event, NOW)) == 3
    assert len(queries) == 1


def test_the_history_stays_whole(cast: Cast, connect: Connect, book: Book) -> None:
    connect(cast.sarah)
    booking = book(host=cast.sarah)
    carry()
    services.cancel(booking=lock_booking(booking), actor=cast.sarah, now=NOW, reason="Ill")
    carry()
    assert events(booking) == ["Created", "Confirmed", "Calendar Synced", "Cancelled", "Calendar Synced"]


def test_an_event_that_is_changed_again_and_again_is_tried_again(cast: Cast, connect: Connect, book: Book) -> None:
    agenda = connect(cast.sarah)
    booking = book(host=cast.sarah)
    carry()
    services.reschedule(booking=booking, start=after(hours=1), actor=cast.sarah, now=NOW)
    write = agenda.upsert

    def conflict(*_given: object) -> Written:
        raise ConflictError("changed")

    agenda.upsert = conflict  # type: ignore[assignment]
    carry(NOW + MINUTE)
    agenda.upsert = write  # type: ignore[method-assign]
    carry(NOW + HOUR)
    assert [agenda.events[id_].start for id_ in agenda.ours] == [START + 3600]


def test_what_was_refused_is_written_once_the_calendar_lets_us_in_again(
    cast: Cast, connect: Connect, book: Book
) -> None:
    agenda = connect(cast.sarah)
    book(host=cast.sarah)
    agenda.faults = [AuthRevokedError("Please connect the calendar anew.")]
    carry()
    agenda.faults = [AuthRevokedError("Please connect the calendar anew.")]
    read(NOW + HOUR)
    assert not agenda.ours
    read(NOW + 3 * HOUR)
    carry(NOW + 4 * HOUR)
    assert len(agenda.ours) == 1
