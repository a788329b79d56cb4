"""What can be done with a booking from the calendar: what is legal now, and allowed to the reader."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meeting_manager.bookings.choices import ApprovalStatus, BookingStatus
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.rules import may_decide, may_edit
from meeting_manager.engine.lifecycle import HOLDING, may_change
from meeting_manager.people.models import User


@dataclass(frozen=True, slots=True)
class Action:
    """A way to a page of the booking, below its address; `is_done_at_once`: by a button, and nothing more is asked."""

    part: str
    label: str | Promise
    address: str
    is_done_at_once: bool = False


_LABELS = {
    "approve": _("Approve"),
    "reject": _("Reject…"),
    "reschedule": _("Move…"),
    "reassign": _("Reassign…"),
    "complete": _("Complete…"),
    "no-show": _("Did not come…"),
    "cancel": _("Cancel…"),
}


def actions_for(booking: Booking, user: User, now: datetime, back: str) -> list[Action]:
    """What `user` may do with the booking at `now`; the pages lead back to `back`, a path of ours."""
    base, query = reverse("workspace_booking", args=[booking.name]), urlencode({"next": back})
    return [
        Action(part, _LABELS[part], f"{base}{part}/?{query}", part == "approve") for part in _parts(booking, user, now)
    ]


def _parts(booking: Booking, user: User, now: datetime) -> Iterator[str]:
    status, has_begun = booking.booking_status, booking.start_datetime <= now
    decides, edits = may_decide(user, booking.meeting_type.department), may_edit(user, booking)
    if decides and status == BookingStatus.PENDING and booking.approval_status == ApprovalStatus.PENDING:
        yield from ("reject",) if has_begun else ("approve", "reject")
    if edits and may_change(status, BookingStatus.RESCHEDULED):
        yield "reschedule"
    if decides and status in HOLDING and not has_begun:
        yield "reassign"
    if edits and has_begun and may_change(status, BookingStatus.COMPLETED):
        yield "complete"
    if edits and has_begun and may_change(status, BookingStatus.NO_SHOW):
        yield "no-show"
    if edits and may_change(status, BookingStatus.CANCELLED):
        yield "cancel"
