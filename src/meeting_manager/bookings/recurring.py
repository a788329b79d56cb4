"""The model of a series; `models.py` has it among the others."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from meeting_manager.departments.models import MeetingType
from meeting_manager.engine.recurrence import Repeats


def new_key() -> str:
    """What names a series in addresses."""
    return uuid4().hex


class BookingSeries(models.Model):
    """Meetings that come again. Each is an ordinary booking; this remembers how they were made, and never changes.

    `planned` are the starts the organiser confirmed, `left_out` the dates they left out since somebody was not free,
    both ISO 8601, starts in UTC. The wall clock of `timezone` is the one that stays the same.
    """

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    meeting_type = models.ForeignKey(MeetingType, on_delete=models.CASCADE, related_name="+")
    repeats = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Repeats])
    timezone = models.CharField(max_length=64)
    planned = models.JSONField()
    left_out = models.JSONField(default=list, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "booking series"
        constraints = [
            models.CheckConstraint(
                condition=Q(repeats__in=[each.value for each in Repeats]), name="series_repeats_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.repeats} {self.key}"
