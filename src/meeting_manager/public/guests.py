"""How pages open a booking for somebody without an account; the rules are `web/guests.py`'s."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from meeting_manager.bookings import queries
from meeting_manager.bookings.links import link_token, participant_of, participant_token
from meeting_manager.bookings.models import Booking, Participant
from meeting_manager.web import limits
from meeting_manager.web.guests import Admitted, admit
from meeting_manager.web.limits import client_of


class NotOpened(Exception):  # noqa: N818 - it says what happened
    """What was given opens no booking; `reference` is what somebody may want to try again with an e-mail address."""

    def __init__(self, reference: str) -> None:
        super().__init__(reference)
        self.reference = reference


@dataclass(frozen=True, slots=True)
class Invited:
    """A participant, and the booking as it stands today, whole."""

    booking: Booking
    participant: Participant


def by_link(request: HttpRequest, reference: str, now: datetime) -> Booking:
    """The booking that the token in the address opens. Raises NotOpened without a valid one, LimitReached."""
    return _as_customer(request, reference, now, token=request.GET.get("token", "") or "none")


def by_email(request: HttpRequest, reference: str, email: str, now: datetime) -> Booking:
    """The booking whose reference and customer's address these are. Raises NotOpened, LimitReached."""
    return _as_customer(request, reference, now, email=email)


def by_bare_reference(request: HttpRequest, reference: str, now: datetime) -> Booking:
    """The booking, of which only status, times, type and department may be shown. Raises NotOpened, LimitReached."""
    return _admit(request, reference, now).booking


def by_invitation(request: HttpRequest, reference: str, now: datetime) -> Invited:
    """Whom the token in the address belongs to, at this booking or where it was moved to; internal meetings too.

    A valid token costs nothing and always works; a wrong one counts as a look-up and a miss, like a wrong reference.
    Raises NotOpened, LimitReached.
    """
    found = _invited(reference, request.GET.get("token", ""))
    if found is None:
        limits.count_lookup(client=client_of(request), now=now)
        limits.count_miss(now=now)
        raise NotOpened(reference)
    return found


def address(booking: Booking, page: str = "booking", **query: str) -> str:
    """Where a page of the booking is on this site, with the right to open it."""
    path = reverse(f"public:{page}", args=[booking.booking_reference])
    return f"{path}?{urlencode({'token': link_token(booking), **query})}"


def answer_address(invited: Invited) -> str:
    """Where the participant's own page to answer is on this site."""
    token = participant_token(invited.booking, invited.participant.email)
    return f"{reverse('public:answer', args=[invited.booking.booking_reference])}?{urlencode({'token': token})}"


def _invited(reference: str, token: str) -> Invited | None:
    try:
        current = queries.latest(queries.by_reference(reference))
    except Booking.DoesNotExist:
        return None
    booking = queries.whole(Booking.objects.filter(pk=current.pk)).get()
    participant = participant_of(booking, token)
    return Invited(booking, participant) if participant else None


def _as_customer(request: HttpRequest, reference: str, now: datetime, token: str = "", email: str = "") -> Booking:
    admitted = _admit(request, reference, now, token, email)
    if not admitted.is_customer:
        raise NotOpened(reference)
    return admitted.booking


def _admit(request: HttpRequest, reference: str, now: datetime, token: str = "", email: str = "") -> Admitted:
    try:
        return admit(reference=reference, token=token, email=email, client=client_of(request), now=now)
    except Booking.DoesNotExist as error:
        raise NotOpened(reference) from error
