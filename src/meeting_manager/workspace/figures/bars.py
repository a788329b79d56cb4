"""Bookings over time, drawn: a bar for each day, week or month, the cancelled part of it hatched."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from meeting_manager.analytics.numbers import Numbers
from meeting_manager.analytics.periods import Period, unit_of
from meeting_manager.analytics.queries.totals import made
from meeting_manager.bookings import when
from meeting_manager.bookings.choices import BookingStatus
from meeting_manager.workspace.figures import words
from meeting_manager.workspace.figures.tables import svg

_TOP, _FLOOR, _HEIGHT = 12, 188, 220
_MOST_LABELS = 5
_NICE = (1, 2, 4, 6, 8)
_LEFT = 8.0
"""Part of the width, in percent, that the scale takes."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One period; `x` and `width` as SVG writes them, the rest in pixels."""

    x: str
    width: str
    y: int
    height: int
    cancelled_y: int
    cancelled_height: int
    title: str


@dataclass(frozen=True, slots=True)
class Label:
    """A text, with a line across the picture at `y` where it belongs to the scale."""

    x: str
    y: int
    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The drawn bars; `left` is where they begin."""

    title: str
    description: str
    bars: Sequence[Bar]
    scale: Sequence[Label]
    dates: Sequence[Label]
    left: str = svg(_LEFT)
    height: int = _HEIGHT
    floor: int = _FLOOR


def picture(numbers: Numbers) -> Picture:
    """Bars over the period, with a scale of round numbers."""
    found = numbers.over_time
    top = _round_up(max(made(statuses) for _period, statuses in found))
    step = (100 - _LEFT) / len(found)
    unit = unit_of(numbers.period)
    bars = [_bar(period, statuses, unit, _LEFT + step * at, step, top) for at, (period, statuses) in enumerate(found)]
    scale = [Label("0", _y(value, top), words.number(value)) for value in _values(top)]
    return Picture(_("Bookings over time"), _description(numbers), bars, scale, _dates(found, unit, step))


def _bar(period: Period, statuses: Counter[str], unit: str, x: float, step: float, top: int) -> Bar:
    number, cancelled = made(statuses), statuses[BookingStatus.CANCELLED]
    y, upper = _y(number, top), _y(number - cancelled, top)
    gap = step * 0.12
    name = _name(period, unit)
    title = _("%(when)s: %(number)s, of these %(cancelled)s cancelled") % {
        "when": name,
        "number": words.number(number),
        "cancelled": words.number(cancelled),
    }
    return Bar(svg(x + gap), svg(step - 2 * gap), upper, _FLOOR - upper, y, upper - y, title)


def _dates(found: Sequence[tuple[Period, object]], unit: str, step: float) -> list[Label]:
    """A few dates below, evenly apart."""
    every = -(-len(found) // _MOST_LABELS)
    return [
        Label(svg(_LEFT + step * (at + 0.5)), _HEIGHT - 10, _short(found[at][0], unit))
        for at in range(every // 2, len(found), every)
    ]


def _description(numbers: Numbers) -> str:
    period, statuses = max(numbers.over_time, key=lambda item: made(item[1]))
    told = {
        "total": words.number(made(numbers.statuses)),
        "period": when.period(numbers.period.first, numbers.period.last),
        "most": words.number(made(statuses)),
        "when": _name(period, unit_of(numbers.period)),
    }
    return _("%(total)s bookings, %(period)s; most of them, %(most)s: %(when)s.") % told


def _name(period: Period, unit: str) -> str:
    if unit == "day":
        return when.short_date(period.first)
    return when.month(period.first) if unit == "month" else when.period(period.first, period.last)


def _short(period: Period, unit: str) -> str:
    return when.short_month(period.first) if unit == "month" else when.short_day(period.first)


def _y(value: int, top: int) -> int:
    return round(_FLOOR - (_FLOOR - _TOP) * value / top)


def _values(top: int) -> list[int]:
    """Round numbers up the side, the highest first."""
    parts = 4 if top % 4 == 0 else 5 if top % 5 == 0 else 2 if top % 2 == 0 else 1
    return [top * at // parts for at in range(parts, -1, -1)]


def _round_up(value: int) -> int:
    """The next round number, which a few lines can divide; 1 for nothing."""
    power = 1
    while True:
        for nice in _NICE:
            if nice * power >= value:
                return nice * power
        power *= 10
