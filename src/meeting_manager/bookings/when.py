"""Instants as people read them: in a time zone, with its name, by the language of the request."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from django.utils.formats import date_format
from django.utils.translation import gettext as _

DAY = "l, j F Y"
CLOCK = "H:i"
_MINUTE = timedelta(minutes=1)


def local(instant: datetime, zone: str) -> datetime:
    """The aware `instant` on the clocks of an IANA zone."""
    return instant.astimezone(ZoneInfo(zone))


def day(instant: datetime, zone: str) -> str:
    """The local date in full: "Monday, 7 December 2026"."""
    return long_date(local(instant, zone).date())


def long_date(given: date) -> str:
    """A date in full: "Monday, 7 December 2026"."""
    return date_format(given, DAY)


def weekday(given: date) -> str:
    """The day of the week: "Monday"."""
    return date_format(given, "l")


def short_weekday(given: date) -> str:
    """The day of the week, for the head of a column: "Mon"."""
    return date_format(given, "D")


def first_weekday() -> int:
    """The day with which weeks begin, 0 for Monday."""
    return 0


def weekday_and_day(given: date) -> str:
    """A date without its year: "Monday, 7 December"."""
    return date_format(given, "l, j F")


def month(given: date) -> str:
    """The month of a date: "December 2026"."""
    return date_format(given, "F Y")


def day_of_month(given: date) -> str:
    """A date without weekday and year: "7 December"."""
    return date_format(given, "j F")


def clock(instant: datetime, zone: str) -> str:
    """The local time of day: "09:00"."""
    return date_format(local(instant, zone), CLOCK)


def span(start: datetime, end: datetime, zone: str) -> str:
    """From when to when: "09:00–09:30", with the date of the end where that is another day."""
    first, last = local(start, zone), local(end, zone)
    until = clock(end, zone) if first.date() == last.date() else f"{clock(end, zone)}, {date_format(last, 'l, j F')}"
    return f"{clock(start, zone)}–{until}"


def period(first: date, last: date) -> str:
    """Two dates, both inclusive: "7–13 December 2026", with month and year once where they are the same."""
    end = date_format(last, "j F Y")
    if (first.year, first.month) == (last.year, last.month):
        return f"{date_format(first, 'j')}–{end}"
    return f"{date_format(first, 'j F' if first.year == last.year else 'j F Y')} – {end}"


def zone_name(zone: str, instant: datetime) -> str:
    """The zone as people write it, with what it is ahead of UTC then: "America/New York (UTC−5)"."""
    return zone if zone == "UTC" else f"{zone.replace('_', ' ')} ({offset(instant, zone)})"


def offset(instant: datetime, zone: str) -> str:
    """What local time is ahead of UTC: "UTC+5:30", "UTC−5", "UTC"."""
    minutes = (local(instant, zone).utcoffset() or timedelta()) // _MINUTE
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'−' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}"


def length(minutes: int) -> str:
    """A duration in words: "45 minutes", "1 hour", "1 h 30 min"."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)d minutes") % {"minutes": minutes}
    if not rest:
        return _("1 hour") if hours == 1 else _("%(hours)d hours") % {"hours": hours}
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}


@lru_cache(maxsize=1)
def zone_choices() -> tuple[str, ...]:
    """The zones that people choose from: those named after places, and UTC."""
    places = {zone for zone in available_timezones() if "/" in zone and not zone.startswith(_NO_PLACES)}
    return ("UTC", *sorted(places))


_NO_PLACES = ("Etc/", "SystemV/", "US/", "posix/", "right/")
