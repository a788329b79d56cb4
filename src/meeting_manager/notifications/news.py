"""What one address is to be told when the turn of its mail comes: the difference between what it was last sent and
how things are. So nothing is told twice, nothing that was taken back, and nothing is lost when something comes between.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from meeting_manager.bookings.choices import ApprovalStatus
from meeting_manager.bookings.models import Booking
from meeting_manager.ledger.choices import DeliveryState
from meeting_manager.ledger.handlers import Job, Postponed
from meeting_manager.ledger.models import Delivery
from meeting_manager.notifications import told as known
from meeting_manager.notifications.choices import Message
from meeting_manager.notifications.circle import circle_of
from meeting_manager.notifications.models import Heard, Thread
from meeting_manager.notifications.services.planning import MAIL, NOTIFY, current_booking
from meeting_manager.notifications.tellings import Telling, telling_for
from meeting_manager.notifications.told import Told, as_heard_by, told_of

_TURN = timedelta(seconds=2)

_CAUSES: Mapping[str, Collection[str]] = {
    "cancelled": ("booking.cancelled", "booking.rejected", "booking.uninvited"),
    "rejected": ("booking.rejected",),
    "rescheduled": ("booking.rescheduled",),
    "assigned": ("booking.reassigned", "booking.rescheduled"),
    "unassigned": ("booking.reassigned", "booking.rescheduled"),
    "reassigned": ("booking.reassigned",),
    "changed": ("booking.edited",),
}
"""Which events a message may come of, by the last word of its name; any other, of the latest."""


@dataclass(frozen=True, slots=True)
class News:
    """What is to be told of `booking` (whole), to somebody who knows `before` and may have an entry in a calendar."""

    telling: Telling
    booking: Booking
    before: Told | None
    has_entry: bool
    cause: Mapping[str, Any]

    @property
    def payload(self) -> dict[str, Any]:
        """What `occasions.occasion` reads."""
        return {
            **self.cause,
            "message": self.telling.message,
            "role": self.telling.role,
            "approved": bool(self.before and self.before.is_pending),
            "before": self.before.as_json() if self.before else None,
        }


def news(job: Job) -> News | None:
    """What the recipient of a planned mail does not know yet; None where there is nothing left to tell.

    Raises Booking.DoesNotExist.
    """
    booking = current_booking(job.payload["booking"])
    row = Heard.objects.filter(thread__uid=booking.ical_uid, address=job.recipient).first()
    before = known.from_json(row.told if row else job.payload["before"] or {})
    circle = circle_of(booking.meeting_type.department)
    is_rejected = booking.approval_status == ApprovalStatus.REJECTED
    telling = telling_for(job.recipient, before, told_of(booking), circle, is_rejected=is_rejected)
    if telling is None:
        return None
    return News(telling, booking, before, bool(row and row.has_entry), _cause(telling.message, booking))


def note_heard(address: str, booking: Booking, *, has_entry: bool) -> None:
    """Remember that `address` was sent the booking as `booking` has it."""
    thread = Thread.objects.get(uid=booking.ical_uid)
    state = as_heard_by(address, told_of(booking)).as_json()
    Heard.objects.update_or_create(thread=thread, address=address, defaults={"told": state, "has_entry": has_entry})


def wait_for_turn(job: Job, now: datetime) -> None:
    """Raise Postponed while another worker writes to the same address about the same entry: it may say it all."""
    others = Delivery.objects.filter(
        kind=MAIL, recipient=job.recipient, state=DeliveryState.RUNNING, pk__lt=job.id, payload__uid=job.payload["uid"]
    )
    if others.exists():
        raise Postponed(now + _TURN)


def _cause(message: Message, booking: Booking) -> Mapping[str, Any]:
    """The payload of the latest event that may have caused the message: it says by whom and why."""
    names, earlier = [booking.name], booking
    while (before := earlier.rescheduled_from) is not None:
        names.append(before.name)
        earlier = before
    events = Delivery.objects.filter(about__in=names, kind=NOTIFY)
    if wanted := _CAUSES.get(message.rpartition("_")[2]):
        events = events.filter(payload__event__in=wanted)
    return events.order_by("-pk").values_list("payload", flat=True).first() or {}
