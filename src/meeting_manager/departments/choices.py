"""The fixed lists of departments and meeting types."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AssignmentAlgorithm(models.TextChoices):
    """How a department chooses among its free members (system.md §4)."""

    ROUND_ROBIN = "Round Robin", "Round Robin"
    LEAST_BUSY = "Least Busy", "Least Busy"
    WEIGHTED = "Weighted", "Weighted"


class LocationType(models.TextChoices):
    """Where a meeting takes place."""

    VIDEO_CALL = "Video Call", _("Video Call")
    PHONE_CALL = "Phone Call", _("Phone Call")
    PHYSICAL_LOCATION = "Physical Location", _("Physical Location")
    CUSTOM = "Custom", _("Custom")


class VideoPlatform(models.TextChoices):
    """Which video service a meeting type uses."""

    GOOGLE_MEET = "Google Meet", "Google Meet"
    ZOOM = "Zoom", "Zoom"
    MICROSOFT_TEAMS = "Microsoft Teams", "Microsoft Teams"
    JITSI = "Jitsi", "Jitsi"
    CUSTOM = "Custom", "Custom"


class NotificationType(models.TextChoices):
    """How a reminder reaches people."""

    EMAIL = "Email", "Email"
    SMS = "SMS", "SMS"
    BOTH = "Both", "Both"


class QuestionType(models.TextChoices):
    """What kind of answer a question of a meeting type asks for."""

    TEXT = "Text", "Text"
    LONG_TEXT = "Long Text", "Long Text"
    CHOICE = "Choice", "Choice"
    CHECKBOX = "Checkbox", "Checkbox"
    PHONE = "Phone", "Phone"


class CalendarChanges(models.TextChoices):
    """What becomes of a booking whose event its host moves or deletes in their own calendar."""

    FLAG = "flag", _("Tell us, and leave the booking as it is")
    FOLLOW = "follow", _("Move or cancel the booking as well")
