"""Several meetings of a series that changed together are told in one mail: that about the first of them, which
`carries` the words for all of its `batch`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from meeting_manager.bookings import queries
from meeting_manager.bookings.models import Booking
from meeting_manager.ledger.models import Delivery
from meeting_manager.notifications.circle import circle_of
from meeting_manager.notifications.tellings import addresses
from meeting_manager.notifications.told import told_of

NOTIFY = "notify"


def told_with_first(payload: Mapping[str, Any], booking: Booking) -> frozenset[str]:
    """Who hears of `booking` with the first of the batch that the event's `payload` names; nobody where there is none.

    Whoever is not at the first one gets a mail of their own.
    """
    if not payload.get("batch") or payload.get("carries"):
        return frozenset()
    first = _of_batch(payload["batch"], booking).filter(payload__carries=True).values_list("about", flat=True).first()
    carrier = queries.whole(Booking.objects.filter(name=first or "")).first()
    if carrier is None:
        return frozenset()
    return frozenset(addresses(told_of(carrier), circle_of(carrier.meeting_type.department)))


def others(payload: Mapping[str, Any], booking: Booking) -> list[tuple[datetime, datetime]]:
    """From when to when the others are that changed together with `booking`, in order; two queries where some did."""
    if not payload.get("batch") or not payload.get("carries"):
        return []
    names = _of_batch(payload["batch"], booking).exclude(about=booking.name).values_list("about", flat=True)
    rows = Booking.objects.filter(name__in=list(names)).order_by("start_datetime")
    return list(rows.values_list("start_datetime", "end_datetime"))


def _of_batch(batch: str, booking: Booking) -> QuerySet[Delivery]:
    names = Booking.objects.filter(series=booking.series_id).values_list("name", flat=True)
    return Delivery.objects.filter(kind=NOTIFY, about__in=list(names), payload__batch=batch).order_by("pk")
