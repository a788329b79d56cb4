"""What one booking's own fields, hosts and busy time must say."""

import re
from collections.abc import Iterator

from meeting_manager.adapters.inspection import Violation
from meeting_manager.bookings.answers import is_whole
from meeting_manager.bookings.choices import ApprovalStatus, BookingStatus
from meeting_manager.bookings.facts import seconds
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.services.book import minutes
from meeting_manager.bookings.verify.whole import Whole
from meeting_manager.busy.choices import MAX_PIECE, BusyKind
from meeting_manager.busy.services import pieces
from meeting_manager.engine.lifecycle import HOLDING

_REFERENCE = re.compile(r"BK-[A-Z0-9]{8}")


def times(whole: Whole) -> Iterator[Violation]:
    """The end lies after the start, both on whole seconds, and the duration is what lies between."""
    booking = whole.booking
    length = booking.end_datetime - booking.start_datetime
    if booking.start_datetime.microsecond or booking.end_datetime.microsecond:
        yield whole.violation("Its start or end is not a whole second.", "Move it to the whole second.")
    if length.total_seconds() <= 0:
        yield whole.violation("It ends before it starts.", "Correct the end from its history.")
    elif booking.duration != minutes(length):
        wrong = f"Its duration is {booking.duration} minutes, but it lasts {minutes(length)}."
        yield whole.violation(wrong, f"Set the duration to {minutes(length)}.")


def reference(whole: Whole) -> Iterator[Violation]:
    """The reference looks like one."""
    if not _REFERENCE.fullmatch(whole.booking.booking_reference):
        wrong = f"Its reference '{whole.booking.booking_reference}' is not BK- and eight letters or digits."
        yield whole.violation(wrong, "Restore the reference from the customer's mail.")


def hosts(whole: Whole) -> Iterator[Violation]:
    """Somebody hosts it, and one of them first."""
    if not whole.hosts:
        yield whole.violation("It has no host.", "Assign one, or cancel it.")
    elif not any(whole.hosts.values()):
        yield whole.violation("None of its hosts is the primary one.", "Mark one as primary host.")


def approval(whole: Whole) -> Iterator[Violation]:
    """Decision, signature and status go together."""
    for wrong in _approval(whole.booking):
        yield whole.violation(wrong, "Set status and decision to what its history says.")


def _approval(booking: Booking) -> Iterator[str]:
    decision, status = booking.approval_status, booking.booking_status
    is_signed = booking.approved_by_id is not None and booking.approval_date is not None
    if bool(decision) != booking.requires_approval:
        yield "Requires Approval and Approval Status do not go together."
    if (decision in {ApprovalStatus.APPROVED, ApprovalStatus.REJECTED}) != is_signed:
        yield "Its decision and who made it, when, do not go together."
    if decision == ApprovalStatus.REJECTED and (status != BookingStatus.CANCELLED or not booking.rejection_reason):
        yield "It was rejected, but is not Cancelled with a reason."
    if status == BookingStatus.PENDING and decision != ApprovalStatus.PENDING:
        yield "It is Pending, but awaits no decision."
    if decision == ApprovalStatus.PENDING and status not in _UNDECIDED:
        yield f"It is {status}, but its decision is pending."
    if (status == BookingStatus.CANCELLED) != (booking.cancelled_at is not None):
        yield "Its status and the time of its cancellation do not go together."


_UNDECIDED = {BookingStatus.PENDING, BookingStatus.CANCELLED, BookingStatus.RESCHEDULED}


def moves(whole: Whole) -> Iterator[Violation]:
    """A booking is Rescheduled exactly if there is one that it was moved to."""
    booking, new = whole.booking, whole.booking.rescheduled_to
    if new is not None and booking.booking_status != BookingStatus.RESCHEDULED:
        wrong = f"It is {booking.booking_status}, but was moved to {new.name}."
        yield whole.violation(wrong, "Cancel one of the two.")
    if new is None and booking.booking_status == BookingStatus.RESCHEDULED and not whole.may_have_lost_successor:
        wrong = "It is Rescheduled, but there is no booking that it was moved to, nor was one deleted."
        yield whole.violation(wrong, "Ask the customer, and book anew.")


def answers(whole: Whole) -> Iterator[Violation]:
    """What the customer answered is stored as it was asked."""
    if not is_whole(whole.booking.answers):
        wrong = "Its answers are not a list of key, label, type and value, each question once."
        yield whole.violation(wrong, "Restore its answers from the mail to its host.")


def busy_time(whole: Whole) -> Iterator[Violation]:
    """Busy rows are exactly what status, hosts and span ask for."""
    kept, due = sorted(whole.busy), sorted(_due(whole))
    if kept != due:
        wrong = f"Its busy time is not what its status, hosts and span ask for ({len(kept)} rows, {len(due)} due"
        differing = f"{len(set(kept) ^ set(due))} differ)."
        yield whole.violation(f"{wrong}, {differing}", "Write its rows of busy_busytime anew.")


def _due(whole: Whole) -> list[tuple[int, ...]]:
    booking = whole.booking
    start, end = seconds(booking.start_datetime), seconds(booking.end_datetime)
    if booking.booking_status in HOLDING:
        return [
            (user, lo, hi, BusyKind.BOOKING if lo == start else BusyKind.BOOKING_CONTINUED)
            for user in whole.hosts
            for lo, hi in pieces(start, end)
        ]
    if booking.booking_status == BookingStatus.COMPLETED:
        return [(user, start, min(end, start + MAX_PIECE), BusyKind.COMPLETED) for user in whole.hosts]
    return []
