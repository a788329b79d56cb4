"""Meetings that come again, booked, cancelled and moved together."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meeting_manager.adapters.inspection import Inspection
from meeting_manager.bookings import services
from meeting_manager.bookings.errors import SeriesClash
from meeting_manager.bookings.inputs import Details, Host, Invitee, Pattern
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.recurring import BookingSeries
from meeting_manager.bookings.series import Outlook, Reach, foresee
from meeting_manager.bookings.verify import CHECKS
from meeting_manager.busy.models import BusyTime
from meeting_manager.departments.models import Department
from meeting_manager.engine.recurrence import Repeats
from meeting_manager.ledger.models import Delivery
from tests.bookings.desk import NOW, TUESDAY_TEN, after, hosts, try_to_book
from tests.cast import Cast

pytestmark = pytest.mark.django_db

WEEKLY = Pattern(Repeats.WEEKLY, times=4)
Change = Callable[[Booking], None]


def plan(cast: Cast, **changes: object) -> services.Made:
    wish: dict[str, Any] = {
        "meeting_type": cast.planning,
        "pattern": WEEKLY,
        "start": TUESDAY_TEN,
        "hosts": [Host(cast.sarah, is_primary=True), Host(cast.mike)],
        "participants": [Invitee(user=cast.outsider, participant_type="Internal")],
        "details": Details(title="Weekly"),
        "actor": cast.lead,
        "now": NOW,
    }
    return services.book_series(**(wish | changes))


def outlook(cast: Cast, **changes: object) -> Outlook:
    wish: dict[str, Any] = {
        "meeting_type": cast.planning,
        "pattern": WEEKLY,
        "start": TUESDAY_TEN,
        "end": after(hours=1),
        "zone": "UTC",
        "hosts": [cast.sarah.pk, cast.mike.pk],
        "now": NOW,
    }
    return foresee(**(wish | changes))


def starts(bookings: object) -> list[datetime]:
    return [one.start_datetime for one in bookings]  # type: ignore[attr-defined]


def standing(series: BookingSeries) -> list[datetime]:
    held = series.bookings.filter(booking_status="Confirmed")
    return list(held.order_by("start_datetime").values_list("start_datetime", flat=True))


def verified() -> list[str]:
    return [f"{each.record}: {each.wrong}" for check in CHECKS for each in check.find(Inspection(NOW))]


def test_each_meeting_is_an_ordinary_booking_at_the_same_time_of_day(cast: Cast) -> None:
    made = plan(cast)
    assert starts(made.bookings) == [after(weeks=week) for week in range(4)]
    for booking in made.bookings:
        stored = Booking.objects.get(pk=booking.pk)
        assert (stored.booking_status, stored.meeting_title, stored.is_internal) == ("Confirmed", "Weekly", True)
        assert (stored.series, stored.series_start) == (made.series, stored.start_datetime)
        assert hosts(stored) == ["sarah", "mike"]
        assert BusyTime.objects.filter(booking=stored).count() == 2
        assert stored.participants.get().email == cast.outsider.email
    assert len({booking.ical_uid for booking in made.bookings}) == 4
    assert verified() == []


def test_ten_o_clock_stays_ten_o_clock_when_clocks_change(cast: Cast) -> None:
    Department.objects.filter(pk=cast.support.pk).update(timezone="Europe/Berlin")
    cast.planning.refresh_from_db()
    start = datetime(2027, 3, 16, 11, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    made = plan(cast, start=start, pattern=Pattern(Repeats.WEEKLY, times=3))
    assert [each.astimezone(ZoneInfo("Europe/Berlin")).hour for each in starts(made.bookings)] == [11, 11, 11]
    assert [each.astimezone(UTC).hour for each in starts(made.bookings)] == [10, 10, 9]


def test_how_far_ahead_customers_may_book_is_no_bound_for_a_series(cast: Cast) -> None:
    made = plan(cast, pattern=Pattern(Repeats.MONTHLY_WEEKDAY, until=date(2027, 6, 30)))
    assert [each.date() for each in starts(made.bookings)][-1] == date(2027, 6, 8)
    moved = services.reschedule(booking=made.bookings[-1], start=datetime(2027, 6, 9, 9, tzinfo=UTC), actor=cast.lead,
                                now=NOW).booking  # fmt: skip
    assert moved.series_start == made.bookings[-1].start_datetime


def test_who_is_not_free_is_known_before_and_such_dates_can_be_left_out(cast: Cast) -> None:
    try_to_book(cast, actor=cast.lead, host=cast.mike, start=after(weeks=1, minutes=30))
    seen = outlook(cast)
    assert [(one.day, [each.user for each in one.clashes]) for one in seen.occurrences if one.clashes] == [
        (date(2026, 12, 15), [cast.mike.email])
    ]
    assert "already booked from 10:30 to 11:00" in seen.occurrences[1].clashes[0].refusals[0].text
    made = plan(cast, leave_out=[date(2026, 12, 15)])
    assert starts(made.bookings) == [after(weeks=week) for week in (0, 2, 3)]
    assert made.series.left_out == ["2026-12-15"]
    assert verified() == []


def test_what_was_taken_meanwhile_is_named_and_nothing_is_booked(cast: Cast) -> None:
    for week in (1, 3):
        try_to_book(cast, actor=cast.lead, host=cast.sarah, start=after(weeks=week))
    with pytest.raises(SeriesClash) as error:
        plan(cast)
    assert [start for start, _why in error.value.clashes] == [after(weeks=1), after(weeks=3)]
    assert "User 'sarah@bestsecurity.example' is not available" in error.value.clashes[0][1]
    assert not BookingSeries.objects.exists()
    assert not Booking.objects.filter(is_internal=True).exists()


def test_all_dates_are_looked_at_with_as_many_queries_as_few(cast: Cast) -> None:
    counts = []
    for times in (2, 60):
        with CaptureQueriesContext(
            connection,
        ) as caught:
            outlook(cast, pattern=Pattern(Repeats.WEEKLY, times=times))
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 7


@pytest.mark.parametrize(
    ("pattern", "field"),
    [
        (Pattern(Repeats.WEEKLY), "times"),
        (Pattern(Repeats.WEEKLY, times=1), "times"),
        (Pattern(Repeats.WEEKLY, times=105), "times"),
        (Pattern(Repeats.FORTNIGHTLY, times=60), "times"),
        (Pattern(Repeats.WEEKLY, until=date(2026, 12, 8)), "until"),
        (Pattern(Repeats.WEEKLY, until=date(2026, 12, 14)), "until"),
        (Pattern(Repeats.WEEKLY, until=date(2028, 12, 9)), "until"),
        (Pattern(Repeats.MONTHLY_LAST, times=3), "repeats"),
    ],
)
def test_a_pattern_that_makes_no_sense_is_refused_beside_its_field(cast: Cast, pattern: Pattern, field: str) -> None:
    with pytest.raises(ValidationError) as error:
        plan(cast, pattern=pattern)
    assert list(error.value.message_dict) == [field]


def test_members_call_no_series(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        plan(cast, actor=cast.sarah)


@pytest.mark.parametrize(("reach", "left"), [(Reach.ONE, [0, 2, 3]), (Reach.FOLLOWING, [0]), (Reach.ALL, [])])
def test_one_or_those_that_follow_or_all_are_cancelled(cast: Cast, reach: Reach, left: list[int]) -> None:
    made = plan(cast)
    services.cancel_series(booking=made.bookings[1], reach=reach, actor=cast.lead, now=NOW, reason="Done")
    assert standing(made.series) == [after(weeks=week) for week in left]
    assert verified() == []


def test_what_is_over_or_cancelled_already_stays_as_it_is(cast: Cast) -> None:
    made = plan(cast)
    services.cancel(booking=made.bookings[2], actor=cast.lead, now=NOW, reason="Holiday")
    services.cancel_series(booking=made.bookings[1], reach=Reach.ALL, actor=cast.lead, now=after(days=1))
    statuses = made.series.bookings.order_by("series_start").values_list("booking_status", flat=True)
    assert list(statuses) == ["Confirmed", "Cancelled", "Cancelled", "Cancelled"]
    assert Booking.objects.get(pk=made.bookings[2].pk).cancellation_reason == "Holiday"


def test_those_that_follow_move_along_by_days_and_to_the_same_time_of_day(cast: Cast) -> None:
    made = plan(cast)
    services.move_series(
        booking=made.bookings[1], reach=Reach.FOLLOWING, start=after(weeks=1, days=2, hours=3), actor=cast.lead, now=NOW
    )
    expected = [after(), *(after(weeks=week, days=2, hours=3) for week in (1, 2, 3))]
    assert standing(made.series) == expected
    assert verified() == []


@pytest.mark.parametrize("weeks", [1, -1])
def test_a_series_may_move_onto_its_own_dates(cast: Cast, weeks: int) -> None:
    made = plan(cast, start=after(weeks=2))
    services.move_series(
        booking=made.bookings[0], reach=Reach.ALL, start=after(weeks=2 + weeks), actor=cast.lead, now=NOW
    )
    assert standing(made.series) == [after(weeks=2 + weeks + week) for week in range(4)]
    assert verified() == []


def test_a_move_that_meets_somebody_busy_moves_nothing_until_that_one_is_left_where_it_is(cast: Cast) -> None:
    made = plan(cast)
    try_to_book(cast, actor=cast.lead, host=cast.mike, start=after(weeks=2, hours=2))
    move: dict[str, Any] = {
        "booking": made.bookings[0],
        "reach": Reach.ALL,
        "start": after(hours=2),
        "actor": cast.lead,
        "now": NOW,
    }
    with pytest.raises(SeriesClash) as error:
        services.move_series(**move)
    assert [start for start, _why in error.value.clashes] == [after(weeks=2)]
    assert standing(made.series) == [after(weeks=week) for week in range(4)]
    services.move_series(**move, leave=[made.bookings[2].name])
    assert standing(made.series) == [after(hours=2), after(weeks=1, hours=2), after(weeks=2), after(weeks=3, hours=2)]


def test_a_meeting_that_was_moved_by_itself_still_follows_its_series(cast: Cast) -> None:
    made = plan(cast)
    services.reschedule(booking=made.bookings[2], start=after(weeks=2, days=1), actor=cast.lead, now=NOW)
    services.cancel_series(booking=made.bookings[1], reach=Reach.FOLLOWING, actor=cast.lead, now=NOW)
    assert standing(made.series) == [after()]


def test_one_meeting_carries_the_words_for_all_that_change_together(cast: Cast) -> None:
    made = plan(cast)
    told = Delivery.objects.filter(kind="notify", about__in=[one.name for one in made.bookings])
    assert {one.payload["batch"] for one in told} != {""}
    assert [one.about for one in told if one.payload["carries"]] == [made.bookings[0].name]
    services.cancel_series(booking=made.bookings[3], reach=Reach.ONE, actor=cast.lead, now=NOW)
    alone = Delivery.objects.get(kind="notify", about=made.bookings[3].name, payload__event="booking.cancelled")
    assert "batch" not in alone.payload


def _loses_its_start(booking: Booking) -> None:
    Booking.objects.filter(pk=booking.pk).update(series_start=None)


def _stands_elsewhere(booking: Booking) -> None:
    Booking.objects.filter(pk=booking.pk).update(series_start=booking.start_datetime + timedelta(days=1))


def _leaves(booking: Booking) -> None:
    Booking.objects.filter(pk=booking.pk).update(series=None, series_start=None)


@pytest.mark.parametrize(
    ("damage", "wrong"),
    [
        (_loses_its_start, "not both"),
        (_stands_elsewhere, "no meeting at that start"),
        (_leaves, "is not there, nor was one deleted"),
    ],
)
def test_a_series_that_contradicts_itself_is_named(cast: Cast, damage: Change, wrong: str) -> None:
    made = plan(cast)
    damage(made.bookings[1])
    assert any(wrong in each for each in verified())


def test_a_deleted_meeting_is_no_contradiction(cast: Cast) -> None:
    made = plan(cast)
    services.delete(booking=made.bookings[1], actor=cast.admin, now=NOW)
    assert verified() == []
