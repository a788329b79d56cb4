"""Many at once: nobody is ever booked twice, and every loser is told so."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

import pytest

from meeting_manager.bookings import services
from meeting_manager.bookings.errors import Conflict
from meeting_manager.bookings.inputs import Host
from meeting_manager.bookings.models import AssignedUser, Booking
from meeting_manager.bookings.series import Reach
from meeting_manager.busy.models import BusyTime
from meeting_manager.departments.models import DepartmentMember, MeetingType
from meeting_manager.departments.services import add_member, create_meeting_type
from meeting_manager.engine.lifecycle import IllegalChange
from meeting_manager.people.queries import system_user
from tests.bookings.desk import NOW, Book, after, events, try_to_book
from tests.bookings.test_series import plan
from tests.cast import Cast
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)


def outcomes(results: Sequence[object]) -> Counter[str]:
    return Counter(type(result).__name__ for result in results)


def test_thirty_customers_for_four_hosts_get_four_bookings(cast: Cast) -> None:
    results = together([partial(try_to_book, cast) for _ in range(30)])
    assert outcomes(results) == {"Result": 4, "TimeTaken": 26}
    assert set(AssignedUser.objects.values_list("user__email", flat=True)) == {
        f"{name}@bestsecurity.example" for name in ("lead", "sarah", "mike", "jane")
    }
    assert BusyTime.objects.count() == 4
    assert (
        sorted(DepartmentMember.objects.filter(department=cast.support).values_list("total_assignments")) == [(1,)] * 4
    )


def test_turns_stay_even_when_requests_come_together(cast: Cast) -> None:
    starts = [after(minutes=30 * index) for index in range(12)]
    together([partial(try_to_book, cast, start=start) for start in starts])
    totals = DepartmentMember.objects.filter(department=cast.support).values_list("total_assignments", flat=True)
    assert sorted(totals) == [3, 3, 3, 3]


def test_names_count_on_without_gap_or_repeat(cast: Cast) -> None:
    starts = [after(minutes=30 * index) for index in range(12)]
    together([partial(try_to_book, cast, start=start) for start in starts])
    numbers = sorted(name[-4:] for name in Booking.objects.values_list("name", flat=True))
    assert numbers == [f"{number:04d}" for number in range(1, 13)]


def test_two_series_for_the_same_people_become_one_whole_one(cast: Cast) -> None:
    both = [Host(cast.sarah, is_primary=True), Host(cast.mike)]
    turned = [Host(cast.mike, is_primary=True), Host(cast.sarah)]
    results = together([partial(plan, cast, hosts=hosts) for hosts in (both, turned, both)])
    assert outcomes(results) == {"Made": 1, "SeriesClash": 2}
    assert BusyTime.objects.count() == 8


def test_a_series_that_is_moved_and_cancelled_at_once_is_one_or_the_other_as_a_whole(cast: Cast) -> None:
    made = plan(cast)
    moves = [
        partial(services.move_series, booking=each, reach=Reach.ALL, start=each.start_datetime + timedelta(hours=hours),
                actor=cast.lead, now=NOW)
        for each, hours in ((made.bookings[0], 2), (made.bookings[3], 3))
    ]  # fmt: skip
    cancels = [partial(services.cancel_series, booking=made.bookings[2], reach=Reach.ALL, actor=cast.lead, now=NOW)]
    results = together([*moves, *cancels])
    assert outcomes(results) == {"list": 1, "IllegalChange": 2}
    left = made.series.bookings.filter(booking_status="Confirmed").values_list("start_datetime", flat=True)
    assert len({start.time() for start in left}) <= 1
    assert len(left) in {0, 4}


@pytest.fixture
def shared(cast: Cast) -> MeetingType:
    """A type of Sales, where Mike now works too."""
    add_member(actor=cast.admin, department=cast.sales, member=cast.mike)
    return create_meeting_type(
        actor=cast.admin,
        department=cast.sales,
        fields={"meeting_name": "Demo", "duration": 45, "location_type": "Phone Call"},
    )


def test_a_host_of_two_departments_is_booked_by_one_of_them(cast: Cast, shared: MeetingType) -> None:
    calls = [partial(try_to_book, cast, actor=cast.lead, host=cast.mike) for _ in range(8)]
    demos = [partial(try_to_book, cast, actor=cast.admin, meeting_type=shared, host=cast.mike) for _ in range(8)]
    results = together([call for pair in zip(calls, demos, strict=True) for call in pair])
    assert outcomes(results) == {"Result": 1, "TimeTaken": 15}
    assert BusyTime.objects.filter(user=cast.mike).count() == 1


def test_the_departments_limit_holds_for_all_at_once(cast: Cast) -> None:
    cast.support.max_bookings_per_day = 3
    cast.support.save()
    starts = [after(minutes=30 * index) for index in range(10)]
    results = together([partial(try_to_book, cast, start=start) for start in starts])
    assert outcomes(results) == {"Result": 3, "TimeTaken": 7}


def test_a_booking_is_moved_or_cancelled_but_not_both(cast: Cast, book: Book) -> None:
    guest = system_user()
    for index in range(4):
        booking = book(start=after(hours=index))
        move = partial(services.reschedule, booking=booking, start=after(days=1, hours=index), actor=guest, now=NOW)
        end = partial(services.cancel, booking=booking, actor=guest, now=NOW)
        results = together([move, end, move, end])
        assert outcomes(results) == {"Result": 1, "IllegalChange": 3}
        booking.refresh_from_db()
        assert events(booking)[-1] == booking.booking_status
    assert BusyTime.objects.count() == Booking.objects.filter(booking_status="Confirmed").count()


def test_one_of_many_decisions_counts(cast: Cast) -> None:
    waiting = try_to_book(cast, meeting_type=cast.consultation, start=after(hours=1)).booking
    approve = partial(services.approve, booking=waiting, actor=cast.admin, now=NOW)
    reject = partial(services.reject, booking=waiting, actor=cast.admin, now=NOW, reason="No")
    results = together([approve, reject] * 4)
    assert outcomes(results)["Result"] == 1
    assert all(isinstance(result, Conflict | IllegalChange) for result in results if isinstance(result, Exception))
    waiting.refresh_from_db()
    assert (waiting.booking_status, waiting.approval_status) in {
        ("Confirmed", "Approved"),
        ("Cancelled", "Rejected"),
    }


def test_two_bookings_cannot_be_handed_to_one_colleague_at_one_time(cast: Cast) -> None:
    mine = try_to_book(cast, actor=cast.lead, host=cast.sarah).booking
    yours = try_to_book(cast, actor=cast.lead, host=cast.jane).booking
    results = together(
        [
            partial(services.reassign, booking=booking, new_user=cast.mike, actor=cast.lead, now=NOW)
            for booking in (mine, yours)
        ]
    )
    assert outcomes(results) == {"Result": 1, "TimeTaken": 1}
