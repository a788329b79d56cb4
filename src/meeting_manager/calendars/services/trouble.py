"""When writing to a calendar goes on failing: its owner and the System Managers hear of it, once a day."""

from datetime import datetime

from django.db import transaction

from meeting_manager.adapters.errors import RefusedError
from meeting_manager.calendars.access import Access
from meeting_manager.calendars.models import CalendarIntegration
from meeting_manager.ledger.handlers import Job
from meeting_manager.ledger.services import Event, announce

_REPEATED = 6
"""So many failures in a row, about two minutes, are no hiccup any more."""


def tell_of_failures(job: Job, access: Access, error: Exception, now: datetime) -> None:
    """Announce `calendar.trouble` where a booking is refused by a calendar, or could not be written several times."""
    is_final = isinstance(error, RefusedError)
    if not is_final and job.failures + 1 < _REPEATED:
        return
    row = CalendarIntegration.objects.filter(pk=access.integration_id).first()
    if row is None:
        return
    payload = {
        "user": access.email,
        "calendar": row.name,
        "label": row.integration_name,
        "error": f"A booking could not be written to this calendar. {error}",
        "since": job.created_at.isoformat(),
        "repeated": True,
    }
    with transaction.atomic():
        announce([Event("calendar.trouble", f"calendar.trouble:{row.pk}:{now:%Y-%m-%d}", payload)], now=now)
