"""Questions about meetings that come again: when they would be, who is not free, and which belong together."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from meeting_manager.bookings import times, validators
from meeting_manager.bookings.facts import moment
from meeting_manager.bookings.inputs import Pattern
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.when import local
from meeting_manager.departments.models import MeetingType
from meeting_manager.engine.lifecycle import HOLDING
from meeting_manager.engine.recurrence import (
    MOST,
    Dates,
    Repeats,
    instant_at,
    is_last_of_its_weekday,
    ordinal,
    recur,
    two_years_after,
)
from meeting_manager.engine.refusals import RefusalCode

WAIVED = (RefusalCode.ADVANCE,)
"""What does not apply to a series: how far ahead customers may book says nothing about colleagues' own meetings."""


class Reach(StrEnum):
    """Which meetings of a series a change is for."""

    ONE = "one"
    FOLLOWING = "following"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One meeting to be, aware UTC, with who is not free and why; `day` is its date in the zone of the series."""

    day: date
    start: datetime
    end: datetime
    clashes: Sequence[times.Explanation] = ()


@dataclass(frozen=True, slots=True)
class Outlook:
    """The meetings a series would have, and the months without such a day (their firsts)."""

    occurrences: Sequence[Occurrence]
    skipped: Sequence[date]


def foresee(
    *, meeting_type: MeetingType, pattern: Pattern, start: datetime, end: datetime, zone: str, hosts: Collection[int],
    now: datetime,
) -> Outlook:  # fmt: skip
    """Every meeting of the series that begins with `[start, end)`, on the wall clock of `zone`, with its clashes.

    `hosts` are user ids; at most seven queries. Raises ValidationError for a pattern that makes no sense.
    """
    dates, spans = spans_of(pattern, start, end, zone)
    found = times.explain_all(meeting_type=meeting_type, spans=spans, now=now, hosts=hosts, waived=WAIVED)
    occurrences = [
        Occurrence(day, *span, [one for one in each if one.refusals])
        for day, span, each in zip(dates.dates, spans, found, strict=True)
    ]
    return Outlook(occurrences, dates.skipped)


def spans_of(
    pattern: Pattern, start: datetime, end: datetime, zone: str
) -> tuple[Dates, list[tuple[datetime, datetime]]]:
    """The dates of a series in `zone`, and its meetings in UTC; each as long as the first. Raises ValidationError."""
    there = local(start, zone)
    dates = _dates(pattern, there.date())
    wall = there.hour * 3600 + there.minute * 60 + there.second
    starts = [moment(instant_at(zone, day, wall)) for day in dates.dates]
    return dates, [(begins, begins + (end - start)) for begins in starts]


def repeats_for(first: date) -> list[Repeats]:
    """How a series may repeat that begins on `first`."""
    possible = [Repeats.WEEKLY, Repeats.FORTNIGHTLY, Repeats.MONTHLY_DATE]
    if ordinal(first) <= 4:
        possible.append(Repeats.MONTHLY_WEEKDAY)
    if is_last_of_its_weekday(first):
        possible.append(Repeats.MONTHLY_LAST)
    return possible


def reached(booking: Booking, reach: Reach, now: datetime) -> QuerySet[Booking]:
    """The meetings that a change of `booking` is for: those to come that hold their time, in order, and itself."""
    if reach is Reach.ONE or booking.series_id is None:
        return Booking.objects.filter(pk=booking.pk)
    upcoming = Booking.objects.filter(
        series=booking.series_id, booking_status__in=HOLDING, start_datetime__gt=now
    ) | Booking.objects.filter(pk=booking.pk)
    if reach is Reach.FOLLOWING:
        upcoming = upcoming.filter(series_start__gte=booking.series_start)
    return upcoming.order_by("start_datetime", "pk")


def moved_span(
    booking: Booking, zone: str, days: timedelta, wall: int, length: timedelta | None
) -> tuple[datetime, datetime]:
    """Where a meeting goes as its series moves by whole `days` to another time of day (`wall`, seconds)."""
    begins = moment(instant_at(zone, local(booking.start_datetime, zone).date() + days, wall))
    return begins, begins + (length or booking.end_datetime - booking.start_datetime)


def _dates(pattern: Pattern, first: date) -> Dates:
    if pattern.times is None and pattern.until is None:
        raise validators.refusal("times", _("Say how often, or until when."))
    if pattern.times is not None and not 2 <= pattern.times <= MOST:
        raise validators.refusal("times", _("A series has 2 to %(most)s meetings.") % {"most": MOST})
    if pattern.until is not None and not first < pattern.until <= two_years_after(first):
        raise validators.refusal("until", _("A series ends after its first meeting, within two years."))
    if pattern.repeats not in {*repeats_for(first), Repeats.MONTHLY_WEEKDAY}:
        raise validators.refusal("repeats", _("The first meeting is not on such a day."))
    found = recur(pattern.repeats, first, times=pattern.times or MOST, until=pattern.until or date.max)
    if pattern.times and len(found.dates) < pattern.times:
        raise validators.refusal("times", _("So many meetings do not fit into two years."))
    if len(found.dates) < 2:
        raise validators.refusal("until", _("Until then there is only one meeting."))
    return found
