"""The figures of a period, against a month that can be counted by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from meeting_manager.analytics.periods import Period
from meeting_manager.analytics.queries import figures, found
from meeting_manager.bookings.models import Booking
from meeting_manager.people.models import User
from tests.analytics.month import DECEMBER, approve_after, live_through, numbers
from tests.bookings.desk import NOW, TUESDAY_TEN, after, hosts, try_to_book
from tests.cast import Cast

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY, WEDNESDAY, FRIDAY = 0, 24, 48, 96
"""The first hours of days in the week."""


def test_each_booking_counts_once_by_its_status(cast: Cast) -> None:
    live_through(cast)
    told = numbers(cast)
    wanted = {"Completed": 2, "No-Show": 1, "Cancelled": 1, "Rescheduled": 1, "Confirmed": 3}
    assert dict(told.statuses) == wanted
    assert told.now_totals().bookings == 7


def test_rates_are_those_of_the_api(cast: Cast) -> None:
    live_through(cast)
    totals = numbers(cast).now_totals()
    by_api = figures(Booking.objects.filter(meeting_type__department=cast.support))
    assert (totals.no_show_rate, totals.cancellation_rate) == (0.333, 0.143)
    assert (by_api.no_show_rate, by_api.cancellation_rate) == (0.333, 0.143)


def test_what_is_compared_with_is_the_period_before(cast: Cast) -> None:
    live_through(cast)
    in_january = numbers(cast, Period(date(2027, 1, 1), date(2027, 1, 31)))
    assert in_january.now_totals().bookings == 0
    assert in_january.totals_before() == numbers(cast).now_totals()
    assert numbers(cast).totals_before().cancellation_rate is None


def test_today_and_the_coming_week_stand_beside_yesterday_and_the_last_one(cast: Cast) -> None:
    live_through(cast)
    today, coming = numbers(cast).today(), numbers(cast).coming()
    assert (today.now, today.before) == (1, 0)
    assert (coming.now, coming.before) == (1, 5)
    assert coming.period == Period(date(2026, 12, 12), date(2026, 12, 18))


def test_types_are_counted_by_status(cast: Cast) -> None:
    live_through(cast)
    types = numbers(cast).types
    assert {pk: sum(statuses.values()) for pk, statuses in types.items()} == {cast.call.pk: 7, cast.planning.pk: 1}
    assert types[cast.call.pk]["Rescheduled"] == 1


def test_a_booking_counts_for_each_of_its_hosts(cast: Cast) -> None:
    made = live_through(cast)
    by_hand: dict[str, int] = {}
    for booking in made.values():
        for host in hosts(Booking.objects.get(pk=booking.pk)):
            by_hand[host] = by_hand.get(host, 0) + 1
    names = {user.pk: user.email.split("@")[0] for user in User.objects.all()}
    told = {names[user]: sum(statuses.values()) for user, statuses in numbers(cast).members.items()}
    assert told == by_hand


def test_one_member_is_seen_alone(cast: Cast) -> None:
    live_through(cast)
    mine = [booking for booking in Booking.objects.filter(meeting_type__department=cast.support) if _is_of(booking)]
    alone = numbers(cast, member=cast.sarah)
    assert sum(alone.statuses.values()) == len(mine) > 1
    assert list(alone.members) == [cast.sarah.pk]


def _is_of(booking: Booking) -> bool:
    return "sarah" in hosts(booking)


def test_bookings_of_other_types_are_not_counted(cast: Cast) -> None:
    live_through(cast)
    assert sum(numbers(cast, kinds=1).statuses.values()) == 7
    assert sum(numbers(cast, kinds=0).statuses.values()) == 0
    assert numbers(cast, kinds=0).now_totals().bookings == 0


def test_days_are_cut_where_local_midnight_is(cast: Cast) -> None:
    late = try_to_book(cast, start=TUESDAY_TEN + timedelta(hours=6, minutes=30)).booking
    assert late.start_datetime.hour == 16
    by_day = {
        zone: [period.first for period, statuses in numbers(cast, zone=zone).over_time if statuses]
        for zone in ("UTC", "Asia/Kathmandu", "Pacific/Kiritimati", "America/Los_Angeles")
    }
    tuesday, wednesday = date(2026, 12, 8), date(2026, 12, 9)
    assert by_day == {
        "UTC": [tuesday],
        "Asia/Kathmandu": [tuesday],
        "Pacific/Kiritimati": [wednesday],
        "America/Los_Angeles": [tuesday],
    }


def test_every_bucket_holds_what_began_in_it(cast: Cast) -> None:
    live_through(cast)
    told = {period.first: sum(statuses.values()) for period, statuses in numbers(cast).over_time if statuses}
    assert told == {date(2026, 12, 8): 5, date(2026, 12, 9): 1, date(2026, 12, 11): 1, date(2026, 12, 15): 1}
    year = numbers(cast, Period(date(2026, 1, 1), date(2026, 12, 31)))
    assert [sum(statuses.values()) for _period, statuses in year.over_time] == [0] * 11 + [8]


def test_meetings_are_held_by_the_clocks_of_the_zone(cast: Cast) -> None:
    live_through(cast)
    in_utc = {TUESDAY + 10: 3, TUESDAY + 11: 1, WEDNESDAY + 14: 1, FRIDAY + 10: 1}
    assert dict(numbers(cast).held) == in_utc
    assert dict(numbers(cast, zone="Asia/Karachi").held) == {hour + 5: number for hour, number in in_utc.items()}


def test_what_was_asked_for_counts_at_the_local_hour_of_asking(cast: Cast) -> None:
    live_through(cast)
    local = {"UTC": 7, "Europe/Berlin": 8, "Asia/Kathmandu": 12, "Asia/Kolkata": 12, "America/St_Johns": 3}
    told = {zone: dict(numbers(cast, zone=zone).asked) for zone in local}
    assert told == {zone: {MONDAY + hour: 7} for zone, hour in local.items()}


def test_each_side_of_a_clock_change_is_read_by_its_own_offset(cast: Cast) -> None:
    """Clocks in Berlin are put forward on Sunday, 28 March 2027."""
    friday, monday = datetime(2027, 3, 26, 9, tzinfo=UTC), datetime(2027, 3, 29, 9, tzinfo=UTC)
    try_to_book(cast, start=friday, now=friday - timedelta(days=3, hours=1))
    try_to_book(cast, start=monday, now=monday - timedelta(days=3, hours=2))
    told = numbers(cast, Period(date(2027, 3, 1), date(2027, 3, 31)), zone="Europe/Berlin")
    assert dict(told.held) == {FRIDAY + 10: 1, MONDAY + 11: 1}
    assert dict(told.asked) == {TUESDAY + 9: 1, FRIDAY + 8: 1}


@pytest.mark.parametrize(
    ("waits", "median"), [([], None), ([3], 3), ([1, 9], 5), ([9, 1, 3], 3), ([8, 1, 2, 4], 3), ([0], None)]
)
def test_the_median_wait_is_that_of_what_was_approved_after_a_while(
    cast: Cast, waits: list[int], median: float | None
) -> None:
    for at, hours in enumerate(waits):
        approve_after(cast, after(minutes=30 * at), hours)
    try_to_book(cast)
    told = numbers(cast)
    assert told.now_totals().median_wait == (None if median is None else median * 3600)
    assert told.totals_before().median_wait is None
    assert numbers(cast, Period(date(2027, 1, 1), date(2027, 1, 31))).totals_before().median_wait == (
        told.now_totals().median_wait
    )


def test_behind_each_hour_are_the_bookings_that_it_counts(cast: Cast) -> None:
    live_through(cast)
    told, span = numbers(cast), DECEMBER.bounds("UTC")
    for hour, number in told.held.items():
        assert len(found.held_at(told.scope, span, hour)[0:50]) == number
    (made_at,) = told.asked
    assert len(found.asked_at(told.scope, span, made_at, _epoch(NOW))[0:50]) == told.asked[made_at]
    assert found.held_at(told.scope, span, MONDAY)[0:50] == []


def test_behind_the_median_are_the_bookings_that_waited(cast: Cast) -> None:
    waited = [approve_after(cast, after(minutes=30 * at), at + 1).pk for at in range(3)]
    try_to_book(cast, start=after(days=1))
    told = found.that_waited(numbers(cast).scope, DECEMBER.bounds("UTC"))
    assert [booking.pk for booking in told[0:50]] == waited
    assert [booking.pk for booking in told[1:2]] == waited[1:2]


def _epoch(moment: datetime) -> int:
    return int(moment.timestamp())
