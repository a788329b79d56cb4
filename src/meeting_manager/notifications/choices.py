"""Every message there is, and the parts people play in a booking."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """As what somebody hears of a booking; each address hears once, in the first of its roles in this order."""

    CUSTOMER = "customer", _("Customer")
    HOST = "host", _("Host")
    FORMER_HOST = "former_host", _("Former host")
    PARTICIPANT = "participant", _("Participant")
    LEADER = "leader", _("Leader")
    ADMIN = "admin", _("System Manager")


class Message(models.TextChoices):
    """One for each thing that is told; its templates are in `templates/notifications/{message}/`."""

    CUSTOMER_BOOKED = "customer_booked", _("Customer: booking confirmed")
    CUSTOMER_AWAITING = "customer_awaiting", _("Customer: request received, awaits approval")
    CUSTOMER_REJECTED = "customer_rejected", _("Customer: request rejected")
    CUSTOMER_RESCHEDULED = "customer_rescheduled", _("Customer: booking moved")
    CUSTOMER_REASSIGNED = "customer_reassigned", _("Customer: another host")
    CUSTOMER_CHANGED = "customer_changed", _("Customer: details changed")
    CUSTOMER_CANCELLED = "customer_cancelled", _("Customer: booking cancelled")
    CUSTOMER_REMINDER = "customer_reminder", _("Customer: reminder")
    CUSTOMER_NO_SHOW = "customer_no_show", _("Customer: sorry we missed you")
    CUSTOMER_THANK_YOU = "customer_thank_you", _("Customer: thank you")
    CUSTOMER_CONFIRM = "customer_confirm", _("Customer: please confirm that it was you")

    HOST_BOOKED = "host_booked", _("Host: new booking")
    HOST_ASSIGNED = "host_assigned", _("Host: booking assigned to you")
    HOST_UNASSIGNED = "host_unassigned", _("Host: booking given to somebody else")
    HOST_RESCHEDULED = "host_rescheduled", _("Host: booking moved")
    HOST_CHANGED = "host_changed", _("Host: details changed")
    HOST_CANCELLED = "host_cancelled", _("Host: booking cancelled")
    HOST_REMINDER = "host_reminder", _("Host: reminder")

    PARTICIPANT_INVITED = "participant_invited", _("Participant: invitation")
    PARTICIPANT_RESCHEDULED = "participant_rescheduled", _("Participant: meeting moved")
    PARTICIPANT_CHANGED = "participant_changed", _("Participant: details changed")
    PARTICIPANT_CANCELLED = "participant_cancelled", _("Participant: meeting cancelled")
    PARTICIPANT_REMINDER = "participant_reminder", _("Participant: reminder")

    STAFF_BOOKED = "staff_booked", _("Leader, System Managers: new booking")
    STAFF_APPROVAL_ASKED = "staff_approval_asked", _("Leader, System Managers: approval asked")
    STAFF_RESCHEDULED = "staff_rescheduled", _("Leader, System Managers: booking moved")
    STAFF_REASSIGNED = "staff_reassigned", _("Leader, System Managers: booking reassigned")
    STAFF_CANCELLED = "staff_cancelled", _("Leader, System Managers: booking cancelled")

    CALENDAR_TROUBLE = "calendar_trouble", _("Host: your calendar needs attention")
    CALENDAR_CHANGED = "calendar_changed", _("Host, leader: a calendar says otherwise")
    CALENDAR_OVERLAP = "calendar_overlap", _("Host, leader: a new calendar entry over a booking")
    DELIVERY_TROUBLE = "delivery_trouble", _("System Managers: deliveries failed")
