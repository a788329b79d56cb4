"""One pass over all bookings with their hosts, busy time and histories, five cursors side by side."""

from collections.abc import Callable, Iterator
from operator import attrgetter, itemgetter

from meeting_manager.adapters.inspection import CHUNK, Beside, Inspection, Violation
from meeting_manager.bookings.models import AssignedUser, AssignmentHistory, Booking, BookingHistory, BookingTombstone
from meeting_manager.bookings.verify import chain, fields, replay
from meeting_manager.bookings.verify.whole import Whole
from meeting_manager.busy.models import BusyTime

_LEFT_OUT = ("meeting_description", "customer_notes", "reminders_sent", "assignment_receipt")
_LOOKS: tuple[Callable[[Whole], Iterator[Violation]], ...] = (
    fields.times,
    fields.reference,
    fields.hosts,
    fields.approval,
    fields.moves,
    fields.answers,
    fields.busy_time,
    chain.unbroken,
    replay.statuses,
    replay.assignments,
)


def find(inspection: Inspection) -> Iterator[Violation]:
    """Whatever is wrong with each booking, in the order of their making."""
    for whole in inspection.count(_wholes()):
        for look in _LOOKS:
            yield from look(whole)


def _wholes() -> Iterator[Whole]:
    hosts, busy = Beside(_hosts(), itemgetter(0)), Beside(_busy_time(), itemgetter(0))
    by_booking = BookingHistory.objects.order_by("booking_id", "sequence")
    happened = Beside(by_booking.iterator(CHUNK), attrgetter("booking_id"))
    by_host = AssignmentHistory.objects.order_by("booking_id", "sequence")
    changed = Beside(by_host.iterator(CHUNK), attrgetter("booking_id"))
    lost = _types_with_deletions()
    rows = Booking.objects.select_related("rescheduled_from", "successor").defer(
        *_LEFT_OUT,
        *(f"{link}__{field}" for link in ("rescheduled_from", "successor") for field in (*_LEFT_OUT, "answers")),
    )
    for booking in rows.order_by("pk").iterator(CHUNK):
        yield Whole(
            booking,
            hosts={user: is_primary for _, user, is_primary in hosts.of(booking.pk)},
            busy=[row[1:] for row in busy.of(booking.pk)],
            happened=happened.of(booking.pk),
            changed=changed.of(booking.pk),
            may_have_lost_successor=booking.name.rpartition("-")[0] in lost,
        )


def _hosts() -> Iterator[tuple[int, int, bool]]:
    columns = ("booking_id", "user_id", "is_primary_host")
    return AssignedUser.objects.order_by("booking_id").values_list(*columns).iterator(CHUNK)


def _busy_time() -> Iterator[tuple[int, ...]]:
    rows = BusyTime.objects.filter(booking__isnull=False).order_by("booking_id")
    columns = ("booking_id", "user_id", "starts", "ends", "kind")
    return rows.values_list(*columns).iterator(CHUNK)


def _types_with_deletions() -> set[str]:
    """Prefixes of the names that deleted bookings had; a move stays within its type, so its successor had one too."""
    return {name.rpartition("-")[0] for name in BookingTombstone.objects.values_list("name", flat=True)}
