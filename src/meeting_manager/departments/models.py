"""Departments, their members, meeting types with their reminder schedules and questions."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from meeting_manager.departments.choices import (
    AssignmentAlgorithm,
    CalendarChanges,
    LocationType,
    NotificationType,
    QuestionType,
    VideoPlatform,
)
from meeting_manager.names.rules import IsSlug


def site_time_zone() -> str:
    """The zone of new departments; a function, so that migrations do not depend on the environment."""
    return str(settings.SITE_TIME_ZONE)


class Department(models.Model):
    """A team that customers book."""

    name = models.CharField(max_length=160, unique=True, editable=False)
    department_name = models.CharField(max_length=140)
    department_slug = models.CharField(max_length=140, unique=True)
    is_active = models.BooleanField(default=True)
    description = models.TextField(blank=True)
    department_leader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="led_departments"
    )
    timezone = models.CharField(max_length=64, default=site_time_zone)
    assignment_algorithm = models.CharField(
        max_length=20, choices=AssignmentAlgorithm.choices, default=AssignmentAlgorithm.ROUND_ROBIN
    )
    max_bookings_per_day = models.PositiveIntegerField(default=0)
    notify_leader_on_booking = models.BooleanField(default=True)
    notify_admin_on_booking = models.BooleanField(default=False)
    members_may_book = models.BooleanField(default=False)
    contact = models.CharField(
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text="where guests who find no time can ask: an address, a number, a page",
    )
    accent_color = models.CharField(
        max_length=7, blank=True, default="", db_default="", help_text="as #rrggbb; empty: the site's"
    )
    calendar_changes = models.CharField(
        max_length=10, choices=CalendarChanges.choices, default=CalendarChanges.FLAG, db_default=CalendarChanges.FLAG
    )
    offer_unread_calendars = models.BooleanField(
        default=True, db_default=True, help_text="whether members are offered whose calendar could not be read for long"
    )

    class Meta:
        ordering = ["department_name", "id"]
        constraints = [
            models.CheckConstraint(condition=IsSlug("department_slug"), name="department_slug_clean"),
            models.CheckConstraint(condition=~Q(department_name=""), name="department_named"),
            models.CheckConstraint(
                condition=Q(assignment_algorithm__in=AssignmentAlgorithm.values), name="department_algorithm_known"
            ),
            models.CheckConstraint(
                condition=Q(calendar_changes__in=CalendarChanges.values), name="department_calendar_changes_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def public_booking_url(self) -> str:
        """Where customers book this department."""
        return f"{settings.SITE_URL}/book/{self.department_slug}"

    @property
    def logo_url(self) -> str:
        """Where its logo is; empty without one. Reads the logo's row, without the picture."""
        logo = getattr(self, "logo", None)
        return f"{self.public_booking_url}/logo/{logo.digest}" if logo else ""


class LogosWithoutPictures(models.Manager["DepartmentLogo"]):
    """Finds logos, and leaves the pictures themselves in the database until they are asked for."""

    def get_queryset(self) -> "models.QuerySet[DepartmentLogo]":
        """All of them, without `content`."""
        return super().get_queryset().defer("content")


class DepartmentLogo(models.Model):
    """The picture at the head of a department's guest pages; in the database, which all machines of a site share."""

    department = models.OneToOneField(Department, on_delete=models.CASCADE, related_name="logo", primary_key=True)
    content_type = models.CharField(max_length=20)
    content = models.BinaryField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the content, in its address")
    width = models.PositiveSmallIntegerField(help_text="pixels")
    height = models.PositiveSmallIntegerField(help_text="pixels")

    objects = LogosWithoutPictures()

    class Meta:
        base_manager_name = "objects"

    def __str__(self) -> str:
        return f"logo of {self.department_id}"


class DepartmentMember(models.Model):
    """A user in a department; the counters are kept by the assignment, never by people."""

    department = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="members")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    assignment_priority = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    total_assignments = models.PositiveIntegerField(default=0, editable=False)
    last_assigned_datetime = models.DateTimeField(null=True, blank=True, editable=False)
    weighted_balance = models.IntegerField(default=0, editable=False)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["department", "member"], name="member_once_in_department"),
            models.CheckConstraint(condition=Q(assignment_priority__range=(1, 10)), name="member_priority_range"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.department_id}"


