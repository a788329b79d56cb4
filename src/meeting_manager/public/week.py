"""The week of times that a guest chooses from: always one that has some, if there are any.

A week is seven local days from any date, so that the first screen is full on a Friday too.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from meeting_manager.bookings import texts, times, when
from meeting_manager.bookings.facts import Moving, moment
from meeting_manager.departments.models import MeetingType
from meeting_manager.engine.slots import Slot
from meeting_manager.public import starts

T = TypeVar("T")

HORIZON = 366
"""Days ahead in which times are looked for; nobody can be booked further ahead (availability rules, 1–365)."""

_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)
_STRIDE = timedelta(days=times.LONGEST_RANGE)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the address asks for: a zone, and times from a date on or the last ones before a date."""

    zone: str
    since: date | None = None
    before: date | None = None
    problems: Sequence[tuple[str, str]] = ()
    """Parameter and message of everything that made no sense."""

    @property
    def wrong(self) -> dict[str, str]:
        """The problem of each parameter that has one."""
        return dict(self.problems)


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
    """The times of one local date; only dates with times are shown."""

    date: date
    weekday: str
    name: str
    times: Sequence[Time]


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from `first` to `last`, with a word about what was skipped to find them."""

    wish: Wish
    first: date
    days: Sequence[Day]
    today: date
    notice: str = ""
    is_start: bool = False
    """Whether nothing earlier can be there."""

    @property
    def last(self) -> date:
        """The last of the seven days."""
        return self.first + _WEEK - _DAY

    @property
    def title(self) -> str:
        """From when to when."""
        return when.period(self.first, self.last)

    @property
    def next(self) -> date | None:
        """Where the following week begins; None where nothing can be there."""
        following = self.first + _WEEK
        return following if self.days and following <= self.today + timedelta(days=HORIZON) else None


def read_wish(query: QueryDict, default_zone: str) -> Wish:
    """What the query string asks for; what makes no sense is noted and the default taken."""
    problems: list[tuple[str, str]] = []

    def clean(name: str, read: Callable[[str], T], default: T) -> T:
        try:
            return read(query.get(name, ""))
        except ValidationError as error:
            problems.extend((name, message) for message in error.messages)
            return default

    zone = clean("timezone", lambda text: texts.zone("Timezone", text), "") or default_zone
    since = clean("from", lambda text: starts.read_date("From", text), None)
    before = clean("before", lambda text: starts.read_date("Before", text), None)
    return Wish(zone, since, before, problems)


def find_week(meeting_type: MeetingType, wish: Wish, now: datetime, moving: Moving | None = None) -> Week:
    """The week asked for, or where it has no times the nearest one that has, which the notice then says.

    Seven queries at most where the week has times; six times that where the whole year has to be searched.
    """
    return _Search(meeting_type, wish, now, moving).run()


class _Search:
    def __init__(self, meeting_type: MeetingType, wish: Wish, now: datetime, moving: Moving | None) -> None:
        self._type, self._wish, self._now, self._moving = meeting_type, wish, now, moving
        self._today = when.local(now, wish.zone).date()
        self._end = self._today + timedelta(days=HORIZON)

    def run(self) -> Week:
        if self._wish.before is not None:
            return self._backward(self._within(self._wish.before))
        return self._forward(self._within(self._wish.since or self._today))

    def _within(self, given: date) -> date:
        return min(max(given, self._today), self._end)

    def _forward(self, first: date, notice: str = "") -> Week:
        if week := self._week(first, notice):
            return week
        skipped = when.period(first, first + _WEEK - _DAY)
        found = self._first_after(first + _WEEK)
        if found is None:
            return self._nothing(first)
        text = _("There are no free times from %(period)s. These are the next ones.") % {"period": skipped}
        return self._week(found, notice or text) or self._nothing(first)

    def _backward(self, before: date) -> Week:
        first = max(before - _WEEK, self._today)
        if week := self._week(first):
            return week
        slots = self._slots(max(before - _STRIDE, self._today), before - _DAY)
        if not slots:
            return self._forward(self._today, _("There are no earlier times. These are the first."))
        last = self._date_of(slots[-1])
        return self._week(max(last - _WEEK + _DAY, self._today)) or self._nothing(first)

    def _week(self, first: date, notice: str = "") -> Week | None:
        days = self._days(self._slots(first, first + _WEEK - _DAY))
        return Week(self._wish, first, days, self._today, notice, first <= self._today) if days else None

    def _nothing(self, first: date) -> Week:
        later = first > self._today
        text = _("There are no later times.") if later else _("There are no free times at the moment.")
        return Week(self._wish, first, (), self._today, text, first <= self._today)

    def _first_after(self, first: date) -> date | None:
        while first <= self._end:
            if slots := self._slots(first, first + _STRIDE - _DAY):
                return self._date_of(slots[0])
            first += _STRIDE
        return None

    def _slots(self, first: date, last: date) -> Sequence[Slot]:
        if last < first:
            return ()
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
    return Day(day, when.weekday(day), when.day_of_month(day), found)
