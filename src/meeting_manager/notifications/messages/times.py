"""Times as the recipient reads them: date, clock, zone and offset, theirs first, then whoever else's differ."""

import unicodedata
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.translation import get_language_bidi, npgettext, pgettext
from django.utils.translation import gettext as _

from meeting_manager.bookings import when
from meeting_manager.notifications.messages.about import About
from meeting_manager.notifications.messages.parts import Line

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def lines(about: About, start: datetime, end: datetime) -> tuple[Line, ...]:
    """For the table: "Tuesday, 8 December 2026, 15:00–15:30", the zone, and a line for each other clock."""
    own = f"{when.day(start, about.zone)}, {when.span(start, end, about.zone)}"
    others = (_("For %(name)s: %(when)s") % {"name": name, "when": told} for name, told in _others(about, start, end))
    beside = (Line(other, look="soft") for other in others)
    return (Line(own, look="strong"), Line(when.zone_name(about.zone, start)), *beside)


def sentence(about: About, start: datetime, end: datetime) -> str:
    """In one line: "Tuesday, 8 December 2026, 15:00–15:30 Europe/Berlin (UTC+1); for Sarah 09:00–09:30 …"."""
    own = _full(start, end, about.zone)
    others = (_("for %(name)s %(when)s") % {"name": name, "when": told} for name, told in _others(about, start, end))
    return "; ".join([own, *others])


def moment(instant: datetime, zone: str) -> str:
    """ "Tuesday, 8 December 2026, 15:00 Europe/Berlin (UTC+1)"."""
    return f"{when.day(instant, zone)}, {when.clock(instant, zone)} {when.zone_name(zone, instant)}"


def short(instant: datetime, zone: str) -> str:
    """For subjects: "Tue 8 Dec 2026, 15:00 (Berlin)"."""
    city = zone.rpartition("/")[2].replace("_", " ")
    return f"{when.short_date(when.local(instant, zone))}, {when.clock(instant, zone)} ({city})"


def brief(about: About, start: datetime, end: datetime) -> str:
    """In a list of dates: "Tue 8 Dec 2026, 15:00–15:30"."""
    return f"{when.short_date(when.local(start, about.zone).date())}, {when.span(start, end, about.zone)}"


def left(until: timedelta) -> str:
    """How long, as in "begins in 45 minutes": also "2 hours", "3 days"; what is past is "a moment"."""
    if until < _MINUTE:
        return pgettext("begins in", "a moment")
    if until < timedelta(minutes=90):
        step = 1 if until < timedelta(minutes=10) else 5
        minutes = max(1, round(until / _MINUTE / step) * step)
        if minutes < 60:
            return npgettext("begins in", "%(minutes)d minute", "%(minutes)d minutes", minutes) % {"minutes": minutes}
        if minutes > 60:
            return when.length(minutes)
    if until < 2 * _DAY:
        hours = round(until / _HOUR)
        return npgettext("begins in", "%(hours)d hour", "%(hours)d hours", hours) % {"hours": hours}
    days = round(until / _DAY)
    return npgettext("begins in", "%(days)d day", "%(days)d days", days) % {"days": days}


def _full(start: datetime, end: datetime, zone: str) -> str:
    return f"{when.day(start, zone)}, {when.span(start, end, zone)} {when.zone_name(zone, start)}"


def _others(about: About, start: datetime, end: datetime) -> Iterator[tuple[str, str]]:
    """Whose clocks show something else meanwhile, and what; the date where it differs too."""
    shown = [about.zone]
    for name, zone in _clocks(about):
        if all(_differ(zone, known, start, end) for known in shown):
            shown.append(zone)
            same_day = when.day(start, zone) == when.day(start, about.zone)
            clock = f"{when.span(start, end, zone)} {when.zone_name(zone, start)}"
            yield _before_digits(name), clock if same_day else _full(start, end, zone)


def _clocks(about: About) -> Iterator[tuple[str, str]]:
    host = about.hosts[0].display_name if about.hosts and about.is_settled else about.department.department_name
    yield host, about.occasion.host_zone
    if about.for_staff and about.booking.customer_timezone:
        yield about.booking.customer_name, about.booking.customer_timezone


def _before_digits(name: str) -> str:
    """A name after which digits keep their order: behind one in Arabic or Hebrew, 15:00–15:30 would show reversed."""
    runs_left = any(unicodedata.bidirectional(sign) in {"R", "AL"} for sign in name)
    return f"{name}\u200e" if runs_left and not get_language_bidi() else name


def _differ(one: str, other: str, *instants: datetime) -> bool:
    return any(when.local(each, one).utcoffset() != when.local(each, other).utcoffset() for each in instants)
