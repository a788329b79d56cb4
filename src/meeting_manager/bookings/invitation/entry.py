"""The entry as iCalendar: a file to keep, and the part of a mail that keeps the reader's calendar in step (iMIP)."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from icalendar import Alarm, Calendar, Event, vCalAddress, vDuration, vText

from meeting_manager.bookings import places
from meeting_manager.bookings.choices import BookingStatus, ResponseStatus
from meeting_manager.bookings.invitation import words
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.perspective import Person, people_seen_by, side_of, title_for

CANCEL, PUBLISH = "CANCEL", "PUBLISH"
_MOST_ALARMS = 5
"""Calendars take so many at least; of a longer schedule those nearest to the meeting count."""

_IN_PARAMETERS = str.maketrans('"\\', "'/")
"""Signs that calendar programs read in different ways in a parameter (some escape them, by RFC 6868 or as in texts)."""

_STATUS = {
    BookingStatus.PENDING: "TENTATIVE",
    BookingStatus.CANCELLED: "CANCELLED",
    BookingStatus.RESCHEDULED: "CANCELLED",
}
PARTSTAT = {
    ResponseStatus.PENDING: "NEEDS-ACTION",
    ResponseStatus.ACCEPTED: "ACCEPTED",
    ResponseStatus.DECLINED: "DECLINED",
    ResponseStatus.TENTATIVE: "TENTATIVE",
}
"""Our answers in iCalendar's words."""


def invitation(booking: Booking) -> bytes:
    """The customer's file, with times in UTC and no METHOD: it is to be kept, not answered. Three queries at most."""
    event = _event(booking, booking.customer_email)
    _say(event, booking, booking.customer_email)
    return _calendar(event)


def mail_part(booking: Booking, *, method: str, attendee: str, organizer: str) -> bytes:
    """The part of a mail by which the calendar of `attendee` takes up the meeting (REQUEST) or drops it (CANCEL).

    `organizer` is the address that answers go to, the same for as long as the meeting lives. UID and SEQUENCE are the
    booking's, times in UTC, so that no calendar needs to know our zones. A cancellation names nobody but its reader,
    who may be no longer on the booking while others still are. One query for a whole booking, none to cancel.
    """
    event = _organized(booking, attendee, organizer)
    if method == CANCEL:
        event["status"] = vText("CANCELLED")
        event.add("attendee", _address(attendee, _name(booking, attendee)))
        return _calendar(event, CANCEL)
    _say(event, booking, attendee)
    for person in people_seen_by(booking, attendee):
        event.add("attendee", _attendee(person))
    return _calendar(event, method)


def publication(bookings: Iterable[Booking], *, reader: str, organizer: str, name: str, every: timedelta) -> bytes:
    """The calendar `name` of these bookings for a program that subscribes to it and looks again after `every`.

    Each entry is the one that `reader` has from mails, but nobody is asked to answer, so that no attendees are named
    (RFC 5546, 3.2.1). No query for bookings that come with hosts, department and reminders.
    """
    calendar = _empty(PUBLISH)
    for title in ("name", "x-wr-calname"):
        calendar.add(title, _Text(words.in_one_line(name)))
    calendar.add("refresh-interval", vDuration(every), {"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(every))
    for booking in bookings:
        event = _organized(booking, reader, organizer)
        _say(event, booking, reader)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _organized(booking: Booking, email: str, organizer: str) -> Event:
    event = _event(booking, email)
    event.add("organizer", _address(organizer, booking.meeting_type.department.department_name))
    return event


def _event(booking: Booking, email: str) -> Event:
    """What every form of the entry has."""
    event = Event()
    event.add("uid", booking.ical_uid)
    event.add("sequence", booking.sequence)
    event.add("dtstamp", booking.modified_at)
    event.add("dtstart", booking.start_datetime)
    event.add("dtend", booking.end_datetime)
    event.add("summary", _Text(words.in_one_line(title_for(booking, side_of(booking, email)))))
    event.add("status", _STATUS.get(BookingStatus(booking.booking_status), "CONFIRMED"))
    return event


def _say(event: Event, booking: Booking, email: str) -> None:
    """Add what an entry that stays tells its reader, and when it reminds them."""
    event.add("description", _Text(words.description(booking, email)))
    if place := words.in_one_line(places.one_line(booking)):
        event.add("location", _Text(place))
    event.add("url", words.url(booking, email))
    reminders = booking.meeting_type.reminders.all()
    for hours in sorted(each.hours_before_meeting for each in reminders if each.is_active)[:_MOST_ALARMS]:
        event.add_component(_alarm(hours, str(event["summary"])))


def _alarm(hours: Decimal, text: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -timedelta(minutes=round(hours * 60)))
    alarm.add("description", _Text(text))
    return alarm


def _attendee(person: Person) -> vCalAddress:
    """A host has accepted by being it; everybody else is asked."""
    address = _address(person.email, person.name)
    address.params["CUTYPE"] = "INDIVIDUAL"
    address.params["ROLE"] = "REQ-PARTICIPANT"
    address.params["PARTSTAT"] = PARTSTAT[ResponseStatus(person.response)]
    address.params["RSVP"] = "FALSE" if person.is_host else "TRUE"
    return address


def _address(email: str, name: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    if cleaned := words.in_one_line(name).translate(_IN_PARAMETERS):
        address.params["CN"] = cleaned
    return address


def _name(booking: Booking, email: str) -> str:
    return next((person.name for person in people_seen_by(booking, email) if person.email == email), "")


def _calendar(event: Event, method: str = "") -> bytes:
    calendar = _empty(method)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _empty(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Meeting Manager//meeting-manager//EN")
    calendar.add("version", "2.0")
    if method:
        calendar.add("method", method)
    return calendar


class _Text(vText):
    """Text in which a backslash before N stays one: icalendar 7.3 takes both for a line end that somebody escaped."""

    def to_ical(self) -> bytes:
        return b"\\\\N".join(vText(part).to_ical() for part in self.split(r"\N"))
