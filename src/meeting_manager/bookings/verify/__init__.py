"""What must hold for bookings: everything that one booking shows of itself in one pass, the rest by itself."""

from collections.abc import Iterator

from meeting_manager.adapters.inspection import Check, Inspection, Violation
from meeting_manager.bookings.guards import GUARDS
from meeting_manager.bookings.verify import each, overlaps, records, series
from meeting_manager.busy.verify import absent


def _guards(_: Inspection) -> Iterator[Violation]:
    yield from absent(GUARDS)


CHECKS = (
    Check("the database refuses to rewrite history", _guards),
    Check("no host has two bookings at one time", overlaps.find),
    Check("bookings bear names of their types, and numbers come once", records.names),
    Check("what was deleted stays deleted", records.tombstones),
    Check("series have their meetings", series.find),
    Check("bookings agree with their hosts, busy time and histories", each.find),
)
