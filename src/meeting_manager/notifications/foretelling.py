"""Which mails a change would bring, before it is made: by the same pure rules as afterwards (`tellings.py`)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from meeting_manager.bookings.choices import BookingStatus
from meeting_manager.bookings.models import Booking
from meeting_manager.notifications.choices import Message
from meeting_manager.notifications.circle import circle_of
from meeting_manager.notifications.tellings import Circle, plan
from meeting_manager.notifications.told import Told, told_of


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of a booking: another status, where one is given, and other hosts (addresses)."""

    booking: Booking
    status: str = ""
    hosts: Sequence[str] | None = None
    is_rejected: bool = False


@dataclass(frozen=True, slots=True)
class Foretold:
    """How many of each message, and to how many addresses."""

    messages: Mapping[Message, int]
    people: int

    @property
    def total(self) -> int:
        """How many mails."""
        return sum(self.messages.values())


@dataclass(slots=True)
class _Circles:
    """Who of each department hears, read once."""

    known: dict[int, Circle] = field(default_factory=dict)

    def of(self, booking: Booking) -> Circle:
        department = booking.meeting_type.department
        if department.pk not in self.known:
            self.known[department.pk] = circle_of(department)
        return self.known[department.pk]


def foretell(changes: Sequence[Change]) -> Foretold:
    """The mails that these changes would bring if everybody has heard of everything before.

    Three queries at most for each department, none for a booking that comes with type, department, hosts and
    participants.
    """
    counted, people, circles = Counter[Message](), set[str](), _Circles()
    for change in changes:
        after = _after(change)
        told = plan(_before(change.booking), after, circles.of(change.booking), is_rejected=change.is_rejected)
        counted.update(telling.message for telling in told.tellings)
        people.update(telling.address for telling in told.tellings)
        if _is_thanked(change):
            counted[Message.CUSTOMER_THANK_YOU] += 1
            people.add(change.booking.customer_email)
    return Foretold(counted, len(people))


def _is_thanked(change: Change) -> bool:
    booking = change.booking
    is_completed = change.status == BookingStatus.COMPLETED
    return is_completed and booking.meeting_type.thank_you_mail and bool(booking.customer_email)


def _before(booking: Booking) -> Told:
    """Hosts of a request have not heard of it, nor have its participants."""
    state = told_of(booking)
    return (
        state.informing(state.hosts, state.participants) if booking.booking_status == BookingStatus.CONFIRMED else state
    )


def _after(change: Change) -> Told:
    state = told_of(change.booking)
    hosts = state.hosts if change.hosts is None else tuple(change.hosts)
    return replace(state, status=change.status or state.status, hosts=hosts)
