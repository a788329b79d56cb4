"""When a member's door is open: weekly hours and date overrides, as windows of instants.

A wall time stands for one instant: where clocks show it twice, the first; where they skip it, the
moment of the jump. So hours that end in skipped time end at the jump, hours that begin in it begin
there, hours that begin or end in a repeated hour do so when clocks first show it, and hours that
span a change keep their wall-clock ends and last longer or shorter.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from meeting_manager.engine.facts import DayHours, Override, Span, WeeklyHours
from meeting_manager.engine.intervals import subtract
from meeting_manager.engine.weekly import (
    HoursError,
    default_working_hours,
    format_clock,
    parse_clock,
    parse_weekly_hours,
)
from meeting_manager.engine.zones import Segment, day_bounds, local_date, midnight, segments, week_bounds

__all__ = [
    "DEFAULT_WEEKLY_HOURS",
    "HoursError",
    "Run",
    "Window",
    "day_bounds",
    "default_working_hours",
    "format_clock",
    "local_date",
    "open_stretches",
    "open_windows",
    "parse_clock",
    "parse_weekly_hours",
    "range_windows",
    "week_bounds",
]

DEFAULT_WEEKLY_HOURS = parse_weekly_hours(default_working_hours())


class Run(NamedTuple):
    """Instants [start, end) in which offered starts are `anchor` plus a multiple of the interval.

    A window has one run, or one for each side of a clock change: wall-clock steps go on across it.
    """

    anchor: int
    start: int
    end: int


class Window(NamedTuple):
    """Open instants [start, end) of one local date, and the runs in which its starts step."""

    start: int
    end: int
    runs: tuple[Run, ...]

    def starts(self, duration: int, interval: int, low: int, high: int) -> Iterator[range]:
        """Offered starts in [low, high) whose meeting of `duration` seconds ends inside the window."""
        high = min(high, self.end - duration + 1)
        for anchor, start, end in self.runs:
            earliest = max(start, low)
            yield range(earliest + (anchor - earliest) % interval, min(end, high), interval)

    def offers(self, duration: int, interval: int, start: int) -> bool:
        return any(start in steps for steps in self.starts(duration, interval, start, start + 1))


def open_stretches(hours: WeeklyHours, overrides: Mapping[date, Override], day: date) -> tuple[Span, ...]:
    """The open minutes of a local date: the override's hours if there is one, else the weekday's."""
    weekday = hours[day.weekday()]
    override = overrides.get(day)
    if override is None:
        return _less_breaks(weekday) if weekday.enabled else ()
    if not override.available:
        return ()
    if override.start is None or override.end is None:
        return _less_breaks(weekday)
    return ((override.start, override.end),)


def open_windows(zone: str, hours: WeeklyHours, overrides: Mapping[date, Override], day: date) -> tuple[Window, ...]:
    """The windows of a local date in order; they do not touch."""
    if day in overrides:
        return _windows(zone, day, open_stretches(hours, overrides, day))
    return _week_windows(zone, hours, day - timedelta(days=day.weekday()))[day.weekday()]


def range_windows(
    zone: str, hours: WeeklyHours, overrides: Mapping[date, Override], low: int, high: int
) -> list[Window]:
    """The windows of all local dates that have instants in [low, high), in order."""
    if high <= low:
        return []
    first, last = local_date(zone, low), local_date(zone, high - 1)
    monday = first - timedelta(days=first.weekday())
    windows: list[Window] = []
    while monday <= last:
        for number, found in enumerate(_week_windows(zone, hours, monday)):
            day = monday + timedelta(days=number)
            if first <= day <= last:
                windows += open_windows(zone, hours, overrides, day) if day in overrides else found
        monday += timedelta(days=7)
    return windows


@lru_cache(maxsize=8192)
def _week_windows(zone: str, hours: WeeklyHours, monday: date) -> tuple[tuple[Window, ...], ...]:
    """The windows of seven local dates without overrides."""
    days = (monday + timedelta(days=number) for number in range(7))
    return tuple(_windows(zone, day, open_stretches(hours, {}, day)) for day in days)


def _less_breaks(day: DayHours) -> tuple[Span, ...]:
    return tuple(subtract([(day.start, day.end)], day.breaks))


def _windows(zone: str, day: date, stretches: tuple[Span, ...]) -> tuple[Window, ...]:
    windows: list[Window] = []
    for begin, finish in stretches:
        window = _window(segments(zone, day), midnight(day) + begin * 60, midnight(day) + finish * 60)
        if windows and window.start <= windows[-1].end:  # a break that clocks skip does not part a meeting
            before = windows.pop()
            window = Window(before.start, window.end, before.runs + window.runs)
        if window.start < window.end:
            windows.append(window)
    return tuple(windows)


def _window(parts: tuple[Segment, ...], begin: int, finish: int) -> Window:
    """The window between two wall times, given as seconds as if the zone were UTC."""
    start, end = _first_shown(parts, begin), _first_shown(parts, finish)
    runs: list[Run] = []
    shown = begin  # wall times before this one have been shown already
    for part in parts:
        low, high = max(start, part.start, shown - part.offset), min(end, part.end)
        if low < high:
            runs.append(Run(begin - part.offset, low, high))
        shown = max(shown, part.end + part.offset)
    return Window(start, end, tuple(runs))


def _first_shown(parts: tuple[Segment, ...], wall: int) -> int:
    for part in parts:
        if wall - part.offset < part.end:
            return max(wall - part.offset, part.start)
    return parts[-1].end if parts else 0
