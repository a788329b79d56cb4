"""What a calendar tells about one of its events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from meeting_manager.calendars.choices import EventDirection, EventSyncStatus, EventType


@dataclass(frozen=True, slots=True)
class ExternalEvent:
    """One event, or one occurrence of a series with an identity of its own. `start` and `end` are aware."""

    external_event_id: str
    start: datetime
    end: datetime
    title: str = ""
    event_type: str = EventType.EXTERNAL
    sync_status: str = EventSyncStatus.SYNCED
    description: str = ""
    location: str = ""
    attendees: Sequence[Mapping[str, str]] = ()
    organizer_email: str = ""
    is_blocking: bool = True
    """Off for events shown as free and for cancelled ones."""
    booking_id: int | None = None
    last_modified: datetime | None = None
    direction: str = EventDirection.INBOUND
