"""The model of a request for a booking; `models.py` has it among the others."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from meeting_manager.departments.models import MeetingType


class BookingRequest(models.Model):
    """What a guest wants to book and has yet to confirm by the link in a mail: no booking, and it holds no time.

    Who they are and what they typed is sealed, and emptied when it is used or expires; of the token in the link only a
    digest is known. A used request remembers which booking it became.
    """

    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token in the link")
    meeting_type = models.ForeignKey(MeetingType, on_delete=models.CASCADE, related_name="+")
    start_datetime = models.DateTimeField()
    sealed = models.TextField(blank=True, help_text="what was typed, encrypted")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)
    booking = models.ForeignKey("bookings.Booking", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(sealed=""), name="booking_request_used_is_emptied"
            )
        ]

    def __str__(self) -> str:
        return f"{self.meeting_type_id} {self.start_datetime:%Y-%m-%dT%H:%M}"

    @property
    def is_used(self) -> bool:
        """Whether it became a booking, wherever that is now."""
        return self.used_at is not None

    def is_over(self, now: datetime) -> bool:
        """Whether its link opens nothing any more."""
        return self.expires_at <= now
