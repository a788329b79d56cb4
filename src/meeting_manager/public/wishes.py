"""What the address of a page of times asks for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop

from meeting_manager.public import starts
from meeting_manager.web.zones import find_zone

T = TypeVar("T")

ZONE_COOKIE = "timezone"
"""Where the script of the times page, or the choice of a zone, leaves the visitor's zone."""

_YEAR_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Wish:
    """A zone, and a month or a day of it, or the last month with times up to and including `until`; months are dates
    of their first day.
    """

    zone: str
    month: date | None = None
    until: date | None = None
    day: date | None = None
    problems: Sequence[tuple[str, str]] = ()
    """Parameter and message of everything that made no sense."""

    @property
    def wrong(self) -> dict[str, str]:
        """The problem of each parameter that has one."""
        return dict(self.problems)


def read_wish(request: HttpRequest, default_zone: str) -> Wish:
    """What the query string asks for; what makes no sense is noted and the default taken."""
    query: Mapping[str, str] = request.GET
    problems: list[tuple[str, str]] = []

    def clean(name: str, read: Callable[[str], T], default: T) -> T:
        try:
            return read(query.get(name, ""))
        except ValidationError as error:
            problems.extend((name, message) for message in error.messages)
            return default

    zone = clean("timezone", find_zone, "") or zone_of_visitor(request) or default_zone
    month = clean("month", lambda text: starts.read_month(gettext_noop("Month"), text), None)
    until = clean("until", lambda text: starts.read_month(gettext_noop("Until"), text), None)
    day = clean("date", lambda text: starts.read_date(gettext_noop("Date"), text), None)
    return Wish(zone, month, until, day, problems)


def zone_of_visitor(request: HttpRequest) -> str:
    """The zone that the visitor's cookie names; empty without one that makes sense."""
    try:
        return find_zone(request.COOKIES.get(ZONE_COOKIE, ""))
    except ValidationError:
        return ""


def keep_zone(response: HttpResponse, zone: str) -> None:
    """Have the visitor's later pages show times in this zone; what their script does too."""
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(ZONE_COOKIE, zone, max_age=_YEAR_SECONDS, secure=secure, samesite="Lax")
