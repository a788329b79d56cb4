"""Spans of days that have a name, such as the next seven."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meeting_manager.bookings import when
from meeting_manager.bookings.facts import moment
from meeting_manager.engine.zones import day_bounds

UPCOMING, RANGE, ALL = "upcoming", "range", "all"

PERIODS: Mapping[str, str | Promise] = {
    UPCOMING: _("From today on"),
    "today": _("Today"),
    "week": _("Next 7 days"),
    "month": _("This month"),
    "past": _("Past 30 days"),
    ALL: _("All"),
    RANGE: _("From … to …"),
}
BACKWARDS = frozenset({"past", ALL})
"""Of these the latest comes first, unless another order was asked for."""

Ends = tuple[date | None, date | None]
"""The first day, and the one after the last; None: without end."""

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_MONTH = timedelta(days=30)
_SURELY_NEXT_MONTH = timedelta(days=31)

_NAMED: Mapping[str, Callable[[date], Ends]] = {
    UPCOMING: lambda today: (today, None),
    "today": lambda today: (today, today + _DAY),
    "week": lambda today: (today, today + _WEEK),
    "month": lambda today: (today.replace(day=1), (today.replace(day=1) + _SURELY_NEXT_MONTH).replace(day=1)),
    "past": lambda today: (today - _MONTH, today + _DAY),
    ALL: lambda _today: (None, None),
}


def instants_of(
    period: str, first: date | None, last: date | None, zone: str, now: datetime
) -> tuple[datetime | None, datetime | None]:
    """The instants (UTC) from which and before which a period holds, by the days of `zone`.

    `first` and `last`, both inclusive, count for RANGE only.
    """
    if period == RANGE:
        ends: Ends = (first, last + _DAY if last else None)
    else:
        ends = _NAMED[period](when.local(now, zone).date())
    since, until = (moment(day_bounds(zone, each)[0]) if each else None for each in ends)
    return since, until
