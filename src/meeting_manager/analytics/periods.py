"""Stretches of local dates: what figures are about, what they are compared with, and how they are cut for a chart."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from meeting_manager.engine.facts import Span
from meeting_manager.engine.zones import day_bounds

_DAY = timedelta(days=1)
_LONGEST_IN_DAYS = 31
_LONGEST_IN_WEEKS = 26 * 7


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The local dates from `first` to `last`, both inclusive."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many dates it has."""
        return (self.last - self.first).days + 1

    def bounds(self, zone: str) -> Span:
        """The instants [start, end) of its dates in an IANA zone (UTC epoch seconds), exact across clock changes."""
        return day_bounds(zone, self.first)[0], day_bounds(zone, self.last)[1]

    def before(self) -> "Period":
        """What it is compared with: for a whole year or month the one before, else as many days just before it."""
        last = self.first - _DAY
        if self == year_of(self.first):
            return year_of(last)
        if self == month_of(self.first):
            return month_of(last)
        return Period(last - timedelta(days=self.days - 1), last)


def last_days(today: date, days: int) -> Period:
    """So many days up to and including today."""
    return Period(today - timedelta(days=days - 1), today)


def next_days(today: date, days: int) -> Period:
    """So many days from tomorrow on."""
    return Period(today + _DAY, today + timedelta(days=days))


def month_of(day: date) -> Period:
    """The calendar month of a date."""
    return Period(day.replace(day=1), _next_month(day) - _DAY)


def year_of(day: date) -> Period:
    """The calendar year of a date."""
    return Period(date(day.year, 1, 1), date(day.year, 12, 31))


PRESETS: Mapping[str, Callable[[date], Period]] = {
    "today": lambda today: Period(today, today),
    "7-days": lambda today: last_days(today, 7),
    "30-days": lambda today: last_days(today, 30),
    "90-days": lambda today: last_days(today, 90),
    "this-month": month_of,
    "last-month": lambda today: month_of(today.replace(day=1) - _DAY),
    "this-year": year_of,
}
"""The periods people ask for by name; each is made of today's date."""


def unit_of(period: Period) -> str:
    """Into what a chart cuts the period: "day", "week" or "month"."""
    if period.days <= _LONGEST_IN_DAYS:
        return "day"
    return "week" if period.days <= _LONGEST_IN_WEEKS else "month"


def buckets(period: Period) -> list[Period]:
    """The period cut into days, weeks (Monday to Sunday) or months; the first and the last may be shorter."""
    following = _FOLLOWING[unit_of(period)]
    starts = [period.first]
    while (start := following(starts[-1])) <= period.last:
        starts.append(start)
    return [Period(start, end - _DAY) for start, end in pairwise([*starts, period.last + _DAY])]


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


_FOLLOWING: Mapping[str, Callable[[date], date]] = {
    "day": lambda day: day + _DAY,
    "week": lambda day: day + timedelta(days=7 - day.weekday()),
    "month": _next_month,
}
