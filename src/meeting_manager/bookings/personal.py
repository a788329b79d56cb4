"""Where somebody stands in bookings, found by their address, and which texts of histories name nobody."""

import re
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from meeting_manager.bookings.models import AssignmentHistory, Booking, BookingHistory, Participant
from meeting_manager.engine.lifecycle import HOLDING
from meeting_manager.people.erasure import ERASED_AT, ERASED_TEXT

_ERASED_CUSTOMER = Q(customer_email__endswith=ERASED_AT)
_ERASED_GUEST = Q(email__endswith=ERASED_AT)
_OURS = re.compile(
    r"Booking status changed from [\w-]+ to [\w-]+(\. Not approved in time)?"
    r"|Booking approved\.|Approved at once: created by somebody who decides"
    r"|Assigned by (Round Robin|Least Busy|Weighted|Manual)|Kept from the booking before"
    r"|Primary host changed from \S+ to \S+"
    r"|(Written to|Updated in|Taken out of) the calendar of \S+|Calendar event: \S+"
    rf"|{re.escape(ERASED_TEXT)}"
)


def bookings_with(address: str) -> QuerySet[Booking]:
    """Those whose customer or participant this is, or whose histories name the address, oldest first.

    Looks through all histories, so it is for what is asked rarely.
    """
    invited = Participant.objects.filter(email=address).values("booking")
    told = BookingHistory.objects.filter(event_description__icontains=address).values("booking")
    noted = AssignmentHistory.objects.filter(notes__icontains=address).values("booking")
    named = Q(customer_email=address) | Q(pk__in=invited) | Q(pk__in=told) | Q(pk__in=noted)
    return Booking.objects.filter(named).order_by("pk")


def upcoming_with(address: str, now: datetime) -> QuerySet[Booking]:
    """Those of them that are still to take place as of `now` (aware), with this person, by start."""
    invited = Exists(Participant.objects.filter(booking=OuterRef("pk"), email=address))
    ahead = Booking.objects.filter(booking_status__in=HOLDING, end_datetime__gt=now)
    return ahead.filter(Q(customer_email=address) | invited).order_by("start_datetime", "pk")


def kept_too_long(before: datetime) -> QuerySet[Booking]:
    """Those that ended before `before` (aware) and still tell who took part, oldest first.

    Reads what ended before, so it is for what is done rarely.
    """
    guests = Participant.objects.filter(booking=OuterRef("pk"), user=None).exclude(_ERASED_GUEST)
    telling = (Q(is_internal=False) & ~_ERASED_CUSTOMER) | Exists(guests)
    over = Booking.objects.filter(start_datetime__lt=before, end_datetime__lt=before)
    return over.filter(telling).order_by("start_datetime", "pk")


def is_ours(text: str) -> bool:
    """Whether a text of a history consists of our own words, of colleagues and of states."""
    return not text or bool(_OURS.fullmatch(text))


def names_in(booking: Booking, address: str) -> frozenset[str]:
    """The names under which the booking knows the address."""
    names = {row.name1 for row in booking.participants.all() if row.email == address}
    return frozenset(filter(None, names | ({booking.customer_name} if booking.customer_email == address else set())))
