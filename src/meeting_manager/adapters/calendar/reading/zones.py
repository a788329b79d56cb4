"""Which time an event means: every one ends up with a zone, and where that is a guess, the guess is noted."""

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar
from icalendar.timezone import tzp

from meeting_manager.adapters.calendar.reading.patience import at_most
from meeting_manager.adapters.calendar.reading.splitting import raw
from meeting_manager.engine.zones import day_bounds

Time = date | datetime

_NAMED = re.compile(r';TZID=("[^"\n]*"|tzone:[^:;\n]*|[^":;\n]*)', re.IGNORECASE)
_OFFSET = re.compile(r"(?:UTC|GMT)\s*([+-])(\d{1,2}):?(\d{2})?", re.IGNORECASE)
_UTC = frozenset({"utc", "gmt", "z", "etc/utc", "tzone://microsoft/utc"})
_ZONE_SECONDS = 1.0


class Zones:
    """The zones of one file, read for somebody whose own zone is `own`; `guessed` are names that nobody knows."""

    def __init__(self, own: str, of_calendar: str, definitions: Iterable[str]) -> None:
        self.own = own
        self.guessed: set[str] = set()
        for definition in definitions:
            _learn(definition)
        self._aliases: dict[str, str] = {}
        # Where a file names its zone, times without one are meant in it; else they are wherever their reader is.
        self._floating: tzinfo = (_known(of_calendar) if of_calendar else None) or ZoneInfo(own)

    def readable(self, text: str) -> str:
        """The text of an event, with names of zones that the library cannot look up, or breaks over, replaced."""
        return _NAMED.sub(self._renamed, text)

    def _renamed(self, found: re.Match[str]) -> str:
        return ";TZID=" + self._alias(found.group(1).strip('"'))

    def _alias(self, name: str) -> str:
        if name not in self._aliases:
            is_plain = _looked_up(name) is not None and not set(name) & set(':;,"')
            self._aliases[name] = f'"{name}"' if is_plain else f"zone-{len(self._aliases)}"
        return self._aliases[name]

    def settle(self, prop: Any, moment: Any) -> Any:  # noqa: ANN401 - dates, times, and pairs of them
        """The value of a property with a zone: dates stay dates, times without a zone get theirs."""
        if isinstance(moment, tuple):
            return tuple(self.settle(prop, part) for part in moment)
        if not isinstance(moment, datetime) or moment.tzinfo is not None:
            return moment
        return moment.replace(tzinfo=self._named(str(prop.params.get("TZID", ""))))

    def instant(self, moment: Time) -> int:
        """When that is, in UTC epoch seconds; a date begins with the day of its reader."""
        if isinstance(moment, datetime):
            return int(moment.timestamp())
        return day_bounds(self.own, moment)[0]

    def _named(self, name: str) -> tzinfo:
        if not name:
            return self._floating
        name = next((meant for meant, alias in self._aliases.items() if alias == name), name)
        found = _known(name)
        if found is None:
            self.guessed.add(name)
        return found or ZoneInfo(self.own)


def _known(name: str) -> tzinfo | None:
    """The zone of that name: IANA's, Windows', one the file defines, or a plain difference from UTC."""
    if name.strip().lower() in _UTC:
        return ZoneInfo("UTC")
    for candidate in (name, name.strip(), "/".join(name.split("/")[-2:])):
        found = _looked_up(candidate)
        if found is not None:
            return found
    offset = _OFFSET.search(name)
    return _fixed(*offset.groups(default="0")) if offset else None


def _looked_up(name: str) -> tzinfo | None:
    with suppress(Exception):  # the library's look-up fails in many ways over names from outside
        return tzp.timezone(name)
    return None


def _fixed(sign: str, hours: str, minutes: str) -> tzinfo | None:
    ahead = timedelta(hours=int(hours), minutes=int(minutes))
    if ahead >= timedelta(hours=24):
        return None
    return timezone(-ahead if sign == "-" else ahead)


def _is_iana(name: str) -> bool:
    with suppress(Exception):  # names from outside fail in many ways
        return bool(ZoneInfo(name))
    return False


def forget_definitions() -> None:
    """Have the library forget what files said of zones."""
    tzp.use_default()


def _learn(definition: str) -> None:
    """Have the library know a zone as the file defines it, unless the world does; one it cannot read is unknown."""
    if _is_iana(raw(definition, "TZID")):
        return  # the library would only read it and think the same
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-\n{definition}END:VCALENDAR\n"
    with suppress(Exception), at_most(_ZONE_SECONDS):
        Calendar.from_ical(text)
