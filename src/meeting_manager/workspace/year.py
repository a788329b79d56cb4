"""A year as it is for somebody: twelve months of days, each with what was said about it."""

from calendar import Calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from meeting_manager.availability.models import DateOverride
from meeting_manager.bookings import when


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a month; `override` is what was said about it."""

    day: date
    override: DateOverride | None

    @property
    def tone(self) -> str:
        """How it is shown: away, other hours, or as its weekday is."""
        if self.override is None:
            return ""
        return "hours" if self.override.available else "away"

    @property
    def name(self) -> str:
        """The date in words."""
        return when.long_date(self.day)


@dataclass(frozen=True, slots=True)
class Month:
    """Its name, and its weeks; days of other months are none."""

    name: str
    weeks: list[list[Day | None]]


def months_of(year: int, overrides: Mapping[date, DateOverride]) -> list[Month]:
    """The months of a year, with weeks that begin as they do where the reader lives."""
    calendar = Calendar(when.first_weekday())
    return [
        Month(
            when.month(date(year, number, 1)),
            [
                [Day(day, overrides.get(day)) if day.month == number else None for day in week]
                for week in calendar.monthdatescalendar(year, number)
            ],
        )
        for number in range(1, 13)
    ]
