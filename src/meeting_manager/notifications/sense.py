"""Does a message still make sense when its turn comes? Servers were down meanwhile, people changed their minds."""

from collections.abc import Callable
from datetime import datetime, timedelta

from meeting_manager.bookings.choices import BookingStatus
from meeting_manager.bookings.models import Booking
from meeting_manager.notifications.choices import Message, Role
from meeting_manager.people.models import User

FOLLOW_UP_WITHIN = timedelta(days=7)
"""A thank-you that comes later surprises more than it pleases."""

_ONLY_IN: dict[Message, str] = {
    Message.CUSTOMER_REMINDER: BookingStatus.CONFIRMED,
    Message.HOST_REMINDER: BookingStatus.CONFIRMED,
    Message.PARTICIPANT_REMINDER: BookingStatus.CONFIRMED,
    Message.CUSTOMER_NO_SHOW: BookingStatus.NO_SHOW,
    Message.CUSTOMER_THANK_YOU: BookingStatus.COMPLETED,
}

_AFTERWARDS = {
    Message.CUSTOMER_REJECTED,
    Message.CUSTOMER_CANCELLED,
    Message.HOST_CANCELLED,
    Message.STAFF_CANCELLED,
}
REMINDERS = {Message.CUSTOMER_REMINDER, Message.HOST_REMINDER, Message.PARTICIPANT_REMINDER}
FOLLOW_UPS = {Message.CUSTOMER_NO_SHOW, Message.CUSTOMER_THANK_YOU}
"""The messages that are not transactional: people may do without them."""


def why_not(message: Message, role: Role, address: str, booking: Booking, now: datetime) -> str:
    """Why a reminder or follow-up is not to be sent any more, in a sentence for the timeline; empty where it is.

    `booking` is whole; `now` aware UTC.
    """
    if (status := booking.booking_status) != _ONLY_IN[message]:
        return f"The booking is {status} meanwhile."
    check = _BY_ROLE.get(role)
    return _too_late(message, booking, now) or (check(address, booking) if check else "")


def outdated(message: Message, role: Role, address: str, booking: Booking, now: datetime) -> str:
    """As `why_not`, for news of a booking: whether they are true was found just now, but they may come too late."""
    is_staff = role in {Role.LEADER, Role.ADMIN}
    return _too_late(message, booking, now) or (_staff(address) if is_staff else "")


def _too_late(message: Message, booking: Booking, now: datetime) -> str:
    if message in REMINDERS and booking.start_datetime <= now:
        return "The meeting has begun."
    if message in FOLLOW_UPS:
        is_old = booking.end_datetime + FOLLOW_UP_WITHIN <= now
        return "The meeting was too long ago for a follow-up." if is_old else ""
    if message not in _AFTERWARDS and booking.end_datetime <= now:
        return "The meeting is over."
    return ""


def _customer(address: str, booking: Booking) -> str:
    return "" if address == booking.customer_email else "The customer has another address meanwhile."


def _host(address: str, booking: Booking) -> str:
    return "" if address in _hosts(booking) else "Somebody else is the host meanwhile."


def _participant(address: str, booking: Booking) -> str:
    listed = any(row.email == address for row in booking.participants.all())
    return "" if listed else "This person no longer takes part."


def _staff(address: str) -> str:
    is_active = User.objects.filter(email=address, is_active=True).exists()
    return "" if is_active else "The account is disabled meanwhile."


def _hosts(booking: Booking) -> set[str]:
    return {row.user.email for row in booking.assigned_users.all()}


_BY_ROLE: dict[Role, Callable[[str, Booking], str]] = {
    Role.CUSTOMER: _customer,
    Role.HOST: _host,
    Role.PARTICIPANT: _participant,
}
