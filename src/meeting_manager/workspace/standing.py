"""How a booking stands, as people see it at a glance: a word, a picture and a tone that say the same."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meeting_manager.bookings.choices import ApprovalStatus, BookingStatus
from meeting_manager.bookings.models import Booking


@dataclass(frozen=True, slots=True)
class Standing:
    """`tone` is a class of `.status`, `icon` a name in icons.svg."""

    word: str | Promise
    icon: str
    tone: str = ""


_REJECTED = Standing(_("Rejected"), "cross", "bad")
_STANDINGS: Mapping[str, Standing] = {
    BookingStatus.PENDING: Standing(_("Awaits approval"), "hand", "wait"),
    BookingStatus.CONFIRMED: Standing(_("Confirmed"), "check", "good"),
    BookingStatus.CANCELLED: Standing(_("Cancelled"), "cross", "bad"),
    BookingStatus.COMPLETED: Standing(_("Completed"), "on"),
    BookingStatus.NO_SHOW: Standing(_("The customer did not come"), "alert"),
    BookingStatus.RESCHEDULED: Standing(_("Moved"), "move"),
}


def standing_of(booking: Booking) -> Standing:
    """Its status, where a cancellation that was a decision is told from others."""
    if booking.booking_status == BookingStatus.CANCELLED and booking.approval_status == ApprovalStatus.REJECTED:
        return _REJECTED
    return _STANDINGS[booking.booking_status]


def word_of(status: str) -> str | Promise:
    """A status in the words of the workspace."""
    return _STANDINGS[status].word
