"""Which doctypes there are."""

from meeting_manager.api.frappe.documents.doctype import Doctype
from meeting_manager.api.frappe.documents.kinds.bookings import BOOKING
from meeting_manager.api.frappe.documents.kinds.calendars import CALENDAR_EVENT, CALENDAR_INTEGRATION
from meeting_manager.api.frappe.documents.kinds.departments import DEPARTMENT, MEETING_TYPE
from meeting_manager.api.frappe.documents.kinds.people import AVAILABILITY_RULE, USER, USER_SETTINGS

DOCTYPES: dict[str, Doctype] = {
    each.name: each
    for each in (
        DEPARTMENT,
        MEETING_TYPE,
        BOOKING,
        USER_SETTINGS,
        AVAILABILITY_RULE,
        CALENDAR_INTEGRATION,
        CALENDAR_EVENT,
        USER,
    )
}
