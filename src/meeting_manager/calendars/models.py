"""Connected calendars and the events in their windows."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, Value

from meeting_manager.calendars.choices import (
    EventDirection,
    EventSyncStatus,
    EventType,
    ExternalChange,
    IntegrationType,
    SyncDirection,
    SyncStatus,
)


class CalendarIntegration(models.Model):
    """A calendar a user has connected; the active primary one gets the bookings."""

    name = models.CharField(max_length=300, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_integrations")
    integration_type = models.CharField(max_length=20, choices=IntegrationType.choices)
    integration_name = models.CharField(max_length=140)
    is_active = models.BooleanField(default=True)
    is_primary = models.BooleanField(default=False)
    calendar_id = models.CharField(max_length=500, blank=True)
    account = models.CharField(
        max_length=254, blank=True, default="", db_default="", editable=False, help_text="whose it is, as told there"
    )
    credentials = models.BinaryField(blank=True, default=b"", editable=False)
    ical_url = models.CharField(max_length=2000, blank=True)
    sync_direction = models.CharField(max_length=30, choices=SyncDirection.choices, default=SyncDirection.ONE_WAY)
    sync_past_days = models.PositiveIntegerField(default=30, validators=[MinValueValidator(0), MaxValueValidator(365)])
    sync_future_days = models.PositiveIntegerField(
        default=90, validators=[MinValueValidator(1), MaxValueValidator(730)]
    )
    auto_sync_enabled = models.BooleanField(default=True)
    sync_interval_minutes = models.PositiveIntegerField(
        default=15, validators=[MinValueValidator(5), MaxValueValidator(1440)]
    )
    last_sync = models.DateTimeField(null=True, blank=True)
    sync_status = models.CharField(max_length=20, choices=SyncStatus.choices, default=SyncStatus.PENDING)
    sync_error_log = models.TextField(blank=True)
    sync_cursor = models.TextField(
        blank=True, default="", db_default="", editable=False, help_text="where the next pull goes on"
    )
    sync_started = models.DateTimeField(null=True, editable=False, help_text="the pull that is under way began then")
    next_sync = models.DateTimeField(null=True, editable=False, help_text="when it is due; empty: at once")
    failing_since = models.DateTimeField(null=True, editable=False, help_text="first of the failures without success")
    push_id = models.CharField(
        max_length=200, blank=True, default="", db_default="", editable=False, help_text="the subscription to changes"
    )
    push_resource = models.CharField(max_length=500, blank=True, default="", db_default="", editable=False)
    push_digest = models.CharField(
        max_length=64, blank=True, default="", db_default="", editable=False, help_text="SHA-256 of its secret"
    )
    push_until = models.DateTimeField(null=True, editable=False, help_text="when the subscription ends")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "integration_name"], name="integration_name_once_for_user"),
            models.UniqueConstraint(
                fields=["user"], condition=Q(is_active=True, is_primary=True), name="one_active_primary_calendar"
            ),
            models.CheckConstraint(
                condition=Q(integration_type__in=IntegrationType.values), name="integration_type_known"
            ),
            models.CheckConstraint(
                condition=Q(sync_direction__in=SyncDirection.values), name="integration_direction_known"
            ),
            models.CheckConstraint(condition=Q(sync_status__in=SyncStatus.values), name="integration_status_known"),
            models.CheckConstraint(
                condition=~Q(integration_type=IntegrationType.ICAL)
                | (Q(sync_direction=SyncDirection.ONE_WAY) & ~Q(ical_url="")),
                name="integration_ical_reads_a_url",
            ),
            models.CheckConstraint(
                condition=Q(sync_past_days__range=(0, 365)) & Q(sync_future_days__range=(1, 730)),
                name="integration_window_range",
            ),
            models.CheckConstraint(
                condition=Q(sync_interval_minutes__range=(5, 1440)), name="integration_interval_range"
            ),
        ]
        indexes = [
            models.Index(fields=["next_sync"], name="integration_next_sync"),
            models.Index(fields=["push_id"], name="integration_push_id"),
        ]

    def __str__(self) -> str:
        return self.name


class CalendarEventSync(models.Model):
    """One event (or one occurrence of a series) in the window of a calendar."""

    name = models.CharField(max_length=320, unique=True, editable=False)
    calendar_integration = models.ForeignKey(CalendarIntegration, on_delete=models.CASCADE, related_name="events")
    external_event_id = models.CharField(max_length=1024)
    event_title = models.CharField(max_length=500, blank=True)
    event_type = models.CharField(max_length=20, choices=EventType.choices, default=EventType.EXTERNAL)
    sync_status = models.CharField(max_length=20, choices=EventSyncStatus.choices, default=EventSyncStatus.SYNCED)
    start_datetime = models.DateTimeField()
    end_datetime = models.DateTimeField()
    description = models.TextField(blank=True)
    location = models.CharField(max_length=1000, blank=True)
    attendees_json = models.JSONField(default=list, blank=True)
    organizer_email = models.CharField(max_length=254, blank=True)
    meeting_booking = models.ForeignKey(
        "bookings.Booking", on_delete=models.SET_NULL, null=True, blank=True, related_name="calendar_events"
    )
    is_blocking_availability = models.BooleanField(default=True)
    last_synced = models.DateTimeField(null=True, blank=True)
    external_last_modified = models.DateTimeField(null=True, blank=True)
    sync_direction = models.CharField(max_length=20, choices=EventDirection.choices, default=EventDirection.INBOUND)
    sync_error_log = models.TextField(blank=True)
    ical_uid = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="of what we write: the booking's",
    )
    etag = models.CharField(max_length=500, blank=True, default="", db_default="", editable=False)
    written = models.JSONField(
        default=dict, db_default=Value({}, models.JSONField()), editable=False, help_text="what we wrote last"
    )
    write_started = models.DateTimeField(
        null=True, editable=False, help_text="the writing that is under way began then"
    )
    external_link = models.CharField(max_length=2000, blank=True, default="", db_default="", editable=False)
    external_change = models.CharField(
        max_length=10,
        blank=True,
        default="",
        db_default="",
        choices=ExternalChange.choices,
        help_text="what was done there to a booking, and not followed here",
    )

    class Meta:
        ordering = ["start_datetime", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["calendar_integration", "external_event_id"], name="event_once_in_integration"
            ),
            models.CheckConstraint(condition=Q(end_datetime__gt=F("start_datetime")), name="event_ends_after_start"),
            models.CheckConstraint(condition=Q(event_type__in=EventType.values), name="event_type_known"),
            models.CheckConstraint(condition=Q(sync_status__in=EventSyncStatus.values), name="event_status_known"),
            models.CheckConstraint(condition=Q(sync_direction__in=EventDirection.values), name="event_direction_known"),
            models.CheckConstraint(
                condition=Q(external_change__in=[*ExternalChange.values, ""]), name="event_external_change_known"
            ),
        ]
        indexes = [
            models.Index(fields=["calendar_integration", "start_datetime"], name="event_integration_start"),
            models.Index(fields=["ical_uid"], name="event_of_ours"),
        ]

    def __str__(self) -> str:
        return self.name
