"""Deliveries as people see them, on pages and through the API: which ones, and in what words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from meeting_manager.bookings.models import Booking
from meeting_manager.departments.queries import led_by
from meeting_manager.ledger.choices import DeliveryState
from meeting_manager.ledger.handlers import CALENDAR_WRITE, PULL, TICK, registered
from meeting_manager.ledger.models import Delivery
from meeting_manager.notifications.choices import Message
from meeting_manager.people.models import User
from meeting_manager.people.rules import is_system_manager
from meeting_manager.people.validators import storable

OVERDUE = "overdue"
"""Asked for like a state: what waits although its time has come, longest first."""

KINDS: Mapping[str, object] = {
    "notify": _("Working out who is told"),
    "mail": _("Mail"),
    "confirmation": _("Mail to confirm a booking by"),
    "sms": _("SMS"),
    "notice": _("Notice of trouble"),
    "account_mail": _("Mail about an account"),
    TICK: _("Periodic work"),
    PULL: _("Reading a calendar"),
    CALENDAR_WRITE: _("Writing to a calendar"),
    "calendar_outside": _("A change in a calendar"),
    "booking_notice": _("Notice of a change in a calendar"),
    "calendar_revoke": _("Ending access to a calendar"),
    "bulk": _("Changing many bookings"),
    "calendar_push": _("Subscribing to the changes of a calendar"),
}
_LONGEST_ID = 18


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of deliveries is narrowed to; empty means everything. `state` is one of DeliveryState or OVERDUE,
    `search` a part of a booking's document name or of a recipient's address.
    """

    state: str = ""
    kind: str = ""
    search: str = ""


def visible_to(user: User) -> QuerySet[Delivery]:
    """System Managers see all deliveries, leaders those about bookings of their departments; others none."""
    if is_system_manager(user):
        return Delivery.objects.all()
    bookings = Booking.objects.filter(meeting_type__department__in=led_by(user))
    return Delivery.objects.filter(about__in=bookings.values("name"))


def narrow(rows: QuerySet[Delivery], filters: Filters, now: datetime) -> QuerySet[Delivery]:
    """Those that fit, in the order that they were written, newest first; overdue ones longest first."""
    if filters.kind:
        rows = rows.filter(kind=filters.kind if storable(filters.kind) else "-")
    if filters.search:
        text = filters.search if storable(filters.search) else "-"
        rows = rows.filter(Q(about__icontains=text) | Q(recipient__icontains=text))
    if filters.state == OVERDUE:
        return rows.filter(state=DeliveryState.READY, due__lt=now).order_by("due", "pk")
    if filters.state:
        rows = rows.filter(state=filters.state)
    return rows.order_by("-pk")


def known_kinds() -> dict[str, str]:
    """The kinds there are, each in words."""
    return {kind: kind_word(kind) for kind in dict.fromkeys([*KINDS, *registered()])}


def numbered(rows: QuerySet[Delivery], number: str) -> Delivery:
    """The one of `rows` with this number, as it stands in an address. Raises Delivery.DoesNotExist."""
    if not (number.isascii() and number.isdigit() and len(number) <= _LONGEST_ID):
        raise Delivery.DoesNotExist
    return rows.get(pk=int(number))


def names_of_chain(booking: Booking) -> list[str]:
    """The document names of the booking and of all it was moved from; one query for each move but the last."""
    names, current = [booking.name], booking.rescheduled_from
    while current is not None:
        names.append(current.name)
        current = current.rescheduled_from
    return names


def went_wrong(delivery: Delivery) -> bool:
    """Whether people may retry or discard it: it was given up, or failed and waits for another attempt."""
    return delivery.state == DeliveryState.DEAD or (delivery.state == DeliveryState.READY and delivery.failures > 0)


def what(delivery: Delivery) -> str:
    """What a delivery brings, in words: the message where it is one, else its kind."""
    message = delivery.payload.get("message", "") if isinstance(delivery.payload, dict) else ""
    return str(Message(message).label) if message in Message.values else kind_word(delivery.kind)


def kind_word(kind: str) -> str:
    """A kind in words; one that nobody has words for stands for itself."""
    return str(KINDS.get(kind, kind))
