"""Giving a booking to another host."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from meeting_manager.bookings import services
from meeting_manager.bookings.errors import Conflict, TimeTaken
from meeting_manager.bookings.inputs import Host
from meeting_manager.bookings.models import Booking
from meeting_manager.busy.models import BusyTime
from meeting_manager.departments.models import DepartmentMember
from tests.bookings.desk import NOW, TUESDAY_TEN, after, events, host_changes, hosts, try_to_book
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def sarahs(cast: Cast) -> Booking:
    return try_to_book(cast, actor=cast.lead, host=cast.sarah).booking


def test_the_new_host_takes_it_over_and_both_histories_tell(cast: Cast, sarahs: Booking) -> None:
    services.reassign(booking=sarahs, new_user=cast.mike, actor=cast.lead, now=NOW, reason="Sarah is out sick")
    assert hosts(sarahs) == ["mike"]
    assert host_changes(sarahs) == [
        ("Assigned", "sarah"),
        ("Unassigned", "sarah"),
        ("Assigned", "mike"),
        ("Primary Changed", "mike"),
    ]
    assert events(sarahs) == ["Created", "Confirmed", "Assignment Changed"]
    assert sarahs.booking_history.latest("sequence").event_description == (
        "Booking reassigned from sarah@bestsecurity.example to mike@bestsecurity.example. Reason: Sarah is out sick"
    )
    assert list(BusyTime.objects.values_list("user__email", flat=True)) == ["mike@bestsecurity.example"]
    assert Booking.objects.get(pk=sarahs.pk).assignment_method == "Manual"


def test_only_the_new_hosts_counter_rises(cast: Cast, sarahs: Booking) -> None:
    services.reassign(booking=sarahs, new_user=cast.mike, actor=cast.lead, now=NOW)
    totals = dict(DepartmentMember.objects.values_list("member__email", "total_assignments"))
    assert (totals["sarah@bestsecurity.example"], totals["mike@bestsecurity.example"]) == (1, 1)


def test_a_busy_colleague_is_refused_by_name_and_reason(cast: Cast, sarahs: Booking) -> None:
    try_to_book(cast, actor=cast.lead, host=cast.mike)
    with pytest.raises(TimeTaken) as error:
        services.reassign(booking=sarahs, new_user=cast.mike, actor=cast.lead, now=NOW, force_reason="Please")
    assert str(error.value).startswith("User 'mike@bestsecurity.example' is not available at the selected time: ")
    assert hosts(sarahs) == ["sarah"]


def test_colleagues_who_are_no_members_or_hosts_already_are_refused(cast: Cast, sarahs: Booking) -> None:
    with pytest.raises(ValidationError, match="not an active member"):
        services.reassign(booking=sarahs, new_user=cast.outsider, actor=cast.lead, now=NOW)
    with pytest.raises(ValidationError, match="Duplicate users found"):
        services.reassign(booking=sarahs, new_user=cast.sarah, actor=cast.lead, now=NOW)
    with pytest.raises(ValidationError, match=r"User 'jane@bestsecurity\.example' is not currently assigned"):
        services.reassign(booking=sarahs, new_user=cast.mike, old_user=cast.jane, actor=cast.lead, now=NOW)


def test_the_host_does_not_pass_it_on_by_themselves(cast: Cast, sarahs: Booking) -> None:
    with pytest.raises(PermissionDenied):
        services.reassign(booking=sarahs, new_user=cast.mike, actor=cast.sarah, now=NOW)


def test_what_is_over_cannot_be_reassigned(cast: Cast, sarahs: Booking) -> None:
    services.cancel(booking=sarahs, actor=cast.lead, now=NOW)
    with pytest.raises(Conflict, match="Cancelled"):
        services.reassign(booking=sarahs, new_user=cast.mike, actor=cast.lead, now=NOW)


def test_a_named_co_host_leaves_and_the_primary_stays(cast: Cast) -> None:
    meeting = services.book_internal(
        meeting_type=cast.planning,
        start=TUESDAY_TEN,
        end=after(hours=1),
        hosts=[Host(cast.sarah, is_primary=True), Host(cast.mike)],
        actor=cast.lead,
        now=NOW,
    ).booking
    services.reassign(booking=meeting, new_user=cast.jane, old_user=cast.mike, actor=cast.lead, now=NOW)
    assert hosts(meeting) == ["sarah", "jane"]
    assert ("Primary Changed", "jane") not in host_changes(meeting)
    assert sum(DepartmentMember.objects.values_list("total_assignments", flat=True)) == 0
