"""Busy time: integers (UTC epoch seconds), narrow, and read through one covering index."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from meeting_manager.busy.choices import MAX_PIECE, BusyKind

_OF_BOOKING = (BusyKind.BOOKING, BusyKind.BOOKING_CONTINUED, BusyKind.COMPLETED)


class BusyTime(models.Model):
    """One stretch `[starts, ends)` of a member's time.

    Besides the constraints below, the database itself refuses two overlapping rows of kind booking for one user:
    by an exclusion constraint on PostgreSQL, by triggers on SQLite (see `guards.py`).
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, db_index=False, related_name="+")
    starts = models.BigIntegerField()
    ends = models.BigIntegerField()
    kind = models.PositiveSmallIntegerField(choices=BusyKind.choices)
    booking = models.ForeignKey("bookings.Booking", on_delete=models.CASCADE, null=True, related_name="busy_times")
    event = models.ForeignKey(
        "calendars.CalendarEventSync", on_delete=models.CASCADE, null=True, related_name="busy_times"
    )

    class Meta:
        verbose_name_plural = "busy times"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")) & Q(ends__lte=F("starts") + MAX_PIECE), name="busy_piece_length"
            ),
            models.CheckConstraint(
                condition=(
                    Q(kind__in=_OF_BOOKING, booking__isnull=False, event__isnull=True)
                    | Q(kind=BusyKind.EXTERNAL, booking__isnull=True, event__isnull=False)
                ),
                name="busy_has_one_source",
            ),
        ]
        indexes = [models.Index(fields=["user", "starts", "ends", "kind", "booking"], name="busy_covering")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.starts}-{self.ends} ({self.get_kind_display()})"
