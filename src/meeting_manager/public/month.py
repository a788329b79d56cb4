"""The month of times that a guest chooses from: always one that has some, if there are any, with a day of it chosen."""

from calendar import Calendar
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby

from django.utils.translation import gettext as _

from meeting_manager.bookings import times, when
from meeting_manager.bookings.facts import Moving, moment
from meeting_manager.departments.models import MeetingType
from meeting_manager.engine.slots import Slot
from meeting_manager.public import shortages, starts
from meeting_manager.public.wishes import Wish

HORIZON = 366
"""Days ahead in which times are looked for; nobody can be booked further ahead (availability rules, 1–365)."""

_DAY = timedelta(days=1)
_STRIDE = timedelta(days=times.LONGEST_RANGE)


@dataclass(frozen=True, slots=True)
class Time:
    """One start to choose."""

    start: datetime
    value: str
    label: str
    remark: str = ""
    """The offset from UTC, on days on which clocks change."""


@dataclass(frozen=True, slots=True)
class Day:
    """A local date and its times; in a month only those with times are kept."""

    date: date
    times: Sequence[Time]

    @property
    def name(self) -> str:
        """The date without its year, which the month beside it has."""
        return when.weekday_and_day(self.date)


@dataclass(frozen=True, slots=True)
class Cell:
    """A date in the grid, with its day where it has times."""

    date: date
    day: Day | None

    @property
    def name(self) -> str:
        """The date in full."""
        return when.long_date(self.date)


@dataclass(frozen=True, slots=True)
class Month:
    """A month's days with times, the one that is chosen among them, and a word about what was skipped to find them."""

    wish: Wish
    first: date
    today: date
    days: Sequence[Day] = ()
    chosen: Day | None = None
    notice: str = ""
    reason: str = ""
    """Why nothing is there, where nothing is."""

    @property
    def title(self) -> str:
        """The month in words."""
        return when.month(self.first)

    @property
    def weekdays(self) -> list[tuple[str, str]]:
        """The heads of the columns, short and in full."""
        week = Calendar(when.first_weekday()).monthdatescalendar(self.first.year, self.first.month)[0]
        return [(when.short_weekday(day), when.weekday(day)) for day in week]

    @property
    def weeks(self) -> list[list[Cell | None]]:
        """The rows of the grid; dates of other months are left blank, and weeks that are over left out."""
        days = {day.date: day for day in self.days}
        weeks = Calendar(when.first_weekday()).monthdatescalendar(self.first.year, self.first.month)
        return [
            [Cell(each, days.get(each)) if each.month == self.first.month else None for each in week]
            for week in weeks
            if week[-1] >= self.today
        ]

    @property
    def is_start(self) -> bool:
        """Whether nothing earlier can be there."""
        return self.first <= self.today

    @property
    def previous(self) -> str:
        """The month before, as addresses carry it; empty where nothing can be there."""
        return "" if self.is_start else starts.write_month(self.first - _DAY)

    @property
    def next(self) -> str:
        """The month after, as addresses carry it; empty where nothing can be there."""
        following = _following(self.first)
        has_more = self.days and following <= self.today + timedelta(days=HORIZON)
        return starts.write_month(following) if has_more else ""

    @property
    def first_time(self) -> Time | None:
        """The first free time of all, known where this is the first month that has any."""
        return self.days[0].times[0] if self.days and not self.previous else None


def find_month(meeting_type: MeetingType, wish: Wish, now: datetime, moving: Moving | None = None) -> Month:
    """The month asked for, or where it has no times the nearest one that has, which the notice then says.

    Seven queries at most where the month has times; six times that where the whole year has to be searched.
    """
    return _Search(meeting_type, wish, now, moving).run()


class _Search:
    def __init__(self, meeting_type: MeetingType, wish: Wish, now: datetime, moving: Moving | None) -> None:
        self._type, self._wish, self._now, self._moving = meeting_type, wish, now, moving
        self._today = when.local(now, wish.zone).date()
        self._end = self._today + timedelta(days=HORIZON)

    def run(self) -> Month:
        if self._wish.until is not None:
            return self._backward(self._within(self._wish.until))
        asked = self._wish.month or self._wish.day or self._today
        found = self._forward(self._within(asked))
        return self._choose(found)

    def _within(self, given: date) -> date:
        return min(max(given, self._today), self._end).replace(day=1)

    def _forward(self, first: date, notice: str = "") -> Month:
        if found := self._month(first, notice):
            return found
        following = self._first_after(_following(first))
        if following is None:
            return self._nothing(first)
        text = _("There are no free times in %(month)s. These are the next ones.") % {"month": when.month(first)}
        return self._month(following, notice or text) or self._nothing(first)

    def _backward(self, first: date) -> Month:
        last = _following(first) - _DAY
        while last >= self._today:
            if slots := self._slots(max(last - _STRIDE + _DAY, self._today), last):
                return self._month(self._date_of(slots[-1]).replace(day=1)) or self._nothing(first)
            last -= _STRIDE
        return self._forward(self._today.replace(day=1), _("There are no earlier times. These are the first."))

    def _choose(self, month: Month) -> Month:
        """The month with the day that was asked for, or the next one with times, perhaps of a later month."""
        wished = self._wish.day
        if wished is None or not month.days or month.first > wished:
            return month
        day = next((day for day in month.days if day.date >= wished), None)
        text = _("There are no free times on %(day)s. These are the next ones.") % {"day": when.long_date(wished)}
        if day:
            return replace(month, chosen=day, notice="" if day.date == wished else text)
        following = self._first_after(_following(month.first))
        later = self._month(following, text) if following else None
        return later or replace(month, chosen=month.days[-1], notice=_("There are no later times."))

    def _month(self, first: date, notice: str = "") -> Month | None:
        days = self._days(self._slots(max(first, self._today), _following(first) - _DAY))
        return Month(self._wish, first, self._today, days, days[0], notice) if days else None

    def _nothing(self, first: date) -> Month:
        text = _("There are no later times.") if first > self._today else _("There are no free times at the moment.")
        found = times.why_nothing(
            meeting_type=self._type,
            first=max(first, self._today),
            last=_following(first) - _DAY,
            now=self._now,
            zone=self._wish.zone,
            moving=self._moving,
        )
        return Month(self._wish, first, self._today, notice=text, reason=shortages.words(found, self._wish.zone))

    def _first_after(self, first: date) -> date | None:
        """The first month from a date on that has times."""
        while first <= self._end:
            if slots := self._slots(first, first + _STRIDE - _DAY):
                return self._date_of(slots[0]).replace(day=1)
            first += _STRIDE
        return None

    def _slots(self, first: date, last: date) -> Sequence[Slot]:
        offer = times.offered_slots(
            meeting_type=self._type, first=first, last=last, now=self._now, zone=self._wish.zone, moving=self._moving
        )
        return offer.slots

    def _date_of(self, slot: Slot) -> date:
        return when.local(moment(slot.start), self._wish.zone).date()

    def _days(self, slots: Sequence[Slot]) -> list[Day]:
        groups = groupby(slots, self._date_of)
        return [_day(day, [moment(slot.start) for slot in group], self._wish.zone) for day, group in groups]


def _day(day: date, instants: list[datetime], zone: str) -> Day:
    has_change = when.offset(instants[0], zone) != when.offset(instants[-1], zone)
    found = [
        Time(at, starts.write(at), when.clock(at, zone), when.offset(at, zone) if has_change else "") for at in instants
    ]
    return Day(day, found)


def _following(month: date) -> date:
    """The first day of the month after."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)
