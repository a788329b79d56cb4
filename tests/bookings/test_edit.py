"""Editing details and participants."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from meeting_manager.bookings import links, services
from meeting_manager.bookings.errors import Conflict
from meeting_manager.bookings.inputs import Invitee
from meeting_manager.bookings.models import Booking, Participant
from meeting_manager.calendars.models import CalendarEventSync
from meeting_manager.people.queries import system_user
from tests.bookings.desk import NOW, Book, after, block, events
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def change(booking: Booking, cast: Cast, **changes: str) -> Booking:
    services.edit(booking=booking, changes=changes, actor=cast.lead, now=NOW)
    return Booking.objects.get(pk=booking.pk)


def test_old_and_new_are_told_for_customer_and_meeting(cast: Cast, book: Book) -> None:
    booking = change(book(), cast, customer_phone="555 000 1111", meeting_title="MFA")
    assert (booking.customer_phone, booking.meeting_title) == ("555 000 1111", "MFA")
    told = dict(booking.booking_history.values_list("event_type", "event_description"))
    assert told["Customer Updated"] == "customer phone: '+1-555-123-4567' → '555 000 1111'"
    assert told["Details Updated"] == "meeting title: '30 Min Call - John Doe' → 'MFA'"


def test_an_edit_that_changes_nothing_leaves_no_trace(cast: Cast, book: Book) -> None:
    booking = book()
    assert events(change(booking, cast, customer_name="John Doe")) == ["Created", "Confirmed"]


def test_the_customers_participant_row_follows(cast: Cast, book: Book) -> None:
    booking = change(book(), cast, customer_email="J.Doe@customer.example", customer_name="J. Doe")
    row = booking.participants.get()
    assert (row.email, row.name1) == ("j.doe@customer.example", "J. Doe")


def test_a_new_address_that_is_invited_already_is_refused(cast: Cast, book: Book) -> None:
    booking = book(actor=cast.lead, participants=[Invitee("ann@customer.example", "Ann")])
    with pytest.raises(ValidationError, match="Duplicate participants found"):
        change(booking, cast, customer_email="ann@customer.example")
    booking.refresh_from_db()
    assert booking.customer_email == "john@customer.example"


@pytest.mark.parametrize("field", ["booking_status", "start_datetime", "booking_reference", "nonsense"])
def test_other_fields_are_refused_by_name(cast: Cast, book: Book, field: str) -> None:
    with pytest.raises(ValidationError) as error:
        change(book(), cast, **{field: "x"})
    assert error.value.message_dict == {field: [f"Field '{field}' cannot be edited."]}


def test_a_title_cannot_be_emptied(cast: Cast, book: Book) -> None:
    with pytest.raises(ValidationError, match="Meeting Title is required"):
        change(book(), cast, meeting_title=" ")


def test_a_closed_booking_is_not_edited(cast: Cast, book: Book) -> None:
    booking = book()
    services.cancel(booking=booking, actor=cast.lead, now=NOW)
    with pytest.raises(Conflict, match=r"Cannot edit a booking with status 'Cancelled'\."):
        change(booking, cast, meeting_title="Late")


def test_guests_and_colleagues_do_not_edit(cast: Cast, book: Book) -> None:
    booking = book(actor=cast.lead, host=cast.sarah)
    for who in (system_user(), cast.mike, cast.outsider):
        with pytest.raises(PermissionDenied):
            services.edit(booking=booking, changes={"meeting_title": "x"}, actor=who, now=NOW)
    services.edit(booking=booking, changes={"meeting_title": "x"}, actor=cast.sarah, now=NOW)


def test_participants_come_and_go_but_the_customer_stays(cast: Cast, book: Book) -> None:
    booking = book()
    services.invite(booking=booking, invitees=[Invitee("ann@customer.example", "Ann")], actor=cast.lead, now=NOW)
    with pytest.raises(ValidationError, match="Duplicate participants found"):
        services.invite(booking=booking, invitees=[Invitee("Ann@customer.example", "Ann")], actor=cast.lead, now=NOW)
    services.uninvite(booking=booking, email="ann@customer.example", actor=cast.lead, now=NOW)
    with pytest.raises(ValidationError, match="customer takes part"):
        services.uninvite(booking=booking, email="john@customer.example", actor=cast.lead, now=NOW)
    with pytest.raises(Participant.DoesNotExist):
        services.uninvite(booking=booking, email="ann@customer.example", actor=cast.lead, now=NOW)
    assert events(booking)[2:] == ["Details Updated", "Details Updated"]


def test_an_answer_is_noted_once(cast: Cast, book: Book) -> None:
    booking = book()
    for _ in range(2):
        row = services.respond(
            booking=booking, email="john@customer.example", response="Declined", actor=system_user(), now=NOW
        )
    assert (row.response_status, row.response_datetime) == ("Declined", NOW)
    assert events(booking)[2:] == ["Participant Responded"]
    with pytest.raises(ValidationError):
        services.respond(
            booking=booking, email="john@customer.example", response="Perhaps", actor=system_user(), now=NOW
        )
    with pytest.raises(PermissionDenied):
        services.respond(
            booking=booking, email="john@customer.example", response="Accepted", actor=cast.outsider, now=NOW
        )


def test_a_new_address_revokes_the_links_that_went_to_the_old_one(cast: Cast, book: Book) -> None:
    booking = book()
    token = links.link_token(booking)
    assert links.opens(change(booking, cast, customer_name="J. Doe"), token)
    assert not links.opens(change(booking, cast, customer_email="new@customer.example"), token)


def test_notes_of_several_lines_are_told_old_and_new(cast: Cast, book: Book) -> None:
    booking = change(book(), cast, customer_notes="One\nTwo")
    told = booking.booking_history.get(event_type="Customer Updated").event_description
    assert told == "customer notes: 'Needs help with MFA' → 'One\nTwo'"


def test_a_calendar_event_is_linked_if_it_exists(cast: Cast, book: Book) -> None:
    booking = book(actor=cast.lead, host=cast.sarah)
    block(cast.sarah, after(days=3), after(days=3, hours=1))
    event = CalendarEventSync.objects.get()
    linked = services.link_calendar_event(
        booking=booking, event_name=event.name, synced=False, actor=cast.lead, now=NOW
    )
    assert (linked.booking.calendar_event, linked.booking.calendar_event_synced) == (event, True)
    with pytest.raises(ValidationError, match=r"Calendar Event 'MM-CES-none' does not exist\."):
        services.link_calendar_event(booking=booking, event_name="MM-CES-none", synced=True, actor=cast.lead, now=NOW)
    bare = services.link_calendar_event(booking=booking, event_name="", synced=True, actor=cast.lead, now=NOW)
    assert "Warning: Calendar Event Synced is checked but no Calendar Event is linked." in bare.warnings
    assert events(booking)[2:] == ["Calendar Synced", "Calendar Synced"]
