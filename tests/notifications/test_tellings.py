"""Who hears what: the table of the product, as pure rules."""

from dataclasses import replace

import pytest

from meeting_manager.bookings.choices import BookingStatus
from meeting_manager.notifications.choices import Message
from meeting_manager.notifications.tellings import Circle, plan
from meeting_manager.notifications.told import Told

pytestmark = pytest.mark.engine

TEN, ELEVEN = 36_000, 39_600
EVERYBODY = Circle(leaders=("lead",), admins=("admin",), deciders=("lead",))
QUIET = Circle(deciders=("lead",))

CONFIRMED = Told(
    booking="MM-MB-1",
    status=BookingStatus.CONFIRMED,
    start=TEN,
    end=TEN + 1800,
    hosts=("sarah",),
    customer="ada",
    participants=("guest",),
    details=("Call", "Video Call", "", "https://meet.example"),
)
PENDING = replace(CONFIRMED, status=BookingStatus.PENDING)
CANCELLED = replace(CONFIRMED, status=BookingStatus.CANCELLED)


def known(state: Told) -> Told:
    """The state once everybody in it has heard."""
    return plan(None, state, QUIET).told


def said(before: Told | None, after: Told, circle: Circle = EVERYBODY, **options: bool) -> dict[str, str]:
    tellings = plan(before, after, circle, **options).tellings
    assert len({telling.address for telling in tellings}) == len(tellings), "one mail for each address"
    return {telling.address: telling.message.value for telling in tellings}


def test_a_new_booking_is_told_to_customer_host_participant_leader_and_admins() -> None:
    assert said(None, CONFIRMED) == {
        "ada": Message.CUSTOMER_BOOKED,
        "sarah": Message.HOST_BOOKED,
        "guest": Message.PARTICIPANT_INVITED,
        "lead": Message.STAFF_BOOKED,
        "admin": Message.STAFF_BOOKED,
    }


def test_leader_and_admins_hear_only_where_it_is_set() -> None:
    assert said(None, CONFIRMED, QUIET).keys() == {"ada", "sarah", "guest"}


def test_a_request_is_told_to_the_customer_and_whoever_decides() -> None:
    assert said(None, PENDING) == {"lead": Message.STAFF_APPROVAL_ASKED, "ada": Message.CUSTOMER_AWAITING}
    no_leader = Circle(admins=("admin",), deciders=("admin",))
    assert said(None, PENDING, no_leader)["admin"] == Message.STAFF_APPROVAL_ASKED


def test_a_leader_who_would_host_is_asked_for_the_decision() -> None:
    assert said(None, replace(PENDING, hosts=("lead",)))["lead"] == Message.STAFF_APPROVAL_ASKED


def test_an_approval_confirms_to_customer_host_and_participants_only() -> None:
    assert said(known(PENDING), CONFIRMED) == {
        "ada": Message.CUSTOMER_BOOKED,
        "sarah": Message.HOST_BOOKED,
        "guest": Message.PARTICIPANT_INVITED,
    }


def test_a_rejection_is_told_to_the_customer_only() -> None:
    assert said(known(PENDING), CANCELLED, is_rejected=True) == {"ada": Message.CUSTOMER_REJECTED}


def test_a_host_who_was_told_hears_of_a_rejection_too() -> None:
    moved_into_pending = plan(known(CONFIRMED), replace(PENDING, start=ELEVEN), EVERYBODY).told
    assert said(moved_into_pending, CANCELLED, is_rejected=True) == {
        "ada": Message.CUSTOMER_REJECTED,
        "sarah": Message.HOST_CANCELLED,
        "guest": Message.PARTICIPANT_CANCELLED,
    }


def test_a_move_is_told_to_everybody() -> None:
    assert said(known(CONFIRMED), replace(CONFIRMED, booking="MM-MB-2", start=ELEVEN)) == {
        "ada": Message.CUSTOMER_RESCHEDULED,
        "sarah": Message.HOST_RESCHEDULED,
        "guest": Message.PARTICIPANT_RESCHEDULED,
        "lead": Message.STAFF_RESCHEDULED,
        "admin": Message.STAFF_RESCHEDULED,
    }


