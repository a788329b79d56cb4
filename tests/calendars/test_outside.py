"""What people do in their own calendars to the events of bookings: told or followed, never lost, never twice."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from meeting_manager.adapters.calendar.errors import AuthRevokedError, TransientError
from meeting_manager.adapters.calendar.protocol import Pulled, PulledEvent
from meeting_manager.bookings import services
from meeting_manager.bookings.errors import Conflict, TimeTaken
from meeting_manager.bookings.facts import seconds
from meeting_manager.bookings.models import Booking
from meeting_manager.busy.models import BusyTime
from meeting_manager.calendars.models import CalendarEventSync, CalendarIntegration
from meeting_manager.calendars.services import outside, pulling
from meeting_manager.departments.models import Department
from meeting_manager.ledger.handlers import PULL
from meeting_manager.ledger.models import Delivery
from meeting_manager.ledger.running import run_due
from meeting_manager.ledger.services import Event, Owed, subscribe
from meeting_manager.people.queries import system_user
from tests.bookings.desk import NOW, TUESDAY_TEN, Book, after, hosts
from tests.calendars.agenda import Agenda
from tests.calendars.carrying import Connect, carry, owed, read
from tests.cast import Cast

START, END = seconds(TUESDAY_TEN), seconds(TUESDAY_TEN) + 1800
HOUR = 3600
LATER = NOW + timedelta(minutes=20)
MUCH_LATER = NOW + timedelta(minutes=40)


@pytest.fixture
def told() -> Iterator[list[Event]]:
    """What is announced of calendars meanwhile."""
    heard: list[Event] = []

    def hear(event: Event, now: object) -> list[Owed]:
        heard.append(event)
        return []

    undoings = [subscribe(name, hear) for name in ("booking.calendar_changed", "booking.overlapped")]
    yield heard
    for undo in undoings:
        undo()


@pytest.fixture
def agenda(cast: Cast, connect: Connect) -> Agenda:
    """Sarah's, which was read before."""
    found = connect(cast.sarah)
    read(NOW)
    return found


@pytest.fixture
def booking(cast: Cast, agenda: Agenda, book: Book) -> Booking:
    """Sarah's, in her calendar."""
    made = book(host=cast.sarah)
    carry()
    return made


def _follow(department: Department) -> None:
    Department.objects.filter(pk=department.pk).update(calendar_changes="follow")


def _current(booking: Booking) -> Booking:
    return Booking.objects.filter(ical_uid=booking.ical_uid).latest("pk")


def _event() -> CalendarEventSync:
    return CalendarEventSync.objects.select_related("calendar_integration__user").get()


def test_a_moved_event_marks_the_booking_and_is_told_once(agenda: Agenda, booking: Booking, told: list[Event]) -> None:
    agenda.move(agenda.ours[0], START + HOUR, END + HOUR)
    read(LATER)
    read(MUCH_LATER)
    assert _current(booking).start_datetime == TUESDAY_TEN, "the booking stands"
    assert _event().external_change == "Moved"
    (event,) = told
    assert event.type == "booking.calendar_changed"
    assert (event.payload["change"], event.payload["start"]) == ("Moved", after(hours=1).isoformat())


def test_a_deleted_event_marks_the_booking_and_is_told_once(
    agenda: Agenda, booking: Booking, told: list[Event]
) -> None:
    agenda.remove(agenda.ours[0])
    read(LATER)
    read(MUCH_LATER)
    assert _current(booking).booking_status == "Confirmed"
    assert _event().external_change == "Deleted"
    assert [event.payload["change"] for event in told] == ["Deleted"]


def test_an_event_that_is_moved_back_needs_nobody(agenda: Agenda, booking: Booking) -> None:
    agenda.move(agenda.ours[0], START + HOUR, END + HOUR)
    read(LATER)
    agenda.move(agenda.ours[0], START, END)
    read(MUCH_LATER)
    assert _event().external_change == ""


