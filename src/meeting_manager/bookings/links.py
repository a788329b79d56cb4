"""References and the links that carry a right: an HMAC over booking and version, so nothing is stored.

Raising `link_version` revokes every link of a booking (trust.md, "guessing references").
"""

import hashlib
import hmac
import secrets
import string
from base64 import b32encode, urlsafe_b64encode

from django.conf import settings
from django.urls import reverse

from meeting_manager.bookings.models import Booking, Participant

_PARTICIPANT_BYTES = 16
"""128 bits, short enough for the part of a mail address before the @."""

_ALPHABET = string.ascii_uppercase + string.digits


def new_reference() -> str:
    """A random booking reference such as BK-A7F92K1X: an identifier, not a secret."""
    return "BK-" + "".join(secrets.choice(_ALPHABET) for _ in range(8))


def link_token(booking: Booking) -> str:
    """The token of this booking's links, 256 bits, scoped to it and its link version."""
    scope = f"booking:{booking.booking_reference}:{booking.link_version}"
    return urlsafe_b64encode(_mac(scope)).rstrip(b"=").decode()


def opens(booking: Booking, token: str) -> bool:
    """Whether `token` is this booking's, compared in constant time."""
    return hmac.compare_digest(link_token(booking).encode(), token.encode())


def manage_url(booking: Booking) -> str:
    """Where the customer sees, moves and cancels the booking, without an account."""
    return _of_customer(booking, "")


def reschedule_url(booking: Booking) -> str:
    """Where the customer chooses another time; opening it changes nothing."""
    return _of_customer(booking, "/reschedule")


def cancel_url(booking: Booking) -> str:
    """Where the customer cancels, after a confirmation; opening it changes nothing."""
    return _of_customer(booking, "/cancel")


def workspace_url(booking: Booking) -> str:
    """The booking's page for staff, who sign in there; the link carries no right."""
    return str(settings.SITE_URL) + reverse("workspace_booking", args=[booking.name])


def participant_token(booking: Booking, email: str) -> str:
    """The token by which a participant answers: 26 letters and digits in lower case, the same through all moves."""
    mac = _mac(f"participant:{booking.ical_uid}:{email.lower()}")[:_PARTICIPANT_BYTES]
    return b32encode(mac).rstrip(b"=").decode().lower()


def participant_of(booking: Booking, token: str) -> Participant | None:
    """Whose token this is among the booking's participants, compared in constant time; one query."""
    given = token.lower().encode("utf-8", "surrogatepass")
    rows = booking.participants.all()
    return next(
        (row for row in rows if hmac.compare_digest(participant_token(booking, row.email).encode(), given)), None
    )


def answer_url(booking: Booking, email: str) -> str:
    """Where a participant accepts, declines or says maybe; opening it changes nothing."""
    token = participant_token(booking, email)
    return f"{settings.SITE_URL}/booking/{booking.booking_reference}/answer?token={token}"


def _of_customer(booking: Booking, page: str) -> str:
    return f"{settings.SITE_URL}/booking/{booking.booking_reference}{page}?token={link_token(booking)}"


def _mac(scope: str) -> bytes:
    return hmac.new(settings.LINK_KEY.encode(), scope.encode(), hashlib.sha256).digest()
