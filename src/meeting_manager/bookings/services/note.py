"""A note of the staff about a booking: it stands in the history and goes to nobody."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from meeting_manager.bookings import history, validators
from meeting_manager.bookings.choices import EventType
from meeting_manager.bookings.inputs import Result
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.rules import may_edit
from meeting_manager.bookings.services import door, writing
from meeting_manager.people.models import User

NOTE = "Note: "
"""How the description of a note begins."""


def note(*, booking: Booking, note: str, actor: User, now: datetime) -> Result:
    """Add a note to a booking, whatever its status.

    Effects: history "Details Updated"; nobody is told. Raises PermissionDenied, ValidationError.
    """
    with transaction.atomic():
        current = door.lock_booking(booking)
        if not may_edit(actor, current):
            raise PermissionDenied(_("You may not edit this booking."))
        said = validators.remark("note", gettext_noop("Note"), note)
        if not said:
            raise validators.refusal("note", _("Write the note first."))
        writing.record(
            current, [history.Happened(EventType.DETAILS_UPDATED, f"{NOTE}{said}")], [], actor=actor, now=now
        )
        return Result(current)
