"""Playing a booking's histories from the beginning: they must lead to what the booking is."""

from collections.abc import Iterator

from meeting_manager.adapters.inspection import Violation
from meeting_manager.bookings.choices import AssignmentAction, BookingStatus, EventType
from meeting_manager.bookings.verify.whole import Whole
from meeting_manager.engine.lifecycle import may_change

_REMEDY = "Compare it with a backup, and with what the customer was told."
_STATUSES = set(BookingStatus.values)


def statuses(whole: Whole) -> Iterator[Violation]:
    """It was created first, every change of status was legal, and the last one is its status."""
    events = [entry.event_type for entry in whole.happened]
    if not events or events[0] != EventType.CREATED or whole.happened[0].sequence != 1:
        yield whole.violation("Its history does not begin with Created.", _REMEDY)
        return
    status: str = BookingStatus.PENDING
    for event in events:
        if event not in _STATUSES:
            continue
        if not may_change(status, event):
            yield whole.violation(f"Its history goes from {status} to {event}, which is not legal.", _REMEDY)
        status = event
    if status != whole.booking.booking_status:
        wrong = f"Its status is {whole.booking.booking_status}, but its history ends in {status}."
        yield whole.violation(wrong, _REMEDY)


def assignments(whole: Whole) -> Iterator[Violation]:
    """Who was assigned and not unassigned is who hosts it."""
    hosts: set[int] = set()
    for entry in whole.changed:
        if entry.action_type == AssignmentAction.ASSIGNED:
            hosts.add(entry.user_id)
        elif entry.action_type == AssignmentAction.UNASSIGNED:
            hosts.discard(entry.user_id)
    if hosts != set(whole.hosts):
        wrong = f"Its hosts are users {sorted(whole.hosts)}, but its assignment history leads to {sorted(hosts)}."
        yield whole.violation(wrong, _REMEDY)
