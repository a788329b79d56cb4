"""Writing busy time. Callers are the door to a host's time (bookings) and the calendars; each owns its transaction."""

from collections.abc import Iterable, Iterator, Mapping

from django.db import IntegrityError

from meeting_manager.adapters.rows import insert
from meeting_manager.busy.choices import MAX_PIECE, BusyKind
from meeting_manager.busy.guards import OVERLAP
from meeting_manager.busy.models import BusyTime


def pieces(start: int, end: int) -> Iterator[tuple[int, int]]:
    """`[start, end)` cut into adjacent pieces of at most a day (UTC epoch seconds)."""
    for at in range(start, end, MAX_PIECE):
        yield at, min(at + MAX_PIECE, end)


def occupy(booking_id: int, user_ids: Iterable[int], start: int, end: int) -> None:
    """Give `[start, end)` of these users to a booking; raises IntegrityError where it overlaps another one's."""
    insert(
        BusyTime(
            user_id=user_id,
            starts=lo,
            ends=hi,
            kind=BusyKind.BOOKING if lo == start else BusyKind.BOOKING_CONTINUED,
            booking_id=booking_id,
        )
        for user_id in user_ids
        for lo, hi in pieces(start, end)
    )


def hand_over(booking_id: int, old_user_id: int, new_user_id: int, start: int, end: int) -> None:
    """Move the booking's time from one host to another; raises IntegrityError where the new one is taken."""
    BusyTime.objects.filter(booking_id=booking_id, user_id=old_user_id).delete()
    occupy(booking_id, [new_user_id], start, end)


def release(booking_id: int) -> None:
    """Free whatever time the booking held or counted for."""
    BusyTime.objects.filter(booking_id=booking_id).delete()


def complete(booking_id: int, user_ids: Iterable[int], start: int, end: int) -> None:
    """From now on the booking counts toward limits, but blocks nothing."""
    release(booking_id)
    insert(
        BusyTime(
            user_id=user_id,
            starts=start,
            ends=min(end, start + MAX_PIECE),
            kind=BusyKind.COMPLETED,
            booking_id=booking_id,
        )
        for user_id in user_ids
    )


def replace_for_events(user_id: int, spans: Mapping[int, Iterable[tuple[int, int]]]) -> None:
    """Make these spans (by event id), and no others, what external events block of a user; none: one blocks nothing."""
    BusyTime.objects.filter(event_id__in=list(spans)).delete()
    insert(
        BusyTime(user_id=user_id, starts=lo, ends=hi, kind=BusyKind.EXTERNAL, event_id=event_id)
        for event_id, of_event in spans.items()
        for start, end in of_event
        for lo, hi in pieces(start, end)
    )


def is_overlap(error: IntegrityError) -> bool:
    """Whether the database refused a row because the user has another booking at that time."""
    return OVERLAP in str(error)
