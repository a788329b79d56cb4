"""From a delivery to the occasion its templates speak of: names, zones, and in whose words."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from meeting_manager.bookings import queries
from meeting_manager.bookings.choices import BookingStatus
from meeting_manager.bookings.models import Booking
from meeting_manager.notifications.batches import others
from meeting_manager.notifications.choices import Message, Role
from meeting_manager.notifications.inputs import Before, Occasion, Recipient
from meeting_manager.people.languages import speaking, tag_of
from meeting_manager.people.models import SYSTEM_EMAIL, User, UserSettings


def occasion(payload: Mapping[str, Any], address: str, booking: Booking) -> Occasion:
    """The occasion of a message to `address`; `booking` is whole. Three queries, whoever is named, and two more where
    others changed together with it.

    `payload`: message, role; where they apply actor, reason, before (as in `Told`), approved, expired, hours_before.
    """
    emails = {address, payload.get("actor", ""), *(host.user.email for host in booking.assigned_users.all())}
    emails.update(_former(payload))
    people = {user.email: user for user in User.objects.filter(email__in=emails)}
    zones = _zones(people, booking)
    recipient = _recipient(address, Role(payload["role"]), booking, people, zones)
    with speaking(recipient.language):
        by_whom = _by_whom(payload.get("actor", ""), address, booking, people)
    host = next((row.user.email for row in booking.assigned_users.all()), "")
    return Occasion(
        message=Message(payload["message"]),
        booking=booking,
        recipient=recipient,
        host_zone=zones.get(host, booking.meeting_type.department.timezone),
        before=_before(payload, people),
        by_whom=by_whom,
        reason=_reason(payload, booking),
        more=_more(payload) | {"others": others(payload, booking)},
    )


def whole(name: str) -> Booking:
    """The booking a message is about. Raises Booking.DoesNotExist."""
    return queries.whole(Booking.objects.filter(name=name)).get()


def standing(booking: Booking) -> Booking:
    """The booking, or the one that takes its place at the same time after moves that took each other back: nobody is
    told of those, so that what was to be told of the first holds for the last.
    """
    if booking.booking_status != BookingStatus.RESCHEDULED:
        return booking
    current = queries.latest(booking)
    is_back = (current.start_datetime, current.end_datetime) == (booking.start_datetime, booking.end_datetime)
    return whole(current.name) if is_back else booking


def _more(payload: Mapping[str, Any]) -> dict[str, Any]:
    more = {name: bool(payload.get(name)) for name in ("approved", "expired")}
    return more | {"hours_before": Decimal(payload["hours_before"])} if "hours_before" in payload else more


def _former(payload: Mapping[str, Any]) -> list[str]:
    return list((payload.get("before") or {}).get("hosts", ()))


def _zones(people: Mapping[str, User], booking: Booking) -> dict[str, str]:
    default = booking.meeting_type.department.timezone
    own = UserSettings.objects.filter(user__in=[user.pk for user in people.values()])
    known = dict(own.values_list("user_id", "timezone"))
    return {email: known.get(user.pk) or default for email, user in people.items()}


def _recipient(
    address: str, role: Role, booking: Booking, people: Mapping[str, User], zones: Mapping[str, str]
) -> Recipient:
    department = booking.meeting_type.department.timezone
    if role == Role.CUSTOMER:
        zone = booking.customer_timezone or department
        return Recipient(address, role, booking.customer_name, zone, booking.customer_language)
    if address in people:
        return Recipient(address, role, people[address].full_name, zones[address], tag_of(people[address]))
    names = {row.email: row.name1 for row in booking.participants.all()}
    # Whom a customer brings along most likely speaks as they do.
    return Recipient(address, role, names.get(address, ""), department, booking.customer_language)


def _before(payload: Mapping[str, Any], people: Mapping[str, User]) -> Before | None:
    stored = payload.get("before")
    if not stored:
        return None
    start, end = (datetime.fromtimestamp(stored[edge], UTC) for edge in ("start", "end"))
    return Before(start, end, tuple(_name(people.get(email), email) for email in stored["hosts"]))


def _name(user: User | None, email: str) -> str:
    return (user.full_name if user else "") or email


def _by_whom(actor: str, address: str, booking: Booking, people: Mapping[str, User]) -> str:
    """Who caused it, as the recipient knows them: staff with their department, guests are the customer."""
    if actor == SYSTEM_EMAIL:
        return _("you") if address == booking.customer_email else booking.customer_name
    if actor == address:
        return _("you")
    if actor not in people:
        return ""
    names = {"name": _name(people[actor], actor), "department": booking.meeting_type.department.department_name}
    return _("%(name)s of %(department)s") % names


def _reason(payload: Mapping[str, Any], booking: Booking) -> str:
    if booking.booking_status == BookingStatus.CANCELLED:
        return booking.rejection_reason or booking.cancellation_reason
    return str(payload.get("reason", ""))
