"""Local hours inside a query: the offsets they are made of."""

from datetime import UTC, date, datetime

import pytest

from meeting_manager.analytics.clocks import local_day, next_year, offsets, week_hour
from meeting_manager.engine.zones import utc_offset

YEAR = (int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()), int(datetime(2027, 1, 1, tzinfo=UTC).timestamp()))
HALF_HOUR = 1800


@pytest.mark.parametrize(
    "zone", ["UTC", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "Africa/Casablanca", "America/St_Johns"]
)
def test_every_instant_has_the_offset_that_clocks_show(zone: str) -> None:
    found = offsets(zone, *YEAR)
    for instant in range(*YEAR, HALF_HOUR):
        assert utc_offset(zone, instant) == [ahead for since, ahead in found if since <= instant][-1]


def test_a_change_counts_from_its_very_second() -> None:
    (_, _), (spring, summer), (_, winter) = offsets("Europe/Berlin", *YEAR)
    assert datetime.fromtimestamp(spring, UTC) == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert (summer, winter) == (7200, 3600)


@pytest.mark.parametrize(
    ("moment", "hour", "day"),
    [
        (datetime(2026, 12, 7, 0, 59, tzinfo=UTC), 0, date(2026, 12, 7)),
        (datetime(2026, 12, 13, 23, 0, tzinfo=UTC), 167, date(2026, 12, 13)),
        (datetime(1970, 1, 1, 5, 0, tzinfo=UTC), 77, date(1970, 1, 1)),
    ],
)
def test_weeks_begin_on_monday_at_midnight(moment: datetime, hour: int, day: date) -> None:
    since_1970 = int(moment.timestamp()) // 3600
    assert (week_hour(since_1970), week_hour(since_1970 % 168), local_day(since_1970)) == (hour, hour, day)


def test_a_bound_that_caches_can_keep_is_the_same_all_year() -> None:
    assert next_year(YEAR[0]) == next_year(YEAR[1] - 1) == YEAR[1]
