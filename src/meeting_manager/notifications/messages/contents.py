"""Which function says what a message says."""

from collections.abc import Callable, Mapping
from datetime import datetime

from meeting_manager.notifications.choices import Message
from meeting_manager.notifications.inputs import Notice, Occasion
from meeting_manager.notifications.messages import calendars, customer, notices, participant, staff
from meeting_manager.notifications.messages.about import About
from meeting_manager.notifications.messages.parts import Content

OF_BOOKINGS: Mapping[Message, Callable[[About], Content]] = {
    Message.CUSTOMER_BOOKED: customer.booked,
    Message.CUSTOMER_AWAITING: customer.awaiting,
    Message.CUSTOMER_REJECTED: customer.rejected,
    Message.CUSTOMER_RESCHEDULED: customer.rescheduled,
    Message.CUSTOMER_REASSIGNED: customer.reassigned,
    Message.CUSTOMER_CHANGED: customer.changed,
    Message.CUSTOMER_CANCELLED: customer.cancelled,
    Message.CUSTOMER_REMINDER: customer.reminder,
    Message.CUSTOMER_NO_SHOW: customer.no_show,
    Message.CUSTOMER_THANK_YOU: customer.thank_you,
    Message.HOST_BOOKED: staff.booked,
    Message.HOST_ASSIGNED: staff.reassigned,
    Message.HOST_UNASSIGNED: staff.unassigned,
    Message.HOST_RESCHEDULED: staff.rescheduled,
    Message.HOST_CHANGED: staff.changed,
    Message.HOST_CANCELLED: staff.cancelled,
    Message.HOST_REMINDER: staff.reminder,
    Message.PARTICIPANT_INVITED: participant.invited,
    Message.PARTICIPANT_RESCHEDULED: participant.rescheduled,
    Message.PARTICIPANT_CHANGED: participant.changed,
    Message.PARTICIPANT_CANCELLED: participant.cancelled,
    Message.PARTICIPANT_REMINDER: participant.reminder,
    Message.STAFF_BOOKED: staff.booked,
    Message.STAFF_APPROVAL_ASKED: staff.approval_asked,
    Message.STAFF_RESCHEDULED: staff.rescheduled,
    Message.STAFF_REASSIGNED: staff.reassigned,
    Message.STAFF_CANCELLED: staff.cancelled,
}
OF_NOTICES: Mapping[Message, Callable[[Notice], Content]] = {
    Message.CALENDAR_TROUBLE: notices.calendar_trouble,
    Message.CALENDAR_CHANGED: calendars.changed,
    Message.CALENDAR_OVERLAP: calendars.overlap,
    Message.DELIVERY_TROUBLE: notices.delivery_trouble,
    Message.CUSTOMER_CONFIRM: notices.customer_confirm,
}


def content_of(occasion: Occasion, now: datetime) -> Content:
    """What the message says about its booking; `now` (aware UTC) is when it is told. Reads no row."""
    return OF_BOOKINGS[occasion.message](About(occasion, now))


def notice_content(notice: Notice) -> Content:
    """What a message says that is not about a booking."""
    return OF_NOTICES[notice.message](notice)
