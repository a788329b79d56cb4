"""What the workspace keeps for its users: views of the list under a name, and what they do to many bookings at once."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from meeting_manager.bookings.models import Booking
from meeting_manager.workspace.choices import ItemState, Verb


class SavedView(models.Model):
    """The list of bookings with filters, order and columns, under a name that its owner gave it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2000, blank=True, help_text="the query of the list's address")

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="saved_view_once")]

    def __str__(self) -> str:
        return self.name


class BulkRun(models.Model):
    """One thing to be done to many bookings, as its owner confirmed it; each booking is done by itself."""

    key = models.CharField(max_length=36, help_text="made with the page that asked: twice sent is one run")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    verb = models.CharField(max_length=10, choices=Verb.choices)
    words = models.TextField(blank=True, help_text="the reason, notes or comment")
    language = models.CharField(max_length=20, blank=True, help_text="in which problems are told")
    back = models.CharField(max_length=2000, blank=True, help_text="the path that its owner came from")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="bulk_run_once"),
            models.CheckConstraint(condition=Q(verb__in=Verb.values), name="bulk_run_verb_known"),
        ]
        indexes = [models.Index(fields=["user", "created_at"], name="bulk_run_user")]

    def __str__(self) -> str:
        return f"{self.verb} {self.key}"


class BulkItem(models.Model):
    """One booking of a run: taken once, in the transaction that changes the booking."""

    run = models.ForeignKey(BulkRun, on_delete=models.CASCADE, related_name="items", db_index=False)
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="+")
    host = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+", help_text="who is to take it"
    )
    state = models.CharField(max_length=10, choices=ItemState.choices, default=ItemState.WAITING)
    problem = models.TextField(blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["run", "booking"], name="bulk_item_once"),
            models.CheckConstraint(condition=Q(state__in=ItemState.values), name="bulk_item_state_known"),
        ]
        indexes = [models.Index(fields=["run", "state"], name="bulk_item_state")]

    def __str__(self) -> str:
        return f"{self.booking_id}: {self.state}"
