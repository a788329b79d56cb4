"""Which acts are legal now, and allowed to whoever asks; the services have the last word."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meeting_manager.bookings.choices import ApprovalStatus, BookingStatus
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.rules import may_decide, may_delete, may_edit
from meeting_manager.engine.lifecycle import HOLDING, may_change
from meeting_manager.people.models import User

_LABELS = {
    "approve": _("Approve"),
    "reject": _("Reject…"),
    "reschedule": _("Move…"),
    "reassign": _("Reassign…"),
    "complete": _("It took place…"),
    "no-show": _("Did not come…"),
    "edit": _("Edit…"),
    "notes": _("Add a note…"),
    "cancel": _("Cancel…"),
    "delete": _("Delete…"),
}
FINAL = frozenset({"reject", "cancel", "delete"})


@dataclass(frozen=True, slots=True)
class Act:
    """A way to a page of the booking. `part` is the end of its address; `is_done_at_once` by a button alone."""

    part: str
    label: str | Promise
    address: str

    @property
    def is_done_at_once(self) -> bool:
        """Nothing more is asked."""
        return self.part == "approve"

    @property
    def is_final(self) -> bool:
        """Whether it takes something from somebody."""
        return self.part in FINAL


def acts_on(booking: Booking, user: User, now: datetime, back: str = "") -> list[Act]:
    """What `user` may do with the booking at `now`; the pages lead back to `back`, a path of ours."""
    base = reverse("workspace_booking", args=[booking.name])
    query = f"?{urlencode({'next': back})}" if back else ""
    return [Act(part, _LABELS[part], f"{base}{part}/{query}") for part in _parts(booking, user, now)]


def is_open(booking: Booking, user: User, now: datetime, part: str) -> bool:
    """Whether this act is among them."""
    return part in _parts(booking, user, now)


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
    if edits and status not in (BookingStatus.CANCELLED, BookingStatus.RESCHEDULED):
        yield "edit"
    if edits:
        yield "notes"
    if edits and may_change(status, BookingStatus.CANCELLED):
        yield "cancel"
    if may_delete(user):
        yield "delete"
