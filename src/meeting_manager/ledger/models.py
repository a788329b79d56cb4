"""The delivery ledger: one row for each effect the system owes the outside world."""

from django.db import models

from meeting_manager.ledger.choices import DeliveryState


class Delivery(models.Model):
    """One effect, written in the transaction of the fact that caused it and carried out later by a worker."""

    key = models.CharField(max_length=500, unique=True)
    kind = models.CharField(max_length=100)
    payload = models.JSONField()
    about = models.CharField(max_length=320, blank=True, help_text="document name of the record it concerns")
    recipient = models.CharField(max_length=254, blank=True)
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.READY)
    attempt = models.PositiveIntegerField(default=0, help_text="how often it was claimed; never starts anew")
    failures = models.PositiveIntegerField(default=0, db_default=0, help_text="attempts that went wrong")
    created_at = models.DateTimeField()
    due = models.DateTimeField()
    owner = models.CharField(max_length=100, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    note = models.TextField(blank=True, help_text="what became of it, for people")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=DeliveryState.values), name="delivery_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state=DeliveryState.RUNNING) | models.Q(lease_until__isnull=False),
                name="delivery_running_has_lease",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "kind", "due"], name="delivery_state_kind_due"),
            models.Index(fields=["about"], name="delivery_about"),
            models.Index(fields=["recipient", "finished_at"], name="delivery_recipient"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class FailureCount(models.Model):
    """How many attempts of one kind have ever failed: a figure that only grows, whatever becomes of the rows."""

    kind = models.CharField(max_length=100, unique=True)
    failures = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.kind}: {self.failures}"
