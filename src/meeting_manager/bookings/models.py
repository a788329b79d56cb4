"""The booking, its four child tables, and the tombstone a deleted one leaves."""

from typing import TYPE_CHECKING
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from meeting_manager.bookings.choices import (
    ApprovalStatus,
    AssignmentAction,
    AssignmentMethod,
    BookingSource,
    BookingStatus,
    EventType,
    ParticipantType,
    ResponseStatus,
)
from meeting_manager.bookings.entries import HistoryEntry
from meeting_manager.bookings.recurring import BookingSeries
from meeting_manager.bookings.unconfirmed import BookingRequest  # noqa: F401 - so that Django finds it
from meeting_manager.departments.choices import LocationType
from meeting_manager.departments.models import MeetingType

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


STANDING = [BookingStatus.PENDING, BookingStatus.CONFIRMED, BookingStatus.COMPLETED, BookingStatus.NO_SHOW]
"""Neither cancelled nor moved elsewhere."""


def new_uid() -> str:
    """The UID of a calendar entry: one for a booking and all it is moved to, whatever the site is called."""
    return str(uuid4())


class Booking(models.Model):
    """A meeting between hosts of a department and a customer, or among colleagues.

    Rows are written by `services` only: they keep busy time, histories and announcements in step.
    """

    name = models.CharField(max_length=320, unique=True, editable=False)
    meeting_type = models.ForeignKey(MeetingType, on_delete=models.PROTECT, related_name="bookings", db_index=False)
    booking_status = models.CharField(max_length=20, choices=BookingStatus.choices, default=BookingStatus.PENDING)
    booking_date = models.DateField()
    booking_reference = models.CharField(max_length=11)
    is_internal = models.BooleanField(default=False)
    booking_source = models.CharField(max_length=30, choices=BookingSource.choices, default=BookingSource.PUBLIC)

    meeting_title = models.CharField(max_length=255)
    meeting_description = models.TextField(blank=True)
    meeting_location = models.CharField(max_length=500, blank=True)
    video_meeting_url = models.CharField(max_length=500, blank=True)
    location_type = models.CharField(max_length=20, choices=LocationType.choices, blank=True)

    start_datetime = models.DateTimeField()
    end_datetime = models.DateTimeField()
    duration = models.PositiveIntegerField(help_text="minutes")

    customer_name = models.CharField(max_length=140, blank=True)
    customer_email = models.CharField(max_length=254, blank=True)
    customer_phone = models.CharField(max_length=40, blank=True)
    customer_notes = models.TextField(blank=True)
    customer_timezone = models.CharField(max_length=64, blank=True)
    # With a default in the database, so that a release that doesn't know this column can still write.
    answers = models.JSONField(
        default=list, db_default=models.Value([], models.JSONField()), blank=True, help_text="see answers.py"
    )
    customer_language = models.CharField(max_length=20, blank=True, default="", db_default="")

    requires_approval = models.BooleanField(default=False)
    approval_status = models.CharField(max_length=20, choices=ApprovalStatus.choices, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approval_date = models.DateTimeField(null=True, blank=True)
    rejection_reason = models.TextField(blank=True)

    calendar_event_synced = models.BooleanField(default=False)
    calendar_event = models.ForeignKey(
        "calendars.CalendarEventSync", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    external_calendar_link = models.CharField(max_length=2000, blank=True)

    reminders_sent = models.JSONField(default=list, blank=True)
    last_reminder_sent = models.DateTimeField(null=True, blank=True)

    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancellation_reason = models.TextField(blank=True)
    rescheduled_from = models.OneToOneField(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="successor"
    )
    series = models.ForeignKey(
        BookingSeries, on_delete=models.PROTECT, null=True, blank=True, related_name="bookings", db_index=False
    )
    series_start = models.DateTimeField(null=True, blank=True, help_text="when it was to be as the series was made")
    assignment_method = models.CharField(max_length=20, choices=AssignmentMethod.choices)
    assignment_receipt = models.JSONField(default=dict, blank=True)

    link_version = models.PositiveIntegerField(default=1)
    ical_uid = models.CharField(max_length=64, default=new_uid, editable=False)
    sequence_base = models.PositiveIntegerField(default=0, editable=False)
    history_length = models.PositiveIntegerField(default=0)
    history_head = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    modified_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, editable=False, help_text="when somebody was last erased from it")

    if TYPE_CHECKING:
        assigned_users: "RelatedManager[AssignedUser]"
        participants: "RelatedManager[Participant]"
        booking_history: "RelatedManager[BookingHistory]"
        assignment_history: "RelatedManager[AssignmentHistory]"
        successor: "Booking"

    class Meta:
        ordering = ["start_datetime", "id"]
        constraints = [
            models.UniqueConstraint(fields=["booking_reference"], name="idx_booking_reference"),
            models.CheckConstraint(condition=Q(end_datetime__gt=F("start_datetime")), name="booking_ends_after_start"),
            models.CheckConstraint(condition=Q(duration__gte=1), name="booking_duration_positive"),
            models.CheckConstraint(condition=~Q(meeting_title=""), name="booking_titled"),
            models.CheckConstraint(condition=Q(booking_status__in=BookingStatus.values), name="booking_status_known"),
            models.CheckConstraint(condition=Q(booking_source__in=BookingSource.values), name="booking_source_known"),
            models.CheckConstraint(
                condition=Q(location_type__in=[*LocationType.values, ""]), name="booking_location_known"
            ),
            models.CheckConstraint(
                condition=Q(is_internal=True) | (~Q(customer_name="") & ~Q(customer_email="")),
                name="booking_external_has_customer",
            ),
            models.CheckConstraint(
                condition=Q(requires_approval=False, approval_status="")
                | Q(requires_approval=True, approval_status__in=ApprovalStatus.values),
                name="booking_approval_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(approval_status=ApprovalStatus.REJECTED)
                | (Q(booking_status=BookingStatus.CANCELLED) & ~Q(rejection_reason="")),
                name="booking_rejected_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(approval_status__in=["", ApprovalStatus.PENDING])
                | Q(approved_by__isnull=False, approval_date__isnull=False),
                name="booking_decision_is_signed",
            ),
            models.CheckConstraint(
                condition=~Q(booking_status=BookingStatus.CONFIRMED)
                | Q(approval_status__in=["", ApprovalStatus.APPROVED]),
                name="booking_confirmed_is_approved",
            ),
            models.CheckConstraint(
                condition=Q(booking_status=BookingStatus.CANCELLED, cancelled_at__isnull=False)
                | (~Q(booking_status=BookingStatus.CANCELLED) & Q(cancelled_at__isnull=True)),
                name="booking_cancelled_when",
            ),
            models.CheckConstraint(
                condition=Q(assignment_method__in=AssignmentMethod.values), name="booking_assignment_known"
            ),
            models.UniqueConstraint(
                fields=["series", "series_start"],
                condition=Q(series__isnull=False, booking_status__in=STANDING),
                name="once_in_series",
            ),
        ]
        indexes = [
            # The last column serves the department's daily limit: it counts one day's starts without reading the rest.
            models.Index(fields=["meeting_type", "booking_status", "start_datetime"], name="idx_meeting_type"),
            models.Index(fields=["start_datetime", "end_datetime"], name="idx_datetime_range"),
            models.Index(fields=["customer_email", "booking_status"], name="idx_customer_email"),
            models.Index(fields=["booking_status", "booking_date"], name="idx_booking_status"),
            models.Index(fields=["requires_approval", "approval_status"], name="idx_approval"),
            # What a median wait is made of, without reading a row (analytics).
            models.Index(
                fields=["meeting_type", "start_datetime", "booking_status", "approval_date", "created_at"],
                condition=Q(approval_status=ApprovalStatus.APPROVED),
                name="idx_approved",
            ),
            models.Index(fields=["calendar_event_synced", "calendar_event"], name="idx_calendar_sync"),
            models.Index(fields=["series", "series_start"], condition=Q(series__isnull=False), name="idx_series"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def sequence(self) -> int:
        """The SEQUENCE of its calendar entry: rises with every change, also through moves, and needs no counter."""
        return self.sequence_base + self.history_length

    @property
    def rescheduled_to(self) -> "Booking | None":
        """The booking this one was moved to; reads a row unless it was selected."""
        return getattr(self, "successor", None)


class AssignedUser(models.Model):
    """A host of a booking."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="assigned_users")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    is_primary_host = models.BooleanField(default=False)
    assigned_at = models.DateTimeField()
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-is_primary_host", "id"]
        constraints = [models.UniqueConstraint(fields=["booking", "user"], name="host_once_in_booking")]
        indexes = [models.Index(fields=["user", "booking"], name="idx_assigned_user")]

    def __str__(self) -> str:
        return f"{self.user_id} hosts {self.booking_id}"


class Participant(models.Model):
    """Somebody invited to a booking."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="participants")
    participant_type = models.CharField(
        max_length=10, choices=ParticipantType.choices, default=ParticipantType.EXTERNAL
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name1 = models.CharField(max_length=140, blank=True)
    email = models.CharField(max_length=254)
    response_status = models.CharField(max_length=10, choices=ResponseStatus.choices, default=ResponseStatus.PENDING)
    response_datetime = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["booking", "email"], name="participant_once_in_booking"),
            models.CheckConstraint(
                condition=Q(participant_type=ParticipantType.INTERNAL, user__isnull=False)
                | (Q(participant_type=ParticipantType.EXTERNAL) & ~Q(name1="")),
                name="participant_is_somebody",
            ),
            models.CheckConstraint(
                condition=Q(response_status__in=ResponseStatus.values), name="participant_response_known"
            ),
        ]
        indexes = [models.Index(fields=["email", "booking"], name="idx_participant_email")]

    def __str__(self) -> str:
        return f"{self.email} at {self.booking_id}"


class AssignmentHistory(HistoryEntry):
    """One change of a booking's hosts."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="assignment_history")
    action_type = models.CharField(max_length=20, choices=AssignmentAction.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    action_datetime = models.DateTimeField()
    action_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    notes = models.TextField(blank=True)

    class Meta(HistoryEntry.Meta):
        verbose_name_plural = "assignment history"
        constraints = [
            models.UniqueConstraint(fields=["booking", "sequence"], name="assignment_history_sequence"),
            models.CheckConstraint(
                condition=Q(action_type__in=AssignmentAction.values), name="assignment_history_action_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sequence}. {self.action_type} {self.user_id}"


class BookingHistory(HistoryEntry):
    """One event in a booking's life."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="booking_history")
    event_type = models.CharField(max_length=30, choices=EventType.choices)
    event_datetime = models.DateTimeField()
    event_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    event_description = models.TextField(blank=True)

    class Meta(HistoryEntry.Meta):
        verbose_name_plural = "booking history"
        constraints = [
            models.UniqueConstraint(fields=["booking", "sequence"], name="booking_history_sequence"),
            models.CheckConstraint(condition=Q(event_type__in=EventType.values), name="booking_history_event_known"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence}. {self.event_type}"


class BookingTombstone(models.Model):
    """What a deleted booking leaves: that it was there, and the head of its history; no personal data."""

    name = models.CharField(max_length=320, unique=True)
    booking_reference = models.CharField(max_length=11, unique=True)
    deleted_at = models.DateTimeField()
    deleted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    history_length = models.PositiveIntegerField()
    history_head = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.name
