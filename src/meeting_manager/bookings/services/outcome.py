"""How a meeting went: Completed or No-Show, and the correction of either."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from meeting_manager.bookings import history, validators
from meeting_manager.bookings.choices import BookingStatus
from meeting_manager.bookings.facts import seconds
from meeting_manager.bookings.inputs import Result
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.rules import may_edit
from meeting_manager.bookings.services import door, writing
from meeting_manager.busy import services as busy
from meeting_manager.engine.lifecycle import check_change
from meeting_manager.people.models import User


def complete(*, booking: Booking, actor: User, now: datetime, notes: str = "") -> Result:
    """The meeting took place: from Confirmed after its start, or as the correction of No-Show.

    Effects: status, history, busy time (counts toward limits, blocks nothing), announcement "completed". Raises
    PermissionDenied, IllegalChange, ValidationError.
    """
    return _conclude(booking, BookingStatus.COMPLETED, "completed", actor, now, notes)


def mark_no_show(*, booking: Booking, actor: User, now: datetime, notes: str = "") -> Result:
    """The customer did not come: from Confirmed after its start, or as the correction of Completed.

    Effects: status, history, busy time (no longer counts), announcement "no_show". Errors as in `complete`.
    """
    return _conclude(booking, BookingStatus.NO_SHOW, "no_show", actor, now, notes)


def _conclude(booking: Booking, status: BookingStatus, event: str, actor: User, now: datetime, notes: str) -> Result:
    with transaction.atomic():
        current = door.lock_booking(booking)
        if not may_edit(actor, current):
            raise PermissionDenied(_("You may not change this booking."))
        old = current.booking_status
        check_change(old, status)
        validators.only_after_start(current, status, now)
        remark = validators.remark("notes", gettext_noop("Notes"), notes)
        current.booking_status = status
        _keep_time(current, status)
        entry = history.status_change(old, status, history.because("Notes", remark))
        writing.record(current, [entry], ["booking_status"], actor=actor, now=now)
        writing.tell(current, event, actor=actor, now=now, corrected=old != BookingStatus.CONFIRMED)
        return Result(current)


def _keep_time(booking: Booking, status: BookingStatus) -> None:
    if status == BookingStatus.NO_SHOW:
        busy.release(booking.pk)
        return
    hosts = [host.user_id for host in booking.assigned_users.all()]
    busy.complete(booking.pk, hosts, seconds(booking.start_datetime), seconds(booking.end_datetime))
