"""Every message there is, and the parts people play in a booking."""

from django.db import models


class Role(models.TextChoices):
    """As what somebody hears of a booking; each address hears once, in the first of its roles in this order."""

    CUSTOMER = "customer", "Customer"
    HOST = "host", "Host"
    FORMER_HOST = "former_host", "Former host"
    PARTICIPANT = "participant", "Participant"
    LEADER = "leader", "Leader"
    ADMIN = "admin", "System Manager"


class Message(models.TextChoices):
    """One for each thing that is told; its templates are in `templates/notifications/{message}/`."""

    CUSTOMER_BOOKED = "customer_booked", "Customer: booking confirmed"
    CUSTOMER_AWAITING = "customer_awaiting", "Customer: request received, awaits approval"
    CUSTOMER_REJECTED = "customer_rejected", "Customer: request rejected"
    CUSTOMER_RESCHEDULED = "customer_rescheduled", "Customer: booking moved"
    CUSTOMER_REASSIGNED = "customer_reassigned", "Customer: another host"
    CUSTOMER_CHANGED = "customer_changed", "Customer: details changed"
    CUSTOMER_CANCELLED = "customer_cancelled", "Customer: booking cancelled"
    CUSTOMER_REMINDER = "customer_reminder", "Customer: reminder"
    CUSTOMER_NO_SHOW = "customer_no_show", "Customer: sorry we missed you"
    CUSTOMER_THANK_YOU = "customer_thank_you", "Customer: thank you"

    HOST_BOOKED = "host_booked", "Host: new booking"
    HOST_ASSIGNED = "host_assigned", "Host: booking assigned to you"
    HOST_UNASSIGNED = "host_unassigned", "Host: booking given to somebody else"
    HOST_RESCHEDULED = "host_rescheduled", "Host: booking moved"
    HOST_CHANGED = "host_changed", "Host: details changed"
    HOST_CANCELLED = "host_cancelled", "Host: booking cancelled"
    HOST_REMINDER = "host_reminder", "Host: reminder"

    PARTICIPANT_INVITED = "participant_invited", "Participant: invitation"
    PARTICIPANT_RESCHEDULED = "participant_rescheduled", "Participant: meeting moved"
    PARTICIPANT_CHANGED = "participant_changed", "Participant: details changed"
    PARTICIPANT_CANCELLED = "participant_cancelled", "Participant: meeting cancelled"
    PARTICIPANT_REMINDER = "participant_reminder", "Participant: reminder"

    STAFF_BOOKED = "staff_booked", "Leader, System Managers: new booking"
    STAFF_APPROVAL_ASKED = "staff_approval_asked", "Leader, System Managers: approval asked"
    STAFF_RESCHEDULED = "staff_rescheduled", "Leader, System Managers: booking moved"
    STAFF_REASSIGNED = "staff_reassigned", "Leader, System Managers: booking reassigned"
    STAFF_CANCELLED = "staff_cancelled", "Leader, System Managers: booking cancelled"

    CALENDAR_TROUBLE = "calendar_trouble", "Host: your calendar needs attention"
    DELIVERY_TROUBLE = "delivery_trouble", "System Managers: deliveries failed"
