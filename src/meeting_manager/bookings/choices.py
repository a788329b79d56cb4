"""The fixed lists of a booking (founding document, "Field Reference")."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BookingStatus(models.TextChoices):
    """Where a booking stands; which changes are legal is the engine's to say (engine/lifecycle.py)."""

    PENDING = "Pending", _("Pending")
    CONFIRMED = "Confirmed", _("Confirmed")
    CANCELLED = "Cancelled", _("Cancelled")
    COMPLETED = "Completed", _("Completed")
    NO_SHOW = "No-Show", _("No-Show")
    RESCHEDULED = "Rescheduled", _("Rescheduled")


class BookingSource(models.TextChoices):
    """How a booking came to be."""

    PUBLIC = "Public Booking Page", _("Public Booking Page")
    INTERNAL = "Internal System", _("Internal System")
    MANUAL = "Manual Entry", _("Manual Entry")
    API = "API Integration", _("API Integration")
    GOOGLE = "Google Calendar", _("Google Calendar")
    OUTLOOK = "Outlook Calendar", _("Outlook Calendar")


class ApprovalStatus(models.TextChoices):
    """The decision on a booking that needs one."""

    PENDING = "Pending", _("Pending")
    APPROVED = "Approved", _("Approved")
    REJECTED = "Rejected", _("Rejected")


class AssignmentMethod(models.TextChoices):
    """How the host was found."""

    ROUND_ROBIN = "Round Robin", _("Round Robin")
    LEAST_BUSY = "Least Busy", _("Least Busy")
    WEIGHTED = "Weighted", _("Weighted")
    MANUAL = "Manual", _("Manual")


class ParticipantType(models.TextChoices):
    """Whether a participant is a user here."""

    INTERNAL = "Internal", _("Internal")
    EXTERNAL = "External", _("External")


class ResponseStatus(models.TextChoices):
    """What a participant answered."""

    PENDING = "Pending", _("Pending")
    ACCEPTED = "Accepted", _("Accepted")
    DECLINED = "Declined", _("Declined")
    TENTATIVE = "Tentative", _("Tentative")


class AssignmentAction(models.TextChoices):
    """What happened to a host; "Reassigned" is valid and unused (system.md §7)."""

    ASSIGNED = "Assigned", _("Assigned")
    UNASSIGNED = "Unassigned", _("Unassigned")
    REASSIGNED = "Reassigned", _("Reassigned")
    PRIMARY_CHANGED = "Primary Changed", _("Primary Changed")


class EventType(models.TextChoices):
    """What happened to a booking; the last two are ours (system.md §7)."""

    CREATED = "Created", _("Created")
    CONFIRMED = "Confirmed", _("Confirmed")
    RESCHEDULED = "Rescheduled", _("Rescheduled")
    CANCELLED = "Cancelled", _("Cancelled")
    COMPLETED = "Completed", _("Completed")
    NO_SHOW = "No-Show", _("No-Show")
    APPROVED = "Approved", _("Approved")
    REJECTED = "Rejected", _("Rejected")
    REMINDER_SENT = "Reminder Sent", _("Reminder Sent")
    CALENDAR_SYNCED = "Calendar Synced", _("Calendar Synced")
    ASSIGNMENT_CHANGED = "Assignment Changed", _("Assignment Changed")
    CUSTOMER_UPDATED = "Customer Updated", _("Customer Updated")
    DETAILS_UPDATED = "Details Updated", _("Details Updated")
    PARTICIPANT_RESPONDED = "Participant Responded", _("Participant Responded")
