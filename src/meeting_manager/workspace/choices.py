"""The fixed lists of the workspace's own records."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Verb(models.TextChoices):
    """What can be done to many bookings at once."""

    CANCEL = "cancel", _("Cancel")
    REASSIGN = "reassign", _("Reassign")
    COMPLETE = "complete", _("Complete")
    APPROVE = "approve", _("Approve")
    REJECT = "reject", _("Reject")


class ItemState(models.TextChoices):
    """Where one booking of a run stands."""

    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
