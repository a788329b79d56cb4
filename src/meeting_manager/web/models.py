"""Rows that pages and API share: who asked how often, and which requests were answered already."""

from django.db import models


class GuestCounter(models.Model):
    """How often something was done by one client, or by all, within one clock hour."""

    scope = models.CharField(max_length=40)
    client = models.CharField(max_length=64, blank=True, help_text="a keyed digest of the address; empty: everybody")
    hour = models.PositiveIntegerField(help_text="hours since 1970, UTC")
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "client", "hour"], name="guest_counter_once")]

    def __str__(self) -> str:
        return f"{self.scope} {self.client} {self.hour}: {self.count}"


class IdempotencyKey(models.Model):
    """A request that succeeded, so that its repeat gives the same answer and does nothing."""

    scope = models.CharField(max_length=320, help_text="the user, or the guest's e-mail as a keyed digest")
    key = models.CharField(max_length=255)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    response = models.JSONField()
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="idempotency_key_once")]

    def __str__(self) -> str:
        return f"{self.key} ({self.status})"
