"""Decisions on bookings that need approval, and what happens to those that nobody decided on."""

from datetime import datetime

import structlog
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from meeting_manager.bookings import history, validators
from meeting_manager.bookings.choices import ApprovalStatus, BookingStatus, EventType
from meeting_manager.bookings.facts import Moving
from meeting_manager.bookings.inputs import Result
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.rules import may_decide
from meeting_manager.bookings.services import door, writing
from meeting_manager.busy import services as busy
from meeting_manager.people.models import User
from meeting_manager.people.queries import system_user

log = structlog.get_logger(__name__)

NOT_IN_TIME = "Not approved in time"

_DECISION = ["booking_status", "approval_status", "approved_by", "approval_date"]
ENDED = ["booking_status", "cancelled_at", "cancellation_reason"]


def approve(*, booking: Booking, actor: User, now: datetime, comment: str = "") -> Result:
    """Approve a Pending booking: Confirmed, signed by `actor`.

    Rechecks that the hosts have no clash and that it has not begun. Effects: status, decision, history, announcement
    "confirmed". Raises PermissionDenied, Conflict ("does not require approval", "already …"), IllegalChange,
    ValidationError, TimeTaken.
    """
    with transaction.atomic():
        current = _lock_for_decision(booking, actor, BookingStatus.CONFIRMED)
        if current.start_datetime <= now:
            raise validators.refusal("start_datetime", _("Cannot approve a booking that has already started."))
        remark = validators.remark("comment", gettext_noop("Comment"), comment)
        hosts = [host.user for host in current.assigned_users.select_related("user")]
        kind = door.lock_type(current.meeting_type)
        door.lock_users([host.pk for host in hosts])
        span = (current.start_datetime, current.end_datetime)
        door.require_no_clash(door.Wish(kind, *span, actor, now, moving=Moving.of(current)), hosts)
        _sign(current, ApprovalStatus.APPROVED, actor, now)
        current.booking_status = BookingStatus.CONFIRMED
        entries: list[history.Entry] = [
            history.Happened(EventType.APPROVED, f"Booking approved.{f' Comment: {remark}' if remark else ''}"),
            history.status_change(BookingStatus.PENDING, BookingStatus.CONFIRMED),
        ]
        writing.record(current, entries, _DECISION, actor=actor, now=now)
        writing.tell(current, "confirmed", actor=actor, now=now, approved=True)
        return writing.result(current)


def reject(*, booking: Booking, actor: User, now: datetime, reason: str) -> Result:
    """Reject a Pending booking, with a reason that the customer gets: Cancelled, its time free again.

    Effects: status, decision, history, busy time, announcement "rejected". Errors as in `approve`.
    """
    with transaction.atomic():
        current = _lock_for_decision(booking, actor, BookingStatus.CANCELLED)
        why = validators.remark("rejection_reason", gettext_noop("Rejection Reason"), reason)
        if not why:
            raise validators.refusal("rejection_reason", _("Rejection Reason is required when rejecting a booking."))
        _sign(current, ApprovalStatus.REJECTED, actor, now)
        current.rejection_reason = why
        end(current, why, now)
        entries: list[history.Entry] = [
            history.Happened(EventType.REJECTED, f"Booking rejected. Reason: {why}"),
            history.status_change(BookingStatus.PENDING, BookingStatus.CANCELLED),
        ]
        writing.record(current, entries, [*_DECISION, *ENDED, "rejection_reason"], actor=actor, now=now)
        writing.tell(current, "rejected", actor=actor, now=now)
        return Result(current)


def expire_unapproved(now: datetime) -> int:
    """Cancel, as the system, every booking whose start came without a decision; returns how many.

    Safe to run twice at once: each is locked and looked at again. One that cannot be ended is logged, and keeps no
    other waiting.
    """
    waiting = Booking.objects.filter(
        booking_status=BookingStatus.PENDING, approval_status=ApprovalStatus.PENDING, start_datetime__lte=now
    )
    return sum(_expire_or_log(booking, now) for booking in waiting.order_by("start_datetime"))


def end(booking: Booking, reason: str, now: datetime) -> None:
    """Make a booking Cancelled and free its time; the caller saves the fields and writes history."""
    booking.booking_status = BookingStatus.CANCELLED
    booking.cancelled_at, booking.cancellation_reason = now, reason
    busy.release(booking.pk)


def _expire_or_log(booking: Booking, now: datetime) -> bool:
    try:
        return _expire(booking, now)
    except Exception:  # the others must not wait for whatever is wrong with this one
        log.exception("booking_not_expired", booking=booking.name)
        return False


def _expire(booking: Booking, now: datetime) -> bool:
    with transaction.atomic():
        current = door.lock_booking(booking)
        if current.booking_status != BookingStatus.PENDING or current.start_datetime > now:
            return False
        end(current, NOT_IN_TIME, now)
        change = history.status_change(BookingStatus.PENDING, BookingStatus.CANCELLED, NOT_IN_TIME)
        system = system_user()
        writing.record(current, [change], ENDED, actor=system, now=now)
        writing.tell(current, "cancelled", actor=system, now=now, expired=True)
        return True


def _lock_for_decision(booking: Booking, actor: User, status: BookingStatus) -> Booking:
    current = door.lock_booking(booking)
    if not may_decide(actor, current.meeting_type.department):
        raise PermissionDenied(_("Only a department leader or a System Manager may approve or reject bookings."))
    validators.awaits_decision(current, status)
    return current


def _sign(booking: Booking, decision: ApprovalStatus, actor: User, now: datetime) -> None:
    booking.approval_status = decision
    booking.approved_by, booking.approval_date = actor, now
    booking.rejection_reason = ""
