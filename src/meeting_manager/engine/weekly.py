"""Reading stored working hours, and refusing what is malformed in words that name the day."""

import re
from collections.abc import Mapping
from typing import Any

from meeting_manager.engine.facts import DayHours, Span, WeeklyHours

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MINUTES_A_DAY = 24 * 60

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_DAY_KEYS = {"enabled", "start", "end"}
_BREAK_KEYS = {"start", "end"}


class HoursError(ValueError):
    """Working hours that cannot be used. `day` is the weekday's key, or None for the whole object; `place` says where
    in the day: "start", "end", "breaks.0.start", … or empty.
    """

    def __init__(self, message: str, day: str | None = None, place: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.day = day
        self.place = place


def parse_clock(text: object, end: bool = False) -> int:
    """Minutes of the day for "HH:MM"; "24:00" only where `end` allows it. Raises ValueError."""
    if end and text == "24:00":
        return MINUTES_A_DAY
    match = _CLOCK.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        last = "24:00" if end else "23:59"
        raise ValueError(f"'{text}' is not a time. Use HH:MM with two digits each, from 00:00 to {last}.")
    return int(match[1]) * 60 + int(match[2])


def format_clock(minutes: int) -> str:
    """Minutes of the day as "HH:MM"; 1440 is "24:00"."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def parse_weekly_hours(data: object) -> WeeklyHours:
    """Stored working hours as facts.

    Takes the JSON object of `working_hours_json`; raises HoursError, whose message names the day
    and the remedy, for anything but exactly the seven days with usable hours.
    """
    if not isinstance(data, Mapping):
        raise HoursError("Working hours must be an object with all seven days, monday to sunday.")
    _check_keys(data, set(WEEKDAYS), set(), "Working hours", None)
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = (_parse_day(day, data[day]) for day in WEEKDAYS)
    hours = (monday, tuesday, wednesday, thursday, friday, saturday, sunday)
    if not any(day.enabled for day in hours):
        raise HoursError("Working hours: at least one day must be enabled.")
    return hours


def default_working_hours() -> dict[str, Any]:
    """The JSON object of the default: Monday to Friday, 09:00-17:00. A new one for each caller."""
    return {
        day: {"enabled": number < 5, "start": "09:00", "end": "17:00", "breaks": []}
        for number, day in enumerate(WEEKDAYS)
    }


def _parse_day(day: str, data: object) -> DayHours:
    name = f"Working hours of {day.capitalize()}"
    if not isinstance(data, Mapping):
        raise HoursError(f'{name} must be an object like {{"enabled": true, "start": "09:00", "end": "17:00"}}.', day)
    _check_keys(data, _DAY_KEYS, {"breaks"}, name, day)
    if not isinstance(data["enabled"], bool):
        raise HoursError(f"{name}: 'enabled' must be true or false.", day)
    start, end = _parse_span(data, name, day)
    return DayHours(data["enabled"], start, end, _parse_breaks(data.get("breaks", []), (start, end), name, day))


def _parse_breaks(data: object, hours: Span, name: str, day: str) -> tuple[Span, ...]:
    if not isinstance(data, list | tuple):
        raise HoursError(f"{name}: 'breaks' must be a list of objects with 'start' and 'end'.", day)
    breaks: list[Span] = []
    earliest = hours[0]
    for number, entry in enumerate(data, start=1):
        label, place = f"{name}, break {number}", f"breaks.{number - 1}"
        if not isinstance(entry, Mapping):
            raise HoursError(f"{label} must be an object with 'start' and 'end'.", day)
        _check_keys(entry, _BREAK_KEYS, set(), label, day)
        start, end = _parse_span(entry, label, day, f"{place}.")
        if start < hours[0] or end > hours[1]:
            inside = f"{format_clock(hours[0])}–{format_clock(hours[1])}"
            raise HoursError(f"{label} must lie inside the hours of the day ({inside}).", day, f"{place}.start")
        if start < earliest:
            message = f"{label} begins before break {number - 1} ends. Put breaks in order, apart."
            raise HoursError(message, day, f"{place}.start")
        breaks.append((start, end))
        earliest = end
    return tuple(breaks)


def _parse_span(data: Mapping[Any, Any], label: str, day: str, within: str = "") -> Span:
    start, end = (_parse_edge(data, edge, label, day, within) for edge in ("start", "end"))
    if end <= start:
        raise HoursError(f"{label}: the end must be after the start.", day, f"{within}end")
    return start, end


def _parse_edge(data: Mapping[Any, Any], edge: str, label: str, day: str, within: str) -> int:
    try:
        return parse_clock(data[edge], end=edge == "end")
    except ValueError as error:
        raise HoursError(f"{label}: {edge} {error}", day, within + edge) from None


def _check_keys(data: Mapping[Any, Any], needed: set[str], optional: set[str], label: str, day: str | None) -> None:
    missing = sorted(needed - data.keys())
    if missing:
        raise HoursError(f"{label}: '{missing[0]}' is missing.", day)
    unknown = sorted(str(key) for key in data.keys() - needed - optional)
    if unknown:
        allowed = ", ".join(sorted(needed | optional))
        raise HoursError(f"{label}: '{unknown[0]}' is not known. Use only {allowed}.", day)
