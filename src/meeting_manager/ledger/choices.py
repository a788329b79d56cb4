"""The states of a delivery."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DeliveryState(models.TextChoices):
    """Where a delivery stands."""

    READY = "ready", _("Ready")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    SKIPPED = "skipped", _("Skipped")
    """When its turn came, it no longer made sense."""
    DEAD = "dead", _("Dead")
    """Given up; people may retry or discard it."""
    DISCARDED = "discarded", _("Discarded")


SETTLED = (DeliveryState.DONE, DeliveryState.SKIPPED, DeliveryState.DISCARDED)
"""Nothing will become of these any more."""
