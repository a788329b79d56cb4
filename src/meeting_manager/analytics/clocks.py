"""Local clocks inside a query: what a zone is ahead of UTC, as the instants since which it is."""

from datetime import UTC, date, datetime
from functools import lru_cache

from meeting_manager.engine.facts import DAY
from meeting_manager.engine.zones import first_change, utc_offset

Offset = tuple[int, int]
"""Since when (UTC epoch seconds), and by how many seconds local time is ahead of UTC from then on."""

WEEK_HOURS = 7 * 24
_EPOCH = date(1970, 1, 1).toordinal()
_MONDAY = 3 * 24
"""1 January 1970 was a Thursday."""


@lru_cache(maxsize=256)
def offsets(zone: str, low: int, high: int) -> tuple[Offset, ...]:
    """The offsets of an IANA zone in [low, high), in order; the first holds at `low`.

    Zones change their offset at known instants and not twice within a day, so comparing days finds every change.
    """
    found = [(low, utc_offset(zone, low))]
    for at in range(low, high, DAY):
        then = min(at + DAY, high)
        if (offset := utc_offset(zone, then)) != utc_offset(zone, at):
            found.append((first_change(zone, at, then), offset))
    return tuple(found)


def week_hour(local_hour: int) -> int:
    """The hour of the week, 0 for Monday 00:00, of hours since 1970 as local clocks count them."""
    return (local_hour + _MONDAY) % WEEK_HOURS


def local_day(local_hour: int) -> date:
    """The date of such an hour."""
    return date.fromordinal(_EPOCH + local_hour // 24)


def next_year(instant: int) -> int:
    """The end (UTC) of the year of an instant: a bound that a cache can keep."""
    return int(datetime(datetime.fromtimestamp(instant, UTC).year + 1, 1, 1, tzinfo=UTC).timestamp())