def test_a_move_to_another_host_tells_the_former_one() -> None:
    heard = said(known(CONFIRMED), replace(CONFIRMED, start=ELEVEN, hosts=("mike",)))
    assert (heard["mike"], heard["sarah"]) == (Message.HOST_ASSIGNED, Message.HOST_UNASSIGNED)
    assert heard["ada"] == Message.CUSTOMER_RESCHEDULED


def test_a_reassignment_is_told_to_customer_both_hosts_leader_and_admins() -> None:
    assert said(known(CONFIRMED), replace(CONFIRMED, hosts=("mike",))) == {
        "ada": Message.CUSTOMER_REASSIGNED,
        "mike": Message.HOST_ASSIGNED,
        "sarah": Message.HOST_UNASSIGNED,
        "lead": Message.STAFF_REASSIGNED,
        "admin": Message.STAFF_REASSIGNED,
    }


def test_a_reassigned_request_tells_the_new_host_now_and_again_when_it_is_approved() -> None:
    reassigned = plan(known(PENDING), replace(PENDING, hosts=("mike",)), EVERYBODY)
    heard = {telling.address: telling.message for telling in reassigned.tellings}
    assert heard["mike"] == Message.HOST_ASSIGNED
    assert said(reassigned.told, replace(CONFIRMED, hosts=("mike",)))["mike"] == Message.HOST_BOOKED


def test_a_cancellation_is_told_to_everybody_who_knew() -> None:
    assert said(known(CONFIRMED), CANCELLED) == {
        "ada": Message.CUSTOMER_CANCELLED,
        "sarah": Message.HOST_CANCELLED,
        "guest": Message.PARTICIPANT_CANCELLED,
        "lead": Message.STAFF_CANCELLED,
        "admin": Message.STAFF_CANCELLED,
    }


def test_what_was_booked_and_cancelled_before_anybody_heard_is_told_to_the_customer_alone() -> None:
    assert said(None, CANCELLED) == {"ada": Message.CUSTOMER_CANCELLED}


def test_a_cancellation_is_told_once() -> None:
    told = plan(known(CONFIRMED), CANCELLED, EVERYBODY).told
    assert said(told, CANCELLED) == {}


def test_a_change_that_was_undone_is_told_to_nobody() -> None:
    assert said(known(CONFIRMED), replace(CONFIRMED, booking="MM-MB-3")) == {}


def test_changed_details_are_told_to_those_whose_calendars_show_them() -> None:
    changed = replace(CONFIRMED, details=("Call", "Video Call", "", "https://meet.example/2"))
    assert said(known(CONFIRMED), changed) == {
        "ada": Message.CUSTOMER_CHANGED,
        "sarah": Message.HOST_CHANGED,
        "guest": Message.PARTICIPANT_CHANGED,
    }


def test_a_new_address_of_the_customer_gets_the_confirmation() -> None:
    heard = said(known(CONFIRMED), replace(CONFIRMED, customer="ada2"))
    assert heard == {"ada2": Message.CUSTOMER_BOOKED, "ada": Message.PARTICIPANT_CANCELLED}


def test_people_added_and_removed_hear_and_nobody_else() -> None:
    changed = replace(CONFIRMED, participants=("other",))
    assert said(known(CONFIRMED), changed) == {
        "other": Message.PARTICIPANT_INVITED,
        "guest": Message.PARTICIPANT_CANCELLED,
    }


def test_an_internal_meeting_has_no_customer_to_tell() -> None:
    assert said(None, replace(CONFIRMED, customer="", hosts=("sarah", "mike"))).keys() == {
        "sarah",
        "mike",
        "guest",
        "lead",
        "admin",
    }


def test_a_request_that_is_moved_there_and_back_is_decided_anew() -> None:
    assert said(known(CONFIRMED), PENDING) == {"lead": Message.STAFF_APPROVAL_ASKED, "ada": Message.CUSTOMER_AWAITING}


def test_who_was_asked_to_decide_hears_that_it_is_withdrawn() -> None:
    assert said(known(PENDING), CANCELLED, QUIET) == {
        "ada": Message.CUSTOMER_CANCELLED,
        "lead": Message.STAFF_CANCELLED,
    }


def test_a_concluded_booking_is_told_by_follow_ups_alone() -> None:
    assert said(known(CONFIRMED), replace(CONFIRMED, status=BookingStatus.COMPLETED)) == {}
