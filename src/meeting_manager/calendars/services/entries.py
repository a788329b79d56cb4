"""A booking as its host's calendar is to have it: what the entry in mails says to a host, in the form adapters take."""

import hashlib
import json
from dataclasses import asdict

from meeting_manager.adapters.calendar.protocol import OutgoingEvent
from meeting_manager.bookings import places
from meeting_manager.bookings.choices import BookingStatus, ResponseStatus
from meeting_manager.bookings.facts import seconds
from meeting_manager.bookings.invitation import words
from meeting_manager.bookings.invitation.entry import PARTSTAT
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.perspective import people_seen_by, side_of, title_for
from meeting_manager.people.erasure import is_erased
from meeting_manager.people.languages import speaking, tag_of
from meeting_manager.people.models import User


def entry_of(booking: Booking, host: User, *, wants_conference: bool) -> OutgoingEvent:
    """The booking, which is whole, for the calendar of `host`, in their language. No query."""
    with speaking(tag_of(host)):
        return OutgoingEvent(
            uid=booking.ical_uid,
            sequence=booking.sequence,
            start=seconds(booking.start_datetime),
            end=seconds(booking.end_datetime),
            title=words.in_one_line(title_for(booking, side_of(booking, host.email))),
            description=words.description(booking, host.email),
            location=words.in_one_line(places.one_line(booking)),
            url=words.url(booking, host.email),
            organizer=(host.email, host.display_name),
            attendees=_attendees(booking, host),
            is_tentative=booking.booking_status == BookingStatus.PENDING,
            wants_conference=wants_conference,
        )


def digest_of(event: OutgoingEvent) -> str:
    """By which an entry that says the same is known again; the sequence alone is no difference."""
    told = {**asdict(event), "sequence": 0}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _attendees(booking: Booking, host: User) -> tuple[dict[str, str], ...]:
    """Everybody else: the host is whose calendar it is, and who was erased is nobody to write to."""
    return tuple(
        {
            "email": person.email,
            "name": words.in_one_line(person.name),
            "response": PARTSTAT[ResponseStatus(person.response)],
        }
        for person in people_seen_by(booking, host.email)
        if person.email != host.email and not is_erased(person.email)
    )
