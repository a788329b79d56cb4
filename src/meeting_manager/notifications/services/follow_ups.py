"""After the meeting: thank you, or sorry we missed you, where the meeting type asks for it."""

from datetime import datetime

from meeting_manager.bookings.choices import BookingStatus
from meeting_manager.bookings.models import Booking
from meeting_manager.ledger.services import Owed, enqueue
from meeting_manager.notifications.choices import Message, Role
from meeting_manager.notifications.services.planning import MAIL, Happened, mail_key


def plan_follow_up(event: Happened, now: datetime) -> int:
    """Owe the customer the follow-up that fits the booking's status now; one for each booking and outcome.

    Raises Booking.DoesNotExist.
    """
    booking = Booking.objects.select_related("meeting_type").get(name=event.payload["booking"])
    message = _message(booking)
    if message is None:
        return 0
    payload = {
        "message": message,
        "role": Role.CUSTOMER,
        "booking": booking.name,
        "actor": event.payload.get("actor", ""),
    }
    key = mail_key(event.key, booking.customer_email)
    owed = Owed(MAIL, key, payload, now, about=booking.name, recipient=booking.customer_email)
    enqueue([owed], now=now)
    return 1


def _message(booking: Booking) -> Message | None:
    if not booking.customer_email:
        return None
    if booking.booking_status == BookingStatus.COMPLETED and booking.meeting_type.thank_you_mail:
        return Message.CUSTOMER_THANK_YOU
    if booking.booking_status == BookingStatus.NO_SHOW and booking.meeting_type.no_show_mail:
        return Message.CUSTOMER_NO_SHOW
    return None
