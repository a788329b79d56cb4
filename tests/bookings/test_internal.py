"""Meetings among colleagues."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from meeting_manager.bookings import queries, services
from meeting_manager.bookings.errors import TimeTaken
from meeting_manager.bookings.inputs import Details, Host, Invitee, Result
from meeting_manager.bookings.models import Booking
from meeting_manager.busy.models import BusyTime
from meeting_manager.people.queries import system_user
from tests.bookings.desk import NOW, TUESDAY_TEN, after, events, hosts, try_to_book
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def plan(cast: Cast, **changes: object) -> Result:
    wish: dict[str, Any] = {
        "meeting_type": cast.planning,
        "start": TUESDAY_TEN,
        "end": after(minutes=90),
        "hosts": [Host(cast.sarah, is_primary=True), Host(cast.mike), Host(cast.jane)],
        "participants": [Invitee(user=cast.outsider, participant_type="Internal", response_status="Accepted")],
        "details": Details(title="Q1 Planning Meeting", location_type="Physical Location", location="Room A"),
        "actor": cast.lead,
        "now": NOW,
    }
    return services.book_internal(**(wish | changes))


def test_it_is_confirmed_at_once_without_a_customer(cast: Cast) -> None:
    result = plan(cast)
    booking = result.booking
    assert (booking.booking_status, booking.is_internal, booking.booking_source) == (
        "Confirmed",
        True,
        "Internal System",
    )
    assert booking.duration == 90
    assert hosts(booking) == ["sarah", "mike", "jane"]
    assert events(booking) == ["Created", "Confirmed"]
    assert BusyTime.objects.filter(booking=booking).count() == 3
    assert result.warnings == ()
    row = booking.participants.get()
    assert (row.email, row.response_status, row.response_datetime) == (
        "outsider@bestsecurity.example",
        "Accepted",
        NOW,
    )


def test_every_host_must_be_free(cast: Cast) -> None:
    try_to_book(cast, actor=cast.lead, host=cast.jane, start=after(hours=1))
    with pytest.raises(TimeTaken, match=r"User 'jane@bestsecurity\.example' is not available"):
        plan(cast)
    assert not BusyTime.objects.filter(user=cast.sarah).exists()


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda cast: [], "At least one user must be assigned to this booking."),
        (
            lambda cast: [Host(cast.sarah, is_primary=True), Host(cast.sarah)],
            "Duplicate users found in assigned users. Each user can only be assigned once.",
        ),
        (lambda cast: [Host(cast.sarah)], "At least one assigned user must be marked as Primary Host."),
    ],
)
def test_hosts_are_checked_in_the_founding_words(cast: Cast, build: Callable[[Cast], list[Host]], message: str) -> None:
    with pytest.raises(ValidationError) as error:
        plan(cast, hosts=build(cast))
    assert error.value.message_dict == {"assigned_users": [message]}


def test_several_primary_hosts_and_no_participants_are_worth_a_word(cast: Cast) -> None:
    both = [Host(cast.sarah, is_primary=True), Host(cast.mike, is_primary=True)]
    assert plan(cast, hosts=both, participants=[]).warnings == (
        "Warning: Multiple users are marked as Primary Host. Consider having only one primary host.",
        "Warning: No participants added to this confirmed booking. Consider adding participants for better tracking.",
    )


def test_a_public_type_is_not_for_internal_meetings(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="is not available for internal meetings"):
        plan(cast, meeting_type=cast.call)


def test_members_do_not_call_meetings(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        plan(cast, actor=cast.sarah)


def test_no_guests_door_leads_to_an_internal_meeting(cast: Cast) -> None:
    meeting = plan(cast).booking
    for act in (services.cancel, partial(services.reschedule, start=after(hours=3))):
        with pytest.raises(PermissionDenied):
            act(booking=meeting, actor=system_user(), now=NOW)


def test_hosts_of_a_meeting_are_not_swapped_by_moving_it(cast: Cast) -> None:
    meeting = plan(cast).booking
    with pytest.raises(ValidationError, match="Reassign it instead"):
        services.reschedule(booking=meeting, start=after(hours=3), host=cast.lead, actor=cast.lead, now=NOW)


def test_who_is_only_invited_may_answer_and_see_no_more(cast: Cast) -> None:
    meeting = plan(cast).booking
    with pytest.raises(Booking.DoesNotExist):
        queries.get_for(cast.outsider, meeting.name)
    found = queries.get_to_answer(cast.outsider, meeting.name)
    own = services.respond(
        booking=found, email="outsider@bestsecurity.example", response="Declined", actor=cast.outsider, now=NOW
    )
    assert own.response_status == "Declined"


@pytest.mark.parametrize("name", ["x" * 200, "Jo\r\nBcc: all@customer.example"])
def test_names_of_internal_participants_are_checked_too(cast: Cast, name: str) -> None:
    with pytest.raises(ValidationError, match="Participant Name"):
        plan(cast, participants=[Invitee(user=cast.outsider, name=name, participant_type="Internal")])
