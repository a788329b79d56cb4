"""Events as calendars tell them; called by the sync, which acts for the calendar's owner."""

import re
from datetime import UTC, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from meeting_manager.calendars.choices import EventSyncStatus
from meeting_manager.calendars.inputs import ExternalEvent
from meeting_manager.calendars.models import CalendarEventSync, CalendarIntegration
from meeting_manager.calendars.rules import is_gone
from meeting_manager.calendars.services.busy_time import write_busy_time
from meeting_manager.names.services import next_name

_UNWANTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_LONGEST_DESCRIPTION = 20_000
_LONGEST_ID = 1024


def record_event(*, integration: CalendarIntegration, event: ExternalEvent, now: datetime) -> CalendarEventSync:
    """Store an event as its calendar has it now, with the time it blocks; the same id again changes the same row.

    Effects: writes the event and its busy time in one transaction. Texts are cut to what fits; instants become whole
    seconds that cover the event. Raises ValidationError where it has no id or no length.
    """
    _whole_seconds(event)
    _require_id(event.external_event_id)
    with transaction.atomic():
        locked = CalendarIntegration.objects.select_for_update(no_key=True).get(pk=integration.pk)
        stored = locked.events.filter(external_event_id=event.external_event_id).first()
        if stored is None:
            name = next_name(f"MM-CES-{locked.name}")
            stored = CalendarEventSync(
                name=name, calendar_integration=locked, external_event_id=event.external_event_id
            )
        fill(stored, event)
        stored.last_synced = now
        stored.save()
        write_busy_time(locked, [stored], now)
    return stored


def remove_event(
    *,
    integration: CalendarIntegration,
    external_event_id: str,
    now: datetime,
    status: str = EventSyncStatus.DELETED_EXTERNALLY,
) -> CalendarEventSync | None:
    """Mark an event as deleted and free its time; None where the calendar has no such event."""
    with transaction.atomic():
        locked = CalendarIntegration.objects.select_for_update(no_key=True).get(pk=integration.pk)
        stored = locked.events.filter(external_event_id=external_event_id).first()
        if stored is not None:
            stored.sync_status = status
            stored.is_blocking_availability = False
            stored.last_synced = now
            stored.save()
            write_busy_time(locked, [stored], now)
    return stored


def fill(stored: CalendarEventSync, event: ExternalEvent) -> None:
    """Have the row, which is not saved, say what the event is. Raises ValidationError where it has no length."""
    stored.start_datetime, stored.end_datetime = _whole_seconds(event)
    stored.event_title = _fitting(event.title, 500)
    stored.event_type = event.event_type
    stored.sync_status = event.sync_status
    stored.description = _fitting(event.description, _LONGEST_DESCRIPTION)
    stored.location = _fitting(event.location, 1000)
    stored.attendees_json = [
        {key: _fitting(value, 500) for key, value in attendee.items()} for attendee in event.attendees
    ]
    stored.organizer_email = _fitting(event.organizer_email, 254)
    stored.is_blocking_availability = event.is_blocking and not is_gone(event.sync_status)
    stored.meeting_booking_id = event.booking_id
    stored.external_last_modified = event.last_modified
    stored.sync_direction = event.direction


def _fitting(text: str, longest: int) -> str:
    return _UNWANTED.sub("", text)[:longest]


def _whole_seconds(event: ExternalEvent) -> tuple[datetime, datetime]:
    start = event.start.astimezone(UTC).replace(microsecond=0)
    end = event.end.astimezone(UTC)
    if end.microsecond:
        end = end.replace(microsecond=0) + timedelta(seconds=1)
    if end <= start:
        raise ValidationError({"end_datetime": "End DateTime must be after Start DateTime."})
    return start, end


def _require_id(external_event_id: str) -> None:
    if not external_event_id or len(external_event_id) > _LONGEST_ID or _UNWANTED.search(external_event_id):
        message = f"External Event ID is required, with at most {_LONGEST_ID} characters and no control characters."
        raise ValidationError({"external_event_id": message})
