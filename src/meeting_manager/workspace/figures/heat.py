"""Weekday and hour: how much happens when, as a picture of shades and as a table."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.utils.translation import gettext as _

from meeting_manager.bookings import when
from meeting_manager.workspace.figures import words
from meeting_manager.workspace.figures.links import Links
from meeting_manager.workspace.figures.tables import Cell as TableCell
from meeting_manager.workspace.figures.tables import Row, Table, count, svg

_MONDAY = date(2001, 1, 1)
_DAYS, _HOURS = 7, 24
_USUAL_HOURS = range(8, 18)
_SHADES = 4
_SIDE = 16.0
"""Part of the width, in percent, that the hours take."""
_ROW, _TOP = 26, 24
"""Pixels; widths are parts of the whole, so that texts keep their size on every screen."""


@dataclass(frozen=True, slots=True)
class Shade:
    """One hour of one weekday in the picture; positions as SVG writes them, `level` from 0 (nothing) to 4 (most)."""

    x: str
    y: int
    middle: str
    base: int
    level: int
    text: str
    title: str


@dataclass(frozen=True, slots=True)
class Label:
    """A text at the edge of a picture."""

    x: str
    y: int
    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn heat map; `height` in pixels, `width` the width of a shade."""

    title: str
    description: str
    height: int
    width: str
    shades: Sequence[Shade]
    labels: Sequence[Label]


def table(name: str, title: str, found: Counter[int], links: Links) -> Table:
    """A row for each hour of the day, a column for each weekday, each number with its bookings."""
    days = _weekdays()
    rows = [
        Row(
            TableCell(_clock(hour), f"{hour:02}:00"),
            [count(found[day * _HOURS + hour], links.cell(name, day * _HOURS + hour)) for day in days],
        )
        for hour in _hours(found)
    ]
    return Table(name, title, [_("Hour"), *(when.weekday(_day(day)) for day in days)], rows)


def picture(title: str, found: Counter[int]) -> Picture:
    """The same as shades."""
    days, hours = _weekdays(), _hours(found)
    column = (100 - _SIDE) / len(days)
    most = max(found.values(), default=0)
    shades = [
        _shade(found[day * _HOURS + hour], most, _named(day, hour), _SIDE + column * place, column, _TOP + _ROW * line)
        for line, hour in enumerate(hours)
        for place, day in enumerate(days)
    ]
    heads = [
        Label(svg(_SIDE + column * (at + 0.5)), _TOP - 8, when.short_weekday(_day(day))) for at, day in enumerate(days)
    ]
    sides = [Label(svg(_SIDE / 2), _TOP + _ROW * line + 17, _clock(hour)) for line, hour in enumerate(hours)]
    height = _TOP + _ROW * len(hours)
    return Picture(title, _description(found), height, svg(column * 0.96), shades, [*heads, *sides])


def hour_in_words(hour: int) -> str:
    """An hour of the week: "Monday, 09:00–10:00"."""
    return _named(*divmod(hour, _HOURS))


def _shade(number: int, most: int, name: str, x: float, column: float, y: int) -> Shade:
    level = -(-number * _SHADES // most) if number else 0
    return Shade(
        x=svg(x),
        y=y,
        middle=svg(x + column * 0.48),
        base=y + 17,
        level=level,
        text=words.number(number) if number else "",
        title=f"{name}: {words.number(number)}",
    )


def _description(found: Counter[int]) -> str:
    if not found:
        return _("There is nothing to show.")
    hour, number = max(found.items(), key=lambda item: (item[1], -item[0]))
    # Translators: what a picture shows: the busiest hour of the week, such as "Monday, 09:00–10:00", with its bookings
    return _("Most in one hour: %(hour)s, %(number)s.") % {"hour": hour_in_words(hour), "number": words.number(number)}


def _named(day: int, hour: int) -> str:
    return f"{when.weekday(_day(day))}, {_clock(hour)}–{_clock((hour + 1) % _HOURS)}"


def _hours(found: Counter[int]) -> range:
    """The usual working day, and whatever was earlier or later."""
    seen = [hour % _HOURS for hour, number in found.items() if number]
    return range(min([_USUAL_HOURS.start, *seen]), max([_USUAL_HOURS.stop, *(hour + 1 for hour in seen)]))


def _weekdays() -> list[int]:
    """The weekdays in the order of the reader, 0 for Monday."""
    first = when.first_weekday()
    return [(first + at) % _DAYS for at in range(_DAYS)]


def _day(weekday: int) -> date:
    return _MONDAY + timedelta(days=weekday)


def _clock(hour: int) -> str:
    return when.clock(datetime(2001, 1, 1, hour, tzinfo=UTC), "UTC")
