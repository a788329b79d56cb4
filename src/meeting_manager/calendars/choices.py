"""The fixed lists of connected calendars and their events."""

from django.db import models


class IntegrationType(models.TextChoices):
    """What kind of calendar is connected."""

    GOOGLE = "Google Calendar", "Google Calendar"
    OUTLOOK = "Outlook Calendar", "Outlook Calendar"
    CALDAV = "CalDAV", "CalDAV"
    ICAL = "iCal", "iCal"


class SyncDirection(models.TextChoices):
    """Whether bookings are written to a calendar."""

    ONE_WAY = "One-way (Read Only)", "One-way (Read Only)"
    TWO_WAY = "Two-way (Read & Write)", "Two-way (Read & Write)"


class SyncStatus(models.TextChoices):
    """How the last pull of a calendar went."""

    PENDING = "Pending", "Pending"
    IN_PROGRESS = "In Progress", "In Progress"
    SUCCESS = "Success", "Success"
    FAILED = "Failed", "Failed"


class EventType(models.TextChoices):
    """What a synced event stands for."""

    EXTERNAL = "External Event", "External Event"
    BOOKING = "Meeting Booking", "Meeting Booking"
    BLOCKED = "Blocked Time", "Blocked Time"
    ALL_DAY = "All-Day Event", "All-Day Event"


class EventSyncStatus(models.TextChoices):
    """How an event here stands to the one in the calendar."""

    SYNCED = "Synced", "Synced"
    PENDING = "Pending Sync", "Pending Sync"
    FAILED = "Sync Failed", "Sync Failed"
    DELETED_EXTERNALLY = "Deleted Externally", "Deleted Externally"
    DELETED_LOCALLY = "Deleted Locally", "Deleted Locally"


class EventDirection(models.TextChoices):
    """Which way an event travels."""

    INBOUND = "Inbound", "Inbound"
    OUTBOUND = "Outbound", "Outbound"
    BIDIRECTIONAL = "Bidirectional", "Bidirectional"


class ExternalChange(models.TextChoices):
    """What somebody did in a calendar to the event of a booking."""

    MOVED = "Moved", "Moved"
    DELETED = "Deleted", "Deleted"
