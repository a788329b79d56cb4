"""What is offered, what is near, and why a time is refused: from rows to the engine and back."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meeting_manager.availability.models import AvailabilityRule, DateOverride
from meeting_manager.bookings import services, times
from meeting_manager.bookings.facts import Moving
from meeting_manager.departments.models import DepartmentMember
from meeting_manager.departments.services import add_member
from meeting_manager.engine.refusals import RefusalCode
from meeting_manager.people.models import User
from meeting_manager.people.services import create_user
from tests.bookings.desk import NOW, TUESDAY_TEN, Book, after, block, hosts, try_to_book
from tests.cast import Cast

pytestmark = pytest.mark.django_db

TUESDAY = date(2026, 12, 8)


def rule(user: User, **fields: object) -> AvailabilityRule:
    return AvailabilityRule.objects.create(
        name=f"MM-UAR-{user.email}-0001", user=user, rule_name="Mine", is_default=True, **fields
    )


def free_at(cast: Cast, start: datetime, **question: object) -> int:
    wish: dict[str, Any] = {"meeting_type": cast.call, "first": start.date(), "last": start.date(), "now": NOW}
    offer = times.offered_slots(**(wish | question))
    return next((slot.available_members for slot in offer.slots if slot.start == start.timestamp()), 0)


def test_a_day_is_offered_in_steps_of_the_duration(cast: Cast) -> None:
    offer = times.offered_slots(meeting_type=cast.call, first=TUESDAY, last=TUESDAY, now=NOW)
    assert (offer.timezone, offer.duration, len(offer.slots)) == ("UTC", 30, 16)
    assert offer.iso(offer.slots[0].start) == "2026-12-08T09:00:00+00:00"
    assert {slot.available_members for slot in offer.slots} == {4}


def test_the_zone_asked_for_decides_days_and_offsets(cast: Cast) -> None:
    offer = times.offered_slots(meeting_type=cast.call, first=TUESDAY, last=TUESDAY, now=NOW, zone="Pacific/Auckland")
    assert offer.iso(offer.slots[0].start) == "2026-12-08T00:00:00+13:00"
    assert offer.iso(offer.slots[-1].start) == "2026-12-08T23:30:00+13:00" or len(offer.slots) < 48


def test_bookings_events_and_inactive_members_take_away(cast: Cast, book: Book) -> None:
    assert free_at(cast, TUESDAY_TEN) == 4
    book()
    assert free_at(cast, TUESDAY_TEN) == 3
    block(cast.jane, TUESDAY_TEN, after(minutes=1))
    assert free_at(cast, TUESDAY_TEN) in {2, 3}
    DepartmentMember.objects.filter(department=cast.support).update(is_active=False)
    assert free_at(cast, TUESDAY_TEN) == 0


def test_a_disabled_account_is_not_offered(cast: Cast) -> None:
    User.objects.filter(pk=cast.mike.pk).update(is_active=False)
    assert free_at(cast, TUESDAY_TEN) == 3


def test_what_is_listed_can_be_booked_and_what_is_not_cannot(cast: Cast, book: Book) -> None:
    rule(cast.sarah, buffer_time_before=30, buffer_time_after=15)
    rule(cast.mike, max_bookings_per_day=1)
    block(cast.jane, after(hours=-2), after(hours=3))
    book(start=after(hours=-1), actor=cast.lead, host=cast.mike)
    offer = times.offered_slots(meeting_type=cast.call, first=TUESDAY, last=TUESDAY, now=NOW)
    listed = {slot.start: slot.available_members for slot in offer.slots}
    for half_hour in range(-2, 16):
        start = after(minutes=30 * half_hour)
        told = times.explain(meeting_type=cast.call, start=start, now=NOW)
        free = sum(not one.refusals for one in told)
        assert listed.get(int(start.timestamp()), 0) == free


def test_a_date_override_closes_the_day(cast: Cast) -> None:
    own = rule(cast.sarah)
    DateOverride.objects.create(rule=own, date=TUESDAY, available=False, reason="Moving house")
    assert free_at(cast, TUESDAY_TEN) == 3
    assert free_at(cast, TUESDAY_TEN + timedelta(days=1)) == 4


def test_the_departments_limit_counts_bookings_of_its_day(cast: Cast, book: Book) -> None:
    cast.support.max_bookings_per_day = 2
    cast.support.save()
    book()
    cast.call.refresh_from_db()
    assert free_at(cast, after(hours=2)) == 4
    second = book(start=after(hours=1))
    assert free_at(cast, after(hours=2)) == 0
    assert free_at(cast, after(hours=2), moving=Moving.of(second)) == 4
    assert free_at(cast, TUESDAY_TEN + timedelta(days=1)) == 4
    services.cancel(booking=second, actor=cast.lead, now=NOW)
    assert free_at(cast, after(hours=2)) == 4


def test_a_week_is_counted_whole_however_small_the_range_asked_for(cast: Cast) -> None:
    rule(cast.sarah, max_bookings_per_week=1)
    friday = TUESDAY_TEN + timedelta(days=3)
    try_to_book(cast, actor=cast.lead, host=cast.sarah, start=friday)
    (told,) = times.explain(meeting_type=cast.call, start=TUESDAY_TEN, now=NOW, member=cast.sarah)
    assert [refusal.code for refusal in told.refusals] == [RefusalCode.WEEK_LIMIT]


def test_a_completed_booking_counts_and_a_no_show_does_not(cast: Cast) -> None:
    rule(cast.sarah, max_bookings_per_day=1, min_notice_hours=0)
    early = try_to_book(cast, actor=cast.lead, host=cast.sarah, start=after(hours=-1)).booking
    services.complete(booking=early, actor=cast.lead, now=after())
    (told,) = times.explain(meeting_type=cast.call, start=after(hours=2), now=after(), member=cast.sarah)
    assert [refusal.code for refusal in told.refusals] == [RefusalCode.DAY_LIMIT]
    services.mark_no_show(booking=early, actor=cast.lead, now=after())
    (told,) = times.explain(meeting_type=cast.call, start=after(hours=2), now=after(), member=cast.sarah)
    assert told.refusals == []


def test_alternatives_are_the_nearest_offered_times(cast: Cast, book: Book) -> None:
    for _ in range(4):
        book()
    found = times.alternatives(meeting_type=cast.call, start=TUESDAY_TEN, now=NOW)
    assert [start for start, _ in found] == [after(minutes=-30), after(minutes=30), after(hours=-1)]
    assert all(end - start == timedelta(minutes=30) for start, end in found)


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (TUESDAY, date(2026, 12, 7), "to"),
        (TUESDAY, TUESDAY + timedelta(days=92), "to"),
        (date(1, 1, 1), date(1, 1, 2), "from"),
    ],
)
def test_ranges_that_make_no_sense_are_refused(cast: Cast, first: date, last: date, field: str) -> None:
    with pytest.raises(ValidationError) as error:
        times.offered_slots(meeting_type=cast.call, first=first, last=last, now=NOW)
    assert list(error.value.message_dict) == [field]


def test_ninety_two_days_can_be_asked_for_and_the_past_offers_nothing(cast: Cast) -> None:
    whole = times.offered_slots(meeting_type=cast.call, first=TUESDAY, last=date(2027, 3, 9), now=NOW)
    assert whole.slots
    past = times.offered_slots(meeting_type=cast.call, first=date(2026, 1, 1), last=date(2026, 2, 1), now=NOW)
    assert past.slots == ()


def test_more_members_cost_no_more_queries(cast: Cast) -> None:
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            times.offered_slots(meeting_type=cast.call, first=TUESDAY, last=TUESDAY, now=NOW)
        return len(queries)

    rule(cast.sarah)
    before = count()
    for index in range(3):
        one = create_user(actor=cast.admin, email=f"more{index}@bestsecurity.example", now=NOW)
        add_member(actor=cast.admin, department=cast.support, member=one)
        rule(one)
    assert count() == before <= 6


def test_a_member_works_by_their_own_clock(cast: Cast) -> None:
    cast.sarah.settings.timezone = "America/New_York"
    cast.sarah.settings.save()
    assert free_at(cast, datetime(2026, 12, 8, 9, 0, tzinfo=UTC)) == 3
    assert free_at(cast, datetime(2026, 12, 8, 21, 30, tzinfo=UTC)) == 1


def test_least_busy_counts_the_coming_week(cast: Cast) -> None:
    cast.support.assignment_algorithm = "Least Busy"
    cast.support.save()
    for member in (cast.sarah, cast.mike, cast.lead):
        try_to_book(cast, actor=cast.lead, host=member, start=after(hours=1))
    far = TUESDAY_TEN + timedelta(days=13)
    try_to_book(cast, actor=cast.lead, host=cast.jane, start=far)
    cast.call.refresh_from_db()
    booked = try_to_book(cast).booking
    assert hosts(booked) == ["jane"]
    assert booked.assignment_method == "Least Busy"


def test_weighted_shares_follow_the_priorities(cast: Cast) -> None:
    cast.support.assignment_algorithm = "Weighted"
    cast.support.save()
    DepartmentMember.objects.filter(department=cast.support, member=cast.sarah).update(assignment_priority=3)
    starts = [TUESDAY_TEN + timedelta(days=day, hours=hour) for day in (0, 1) for hour in range(6)]
    got = [hosts(try_to_book(cast, start=start).booking)[0] for start in starts]
    assert {name: got.count(name) for name in set(got)} == {"sarah": 6, "mike": 2, "jane": 2, "lead": 2}
    balances = DepartmentMember.objects.filter(department=cast.support).values_list("weighted_balance", flat=True)
    assert set(balances) == {0}
