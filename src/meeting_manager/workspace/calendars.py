"""Connected calendars as their owner reads of them: what each is, how it is, and what there is to do."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meeting_manager.calendars import queries
from meeting_manager.calendars.choices import IntegrationType, SyncDirection
from meeting_manager.calendars.models import CalendarIntegration
from meeting_manager.calendars.rules import takes_bookings
from meeting_manager.calendars.services.pulling import ABANDONED
from meeting_manager.people.models import User

Words = str | Promise

KINDS: dict[str, tuple[str, Words]] = {
    IntegrationType.GOOGLE: ("globe", _("Google Calendar")),
    IntegrationType.OUTLOOK: ("mail", _("Outlook")),
    IntegrationType.CALDAV: ("calendar", _("CalDAV")),
    IntegrationType.ICAL: ("info", _("iCal feed, read only")),
}
"""The picture and the words for each kind."""


@dataclass(frozen=True, slots=True)
class State:
    """How a calendar is: the class of its colour, and words."""

    tone: str
    words: Words


@dataclass(frozen=True, slots=True)
class Card:
    """One connected calendar on its owner's page."""

    calendar: CalendarIntegration
    icon: str
    kind: Words
    state: State
    role: Words
    """What it has to do with bookings."""
    is_failing: bool
    error: str
    """Why it cannot be read, in an adapter's words; empty where it can."""
    remedy: Words
    problems: tuple[str, ...]
    """What was read all the same, less these events; one line each."""
    may_be_primary: bool


def calendars_of(user: User) -> list[CalendarIntegration]:
    """The calendars that `user` has connected, the primary one first."""
    return list(queries.visible_to(user).filter(user=user).order_by("-is_active", "-is_primary", "pk"))


def card_of(calendar: CalendarIntegration, now: datetime) -> Card:
    """The calendar as a card; asks the database nothing."""
    icon, kind = KINDS[calendar.integration_type]
    lines = tuple(line for line in calendar.sync_error_log.splitlines() if line.strip())
    is_failing = calendar.is_active and calendar.failing_since is not None
    return Card(
        calendar,
        icon,
        kind,
        _state(calendar, now),
        _role(calendar),
        is_failing=is_failing,
        error="\n".join(lines) if is_failing else "",
        remedy=_remedy(calendar),
        problems=() if is_failing else lines,
        may_be_primary=_may_be_primary(calendar),
    )


def count_failing(calendars: list[CalendarIntegration]) -> int:
    """How many of them cannot be read just now."""
    return sum(1 for each in calendars if each.is_active and each.failing_since)


def _state(calendar: CalendarIntegration, now: datetime) -> State:
    if not calendar.is_active:
        return State("", _("Switched off"))
    if calendar.sync_started and now - calendar.sync_started < ABANDONED:
        return State("wait", _("Being read"))
    if calendar.failing_since:
        return State("bad", _("Cannot be read"))
    if calendar.last_sync is None:
        return State("wait", _("Not read yet"))
    return State("good", _("In step"))


def _role(calendar: CalendarIntegration) -> Words:
    if takes_bookings(calendar):
        return _("Your bookings are written to it; its events make you busy.")
    if not calendar.is_active:
        return _("It is not used: its events do not make you busy.")
    if calendar.is_primary and calendar.sync_direction == SyncDirection.ONE_WAY:
        return _("It is your primary calendar, but read only: no bookings are written to it. Its events make you busy.")
    return _("Its events make you busy; bookings are not written to it.")


def _remedy(calendar: CalendarIntegration) -> Words:
    if calendar.integration_type == IntegrationType.ICAL:
        return _("It is tried again by itself. If it goes on, check that its address still works, or give a new one.")
    return _("It is tried again by itself. If it goes on, reconnect it.")


def _may_be_primary(calendar: CalendarIntegration) -> bool:
    is_readable_only = calendar.integration_type == IntegrationType.ICAL
    return calendar.is_active and not is_readable_only and not takes_bookings(calendar)
