"""Names of bookings and what deleted ones leave."""

from collections.abc import Iterator
from itertools import chain

from django.db.models import Exists, OuterRef, Q

from meeting_manager.adapters.inspection import CHUNK, Inspection, Violation
from meeting_manager.bookings.models import Booking, BookingTombstone
from meeting_manager.names.verify import counters_behind, misnamed


def names(inspection: Inspection) -> Iterator[Violation]:
    """Names that are not their type's with a number, and counters behind a number that is or was in use."""
    rows = Booking.objects.order_by("pk")
    yield from misnamed("MM-MB", inspection.count(rows.values_list("name", "meeting_type__name").iterator(CHUNK)))
    deleted = BookingTombstone.objects.order_by("pk").values_list("name", flat=True)
    used = chain(rows.values_list("name", flat=True).iterator(CHUNK), deleted.iterator(CHUNK))
    yield from counters_behind(inspection.count(used))


def tombstones(inspection: Inspection) -> Iterator[Violation]:
    """Bookings that bear the name or the reference of a deleted one."""
    same = Q(name=OuterRef("name")) | Q(booking_reference=OuterRef("booking_reference"))
    risen = Booking.objects.filter(Exists(BookingTombstone.objects.filter(same)))
    for name in inspection.count(risen.order_by("pk").values_list("name", flat=True).iterator(CHUNK)):
        wrong = "A deleted booking had this document name or reference."
        yield Violation(name, wrong, "Restore the last backup that passes `verify`, or cancel and book anew.")