class MeetingType(models.Model):
    """A kind of meeting a department offers."""

    name = models.CharField(max_length=300, unique=True, editable=False)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="meeting_types")
    meeting_name = models.CharField(max_length=140)
    meeting_slug = models.CharField(max_length=140)
    is_active = models.BooleanField(default=True)
    duration = models.PositiveIntegerField(
        default=30, validators=[MinValueValidator(1), MaxValueValidator(480)], help_text="minutes"
    )
    slot_interval = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(1440)],
        help_text="minutes between offered starts; empty: the duration",
    )
    is_public = models.BooleanField(default=True)
    is_internal = models.BooleanField(default=False)
    description = models.TextField(blank=True)
    location_type = models.CharField(max_length=20, choices=LocationType.choices, default=LocationType.VIDEO_CALL)
    video_platform = models.CharField(max_length=20, choices=VideoPlatform.choices, blank=True)
    custom_location = models.CharField(max_length=500, blank=True)
    video_meeting_url = models.CharField(max_length=500, blank=True)
    requires_approval = models.BooleanField(default=False)
    no_show_mail = models.BooleanField(default=False)
    thank_you_mail = models.BooleanField(default=False)
    # With defaults in the database, so that a release that doesn't know these columns can still write.
    feedback_url = models.CharField(
        max_length=500, blank=True, default="", db_default="", help_text="where the thank-you mail asks for feedback"
    )
    next_steps = models.TextField(
        blank=True, default="", db_default="", help_text="what the thank-you mail says comes next; plain text"
    )
    confirm_email = models.BooleanField(
        default=False, db_default=False, help_text="guests confirm by mail before they have booked"
    )
    color = models.CharField(max_length=7, default="#2563eb")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["meeting_name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["department", "meeting_slug"], name="meeting_slug_once_in_department"),
            models.CheckConstraint(condition=IsSlug("meeting_slug"), name="meeting_slug_clean"),
            models.CheckConstraint(condition=~Q(meeting_name=""), name="meeting_type_named"),
            models.CheckConstraint(condition=Q(duration__range=(1, 480)), name="meeting_type_duration_range"),
            models.CheckConstraint(
                condition=Q(slot_interval__isnull=True) | Q(slot_interval__range=(1, 1440)),
                name="meeting_type_interval_range",
            ),
            models.CheckConstraint(
                condition=Q(is_public=True) | Q(is_internal=True), name="meeting_type_public_or_internal"
            ),
            models.CheckConstraint(
                condition=Q(location_type__in=LocationType.values), name="meeting_type_location_known"
            ),
            models.CheckConstraint(
                condition=Q(video_platform__in=[*VideoPlatform.values, ""])
                & (~Q(location_type=LocationType.VIDEO_CALL) | ~Q(video_platform="")),
                name="meeting_type_video_platform",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def public_booking_url(self) -> str:
        """Where customers book this type; reads the department."""
        return f"{self.department.public_booking_url}/{self.meeting_slug}"

    @property
    def interval(self) -> int:
        """Minutes between offered starts."""
        return self.slot_interval or self.duration


class MeetingTypeReminder(models.Model):
    """One reminder of a meeting type's schedule."""

    meeting_type = models.ForeignKey(MeetingType, on_delete=models.CASCADE, related_name="reminders")
    hours_before_meeting = models.DecimalField(
        max_digits=7, decimal_places=4, validators=[MinValueValidator(0), MaxValueValidator(720)]
    )
    notification_type = models.CharField(
        max_length=10, choices=NotificationType.choices, default=NotificationType.EMAIL
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["-hours_before_meeting", "id"]
        constraints = [
            models.UniqueConstraint(fields=["meeting_type", "hours_before_meeting"], name="reminder_once_in_type"),
            models.CheckConstraint(condition=Q(hours_before_meeting__range=(0, 720)), name="reminder_hours_range"),
            models.CheckConstraint(
                condition=Q(notification_type__in=NotificationType.values), name="reminder_notification_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hours_before_meeting} h before {self.meeting_type_id}"


class MeetingTypeQuestion(models.Model):
    """One thing that a meeting type asks its customers; bookings copy what they were asked."""

    meeting_type = models.ForeignKey(MeetingType, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveIntegerField(default=0)
    key = models.CharField(max_length=60)
    label = models.CharField(max_length=200)
    help_text = models.CharField(max_length=300, blank=True)
    question_type = models.CharField(max_length=10, choices=QuestionType.choices, default=QuestionType.TEXT)
    is_required = models.BooleanField(default=False)
    options = models.JSONField(default=list, blank=True, help_text="the answers of a Choice; for others empty")

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["meeting_type", "key"], name="question_key_once_in_type"),
            models.CheckConstraint(condition=IsSlug("key"), name="question_key_clean"),
            models.CheckConstraint(condition=~Q(label=""), name="question_labelled"),
            models.CheckConstraint(condition=Q(question_type__in=QuestionType.values), name="question_type_known"),
        ]

    def __str__(self) -> str:
        return f"{self.key} of {self.meeting_type_id}"
