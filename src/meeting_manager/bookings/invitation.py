"""A booking as an iCalendar file: one entry that a moved or cancelled booking updates, not a second one."""

from icalendar import Calendar, Event

from meeting_manager.bookings.choices import BookingStatus
from meeting_manager.bookings.links import manage_url
from meeting_manager.bookings.models import Booking

_STATUS = {
    BookingStatus.PENDING: "TENTATIVE",
    BookingStatus.CANCELLED: "CANCELLED",
    BookingStatus.RESCHEDULED: "CANCELLED",
}


def invitation(booking: Booking) -> bytes:
    """The file, with times in UTC and no METHOD: it is to be kept, not answered."""
    event = Event()
    event.add("uid", booking.ical_uid)
    event.add("sequence", booking.sequence)
    event.add("dtstamp", booking.modified_at)
    event.add("dtstart", booking.start_datetime)
    event.add("dtend", booking.end_datetime)
    event.add("summary", booking.meeting_title)
    event.add("status", _STATUS.get(BookingStatus(booking.booking_status), "CONFIRMED"))
    if place := booking.meeting_location or booking.video_meeting_url:
        event.add("location", place)
    event.add("url", manage_url(booking))
    calendar = Calendar()
    calendar.add("prodid", "-//Meeting Manager//meeting-manager//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