def test_one_click_follows_a_move(cast: Cast, agenda: Agenda, booking: Booking) -> None:
    agenda.move(agenda.ours[0], START + HOUR, END + HOUR)
    read(LATER)
    outside.follow(actor=cast.sarah, event=_event(), now=LATER)
    carry(LATER)
    moved = _current(booking)
    assert (moved.start_datetime, moved.rescheduled_from) == (after(hours=1), booking)
    assert hosts(moved) == ["sarah"]
    assert _event().external_change == ""
    assert agenda.events[agenda.ours[0]].start == START + HOUR
    assert len(agenda.ours) == 1


def test_one_click_follows_a_deletion(cast: Cast, agenda: Agenda, booking: Booking) -> None:
    agenda.remove(agenda.ours[0])
    read(LATER)
    outside.follow(actor=cast.lead, event=_event(), now=LATER)
    carry(LATER)
    cancelled = _current(booking)
    assert cancelled.booking_status == "Cancelled"
    assert cancelled.cancellation_reason == f"Deleted in the calendar of {cast.sarah.email}"
    assert not agenda.events


def test_one_click_restores_what_was_moved(cast: Cast, agenda: Agenda, booking: Booking) -> None:
    agenda.move(agenda.ours[0], START + HOUR, END + HOUR)
    read(LATER)
    outside.restore(actor=cast.sarah, event=_event(), now=LATER)
    carry(LATER)
    assert agenda.events[agenda.ours[0]].start == START
    read(MUCH_LATER)
    assert _event().external_change == ""


def test_one_click_restores_what_was_deleted(cast: Cast, agenda: Agenda, booking: Booking) -> None:
    agenda.remove(agenda.ours[0])
    read(LATER)
    outside.restore(actor=cast.sarah, event=_event(), now=LATER)
    carry(LATER)
    assert [agenda.events[id_].start for id_ in agenda.ours] == [START]
    read(MUCH_LATER)
    assert not CalendarEventSync.objects.exclude(external_change="").exists()


def test_strangers_neither_follow_nor_restore(cast: Cast, agenda: Agenda, booking: Booking) -> None:
    agenda.remove(agenda.ours[0])
    read(LATER)
    for change in (outside.follow, outside.restore):
        with pytest.raises(PermissionDenied):
            change(actor=cast.mike, event=_event(), now=LATER)


def test_what_was_settled_is_not_settled_again(cast: Cast, agenda: Agenda, booking: Booking) -> None:
    agenda.move(agenda.ours[0], START + HOUR, END + HOUR)
    read(LATER)
    stale = _event()
    outside.restore(actor=cast.sarah, event=_event(), now=LATER)
    with pytest.raises(Conflict):
        outside.follow(actor=cast.lead, event=stale, now=LATER)
    assert _current(booking) == booking, "nothing half-done"


def test_a_department_may_follow_moves(cast: Cast, agenda: Agenda, booking: Booking, told: list[Event]) -> None:
    _follow(cast.support)
    agenda.move(agenda.ours[0], START + HOUR, END + HOUR)
    read(LATER)
    moved = _current(booking)
    assert (moved.start_datetime, moved.booking_status, hosts(moved)) == (after(hours=1), "Confirmed", ["sarah"])
    assert not told
    read(MUCH_LATER)
    assert _current(booking) == moved
    assert len(agenda.ours) == 1


def test_a_department_may_follow_deletions(cast: Cast, agenda: Agenda, booking: Booking) -> None:
    _follow(cast.support)
    agenda.remove(agenda.ours[0])
    read(LATER)
    assert _current(booking).booking_status == "Cancelled"


def test_what_the_rules_refuse_is_told_with_the_reason(
    cast: Cast, agenda: Agenda, booking: Booking, told: list[Event], book: Book
) -> None:
    _follow(cast.support)
    book(host=cast.sarah, start=after(hours=1))
    agenda.move(agenda.ours[0], START + HOUR, END + HOUR)
    read(LATER)
    assert _current(booking) == booking
    (event,) = told
    assert "is not available at the selected time" in event.payload["why_not"]
    assert _event_of(booking).external_change == "Moved"


