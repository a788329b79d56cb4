"""Where local days lie in UTC: the only arithmetic with zones, exact across clock changes."""

from bisect import bisect_left
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from meeting_manager.engine.facts import DAY, Span

_EPOCH = date(1970, 1, 1).toordinal()


class Segment(NamedTuple):
    """A part of a local day between clock changes: instants [start, end) at one UTC offset, in seconds."""

    start: int
    end: int
    offset: int


def utc_offset(zone: str, instant: int) -> int:
    """Seconds that local time is ahead of UTC at that instant."""
    offset = datetime.fromtimestamp(instant, ZoneInfo(zone)).utcoffset()
    assert offset is not None  # noqa: S101 - an aware datetime always has one
    return offset.days * DAY + offset.seconds


def midnight(day: date) -> int:
    """The local midnight of a date, as if its zone were UTC."""
    return (day.toordinal() - _EPOCH) * DAY


def local_date(zone: str, instant: int) -> date:
    """The date that the calendar on the wall shows at that instant."""
    return datetime.fromtimestamp(instant, ZoneInfo(zone)).date()


@lru_cache(maxsize=16384)
def day_bounds(zone: str, day: date) -> Span:
    """The instants [start, end) of a local date: 23, 24 or 25 hours, or what its clock changes make of it."""
    return first_instant(zone, midnight(day)), first_instant(zone, midnight(day) + DAY)


def week_bounds(zone: str, day: date) -> Span:
    """The instants [start, end) of the local week, Monday to Sunday, that a date belongs to."""
    monday = day - timedelta(days=day.weekday())
    return day_bounds(zone, monday)[0], day_bounds(zone, monday + timedelta(days=6))[1]


@lru_cache(maxsize=16384)
def segments(zone: str, day: date) -> tuple[Segment, ...]:
    """A local date cut at its clock changes: one segment on nearly every day."""
    start, end = day_bounds(zone, day)
    cut: list[Segment] = []
    while start < end and utc_offset(zone, start) != utc_offset(zone, end - 1):
        change = first_change(zone, start, end - 1)
        cut.append(Segment(start, change, utc_offset(zone, start)))
        start = change
    if start < end:
        cut.append(Segment(start, end, utc_offset(zone, start)))
    return tuple(cut)


def first_instant(zone: str, wall: int) -> int:
    """When clocks first show a wall time; where they skip it, the moment at which they jump."""
    naive = datetime.fromtimestamp(wall, UTC)
    early = _offset_of(naive.replace(tzinfo=ZoneInfo(zone), fold=0))
    late = _offset_of(naive.replace(tzinfo=ZoneInfo(zone), fold=1))
    if early < late:
        return first_change(zone, wall - late, wall - early)
    return wall - early


def _offset_of(moment: datetime) -> int:
    return round((moment.utcoffset() or timedelta()).total_seconds())


def first_change(zone: str, low: int, high: int) -> int:
    """The first instant in (low, high] whose offset is not that of `low`."""
    before = utc_offset(zone, low)
    return (
        low + 1 + bisect_left(range(low + 1, high + 1), True, key=lambda instant: utc_offset(zone, instant) != before)
    )
