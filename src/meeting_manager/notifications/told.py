"""What people know of a booking: the state that was last told, kept with the thread of its calendar entry."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from meeting_manager.bookings.choices import BookingStatus
from meeting_manager.bookings.facts import seconds
from meeting_manager.bookings.models import Booking


@dataclass(frozen=True, slots=True)
class Told:
    """A booking as people see it: times in UTC epoch seconds, people by address.

    `hosts` are all hosts; `informed_hosts` those of them who have heard, for nobody tells a host of a request that is
    not decided. `invited` are the participants who got an invitation.
    """

    booking: str
    status: str
    start: int
    end: int
    hosts: tuple[str, ...] = ()
    informed_hosts: tuple[str, ...] = ()
    customer: str = ""
    participants: tuple[str, ...] = ()
    invited: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    """Title and place: what a calendar entry shows besides the time."""

    @property
    def is_confirmed(self) -> bool:
        """Whether it takes place as far as anybody knows."""
        return self.status == BookingStatus.CONFIRMED

    @property
    def is_pending(self) -> bool:
        """Whether it awaits approval."""
        return self.status == BookingStatus.PENDING

    def informing(self, hosts: Sequence[str], invited: Sequence[str]) -> "Told":
        """The same with other people informed."""
        return replace(self, informed_hosts=tuple(hosts), invited=tuple(invited))

    def as_json(self) -> dict[str, Any]:
        """For the thread's column."""
        return asdict(self)


def told_of(booking: Booking) -> Told:
    """The booking as it is now, with nobody informed; three queries unless hosts and participants were fetched."""
    hosts = tuple(row.user.email for row in booking.assigned_users.all())
    people = [row.email for row in booking.participants.all()]
    guests = tuple(email for email in people if email != booking.customer_email and email not in hosts)
    place = (booking.location_type, booking.meeting_location, booking.video_meeting_url)
    return Told(
        booking=booking.name,
        status=booking.booking_status,
        start=seconds(booking.start_datetime),
        end=seconds(booking.end_datetime),
        hosts=hosts,
        customer=booking.customer_email,
        participants=guests,
        details=(booking.meeting_title, *place),
    )


def as_heard_by(address: str, state: Told) -> Told:
    """`state` as somebody knows it who was just told: whether the others were is not theirs to know."""
    hosts = [address] if address in state.hosts else []
    return state.informing(hosts, [address] if address in state.participants else [])


def everybody_knows(booking: Booking, status: str) -> Told:
    """The booking as it is now, in another status, of which all its people have heard."""
    state = replace(told_of(booking), status=status)
    return state.informing(state.hosts, state.participants)


def from_json(stored: Mapping[str, Any]) -> Told | None:
    """What a thread keeps; None where nothing was told yet."""
    if not stored:
        return None
    values: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in stored.items()}
    return Told(**values)
