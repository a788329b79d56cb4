"""The states of a delivery."""

from django.db import models


class DeliveryState(models.TextChoices):
    """Where a delivery stands."""

    READY = "ready", "Ready"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    DEAD = "dead", "Dead"
    DISCARDED = "discarded", "Discarded"
