"""The promise of the product, seen from bookings and hosts alone: the busy table is not asked."""

from collections.abc import Iterator

from meeting_manager.adapters.inspection import CHUNK, Inspection, Violation
from meeting_manager.bookings.models import AssignedUser
from meeting_manager.engine.lifecycle import HOLDING


def find(inspection: Inspection) -> Iterator[Violation]:
    """Each booking that begins before an earlier one of the same host ends."""
    rows = AssignedUser.objects.filter(booking__booking_status__in=HOLDING).order_by(
        "user_id", "booking__start_datetime", "booking_id"
    )
    columns = rows.values_list(
        "user_id", "user__email", "booking__start_datetime", "booking__end_datetime", "booking__name"
    )
    last_user, last_end, last_name = None, None, ""
    for user, email, start, end, name in inspection.count(columns.iterator(CHUNK)):
        if user == last_user and last_end is not None and start < last_end:
            wrong = f"It overlaps {last_name}, and '{email}' hosts both."
            yield Violation(name, wrong, "Reassign, move or cancel one of them.")
        if user != last_user or last_end is None or end > last_end:
            last_user, last_end, last_name = user, end, name
