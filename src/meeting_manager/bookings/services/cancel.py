"""The end of a booking before it took place, and the deletion of its record."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from meeting_manager.bookings import history, validators
from meeting_manager.bookings.choices import BookingStatus
from meeting_manager.bookings.errors import Conflict
from meeting_manager.bookings.inputs import Result
from meeting_manager.bookings.models import Booking, BookingTombstone
from meeting_manager.bookings.rules import may_cancel_or_move, may_delete
from meeting_manager.bookings.services import door, writing
from meeting_manager.bookings.services.decide import ENDED, end
from meeting_manager.engine.lifecycle import check_change
from meeting_manager.ledger.services.forgetting import forget_about
from meeting_manager.people.models import User
from meeting_manager.people.rules import is_system


def cancel(
    *,
    booking: Booking,
    actor: User,
    now: datetime,
    reason: str = "",
    more: Mapping[str, object] = writing.NOTHING_MORE,
) -> Result:
    """Cancel a Pending or Confirmed booking; its time is free again. Guests only before its start.

    Effects: status, history, busy time, announcement "cancelled". A missing reason is a warning. `more` is for the
    announcement. Raises PermissionDenied, IllegalChange, Conflict, ValidationError.
    """
    with transaction.atomic():
        current = door.lock_booking(booking)
        if not may_cancel_or_move(actor, current):
            raise PermissionDenied(_("You may not cancel this booking."))
        old = current.booking_status
        check_change(old, BookingStatus.CANCELLED)
        refuse_guest_after_start(
            current, actor, now, _("This booking has already started and can no longer be cancelled.")
        )
        why = validators.remark("cancellation_reason", gettext_noop("Cancellation Reason"), reason)
        end(current, why, now)
        told = (history.by_customer(current, actor), history.because("Reason", why))
        change = history.status_change(old, BookingStatus.CANCELLED, *told)
        writing.record(current, [change], ENDED, actor=actor, now=now)
        writing.tell(current, "cancelled", actor=actor, now=now, **more)
        return Result(current, () if why else (_(validators.NO_REASON),))


def refuse_guest_after_start(booking: Booking, actor: User, now: datetime, message: str) -> None:
    """Guests move and cancel only before the start; staff may tidy up afterwards. `message` says so."""
    if is_system(actor) and booking.start_datetime <= now:
        raise Conflict(message)


def delete(*, booking: Booking, actor: User, now: datetime) -> BookingTombstone:
    """Delete a booking for good, with all that hangs on it; a tombstone keeps its name, reference and history head.

    For System Managers only; everybody else cancels. The number in its name is never used again.
    """
    with transaction.atomic():
        current = door.lock_booking(booking)
        if not may_delete(actor):
            raise PermissionDenied(_("Only a System Manager may delete bookings. Cancel it instead."))
        stone = BookingTombstone.objects.create(
            name=current.name,
            booking_reference=current.booking_reference,
            deleted_at=now,
            deleted_by=actor,
            history_length=current.history_length,
            history_head=current.history_head,
        )
        forget_about(current.name)
        writing.tell(current, "deleted", actor=actor, now=now)
        current.delete()
        return stone
