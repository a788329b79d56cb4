"""Working hours as they are typed: a week of days, each with its breaks, and what is wrong with them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.http import QueryDict

from meeting_manager.bookings import when
from meeting_manager.engine.facts import DayHours
from meeting_manager.engine.hours import open_stretches
from meeting_manager.engine.weekly import (
    WEEKDAYS,
    HoursError,
    default_working_hours,
    format_clock,
    parse_weekly_hours,
)

MOST_BREAKS = 12
_A_MONDAY = date(2024, 1, 1)
_SHORT_CLOCK = re.compile(r"([0-9]{1,2})(?:[:.h]([0-9]{2}))?")
_WORKING_DAYS = WEEKDAYS[:5]


@dataclass(frozen=True, slots=True)
class Field:
    """One time of day as it is typed, with what is wrong with it."""

    id: str
    value: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Pause:
    """A break."""

    number: int
    start: Field
    end: Field


@dataclass(frozen=True, slots=True)
class Stretch:
    """Open minutes of a day, as a bar is drawn; `words` is "09:00–12:00"."""

    start: int
    length: int
    words: str


@dataclass(frozen=True, slots=True)
class Day:
    """A weekday as it is typed. `error` is about the day as a whole."""

    key: str
    name: str
    short_name: str
    enabled: bool
    start: Field
    end: Field
    pauses: Sequence[Pause] = ()
    error: str = ""
    stretches: Sequence[Stretch] = ()

    @property
    def errors(self) -> list[tuple[str, str]]:
        """What is wrong, each with the id of its field."""
        fields = [self.start, self.end, *(edge for pause in self.pauses for edge in (pause.start, pause.end))]
        found = [(each.id, each.error) for each in fields if each.error]
        return [*([(f"{self.key}-enabled", self.error)] if self.error else []), *found]


@dataclass(frozen=True, slots=True)
class Typed:
    """The texts of a day."""

    enabled: bool
    start: str
    end: str
    breaks: Sequence[tuple[str, str]] = ()


@dataclass(slots=True)
class Week:
    """The texts of all seven days."""

    typed: dict[str, Typed] = field(default_factory=dict)

    @classmethod
    def of_stored(cls, hours: Mapping[str, Any]) -> "Week":
        """The hours of somebody as they are kept."""
        return cls({key: _of_stored(hours[key]) for key in WEEKDAYS})

    @classmethod
    def of_form(cls, given: QueryDict) -> "Week":
        """The hours that were sent; times are taken as people write them, "9" or "9.30" too."""
        return cls({key: _of_form(key, given) for key in WEEKDAYS})

    def stored(self) -> dict[str, Any]:
        """As they are kept; breaks that are left empty are none."""
        return {key: _stored(typed) for key, typed in self.typed.items()}

    def days(self, *, checked: bool = True) -> list[Day]:
        """Each day as it is shown, with what is wrong where it was `checked`."""
        return [_day(number, key, self.typed[key], checked=checked) for number, key in enumerate(WEEKDAYS)]

    def add_break(self, key: str) -> None:
        """One more break of a day, still empty."""
        typed = self.typed[key]
        if len(typed.breaks) < MOST_BREAKS:
            self.typed[key] = replace(typed, breaks=[*typed.breaks, ("", "")])

    def remove_break(self, key: str, number: int) -> None:
        """One break less."""
        typed = self.typed[key]
        self.typed[key] = replace(typed, breaks=[each for at, each in enumerate(typed.breaks) if at != number])

    def copy(self, key: str, to: Sequence[str]) -> list[str]:
        """Have other days like this one; returns which."""
        others = [other for other in WEEKDAYS if other in to and other != key]
        for other in others:
            self.typed[other] = self.typed[key]
        return others

    def copy_to_working_days(self, key: str) -> list[str]:
        """Have Monday to Friday like this day; returns which."""
        return self.copy(key, _WORKING_DAYS)


def weekday_name(key: str) -> str:
    """The day of the week in the reader's language."""
    return when.weekday(_date(WEEKDAYS.index(key)))


def stretches_of(day: DayHours) -> list[Stretch]:
    """When that day is open."""
    return [
        Stretch(start, end - start, f"{format_clock(start)}–{format_clock(end)}")
        for start, end in open_stretches((day,) * 7, {}, _A_MONDAY)
    ]


def _date(number: int) -> date:
    return _A_MONDAY + timedelta(days=number)


def _of_stored(day: Mapping[str, Any]) -> Typed:
    breaks = [(each["start"], each["end"]) for each in day.get("breaks", ())]
    return Typed(day["enabled"], day["start"], day["end"], breaks)


def _of_form(key: str, given: QueryDict) -> Typed:
    starts, ends = given.getlist(f"{key}-break-start"), given.getlist(f"{key}-break-end")
    breaks = [(clock(start), clock(end)) for start, end in zip(starts, ends, strict=False)][:MOST_BREAKS]
    enabled = f"{key}-enabled" in given
    start, end = clock(given.get(f"{key}-start", "")), clock(given.get(f"{key}-end", ""))
    if not enabled and not start and not end:
        usual = default_working_hours()[key]
        start, end = usual["start"], usual["end"]
    return Typed(enabled, start, end, breaks)


def clock(text: str) -> str:
    """ "9", "9:00" and "9.00" as "09:00"; anything else as it is."""
    short = _SHORT_CLOCK.fullmatch(text.strip())
    return f"{short[1]:0>2}:{short[2] or '00'}" if short else text.strip()


def _stored(typed: Typed) -> dict[str, Any]:
    breaks = [{"start": start, "end": end} for start, end in typed.breaks if start or end]
    return {"enabled": typed.enabled, "start": typed.start, "end": typed.end, "breaks": breaks}


def _day(number: int, key: str, typed: Typed, *, checked: bool) -> Day:
    hours, error = _read(number, key, typed)
    told = error if checked else None
    pauses = tuple(_pauses(key, typed, told))
    return Day(
        key,
        when.weekday(_date(number)),
        when.short_weekday(_date(number)),
        typed.enabled,
        Field(f"{key}-start", typed.start, _about("start", told)),
        Field(f"{key}-end", typed.end, _about("end", told)),
        pauses,
        _about("", told),
        stretches_of(hours) if hours and hours.enabled else (),
    )


def _read(number: int, key: str, typed: Typed) -> tuple[DayHours | None, HoursError | None]:
    """The day for itself, beside others that are in order."""
    try:
        return parse_weekly_hours({**default_working_hours(), key: _stored(typed), **_one_more(key)})[number], None
    except HoursError as error:
        return None, error


def _one_more(key: str) -> dict[str, Any]:
    """Some other day that is on, so that this one may be off."""
    other = WEEKDAYS[0] if key != WEEKDAYS[0] else WEEKDAYS[1]
    return {other: default_working_hours()[other]}


def _pauses(key: str, typed: Typed, error: HoursError | None) -> Iterator[Pause]:
    place = 0  # among those that are not empty, which the error counts
    for number, (start, end) in enumerate(typed.breaks):
        name = f"breaks.{place}" if start or end else "-"
        yield Pause(
            number,
            Field(f"{key}-break-{number}-start", start, _about(f"{name}.start", error)),
            Field(f"{key}-break-{number}-end", end, _about(f"{name}.end", error)),
        )
        place += bool(start or end)


def _about(place: str, error: HoursError | None) -> str:
    return error.message if error is not None and error.place == place else ""
