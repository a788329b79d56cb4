"""Availability rules and their date overrides."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q


def _bounded(low: int, high: int, default: int) -> "models.PositiveIntegerField[int, int]":
    validators = [MinValueValidator(low), MaxValueValidator(high)]
    return models.PositiveIntegerField(default=default, validators=validators)


class AvailabilityRule(models.Model):
    """Buffers, limits, notice and advance of a user; the one in force is the active default, else the oldest active."""

    name = models.CharField(max_length=300, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="availability_rules")
    rule_name = models.CharField(max_length=140)
    is_default = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    buffer_time_before = _bounded(0, 240, 0)
    buffer_time_after = _bounded(0, 240, 0)
    max_bookings_per_day = _bounded(0, 50, 0)
    max_bookings_per_week = _bounded(0, 200, 0)
    min_notice_hours = _bounded(0, 720, 2)
    max_days_advance = _bounded(1, 365, 60)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(is_default=True), name="one_default_rule_for_user"),
            models.CheckConstraint(condition=~Q(rule_name=""), name="rule_named"),
            models.CheckConstraint(
                condition=Q(buffer_time_before__range=(0, 240)) & Q(buffer_time_after__range=(0, 240)),
                name="rule_buffer_range",
            ),
            models.CheckConstraint(
                condition=Q(max_bookings_per_day__range=(0, 50)) & Q(max_bookings_per_week__range=(0, 200)),
                name="rule_limit_range",
            ),
            models.CheckConstraint(
                condition=Q(max_bookings_per_week=0) | Q(max_bookings_per_day__lte=F("max_bookings_per_week")),
                name="rule_day_within_week",
            ),
            models.CheckConstraint(
                condition=Q(min_notice_hours__range=(0, 720)) & Q(max_days_advance__range=(1, 365)),
                name="rule_notice_advance_range",
            ),
            models.CheckConstraint(
                condition=Q(min_notice_hours__lt=F("max_days_advance") * 24), name="rule_notice_before_advance"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DateOverride(models.Model):
    """What one date is like instead of its weekday: unavailable, other hours, or plainly available."""

    rule = models.ForeignKey(AvailabilityRule, on_delete=models.CASCADE, related_name="date_overrides")
    date = models.DateField()
    available = models.BooleanField(default=False)
    custom_hours_start = models.CharField(max_length=5, blank=True, help_text="HH:MM")
    custom_hours_end = models.CharField(max_length=5, blank=True, help_text="HH:MM, up to 24:00")
    reason = models.CharField(max_length=255)

    class Meta:
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "date"], name="override_once_a_date"),
            models.CheckConstraint(condition=~Q(reason=""), name="override_has_reason"),
            models.CheckConstraint(
                condition=Q(custom_hours_start="", custom_hours_end="")
                | (
                    Q(available=True)
                    & ~Q(custom_hours_start="")
                    # Two digits each, so text compares as time does.
                    & Q(custom_hours_end__gt=F("custom_hours_start"))
                ),
                name="override_custom_hours",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} of {self.rule_id}"
