"""Does a message still make sense when its turn comes? Servers were down meanwhile, people changed their minds."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from meeting_manager.bookings.choices import BookingStatus
from meeting_manager.bookings.models import Booking
from meeting_manager.engine.lifecycle import HOLDING
from meeting_manager.notifications.choices import Message, Role
from meeting_manager.people.models import User

FOLLOW_UP_WITHIN = timedelta(days=7)
"""A thank-you that comes later surprises more than it pleases."""

_HOLDS: Collection[str] = tuple(HOLDING)
_ONLY_IN: dict[Message, Collection[str]] = {
    Message.CUSTOMER_BOOKED: (BookingStatus.CONFIRMED,),
    Message.CUSTOMER_AWAITING: (BookingStatus.PENDING,),
    Message.CUSTOMER_REJECTED: (BookingStatus.CANCELLED,),
    Message.CUSTOMER_CANCELLED: (BookingStatus.CANCELLED,),
    Message.CUSTOMER_REMINDER: (BookingStatus.CONFIRMED,),
    Message.CUSTOMER_NO_SHOW: (BookingStatus.NO_SHOW,),
    Message.CUSTOMER_THANK_YOU: (BookingStatus.COMPLETED,),
    Message.HOST_BOOKED: (BookingStatus.CONFIRMED,),
    Message.HOST_CANCELLED: (BookingStatus.CANCELLED,),
    Message.HOST_REMINDER: (BookingStatus.CONFIRMED,),
    Message.PARTICIPANT_INVITED: (BookingStatus.CONFIRMED,),
    Message.PARTICIPANT_REMINDER: (BookingStatus.CONFIRMED,),
    Message.STAFF_BOOKED: (BookingStatus.CONFIRMED, BookingStatus.COMPLETED, BookingStatus.NO_SHOW),
    Message.STAFF_APPROVAL_ASKED: (BookingStatus.PENDING,),
    Message.STAFF_CANCELLED: (BookingStatus.CANCELLED,),
}
"""The statuses in which a message is true; all others while the booking holds its time."""

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
    """Why the message is not to be sent any more, in a sentence for the timeline; empty where it still makes sense.

    `booking` is the one the message is about, whole; `now` aware UTC.
    """
    if booking.booking_status == BookingStatus.RESCHEDULED:
        return _("The booking was moved again meanwhile; a later message says so.")
    if (status := booking.booking_status) not in _statuses(message, booking, address):
        return _("The booking is %(status)s meanwhile.") % {"status": status}
    if message == Message.PARTICIPANT_CANCELLED:
        return ""
    return _too_late(message, booking, now) or _no_longer(role, address, booking)


def _statuses(message: Message, booking: Booking, address: str) -> Collection[str]:
    if message == Message.PARTICIPANT_CANCELLED:
        is_invited = any(row.email == address for row in booking.participants.all())
        return (BookingStatus.CANCELLED,) if is_invited else (*_HOLDS, BookingStatus.CANCELLED)
    return _ONLY_IN.get(message, _HOLDS)


def _too_late(message: Message, booking: Booking, now: datetime) -> str:
    if message in REMINDERS and booking.start_datetime <= now:
        return _("The meeting has begun.")
    if message in FOLLOW_UPS:
        is_old = booking.end_datetime + FOLLOW_UP_WITHIN <= now
        return _("The meeting was too long ago for a follow-up.") if is_old else ""
    if message not in _AFTERWARDS and booking.end_datetime <= now:
        return _("The meeting is over.")
    return ""


def _no_longer(role: Role, address: str, booking: Booking) -> str:
    check = _BY_ROLE.get(role)
    return check(address, booking) if check else ""


def _customer(address: str, booking: Booking) -> str:
    return "" if address == booking.customer_email else _("The customer has another address meanwhile.")


def _host(address: str, booking: Booking) -> str:
    return "" if address in _hosts(booking) else _("Somebody else is the host meanwhile.")


def _former_host(address: str, booking: Booking) -> str:
    return _("This person is the host again.") if address in _hosts(booking) else ""


def _participant(address: str, booking: Booking) -> str:
    listed = any(row.email == address for row in booking.participants.all())
    return "" if listed else _("This person no longer takes part.")


def _staff(address: str, _booking: Booking) -> str:
    is_active = User.objects.filter(email=address, is_active=True).exists()
    return "" if is_active else _("The account is disabled meanwhile.")


def _hosts(booking: Booking) -> set[str]:
    return {row.user.email for row in booking.assigned_users.all()}


_BY_ROLE: dict[Role, Callable[[str, Booking], str]] = {
    Role.CUSTOMER: _customer,
    Role.HOST: _host,
    Role.FORMER_HOST: _former_host,
    Role.PARTICIPANT: _participant,
    Role.LEADER: _staff,
    Role.ADMIN: _staff,
}
