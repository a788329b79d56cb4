"""Dates that come again: weekly, every two weeks, monthly by date or by weekday; and when they are on the clock.

A series keeps its time of day on the wall: clocks change, ten o'clock stays ten o'clock.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import count

from meeting_manager.engine.zones import first_instant, midnight

MOST = 104
"""Dates in a series: two years of weeks."""

_WEEK = 7


class Repeats(StrEnum):
    """How dates follow each other; the first one says which day of week or month it is."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY_DATE = "monthly_date"
    MONTHLY_WEEKDAY = "monthly_weekday"
    MONTHLY_LAST = "monthly_last"


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates of a series in order, and the months that were passed over since they lack the day, as their firsts."""

    dates: tuple[date, ...]
    skipped: tuple[date, ...] = ()


def recur(repeats: Repeats, first: date, *, times: int = MOST, until: date = date.max) -> Dates:
    """The dates from `first` on, at most `times`, none after `until` nor more than two years after the first.

    Months without a 31st or a fifth Tuesday have no date; they are named, where a later date follows or could have.
    A last weekday needs a `first` that is one. Raises ValueError.
    """
    if repeats is Repeats.MONTHLY_LAST and not is_last_of_its_weekday(first):
        raise ValueError("The first date is not the last such weekday of its month.")
    until = min(until, two_years_after(first))
    found: list[date] = []
    skipped: list[date] = []
    for month, day in _candidates(repeats, first):
        if len(found) == min(times, MOST) or (day or month) > until:
            break
        if day is None:
            skipped.append(month)
        else:
            found.append(day)
    return Dates(tuple(found), tuple(skipped))


def two_years_after(first: date) -> date:
    """The last date that a series from `first` may have."""
    return _in_month(first.year + 2, first.month, first.day) or date(first.year + 2, first.month, 28)


def is_last_of_its_weekday(day: date) -> bool:
    """Whether no later day of its month is the same weekday."""
    return day.day + _WEEK > monthrange(day.year, day.month)[1]


def ordinal(day: date) -> int:
    """Which of its weekday in its month it is: 2 for a second Tuesday."""
    return (day.day - 1) // _WEEK + 1


def instant_at(zone: str, day: date, seconds: int) -> int:
    """The instant (UTC epoch seconds) at which clocks of `zone` show `seconds` after midnight on that date.

    Where clocks show it twice, the first time; where they skip it, the moment at which they jump.
    """
    return first_instant(zone, midnight(day) + seconds)


def _candidates(repeats: Repeats, first: date) -> Iterator[tuple[date, date | None]]:
    """The date of each step, with the first of its month; None in a month that has none."""
    if repeats in {Repeats.WEEKLY, Repeats.FORTNIGHTLY}:
        step = timedelta(days=_WEEK if repeats is Repeats.WEEKLY else 2 * _WEEK)
        for number in count():
            day = first + number * step
            yield day.replace(day=1), day
    for number in count():
        month = _months_later(first, number)
        yield month, _day_of(repeats, first, month)


def _day_of(repeats: Repeats, first: date, month: date) -> date | None:
    if repeats is Repeats.MONTHLY_DATE:
        return _in_month(month.year, month.month, first.day)
    if repeats is Repeats.MONTHLY_LAST:
        last = month.replace(day=monthrange(month.year, month.month)[1])
        return last - timedelta(days=(last.weekday() - first.weekday()) % _WEEK)
    ahead = (first.weekday() - month.weekday()) % _WEEK
    return _in_month(month.year, month.month, 1 + ahead + (ordinal(first) - 1) * _WEEK)


def _months_later(first: date, number: int) -> date:
    years, month = divmod(first.month - 1 + number, 12)
    return date(first.year + years, month + 1, 1)


def _in_month(year: int, month: int, day: int) -> date | None:
    return date(year, month, day) if day <= monthrange(year, month)[1] else None
