"""Fast text for many instants is the text that datetime would write."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meeting_manager.engine.stamps import iso, iso_formatter, iso_utc
from tests.engine.build import at
from tests.engine.test_clock_changes import ZONES

YEARS = (at("2026-01-01 00:00"), at("2031-01-01 00:00"))
instants = st.integers(*YEARS)


@given(st.sampled_from([*ZONES, "UTC", "Asia/Kathmandu"]), st.lists(instants, min_size=1))
def test_a_formatter_writes_what_datetime_writes(zone: str, moments: list[int]) -> None:
    write = iso_formatter(zone, min(moments), max(moments))
    for moment in moments:
        assert write(moment) == datetime.fromtimestamp(moment, ZoneInfo(zone)).isoformat()


@pytest.mark.parametrize("zone", ZONES)
def test_five_years_of_clock_changes_are_written_with_the_right_offset(zone: str) -> None:
    write = iso_formatter(zone, *YEARS)
    for moment in range(*YEARS, 1800 * 7):
        assert write(moment) == datetime.fromtimestamp(moment, ZoneInfo(zone)).isoformat()


def test_clocks_that_change_there_and_back_within_a_range_are_seen() -> None:
    ramadan = range(at("2026-02-01 00:00"), at("2026-04-01 00:00"), 1800)
    write = iso_formatter("Africa/Casablanca", ramadan.start, ramadan.stop)
    assert {write(moment)[-6:] for moment in ramadan} == {"+01:00", "+00:00"}


def test_one_instant_can_be_written_alone() -> None:
    morning = at("2026-12-07 09:00", "Europe/Berlin")
    assert iso("Europe/Berlin", morning) == "2026-12-07T09:00:00+01:00"
    assert iso("America/Nuuk", morning) == "2026-12-07T06:00:00-02:00"
    assert iso_utc(morning) == "2026-12-07T08:00:00+00:00"
