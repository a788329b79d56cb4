"""From events to busy time."""

from collections.abc import Iterable
from datetime import datetime

from meeting_manager.busy.services import replace_for_events
from meeting_manager.calendars.models import CalendarEventSync, CalendarIntegration
from meeting_manager.calendars.rules import blocks

_DAY = 86_400
PAST_DAYS = 366
MOST_DAYS = 4_000
"""An event that goes on for ever is stored for eleven years, not as millions of rows."""


def write_busy_time(integration: CalendarIntegration, events: Iterable[CalendarEventSync], now: datetime) -> None:
    """Make busy time of `events` say what they block at `now`.

    Effects: replaces their rows in the caller's transaction. What is longer than a year ago is left out.
    """
    spans = {event.pk: _spans(event, now) if blocks(event, integration) else [] for event in events}
    replace_for_events(integration.user_id, spans)


def _spans(event: CalendarEventSync, now: datetime) -> list[tuple[int, int]]:
    start = max(int(event.start_datetime.timestamp()), int(now.timestamp()) - PAST_DAYS * _DAY)
    end = min(int(event.end_datetime.timestamp()), start + MOST_DAYS * _DAY)
    return [(start, end)] if start < end else []
