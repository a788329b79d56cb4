"""The states of a delivery."""

from django.db import models


class DeliveryState(models.TextChoices):
    """Where a delivery stands."""

    READY = "ready", "Ready"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    SKIPPED = "skipped", "Skipped"
    """When its turn came, it no longer made sense."""
    DEAD = "dead", "Dead"
    """Given up; people may retry or discard it."""
    DISCARDED = "discarded", "Discarded"


SETTLED = (DeliveryState.DONE, DeliveryState.SKIPPED, DeliveryState.DISCARDED)
"""Nothing will become of these any more."""
