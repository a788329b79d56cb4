"""The fixed lists of a booking (founding document, "Field Reference")."""

from django.db import models


class BookingStatus(models.TextChoices):
    """Where a booking stands; which changes are legal is the engine's to say (engine/lifecycle.py)."""

    PENDING = "Pending", "Pending"
    CONFIRMED = "Confirmed", "Confirmed"
    CANCELLED = "Cancelled", "Cancelled"
    COMPLETED = "Completed", "Completed"
    NO_SHOW = "No-Show", "No-Show"
    RESCHEDULED = "Rescheduled", "Rescheduled"


class BookingSource(models.TextChoices):
    """How a booking came to be."""

    PUBLIC = "Public Booking Page", "Public Booking Page"
    INTERNAL = "Internal System", "Internal System"
    MANUAL = "Manual Entry", "Manual Entry"
    API = "API Integration", "API Integration"
    GOOGLE = "Google Calendar", "Google Calendar"
    OUTLOOK = "Outlook Calendar", "Outlook Calendar"


class ApprovalStatus(models.TextChoices):
    """The decision on a booking that needs one."""

    PENDING = "Pending", "Pending"
    APPROVED = "Approved", "Approved"
    REJECTED = "Rejected", "Rejected"


class AssignmentMethod(models.TextChoices):
    """How the host was found."""

    ROUND_ROBIN = "Round Robin", "Round Robin"
    LEAST_BUSY = "Least Busy", "Least Busy"
    WEIGHTED = "Weighted", "Weighted"
    MANUAL = "Manual", "Manual"


class ParticipantType(models.TextChoices):
    """Whether a participant is a user here."""

    INTERNAL = "Internal", "Internal"
    EXTERNAL = "External", "External"


class ResponseStatus(models.TextChoices):
    """What a participant answered."""

    PENDING = "Pending", "Pending"
    ACCEPTED = "Accepted", "Accepted"
    DECLINED = "Declined", "Declined"
    TENTATIVE = "Tentative", "Tentative"


class AssignmentAction(models.TextChoices):
    """What happened to a host; "Reassigned" is valid and unused (system.md §7)."""

    ASSIGNED = "Assigned", "Assigned"
    UNASSIGNED = "Unassigned", "Unassigned"
    REASSIGNED = "Reassigned", "Reassigned"
    PRIMARY_CHANGED = "Primary Changed", "Primary Changed"


class EventType(models.TextChoices):
    """What happened to a booking; the last two are ours (system.md §7)."""

    CREATED = "Created", "Created"
    CONFIRMED = "Confirmed", "Confirmed"
    RESCHEDULED = "Rescheduled", "Rescheduled"
    CANCELLED = "Cancelled", "Cancelled"
    COMPLETED = "Completed", "Completed"
    NO_SHOW = "No-Show", "No-Show"
    APPROVED = "Approved", "Approved"
    REJECTED = "Rejected", "Rejected"
    REMINDER_SENT = "Reminder Sent", "Reminder Sent"
    CALENDAR_SYNCED = "Calendar Synced", "Calendar Synced"
    ASSIGNMENT_CHANGED = "Assignment Changed", "Assignment Changed"
    CUSTOMER_UPDATED = "Customer Updated", "Customer Updated"
    DETAILS_UPDATED = "Details Updated", "Details Updated"
    PARTICIPANT_RESPONDED = "Participant Responded", "Participant Responded"
