"""What a service would refuse, found out before it is asked: the same rules in the same order, on what was read.

The service decides, under its locks; whoever asks here does so to tell people before they press a button.
"""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from meeting_manager.bookings import validators
from meeting_manager.bookings.choices import BookingStatus
from meeting_manager.bookings.facts import Moving
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.rules import may_cancel_or_move, may_decide, may_edit
from meeting_manager.bookings.services import door
from meeting_manager.bookings.services.cancel import refuse_guest_after_start
from meeting_manager.engine.lifecycle import check_change
from meeting_manager.people.models import User

# Each raises what its service would raise. Bookings come with type, department and hosts, and cost no query.


def check_cancel(booking: Booking, actor: User, now: datetime) -> None:
    """As `services.cancel`."""
    if not may_cancel_or_move(actor, booking):
        raise PermissionDenied(_("You may not cancel this booking."))
    check_change(booking.booking_status, BookingStatus.CANCELLED)
    message = _("This booking has already started and can no longer be cancelled.")
    refuse_guest_after_start(booking, actor, now, message)


def check_complete(booking: Booking, actor: User, now: datetime) -> None:
    """As `services.complete`."""
    if not may_edit(actor, booking):
        raise PermissionDenied(_("You may not change this booking."))
    check_change(booking.booking_status, BookingStatus.COMPLETED)
    validators.only_after_start(booking, BookingStatus.COMPLETED, now)


def check_approve(booking: Booking, actor: User, now: datetime) -> None:
    """As `services.approve`; one query, for what the hosts have meanwhile."""
    _require_decider(booking, actor)
    validators.awaits_decision(booking, BookingStatus.CONFIRMED)
    if booking.start_datetime <= now:
        raise validators.refusal("start_datetime", _("Cannot approve a booking that has already started."))
    span = (booking.start_datetime, booking.end_datetime)
    wish = door.Wish(booking.meeting_type, *span, actor, now, moving=Moving.of(booking))
    door.require_no_clash(wish, [host.user for host in booking.assigned_users.all()])


def check_reject(booking: Booking, actor: User, now: datetime) -> None:  # noqa: ARG001 - as the others
    """As `services.reject`, but for the reason that it needs."""
    _require_decider(booking, actor)
    validators.awaits_decision(booking, BookingStatus.CANCELLED)


def check_reassign(booking: Booking, actor: User, now: datetime) -> None:
    """As `services.reassign`, but for the new host: whether they can take it is asked of `takeover.plan_for`."""
    if not may_decide(actor, booking.meeting_type.department):
        raise PermissionDenied(_("Only a department leader or a System Manager may reassign bookings."))
    validators.reassignable(booking)
    if booking.start_datetime <= now:
        raise validators.refusal("start_datetime", _("Cannot reassign a booking that has already started."))


def _require_decider(booking: Booking, actor: User) -> None:
    if not may_decide(actor, booking.meeting_type.department):
        raise PermissionDenied(_("Only a department leader or a System Manager may approve or reject bookings."))
