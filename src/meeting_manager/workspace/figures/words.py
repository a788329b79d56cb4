"""Figures in words and numbers as their readers write them."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from babel.numbers import format_decimal, format_percent
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from meeting_manager.analytics.fairness import Load, Why
from meeting_manager.bookings import when
from meeting_manager.people.languages import current_locale

NONE = "–"
_MINUTE = 60
_HUNDRED = 100


class Change(NamedTuple):
    """A figure against that of the period before: the difference with its sign, and in words."""

    sign: str
    words: str


class Comparison(NamedTuple):
    """With what a number is compared, in words."""

    more: str | Promise
    fewer: str | Promise
    same: str | Promise


THAN_BEFORE = Comparison(
    gettext_lazy("more than before (%(before)s)"),
    gettext_lazy("fewer than before (%(before)s)"),
    gettext_lazy("as many as before"),
)
THAN_YESTERDAY = Comparison(
    gettext_lazy("more than yesterday (%(before)s)"),
    gettext_lazy("fewer than yesterday (%(before)s)"),
    gettext_lazy("as many as yesterday"),
)
THAN_LAST_WEEK = Comparison(
    gettext_lazy("more than in the last 7 days (%(before)s)"),
    gettext_lazy("fewer than in the last 7 days (%(before)s)"),
    gettext_lazy("as many as in the last 7 days"),
)


def number(value: float) -> str:
    """A number with the separators of the reader."""
    return _number(value, str(current_locale()))


def percent(part: float | None) -> str:
    """A part of one as a percentage with at most one decimal; a dash where there is none."""
    return NONE if part is None else _percent(round(part, 3), str(current_locale()))


def duration(seconds: float | None) -> str:
    """A wait in words; a dash where there is none."""
    if seconds is None:
        return NONE
    minutes = max(round(seconds / _MINUTE), 1)
    if minutes >= 2 * 24 * _MINUTE:
        days = round(minutes / (24 * _MINUTE), 1)
        # Translators: a duration in days, two or more; the number may have a decimal
        return _("%(days)s days") % {"days": number(days)}
    return when.length(minutes)


def change_of_count(now: int, before: int, than: Comparison = THAN_BEFORE) -> Change:
    """How a number of bookings changed."""
    if now == before:
        return Change("=", str(than.same))
    words = than.more if now > before else than.fewer
    return Change(_signed(now - before, number(abs(now - before))), str(words) % {"before": number(before)})


def change_of_rate(now: float | None, before: float | None) -> Change:
    """How a rate changed, in points of a hundred."""
    if now is None or before is None:
        return Change("", _("nothing to compare with"))
    points = round((now - before) * _HUNDRED, 1)
    if not points:
        return Change("=", _("as before"))
    words = _("points, higher than before (%(before)s)") if points > 0 else _("points, lower than before (%(before)s)")
    return Change(_signed(points, number(abs(points))), words % {"before": percent(before)})


def change_of_wait(now: float | None, before: float | None) -> Change:
    """How a wait changed."""
    if now is None or before is None:
        return Change("", _("nothing to compare with"))
    if round(now / _MINUTE) == round(before / _MINUTE):
        return Change("=", _("as long as before"))
    words = _("longer than before (%(before)s)") if now > before else _("shorter than before (%(before)s)")
    return Change(_signed(now - before, duration(abs(now - before))), words % {"before": duration(before)})


def points(part: float | None) -> str:
    """A difference of shares with its sign, in points of a hundred."""
    if part is None:
        return NONE
    value = round(part * _HUNDRED, 1)
    return _signed(value, number(abs(value))) if value else number(0)


@lru_cache(maxsize=4096)
def _number(value: float, locale: str) -> str:
    """A page shows hundreds of them, mostly the same small ones."""
    return format_decimal(value, locale=locale)


@lru_cache(maxsize=4096)
def _percent(part: float, locale: str) -> str:
    return format_percent(part, locale=locale, decimal_quantization=False)


def _signed(value: float, text: str) -> str:
    return f"{'+' if value > 0 else '−'}{text}"


WHYS: Mapping[Why, str | Promise] = {
    Why.HEAVY: gettext_lazy("Has a higher priority than most (%(weight)s), and the department assigns by weight."),
    Why.LIGHT: gettext_lazy("Has a lower priority than most (%(weight)s), and the department assigns by weight."),
    Why.BY_NAME: gettext_lazy("Was chosen by name for %(by_name)s of %(meetings)s meetings, more often than others."),
    Why.OTHERS_BY_NAME: gettext_lazy("Others were chosen by name more often."),
    Why.LONGER: gettext_lazy("The meetings were longer than those of others."),
    Why.SHORTER: gettext_lazy("The meetings were shorter than those of others."),
    Why.FEWER_HOURS: gettext_lazy("Is there for fewer hours than most; turns are counted in meetings, not in hours."),
    Why.MORE_HOURS: gettext_lazy("Is there for more hours than most; turns are counted in meetings, not in hours."),
    Why.LIMITED: gettext_lazy("Has a limit of meetings in the availability rule."),
    Why.GONE: gettext_lazy("Takes no part in the department any more."),
    Why.NOTHING: gettext_lazy("Nothing in the settings explains it: it may be chance, or when customers asked."),
}


def why(reason: Why, load: Load) -> str:
    """A reason as a sentence."""
    told = {"weight": number(load.weight), "by_name": number(load.by_name), "meetings": number(load.meetings)}
    return str(WHYS[reason]) % told


def lost(load: Load) -> list[str]:
    """What made fewer hours of those that somebody works."""
    found = []
    if load.away:
        found.append(ngettext("away on %(days)s day", "away on %(days)s days", load.away) % {"days": number(load.away)})
    if load.blocked:
        found.append(_("%(length)s taken by other calendars") % {"length": when.length(load.blocked)})
    if load.joined:
        found.append(_("joined on %(day)s") % {"day": when.day_of_month(load.joined)})
    return found
