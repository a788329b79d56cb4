"""An occasion with what messages ask of it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from meeting_manager.bookings.choices import BookingStatus
from meeting_manager.bookings.models import Booking
from meeting_manager.departments.models import Department
from meeting_manager.notifications.choices import Message, Role
from meeting_manager.notifications.inputs import Occasion
from meeting_manager.people.erasure import is_erased
from meeting_manager.people.languages import listed
from meeting_manager.people.models import User

_ENDINGS = {
    Message.CUSTOMER_REJECTED,
    Message.CUSTOMER_CANCELLED,
    Message.HOST_CANCELLED,
    Message.HOST_UNASSIGNED,
    Message.PARTICIPANT_CANCELLED,
    Message.STAFF_CANCELLED,
}
_UNDECIDED = {Message.CUSTOMER_AWAITING, Message.CUSTOMER_REJECTED}
_LINK_LIKE = ("://", "www.")


@dataclass(frozen=True, slots=True)
class About:
    """An occasion, and when it is told (`now`, aware UTC). Reads no row of a booking that is whole."""

    occasion: Occasion
    now: datetime

    @property
    def booking(self) -> Booking:
        """The booking the message is about."""
        return self.occasion.booking

    @property
    def department(self) -> Department:
        """Whose meeting it is."""
        return self.booking.meeting_type.department

    @property
    def zone(self) -> str:
        """The recipient's time zone."""
        return self.occasion.recipient.zone

    @property
    def hosts(self) -> list[User]:
        """Who hosts it, the primary host first."""
        return [row.user for row in self.booking.assigned_users.all()]

    @property
    def for_customer(self) -> bool:
        """Whether the customer reads this."""
        return self.occasion.recipient.role == Role.CUSTOMER

    @property
    def for_staff(self) -> bool:
        """Whether somebody reads this who may know what the customer told us."""
        return self.occasion.recipient.role not in {Role.CUSTOMER, Role.PARTICIPANT}

    @property
    def is_settled(self) -> bool:
        """Whether the customer may know who hosts the meeting and by which link: not while it is only asked for."""
        is_pending = self.booking.booking_status == BookingStatus.PENDING
        return self.occasion.message not in _UNDECIDED and (self.for_staff or not is_pending)

    @property
    def host_names(self) -> str:
        """ "Sarah", "Sarah and Mike"; the department's name where nobody hosts it yet."""
        return listed(user.display_name for user in self.hosts) or self.department.department_name

    @property
    def former_names(self) -> str:
        """Who hosted it before and no longer does."""
        before = self.occasion.before
        now = {user.display_name for user in self.hosts}
        return listed(name for name in before.hosts if name not in now) if before else ""

    @property
    def meeting(self) -> str:
        """What people call it: its title, or the meeting type's name where the title was made from that."""
        booking, kind = self.booking, self.booking.meeting_type.meeting_name
        is_made = booking.meeting_title == f"{kind} - {booking.customer_name}"[:255]
        return kind if is_made else booking.meeting_title

    @property
    def is_moved(self) -> bool:
        """Whether the recipient knows another time."""
        before = self.occasion.before
        return before is not None and (before.start, before.end) != self.span

    @property
    def span(self) -> tuple[datetime, datetime]:
        """From when to when, aware UTC; for whom it ends, the time they know, though it was moved just before."""
        before = self.occasion.before
        if before is not None and self.occasion.message in _ENDINGS:
            return before.start, before.end
        return self.booking.start_datetime, self.booking.end_datetime

    @property
    def by_whom(self) -> str:
        """Who changed it, as the recipient knows them; nobody where time ran out."""
        return "" if self.occasion.more.get("expired") else safe_name(self.occasion.by_whom)

    @property
    def reason(self) -> str:
        """What they said; a person's own words, so none where time ran out."""
        return "" if self.occasion.more.get("expired") else self.occasion.reason

    @property
    def flags(self) -> dict[str, bool]:
        """What templates decide on."""
        booking, occasion = self.booking, self.occasion
        return {
            "is_internal": booking.is_internal,
            "is_erased": is_erased(booking.customer_email),
            "is_pending": booking.booking_status == BookingStatus.PENDING,
            "is_confirmed": booking.booking_status == BookingStatus.CONFIRMED,
            "is_cancelled": booking.booking_status == BookingStatus.CANCELLED,
            "is_expired": bool(occasion.more.get("expired")),
            "was_approved": bool(occasion.more.get("approved")),
            "is_moved": self.is_moved,
            "by_you": self.by_whom == _("you"),
            "by_other": self.by_whom not in {"", _("you")},
            "can_book_again": self.can_book_again,
        }

    @property
    def can_book_again(self) -> bool:
        """Whether customers find the meeting type on the booking pages."""
        kind = self.booking.meeting_type
        return kind.is_active and kind.is_public and self.department.is_active


def safe_name(name: str) -> str:
    """A name for a greeting; none where it looks like a link, so that nobody can send advertising through a booking."""
    return "" if any(sign in name.lower() for sign in _LINK_LIKE) else name
