"""How guests come to a booking: by its link, by reference and e-mail address, or by the bare reference."""

import hmac
from dataclasses import dataclass
from datetime import datetime

from meeting_manager.bookings import links, queries
from meeting_manager.bookings.models import Booking
from meeting_manager.people.erasure import is_erased
from meeting_manager.web import limits


@dataclass(frozen=True, slots=True)
class Admitted:
    """A booking, and whether the guest proved to be its customer; who did not sees no personal data of it."""

    booking: Booking
    is_customer: bool


def admit(*, reference: str, token: str, email: str, client: str, now: datetime) -> Admitted:
    """Let a guest in who has a valid token, or the customer's e-mail address, or nothing but the reference.

    A valid token costs nothing and always works. Everything else counts as a look-up of the client, and as a miss of
    all where it is wrong. Raises Booking.DoesNotExist for an unknown reference and for a wrong token or address,
    LimitReached. Call it outside transactions: counters stay when the request fails.
    """
    if not token and not email:
        limits.check_misses(now=now)
    found = _find(reference)
    if found and token and links.opens(found, token):
        return Admitted(found, is_customer=True)
    limits.count_lookup(client=client, now=now)
    if found is None or (token and not email) or (email and not _is_customer(found, email)):
        limits.count_miss(now=now)
        raise Booking.DoesNotExist
    return Admitted(found, is_customer=bool(email))


def _find(reference: str) -> Booking | None:
    """The booking; internal meetings have no guest, so for guests they do not exist."""
    try:
        found = queries.by_reference(reference)
    except Booking.DoesNotExist:
        return None
    return None if found.is_internal else found


def _is_customer(booking: Booking, email: str) -> bool:
    given = email.strip().lower().encode("utf-8", "surrogatepass")
    if is_erased(booking.customer_email):
        return False  # what stands there now is known to everybody
    return bool(booking.customer_email) and hmac.compare_digest(booking.customer_email.encode(), given)
