"""Moving a booking."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from meeting_manager.bookings import queries, services, times
from meeting_manager.bookings.errors import Conflict, TimeTaken
from meeting_manager.bookings.facts import Moving
from meeting_manager.bookings.inputs import Host
from meeting_manager.bookings.models import Booking
from meeting_manager.busy.models import BusyTime
from meeting_manager.departments.models import DepartmentMember
from meeting_manager.engine.lifecycle import IllegalChange
from meeting_manager.people.queries import system_user
from tests.bookings.desk import NOW, TUESDAY_TEN, Book, after, events, executive, hosts, try_to_book
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_a_move_makes_a_new_booking_linked_both_ways(cast: Cast, book: Book) -> None:
    old = book()
    new = services.reschedule(booking=old, start=after(hours=2), actor=system_user(), now=NOW, reason="Dentist").booking
    old, new = Booking.objects.get(pk=old.pk), Booking.objects.get(pk=new.pk)
    assert (old.booking_status, new.booking_status) == ("Rescheduled", "Confirmed")
    assert (new.rescheduled_from, old.rescheduled_to) == (old, new)
    assert new.booking_reference != old.booking_reference
    assert (new.start_datetime, new.duration) == (after(hours=2), 30)
    assert (new.customer_name, new.customer_notes) == ("John Doe", "Needs help with MFA")
    assert hosts(new) == hosts(old)
    assert events(old) == ["Created", "Confirmed", "Rescheduled"]
    assert events(new) == ["Created", "Confirmed"]
    assert "Reason: Dentist" in old.booking_history.latest("sequence").event_description
    assert list(BusyTime.objects.values_list("booking_id", flat=True)) == [new.pk]
    assert queries.latest(queries.by_reference(old.booking_reference)) == new


def test_keeping_the_host_raises_no_counter(cast: Cast, book: Book) -> None:
    old = book()
    services.reschedule(booking=old, start=after(hours=2), actor=system_user(), now=NOW)
    assert sum(DepartmentMember.objects.values_list("total_assignments", flat=True)) == 1


def test_a_busy_host_gives_way_to_the_next_free_one(cast: Cast, book: Book) -> None:
    old = book(actor=cast.lead, host=cast.sarah)
    book(actor=cast.lead, host=cast.sarah, start=after(hours=2))
    new = services.reschedule(booking=old, start=after(hours=2), actor=system_user(), now=NOW).booking
    assert hosts(new) != ["sarah"]
    assert new.assignment_method == "Round Robin"


def test_a_move_by_less_than_its_length_does_not_clash_with_itself(cast: Cast, book: Book) -> None:
    booking = book(actor=cast.lead, host=cast.sarah)
    moved = services.reschedule(booking=booking, start=after(minutes=10), actor=cast.lead, now=NOW).booking
    assert hosts(moved) == ["sarah"]


def test_a_taken_time_leaves_the_old_booking_as_it_was(cast: Cast, book: Book) -> None:
    old = book()
    for _ in range(4):
        book(start=after(hours=2))
    with pytest.raises(TimeTaken):
        services.reschedule(booking=old, start=after(hours=2), actor=system_user(), now=NOW)
    old.refresh_from_db()
    assert old.booking_status == "Confirmed"
    assert events(old) == ["Created", "Confirmed"]
    assert BusyTime.objects.filter(booking=old).count() == 1


def test_every_rule_holds_at_the_new_time(cast: Cast, book: Book) -> None:
    old = book()
    with pytest.raises(TimeTaken):
        services.reschedule(booking=old, start=after(hours=12), actor=system_user(), now=NOW)
    with pytest.raises(TimeTaken):
        services.reschedule(booking=old, start=after(minutes=10), actor=system_user(), now=NOW)
    with pytest.raises(ValidationError, match="Cannot create a booking in the past"):
        services.reschedule(booking=old, start=NOW - timedelta(hours=1), actor=system_user(), now=NOW)


def test_guests_move_before_the_old_start_only(cast: Cast, book: Book) -> None:
    old = book()
    with pytest.raises(Conflict, match="already started"):
        services.reschedule(booking=old, start=after(days=1), actor=system_user(), now=old.start_datetime)


def test_approval_starts_again_for_guests_and_is_given_at_once_by_those_who_decide(cast: Cast, book: Book) -> None:
    asked = book(meeting_type=executive(cast))
    services.approve(booking=asked, actor=cast.lead, now=NOW)
    moved = services.reschedule(booking=asked, start=after(hours=2), actor=system_user(), now=NOW).booking
    assert (moved.booking_status, moved.approval_status) == ("Pending", "Pending")
    by_leader = services.reschedule(booking=moved, start=after(hours=3), actor=cast.lead, now=NOW).booking
    assert (by_leader.booking_status, by_leader.approved_by) == ("Confirmed", cast.lead)


def test_the_leader_moves_to_another_host_and_length(cast: Cast, book: Book) -> None:
    old = book(actor=cast.lead, host=cast.sarah)
    new = services.reschedule(
        booking=old, start=after(hours=1), end=after(hours=2), host=cast.mike, actor=cast.lead, now=NOW
    ).booking
    assert (hosts(new), new.duration) == (["mike"], 60)
    with pytest.raises(PermissionDenied):
        services.reschedule(booking=new, start=after(hours=3), host=cast.jane, actor=cast.mike, now=NOW)


def test_what_was_moved_cannot_be_moved_again(cast: Cast, book: Book) -> None:
    old = book()
    services.reschedule(booking=old, start=after(hours=2), actor=system_user(), now=NOW)
    with pytest.raises(IllegalChange, match="from 'Rescheduled' to 'Rescheduled'"):
        services.reschedule(booking=old, start=after(hours=3), actor=system_user(), now=NOW)


def test_answers_were_for_the_old_time(cast: Cast, book: Book) -> None:
    old = book()
    services.respond(booking=old, email="john@customer.example", response="Accepted", actor=system_user(), now=NOW)
    new = services.reschedule(booking=old, start=after(hours=2), actor=system_user(), now=NOW).booking
    assert new.participants.get().response_status == "Pending"


def test_an_internal_meeting_moves_only_when_all_its_hosts_can(cast: Cast) -> None:
    meeting = services.book_internal(
        meeting_type=cast.planning,
        start=TUESDAY_TEN,
        end=after(hours=1),
        hosts=[Host(cast.sarah, is_primary=True), Host(cast.mike)],
        actor=cast.lead,
        now=NOW,
    ).booking
    try_to_book(cast, actor=cast.lead, host=cast.mike, start=after(hours=3))
    with pytest.raises(TimeTaken, match=r"mike@bestsecurity\.example"):
        services.reschedule(booking=meeting, start=after(hours=2, minutes=30), actor=cast.lead, now=NOW)
    moved = services.reschedule(booking=meeting, start=after(hours=4), actor=cast.lead, now=NOW).booking
    assert hosts(moved) == ["sarah", "mike"]
    assert [row.is_primary_host for row in moved.assigned_users.all()] == [True, False]


def test_a_moved_booking_keeps_its_length_though_the_types_duration_changed(cast: Cast, book: Book) -> None:
    old = book()
    cast.call.duration = 45
    cast.call.save()
    offer = times.offered_slots(
        meeting_type=cast.call, first=TUESDAY_TEN.date(), last=TUESDAY_TEN.date(), now=NOW, moving=Moving.of(old)
    )
    last = datetime.fromtimestamp(offer.slots[-1].start, UTC)
    assert offer.duration == 30
    assert last == datetime(2026, 12, 8, 16, 30, tzinfo=UTC)
    moved = services.reschedule(booking=old, start=last, actor=system_user(), now=NOW).booking
    assert moved.duration == 30


def test_both_histories_name_the_customer_who_moved(cast: Cast, book: Book) -> None:
    old = book()
    new = services.reschedule(booking=old, start=after(hours=2), actor=system_user(), now=NOW).booking
    assert old.booking_history.latest("sequence").event_description == (
        "Booking status changed from Confirmed to Rescheduled. By John Doe"
    )
    assert new.booking_history.earliest("sequence").event_description == (
        f"Booking created by John Doe: 30 Min Call - John Doe. Moved from {old.name}"
    )
