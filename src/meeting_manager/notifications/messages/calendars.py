"""Messages about bookings and the calendars of their hosts: for the host, and for the department's leader."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from meeting_manager.bookings import when
from meeting_manager.notifications.choices import Role
from meeting_manager.notifications.inputs import Notice
from meeting_manager.notifications.messages.about import safe_name
from meeting_manager.notifications.messages.parts import Action, Content, Fact, Line, fact
from meeting_manager.people.languages import listed


def changed(notice: Notice) -> Content:
    """The host moved or deleted the event of a booking in their own calendar, and the booking stands as it was.

    The notice's facts: as `overlap`, `change` (Moved | Deleted), and `why_not` where it was to be followed.
    """
    given = notice.facts
    is_moved = given["change"] == "Moved"
    there = _when(_("In the calendar"), given["there_start"], given["there_end"], notice) if is_moved else ()
    rows = (*_booking(notice), *there, *fact(_("Why it was not followed"), *str(given["why_not"]).splitlines()))
    return Content(_words(notice), rows, _button(given), {**_flags(notice), "is_moved": is_moved})


def overlap(notice: Notice) -> Content:
    """A new event in the host's own calendar lies over a booking.

    The notice's facts: `meeting`, `customer`, `host` (name), `start`, `end`, `there_start`, `there_end` (ISO), `free`
    (names of colleagues), `url`.
    """
    given = notice.facts
    free = listed(given["free"]) if given["free"] else _("nobody")
    rows = (
        *_booking(notice),
        *_when(_("The new entry"), given["there_start"], given["there_end"], notice),
        *fact(_("Free then"), free),
    )
    return Content(_words(notice), rows, _button(given), {**_flags(notice), "has_free": bool(given["free"])})


def _booking(notice: Notice) -> tuple[Fact, ...]:
    given = notice.facts
    return (
        *fact(_("Meeting"), given["meeting"]),
        *fact(_("Customer"), given["customer"]),
        *_when(_("When"), given["start"], given["end"], notice),
    )


def _when(label: str, start: str, end: str, notice: Notice) -> tuple[Fact, ...]:
    zone = notice.recipient.zone
    begins, ends = datetime.fromisoformat(start), datetime.fromisoformat(end)
    line = Line(f"{when.day(begins, zone)}, {when.span(begins, ends, zone)}", look="strong")
    return fact(label, line, when.zone_name(zone, begins))


def _button(given: Mapping[str, Any]) -> tuple[Action, ...]:
    return (Action(_("Open in the workspace"), given["url"]),)


def _words(notice: Notice) -> dict[str, str]:
    name = safe_name(notice.recipient.name)
    words = {name: str(notice.facts[name]) for name in ("meeting", "host")}
    return {**words, "recipient_name": name, "site": settings.SITE_NAME}


def _flags(notice: Notice) -> dict[str, bool]:
    return {"is_owner": notice.recipient.role == Role.HOST}