def _event_of(booking: Booking) -> CalendarEventSync:
    return CalendarEventSync.objects.get(ical_uid=booking.ical_uid)


def test_an_event_that_is_only_out_of_sight_cancels_nothing(
    cast: Cast, agenda: Agenda, booking: Booking, told: list[Event]
) -> None:
    _follow(cast.support)
    far = START + 200 * 86_400
    agenda.move(agenda.ours[0], far, far + 1800)
    read(LATER)
    assert _current(booking).booking_status == "Confirmed"
    assert [event.payload["change"] for event in told] == ["Moved"]


def test_a_booking_beyond_the_window_is_not_taken_for_deleted(cast: Cast, connect: Connect, book: Book) -> None:
    agenda = connect(cast.sarah, sync_future_days=2)
    far = book(host=cast.sarah, start=after(days=7))
    carry()
    read(LATER)
    read(NOW + timedelta(days=1))
    assert _event_of(far).external_change == ""
    assert len(agenda.ours) == 1


def test_a_move_here_while_it_was_moved_there_wins(cast: Cast, agenda: Agenda, booking: Booking) -> None:
    agenda.move(agenda.ours[0], START + HOUR, END + HOUR)
    services.reschedule(booking=booking, start=after(hours=3), actor=cast.sarah, now=LATER)
    carry(LATER)
    read(MUCH_LATER)
    assert agenda.events[agenda.ours[0]].start == START + 3 * HOUR
    assert _event().external_change == ""


def test_an_edit_here_while_it_was_moved_there_leaves_the_decision_to_people(
    cast: Cast, agenda: Agenda, booking: Booking, told: list[Event]
) -> None:
    agenda.move(agenda.ours[0], START + HOUR, END + HOUR)
    services.edit(booking=booking, changes={"meeting_title": "Badges"}, actor=cast.sarah, now=LATER)
    carry(LATER)
    assert agenda.events[agenda.ours[0]].start == START + HOUR
    assert [event.payload["change"] for event in told] == ["Moved"]
    read(MUCH_LATER)
    assert len(told) == 1


def test_a_move_here_while_it_was_deleted_there_writes_it_anew(cast: Cast, agenda: Agenda, booking: Booking) -> None:
    agenda.remove(agenda.ours[0])
    services.reschedule(booking=booking, start=after(hours=3), actor=cast.sarah, now=LATER)
    carry(LATER)
    carry(LATER + timedelta(seconds=10))
    assert [agenda.events[id_].start for id_ in agenda.ours] == [START + 3 * HOUR]


def test_an_answer_given_there_becomes_the_participants(agenda: Agenda, booking: Booking) -> None:
    agenda.answer(agenda.ours[0], booking.customer_email, "ACCEPTED")
    read(LATER)
    assert _current(booking).participants.get().response_status == "Accepted"
    agenda.answer(agenda.ours[0], booking.customer_email, "DECLINED")
    read(MUCH_LATER)
    assert _current(booking).participants.get().response_status == "Declined"


def test_an_answer_given_here_is_not_undone_by_an_old_one_there(agenda: Agenda, booking: Booking) -> None:
    email = booking.customer_email
    agenda.answer(agenda.ours[0], email, "TENTATIVE")
    read(LATER)
    services.respond(booking=_current(booking), email=email, response="Accepted", actor=system_user(), now=LATER)
    agenda.touch(agenda.ours[0])
    read(MUCH_LATER)
    assert _current(booking).participants.get().response_status == "Accepted"


