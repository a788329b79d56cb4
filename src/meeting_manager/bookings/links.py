"""References and the links that carry a right: an HMAC over booking and version, so nothing is stored.

Raising `link_version` revokes every link of a booking (trust.md, "guessing references").
"""

import hashlib
import hmac
import secrets
import string
from base64 import urlsafe_b64encode

from django.conf import settings

from meeting_manager.bookings.models import Booking

_ALPHABET = string.ascii_uppercase + string.digits


def new_reference() -> str:
    """A random booking reference such as BK-A7F92K1X: an identifier, not a secret."""
    return "BK-" + "".join(secrets.choice(_ALPHABET) for _ in range(8))


def link_token(booking: Booking) -> str:
    """The token of this booking's links, 256 bits, scoped to it and its link version."""
    scope = f"booking:{booking.booking_reference}:{booking.link_version}"
    digest = hmac.new(settings.LINK_KEY.encode(), scope.encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def opens(booking: Booking, token: str) -> bool:
    """Whether `token` is this booking's, compared in constant time."""
    return hmac.compare_digest(link_token(booking).encode(), token.encode())


def manage_url(booking: Booking) -> str:
    """Where the customer sees, moves and cancels the booking, without an account."""
    return f"{settings.SITE_URL}/booking/{booking.booking_reference}?token={link_token(booking)}"
