"""Messages that are not about a booking: something needs somebody's attention, or a guest's word."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meeting_manager.bookings import when
from meeting_manager.notifications.choices import Role
from meeting_manager.notifications.inputs import Notice
from meeting_manager.notifications.messages import times
from meeting_manager.notifications.messages.about import safe_name
from meeting_manager.notifications.messages.parts import Action, Content, Fact, Line, fact


def calendar_trouble(notice: Notice) -> Content:
    """A calendar cannot be kept in step: for its owner, for leaders where it cannot be read, and after repeated
    failures for System Managers.

    The notice's facts: `label`, `error`, `owner`, `url`, and `since` (ISO) where it is known; for leaders `is_offered`,
    and what the owner calls it and what is wrong is not theirs to know.
    """
    given = notice.facts
    is_owner, is_leader = notice.recipient.role == Role.HOST, notice.recipient.role == Role.LEADER
    since = _moment(given["since"], notice) if given.get("since") else ""
    rows = (
        *fact(_("Calendar"), "" if is_leader else given["label"]),
        *fact(_("Owner"), "" if is_owner else given["owner"]),
        *fact(_("What is wrong"), *("" if is_leader else str(given["error"])).splitlines()),
        *fact(_("Since"), since),
    )
    words = {**_words(notice), "label": given["label"], "owner": given["owner"]}
    button = (Action(_("Open your account"), given["url"]),) if is_owner else ()
    flags = {"is_owner": is_owner, "is_leader": is_leader, "is_offered": bool(given.get("is_offered", True))}
    return Content(words, rows, button, flags)


def delivery_trouble(notice: Notice) -> Content:
    """Deliveries were given up. The notice's facts: `kinds` (`kind`, `count`, `since` in ISO form) and `url`."""
    kinds = notice.facts["kinds"]
    rows = tuple(row for kind in kinds for row in _kind(kind, notice))
    words = {**_words(notice), "count": str(sum(kind["count"] for kind in kinds))}
    button = (Action(_("See what failed, and try again"), notice.facts["url"]),)
    return Content(words, rows, button, {"is_one": words["count"] == "1"})


def customer_confirm(notice: Notice) -> Content:
    """A guest wants to book, and proves the address by the link. Nothing that was typed is in it but a name.

    The notice's facts: `meeting`, `department`, `start`, `end` and `until` (ISO), `url`.
    """
    given, zone = notice.facts, notice.recipient.zone
    start, end = (datetime.fromisoformat(given[name]) for name in ("start", "end"))
    at = Line(f"{when.day(start, zone)}, {when.span(start, end, zone)}", look="strong")
    rows = (
        *fact(_("Meeting"), given["meeting"]),
        *fact(_("With"), given["department"]),
        *fact(_("When"), at, when.zone_name(zone, start)),
        *fact(_("Please confirm until"), _moment(given["until"], notice)),
    )
    words = {**_words(notice), "meeting": given["meeting"], "department": given["department"]}
    return Content(words, rows, (Action(_("Confirm this booking"), given["url"]),), {"is_unconfirmed": True})


def _words(notice: Notice) -> dict[str, str]:
    return {"recipient_name": safe_name(notice.recipient.name), "site": settings.SITE_NAME}


def _kind(kind: Mapping[str, Any], notice: Notice) -> Iterable[Fact]:
    count = ngettext("%(count)d given up", "%(count)d given up", kind["count"]) % {"count": kind["count"]}
    since = _("since %(when)s") % {"when": _moment(kind["since"], notice)} if kind["since"] else ""
    return fact(_label(kind["kind"]), count, since)


def _label(kind: str) -> str:
    labels = {
        "mail": _("Mails"),
        "confirmation": _("Mails to confirm a booking by"),
        "account_mail": _("Mails about accounts"),
        "sms": _("Text messages"),
        "notify": _("Planning of messages"),
        "tick": _("Periodic work"),
        "booking_notice": _("Notices about calendars"),
        "calendar_write": _("Bookings written to calendars"),
        "calendar_outside": _("Changes in calendars"),
    }
    return labels.get(kind, kind)


def _moment(iso: str, notice: Notice) -> str:
    return times.moment(datetime.fromisoformat(iso), notice.recipient.zone)
