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
from meeting_manager.engine.lifecycle import HOLDING
from meeting_manager.people.models import User
from meeting_manager.people.queries import system_user
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


def record_calendar_event(
    *,
    booking: Booking,
    host: User,
    event_id: int | None,
    former_event_id: int,
    link: str,
    conference: str,
    former_conference: str,
    told: str,
    now: datetime,
) -> Booking:
    """Note that the booking was written to the calendar of `host`, or with no `event_id` that it was taken out there.

    The primary host's event is the booking's, with its `link`. `conference` is the address of a video call that was
    made with the event; `former_conference` one that went with it. Effects: these fields, history "Calendar Synced"; a
    new address besides "Details Updated" and the announcement "edited". The caller holds the booking's row.
    """
    actor = system_user()
    entries: list[history.Entry] = [history.Happened(EventType.CALENDAR_SYNCED, told)]
    fields = _linked(booking, host, event_id, former_event_id, link)
    url = conference or ("" if booking.video_meeting_url == former_conference else booking.video_meeting_url)
    if is_moved_call := url != booking.video_meeting_url:
        entries.append(
            history.Happened(EventType.DETAILS_UPDATED, f"video meeting url: '{booking.video_meeting_url}' → '{url}'")
        )
        booking.video_meeting_url = url
        fields.append("video_meeting_url")
    writing.record(booking, entries, fields, actor=actor, now=now)
    if is_moved_call and booking.booking_status in HOLDING:
        writing.tell(booking, "edited", actor=actor, now=now, fields=["video_meeting_url"])
    return booking


def _linked(booking: Booking, host: User, event_id: int | None, former_event_id: int, link: str) -> list[str]:
    if event_id is None:
        if booking.calendar_event_id != former_event_id:
            return []
    elif not booking.assigned_users.filter(user=host, is_primary_host=True).exists():
        return []
    booking.calendar_event_id, booking.calendar_event_synced = event_id, event_id is not None
    booking.external_calendar_link = link
    return [*_FIELDS, "external_calendar_link"]


def _event_id(name: str) -> int | None:
    """Synced events live in a room above; as with the foreign key, its name leads there without an import."""
    if not name:
        return None
    events = apps.get_model("calendars", "CalendarEventSync")._default_manager
    found: int | None = events.filter(name=name if storable(name) else "").values_list("pk", flat=True).first()
    if found is None:
        raise validators.refusal("calendar_event", _("Calendar Event '%(name)s' does not exist.") % {"name": name})
    return found