def test_a_new_event_over_a_booking_is_told_once(agenda: Agenda, booking: Booking, told: list[Event]) -> None:
    agenda.add("dentist", START + 600, END + HOUR)
    read(LATER)
    agenda.move("dentist", START + 900, END + HOUR)
    read(MUCH_LATER)
    assert len({event.key for event in told}) == 1, "by which whoever tells it knows that it was told"
    event = told[0]
    assert event.type == "booking.overlapped"
    assert event.payload["booking"] == booking.name
    assert _current(booking).booking_status == "Confirmed"
    assert BusyTime.objects.filter(event__isnull=False).count() == 1


def test_an_event_beside_a_booking_or_shown_as_free_is_nobodys_concern(
    agenda: Agenda, booking: Booking, told: list[Event]
) -> None:
    agenda.add("before", START - HOUR, START)
    agenda.add("free", START, END, is_busy=False)
    read(LATER)
    assert not told


def test_what_is_in_a_calendar_that_was_just_connected_is_not_new(
    cast: Cast, connect: Connect, book: Book, told: list[Event]
) -> None:
    book(host=cast.sarah)
    connect(cast.sarah).add("dentist", START, END)
    read(NOW)
    assert not told


def test_a_pull_that_began_before_we_wrote_undoes_nothing(cast: Cast, agenda: Agenda, booking: Booking) -> None:
    begun = pulling.begin(CalendarIntegration.objects.get().pk, NOW)
    assert begun
    old = Pulled("99", list(agenda.events.values()))
    services.reschedule(booking=booking, start=after(hours=1), actor=cast.sarah, now=LATER)
    carry(LATER)
    pulling.keep(begun, old, LATER)
    stored = CalendarIntegration.objects.get()
    assert _event().external_change == ""
    assert stored.sync_cursor != "99", "it is told again by the next pull"


def test_a_lost_cursor_leads_to_a_full_comparison(agenda: Agenda, booking: Booking) -> None:
    agenda.add("a", START + 2 * HOUR, END + 2 * HOUR)
    read(LATER)
    agenda.remove("a")
    agenda.changes.append("x")
    agenda.forgets_before = len(agenda.changes) + 1
    read(MUCH_LATER)
    assert not BusyTime.objects.filter(event__isnull=False).exists()
    assert _event_of(booking).external_change == ""


def test_acting_is_tried_again_when_the_calendar_does_not_answer(
    agenda: Agenda, booking: Booking, told: list[Event]
) -> None:
    agenda.remove(agenda.ours[0])
    CalendarIntegration.objects.update(next_sync=LATER)
    pulling.plan_due(LATER)
    run_due(LATER, [PULL])
    agenda.faults = [TransientError("away")]
    carry(LATER)
    assert owed("calendar_outside") == ["ready"]
    carry(MUCH_LATER)
    assert len(told) == 1
    assert Delivery.objects.get(kind="calendar_outside").state == "done"


def test_a_time_that_is_taken_is_refused_to_the_click_too(
    cast: Cast, agenda: Agenda, booking: Booking, book: Book
) -> None:
    book(host=cast.sarah, start=after(hours=1))
    agenda.move(agenda.ours[0], START + HOUR, END + HOUR)
    read(LATER)
    with pytest.raises(TimeTaken):
        outside.follow(actor=cast.sarah, event=_event_of(booking), now=LATER)
    assert _event_of(booking).external_change == "Moved"


def test_a_calendar_that_is_away_for_a_day_is_read_within_ten_minutes_of_its_return(agenda: Agenda) -> None:
    agenda.faults = [TransientError("away")] * 10_000
    now = NOW
    while now < NOW + timedelta(hours=24):
        now += timedelta(minutes=1)
        pulling.plan_due(now)
        run_due(now, [PULL])
    agenda.faults.clear()
    agenda.add("dentist", START + 3 * HOUR, END + 3 * HOUR)
    tries = len(agenda.calls)
    for minutes in range(1, 11):
        pulling.plan_due(now + timedelta(minutes=minutes))
        run_due(now + timedelta(minutes=minutes), [PULL])
    assert BusyTime.objects.filter(event__isnull=False).count() == 1
    assert tries <= 24 * 60 / 7, "and was not asked more often than that meanwhile"


