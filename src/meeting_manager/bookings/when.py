"""Instants as people read them: in a time zone, with its name, in the language, region and clock of who reads.

The forms are those of Unicode's CLDR; where we prefer one of our own, `_OURS` has it.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.dates import format_timedelta, parse_pattern
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meeting_manager.people.languages import current_locale, current_tag, locale_of

CLOCK_STYLES = ("24", "12")
_MINUTE = timedelta(minutes=1)
_QUOTED = re.compile("'[^']*'")
_WEEKDAY = re.compile("E+|c+")
_OURS = {("en_GB", "yMMMEd"): "E d MMM y", ("en_GB", "MMMMEd"): "EEEE, d MMMM"}

_chosen_clock: ContextVar[str] = ContextVar("clock_style", default="")


@contextmanager
def using_clock(style: str) -> Iterator[None]:
    """Write times of day by this clock meanwhile, "12" or "24"; anything else leaves it to language and region."""
    token = _chosen_clock.set(style if style in CLOCK_STYLES else "")
    try:
        yield
    finally:
        _chosen_clock.reset(token)


def clock_style() -> str:
    """The clock that times of day are written by: "12" or "24"."""
    return _chosen_clock.get() or _usual_clock(current_locale())


def local(instant: datetime, zone: str) -> datetime:
    """The aware `instant` on the clocks of an IANA zone."""
    return instant.astimezone(ZoneInfo(zone))


def day(instant: datetime, zone: str) -> str:
    """The local date in full: "Monday, 7 December 2026"."""
    return long_date(local(instant, zone).date())


def long_date(given: date) -> str:
    """A date in full: "Monday, 7 December 2026"."""
    locale = current_locale()
    return _written(given, locale.date_formats["full"].pattern, locale)


def short_date(given: date) -> str:
    """A date in short: "Mon 7 Dec 2026"."""
    return _by_skeleton(given, "yMMMEd")


def moment(instant: datetime, zone: str) -> str:
    """Date and time in short, for lists: "7 December 2026, 09:00"."""
    locale = current_locale()
    there = local(instant, zone).date()
    return f"{_written(there, locale.date_formats['long'].pattern, locale)}, {clock(instant, zone)}"


def ago(instant: datetime, now: datetime) -> str:
    """How long before `now` it was: "5 minutes ago"."""
    if now - instant < _MINUTE:
        return _("just now")
    return format_timedelta(instant - now, granularity="minute", add_direction=True, locale=current_locale())


def weekday(given: date) -> str:
    """The day of the week: "Monday"."""
    return _written(given, "cccc", current_locale())


def short_weekday(given: date) -> str:
    """The day of the week, for the head of a column: "Mon"."""
    return _written(given, "ccc", current_locale())


def first_weekday() -> int:
    """The day with which weeks begin, 0 for Monday."""
    return current_locale().first_week_day


def month(given: date) -> str:
    """The month of a date: "December 2026"."""
    return _by_skeleton(given, "yMMMM")


def weekday_and_day(given: date) -> str:
    """A date without its year: "Monday, 7 December"; CLDR has the short form of it everywhere, which is widened."""
    locale = current_locale()
    skeletons = locale.datetime_skeletons
    known = skeletons["MMMMEd" if "MMMMEd" in skeletons else "MMMEd"].pattern
    pattern = _OURS.get((str(locale), "MMMMEd")) or _widened(known)
    return _written(given, _WEEKDAY.sub("EEEE", pattern), locale)


def day_of_month(given: date) -> str:
    """A date without weekday and year: "7 December"."""
    return _by_skeleton(given, "MMMMd")


def short_day(given: date) -> str:
    """A date without weekday and year, for charts: "7 Dec"."""
    return _by_skeleton(given, "MMMd")


def short_month(given: date) -> str:
    """The name of a month, for charts: "Dec"."""
    return _written(given, "LLL", current_locale())


def clock(instant: datetime, zone: str) -> str:
    """The local time of day: "09:00"; quick, since a page shows hundreds of them."""
    there = instant.astimezone(ZoneInfo(zone))
    return _clocks(current_tag(), _chosen_clock.get())[there.hour * 60 + there.minute]


def span(start: datetime, end: datetime, zone: str) -> str:
    """From when to when: "09:00–09:30", with the date of the end where that is another day."""
    first, last = local(start, zone), local(end, zone)
    until = clock(end, zone) if first.date() == last.date() else f"{clock(end, zone)}, {weekday_and_day(last)}"
    return f"{clock(start, zone)}–{until}"


def period(first: date, last: date) -> str:
    """Two dates, both inclusive: "7–13 December 2026", with month and year once where they are the same."""
    locale = current_locale()
    if first == last:
        return _written(first, locale.date_formats["long"].pattern, locale)
    differs = "y" if first.year != last.year else "M" if first.month != last.month else "d"
    return "".join(
        _written(given, pattern, locale)
        for given, pattern in zip((first, last), _ends_of_period(str(locale), differs), strict=True)
    ).replace("\u2009", " ")


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
        return ngettext("%(minutes)d minute", "%(minutes)d minutes", minutes) % {"minutes": minutes}
    if not rest:
        return ngettext("%(hours)d hour", "%(hours)d hours", hours) % {"hours": hours}
    # Translators: a duration in short
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}


@lru_cache(maxsize=1)
def zone_choices() -> tuple[str, ...]:
    """The zones that people choose from: those named after places, and UTC."""
    places = {zone for zone in available_timezones() if "/" in zone and not zone.startswith(_NO_PLACES)}
    return ("UTC", *sorted(places))


_NO_PLACES = ("Etc/", "SystemV/", "US/", "posix/", "right/")


def _written(given: date | time, pattern: str, locale: Locale) -> str:
    return parse_pattern(pattern).apply(given, locale)


def _by_skeleton(given: date, skeleton: str) -> str:
    locale = current_locale()
    ours = _OURS.get((str(locale), skeleton))
    return _written(given, ours or locale.datetime_skeletons[skeleton].pattern, locale)


@lru_cache(maxsize=512)
def _ends_of_period(identifier: str, differs: str) -> Sequence[str]:
    """How the two ends of a period are written whose largest difference is day, month or year ("d", "M", "y").

    CLDR has such forms with short months everywhere; with long months only where these are declined.
    """
    intervals = Locale.parse(identifier).interval_formats
    ends = intervals["yMMMMd"] if "yMMMMd" in intervals else intervals["yMMMd"]
    first, last = ends[differs]
    return _widened(first), _widened(last)


def _widened(pattern: str) -> str:
    return re.sub("M{3,4}", "MMMM", pattern)


def _usual_clock(locale: Locale) -> str:
    """The clock of a locale, by the form in which CLDR writes a time there."""
    pattern = _QUOTED.sub("", locale.time_formats["short"].pattern)
    return "12" if set("hK") & set(pattern) else "24"


@lru_cache(maxsize=512)
def _clocks(tag: str, style: str) -> Sequence[str]:
    """Every minute of a day in words; by the clock of the locale where `style` is empty."""
    locale = locale_of(tag)
    skeleton = "hm" if (style or _usual_clock(locale)) == "12" else "Hm"
    periods = locale.day_periods["format"]["abbreviated"]
    return _every_minute(locale.datetime_skeletons[skeleton].pattern, periods["am"], periods["pm"], locale.language)


@lru_cache(maxsize=64)
def _every_minute(pattern: str, am: str, pm: str, language: str) -> Sequence[str]:
    """Locales share most of these, so that all of the world's need little memory.

    CLDR puts a narrow blank before "AM", or none that holds; ours is one that every font has, and holds.
    """
    locale = Locale.parse(language)
    texts = (_written(time(minute // 60, minute % 60), pattern.replace("a", "'@'"), locale) for minute in range(1440))
    halves = (am, pm)
    return tuple(
        text.replace("\u202f", "\xa0").replace(" @", "\xa0@").replace("@", halves[minute // 720])
        for minute, text in enumerate(texts)
    )
