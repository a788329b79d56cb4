"""How a booking looks from where somebody stands: what it is called, and who else is seen to take part."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from django.utils.translation import gettext as _

from meeting_manager.bookings.choices import ResponseStatus
from meeting_manager.bookings.models import Booking, Participant

_LONGEST_TITLE = 255


class Side(Enum):
    """Where somebody stands; a host who is invited too is a host."""

    CUSTOMER = "customer"
    HOST = "host"
    PARTICIPANT = "participant"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who takes part; `response` is a ResponseStatus, of hosts always Accepted."""

    email: str
    name: str
    response: str
    is_host: bool = False


def side_of(booking: Booking, email: str) -> Side:
    """Where the person with this address stands; whoever is none of the others counts as a participant."""
    if email == booking.customer_email:
        return Side.CUSTOMER
    return Side.HOST if email in {row.user.email for row in booking.assigned_users.all()} else Side.PARTICIPANT


def title_for(booking: Booking, side: Side) -> str:
    """What the meeting is called: everybody reads whom they meet.

    A customer reads "30 Min Call with Support", a host "30 Min Call - Ada Muster". A title that somebody chose stays.
    """
    title, customer = booking.meeting_title, booking.customer_name
    if booking.is_internal:
        return title
    if side is Side.HOST:
        return title if customer in title else f"{title} - {customer}"
    kind = booking.meeting_type
    if title != f"{kind.meeting_name} - {customer}"[:_LONGEST_TITLE]:
        return title
    names = {"meeting": kind.meeting_name, "department": kind.department.department_name}
    return _("%(meeting)s with %(department)s") % names


def people_seen_by(booking: Booking, email: str) -> list[Person]:
    """Who takes part, as the person with this address may know it, they themselves included.

    Colleagues of an internal meeting see everybody, and so do hosts. Customers and whoever is invited to a customer's
    meeting see its hosts and themselves: unlike in a calendar of one's own, it was the staff who brought these people
    together, and an address that somebody gave us for a meeting is not ours to hand to others.
    """
    hosts, guests = list(_hosts(booking)), list(_guests(booking))
    if booking.is_internal or side_of(booking, email) is Side.HOST:
        return hosts + guests
    return hosts + [guest for guest in guests if guest.email == email]


def _hosts(booking: Booking) -> Iterator[Person]:
    for row in booking.assigned_users.all():
        yield Person(row.user.email, row.user.display_name, ResponseStatus.ACCEPTED, is_host=True)


def _guests(booking: Booking) -> Iterator[Person]:
    hosts = {row.user.email for row in booking.assigned_users.all()}
    for row in booking.participants.all():
        if row.email not in hosts:
            yield Person(row.email, name_of(row), row.response_status)


def name_of(participant: Participant) -> str:
    """What a participant is called; colleagues need no name of their own here. Reads the user where there is one."""
    return participant.name1 or (participant.user.display_name if participant.user else "")
