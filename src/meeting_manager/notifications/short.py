"""Reminders as SMS: what fits into a glance."""

from django.utils.translation import gettext as _

from meeting_manager.bookings import when
from meeting_manager.bookings.links import manage_url
from meeting_manager.notifications.inputs import Occasion


def render_sms(occasion: Occasion) -> str:
    """One or two short sentences with date, time and zone of the customer, and their link."""
    booking, zone = occasion.booking, occasion.recipient.zone
    facts = {
        "meeting": booking.meeting_type.meeting_name,
        "department": booking.meeting_type.department.department_name,
        "day": when.day(booking.start_datetime, zone),
        "clock": when.clock(booking.start_datetime, zone),
        "zone": when.zone_name(zone, booking.start_datetime),
        "url": manage_url(booking),
    }
    text = _("Reminder: %(meeting)s with %(department)s, %(day)s, %(clock)s %(zone)s. %(url)s") % facts
    return text.replace("\xa0", " ")  # else the whole SMS takes an alphabet of twice the length
