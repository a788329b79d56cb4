"""The calendar event a booking is mirrored in (validation 8 of the founding document)."""

from datetime import datetime

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from meeting_manager.bookings import history, validators
from meeting_manager.bookings.choices import EventType
from meeting_manager.bookings.inputs import Result
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.rules import may_edit
from meeting_manager.bookings.services import door, writing
from meeting_manager.people.models import User
from meeting_manager.people.rules import is_system
from meeting_manager.people.validators import storable

_FIELDS = ["calendar_event", "calendar_event_synced"]


def link_calendar_event(*, booking: Booking, event_name: str, synced: bool, actor: User, now: datetime) -> Result:
    """Link the booking to the synced event of this document name, or to none.

    A linked event makes the booking synced whatever `synced` says; synced without one is worth a warning. Effects: both
    fields, history "Calendar Synced"; nothing where nothing changes. Raises PermissionDenied, ValidationError.
    """
    with transaction.atomic():
        current = door.lock_booking(booking)
        if not (is_system(actor) or may_edit(actor, current)):
            raise PermissionDenied(_("You may not edit this booking."))
        event_id = _event_id(event_name)
        wanted = (event_id, synced or event_id is not None)
        if (current.calendar_event_id, current.calendar_event_synced) != wanted:
            current.calendar_event_id, current.calendar_event_synced = wanted
            told = f"Calendar event: {event_name}" if event_name else "Calendar event: none"
            entry = history.Happened(EventType.CALENDAR_SYNCED, told)
            writing.record(current, [entry], _FIELDS, actor=actor, now=now)
        return writing.result(current)


def _event_id(name: str) -> int | None:
    """Synced events live in a room above; as with the foreign key, its name leads there without an import."""
    if not name:
        return None
    events = apps.get_model("calendars", "CalendarEventSync")._default_manager
    found: int | None = events.filter(name=name if storable(name) else "").values_list("pk", flat=True).first()
    if found is None:
        raise validators.refusal("calendar_event", _("Calendar Event '%(name)s' does not exist.") % {"name": name})
    return found
