"""How the status of a booking looks: a colour, an icon, and words, since colours alone tell some people nothing."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meeting_manager.bookings.choices import ApprovalStatus, BookingStatus
from meeting_manager.bookings.models import Booking


@dataclass(frozen=True, slots=True)
class Look:
    """`tone` is a class of the stylesheets, `icon` a picture of icons.svg."""

    label: str | Promise
    tone: str
    icon: str


_REJECTED = Look(_("Rejected"), "bad", "cross")
_LOOKS = {
    BookingStatus.PENDING: Look(_("Awaits approval"), "wait", "clock"),
    BookingStatus.CONFIRMED: Look(_("Confirmed"), "good", "check"),
    BookingStatus.CANCELLED: Look(_("Cancelled"), "bad", "cross"),
    BookingStatus.COMPLETED: Look(_("Completed"), "over", "hand"),
    BookingStatus.NO_SHOW: Look(_("The customer did not come"), "over", "alert"),
    BookingStatus.RESCHEDULED: Look(_("Moved"), "over", "move"),
}


def look_of(booking: Booking) -> Look:
    """How the booking stands."""
    status = BookingStatus(booking.booking_status)
    is_rejected = status == BookingStatus.CANCELLED and booking.approval_status == ApprovalStatus.REJECTED
    return _REJECTED if is_rejected else _LOOKS[status]
