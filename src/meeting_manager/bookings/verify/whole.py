"""One booking with all that hangs on it, as the checks look at it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from meeting_manager.adapters.inspection import Violation
from meeting_manager.bookings.models import AssignmentHistory, Booking, BookingHistory


@dataclass(frozen=True, slots=True)
class Whole:
    """A booking; its hosts (user → primary), busy time (user, starts, ends, kind) and histories by sequence."""

    booking: Booking
    hosts: Mapping[int, bool]
    busy: Sequence[tuple[int, ...]]
    happened: Sequence[BookingHistory]
    changed: Sequence[AssignmentHistory]
    may_have_lost_successor: bool

    def violation(self, wrong: str, remedy: str) -> Violation:
        """Something wrong with this booking."""
        return Violation(self.booking.name, wrong, remedy)
