"""Series and the bookings they were made of."""

from collections.abc import Iterator
from datetime import UTC

from meeting_manager.adapters.inspection import CHUNK, Inspection, Violation
from meeting_manager.bookings.models import Booking, BookingTombstone
from meeting_manager.bookings.recurring import BookingSeries

_COLUMNS = ("name", "series_id", "series_start", "is_internal", "meeting_type_id", "series__meeting_type_id")


def find(inspection: Inspection) -> Iterator[Violation]:
    """Bookings that do not fit their series, and meetings of a series that are not there though none was deleted."""
    planned = {pk: set(starts) for pk, starts in BookingSeries.objects.values_list("pk", "planned")}
    rows = Booking.objects.filter(series__isnull=False) | Booking.objects.filter(series_start__isnull=False)
    for name, series, start, is_internal, kind, kind_of_series in inspection.count(
        rows.order_by("pk").values_list(*_COLUMNS).iterator(CHUNK)
    ):
        if series is None or start is None:
            yield Violation(name, "It has a series or its start in one, not both.", "Set both from its history.")
            continue
        if not is_internal or kind != kind_of_series:
            yield Violation(name, "It is not a meeting such as its series has.", "Take it out of the series.")
        if start.astimezone(UTC).isoformat() not in planned[series]:
            yield Violation(name, "Its series has no meeting at that start.", "Take it out of the series.")
    yield from _missing()


def _missing() -> Iterator[Violation]:
    """Meetings that were made, but are neither there nor deleted."""
    lost = {name.rpartition("-")[0] for name in BookingTombstone.objects.values_list("name", flat=True)}
    there: dict[int, set[str]] = {}
    for series, start in Booking.objects.filter(series__isnull=False).values_list("series_id", "series_start"):
        if start is not None:
            there.setdefault(series, set()).add(start.astimezone(UTC).isoformat())
    for one in BookingSeries.objects.select_related("meeting_type").order_by("pk").iterator(CHUNK):
        missing = sorted(set(one.planned) - there.get(one.pk, set()))
        if missing and f"MM-MB-{one.meeting_type.name}" not in lost:
            wrong = f"Its meeting of {missing[0]} is not there, nor was one deleted."
            yield Violation(f"series {one.key}", wrong, "Restore the last backup that passes `verify`.")
