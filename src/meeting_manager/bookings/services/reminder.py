"""What a booking remembers of its reminders."""

from datetime import UTC, datetime

from django.db import transaction

from meeting_manager.bookings import history
from meeting_manager.bookings.choices import EventType
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.services import door, writing
from meeting_manager.people.models import User


def record_reminder(*, booking: Booking, description: str, actor: User, now: datetime) -> None:
    """Note that a reminder was sent at `now`.

    Effects: `reminders_sent` grows by the time in UTC, `last_reminder_sent`, history; nothing announced.
    Raises Booking.DoesNotExist.
    """
    with transaction.atomic():
        current = door.lock_booking(booking)
        current.reminders_sent = [*current.reminders_sent, now.astimezone(UTC).isoformat(timespec="seconds")]
        current.last_reminder_sent = now
        entry = history.Happened(EventType.REMINDER_SENT, description)
        writing.record(current, [entry], ["reminders_sent", "last_reminder_sent"], actor=actor, now=now)