def test_a_pull_before_the_writing_does_not_undo_a_click_on_restore(
    cast: Cast, agenda: Agenda, booking: Booking, told: list[Event]
) -> None:
    agenda.move(agenda.ours[0], START + HOUR, END + HOUR)
    read(LATER)
    outside.restore(actor=cast.sarah, event=_event(), now=LATER)
    agenda.touch(agenda.ours[0])
    agenda.faults.append(TransientError("writing"))
    carry(LATER)
    read(LATER + timedelta(seconds=1))
    assert _event().external_change == ""
    carry(MUCH_LATER)
    assert agenda.events[agenda.ours[0]].start == START
    assert len(told) == 1


@pytest.mark.parametrize("is_found", [True, False])
def test_a_decision_while_the_calendar_was_asked_stands(
    cast: Cast, agenda: Agenda, booking: Booking, told: list[Event], *, is_found: bool
) -> None:
    (id_,) = agenda.ours
    far_away = replace(agenda.events[id_], start=START + 1000 * HOUR, end=END + 1000 * HOUR)
    agenda.remove(id_)
    CalendarIntegration.objects.update(next_sync=None)
    pulling.plan_due(LATER)
    run_due(LATER, (PULL,))
    payload = {"event": _event().pk, "change": "Deleted", "noticed": "Deleted:then"}

    def restored_meanwhile(*_asked: object) -> PulledEvent | None:
        outside.restore(actor=cast.sarah, event=_event(), now=LATER)
        return far_away if is_found else None

    outside.act(payload, LATER, still_there=restored_meanwhile)
    assert _event().external_change == ""
    assert not told


def test_a_click_on_restore_counts_where_only_something_else_changed_since(
    cast: Cast, agenda: Agenda, booking: Booking, told: list[Event]
) -> None:
    agenda.move(agenda.ours[0], START + HOUR, END + HOUR)
    read(LATER)
    agenda.touch(agenda.ours[0])
    outside.restore(actor=cast.sarah, event=_event(), now=LATER)
    carry(LATER)
    assert agenda.events[agenda.ours[0]].start == START
    assert len(told) == 1


def test_an_emptied_calendar_cancels_nothing(
    cast: Cast, agenda: Agenda, booking: Booking, told: list[Event], book: Book
) -> None:
    _follow(cast.support)
    for hour in (1, 2):
        book(host=cast.sarah, start=after(hours=hour))
    carry(LATER)
    for id_ in agenda.ours:
        agenda.remove(id_)
    read(MUCH_LATER)
    assert set(Booking.objects.values_list("booking_status", flat=True)) == {"Confirmed"}
    assert len(told) == 3
    assert "at once, so none of them was cancelled" in told[0].payload["why_not"]


def test_a_deletion_is_told_where_the_calendar_can_no_longer_be_asked(
    cast: Cast, agenda: Agenda, booking: Booking, told: list[Event]
) -> None:
    _follow(cast.support)
    agenda.remove(agenda.ours[0])
    CalendarIntegration.objects.update(next_sync=LATER)
    pulling.plan_due(LATER)
    run_due(LATER, [PULL])
    agenda.faults = [AuthRevokedError("Please connect the calendar anew.")]
    carry(LATER)
    assert _current(booking).booking_status == "Confirmed"
    assert "Please connect the calendar anew." in told[0].payload["why_not"]


def test_a_first_writing_that_was_given_up_does_not_keep_the_calendar_reading(
    cast: Cast, connect: Connect, book: Book
) -> None:
    agenda = connect(cast.sarah)
    read(NOW)
    agenda.lost = [AuthRevokedError("Please connect the calendar anew.")]
    book(host=cast.sarah)
    carry(LATER)
    read(MUCH_LATER)
    calendar = CalendarIntegration.objects.get()
    assert calendar.sync_cursor == str(len(agenda.changes))
