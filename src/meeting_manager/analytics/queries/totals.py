"""What happened to bookings, counted: by status, meeting type and host, with the rates that everybody means."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from meeting_manager.bookings.choices import BookingStatus
from meeting_manager.bookings.models import AssignedUser, Booking

_TO_THREE_PLACES = 3


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of the bookings in question. Rates are parts of one; None where nothing could have been counted."""

    total: int
    by_status: dict[str, int]
    by_meeting_type: dict[str, int]
    by_member: dict[str, int]
    no_show_rate: float | None
    cancellation_rate: float | None


def figures(rows: QuerySet[Booking]) -> Figures:
    """Count `rows`; three queries.

    `total` counts moved bookings as well as what they became. A booking with several hosts counts for each.
    """
    plain = rows.order_by()
    found = Counter(dict(plain.values_list("booking_status").annotate(Count("pk"))))
    by_status = {status.value: found[status.value] for status in BookingStatus}
    by_type = dict(plain.values_list("meeting_type__name").annotate(Count("pk")).order_by("meeting_type__name"))
    hosts = AssignedUser.objects.filter(booking__in=plain.values("pk")).order_by()
    by_member = dict(hosts.values_list("user__email").annotate(Count("pk")).order_by("user__email"))
    return Figures(
        total=found.total(),
        by_status=by_status,
        by_meeting_type=by_type,
        by_member=by_member,
        no_show_rate=no_show_rate(found),
        cancellation_rate=cancellation_rate(found),
    )


def no_show_rate(by_status: Mapping[str, int]) -> float | None:
    """Of the meetings that came to an end (Completed and No-Show), the part to which nobody came."""
    missed = by_status.get(BookingStatus.NO_SHOW, 0)
    return _rate(missed, missed + by_status.get(BookingStatus.COMPLETED, 0))


def cancellation_rate(by_status: Mapping[str, int]) -> float | None:
    """Of all bookings but those that were moved, since what they became is counted, the part that was cancelled."""
    return _rate(by_status.get(BookingStatus.CANCELLED, 0), made(by_status))


def made(by_status: Mapping[str, int]) -> int:
    """How many bookings there are, each once however often it was moved."""
    return sum(by_status.values()) - by_status.get(BookingStatus.RESCHEDULED, 0)


def _rate(part: int, whole: int) -> float | None:
    return round(part / whole, _TO_THREE_PLACES) if whole else None
