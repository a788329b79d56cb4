"""Writing a booking and its children: the last step behind the door, one statement for each table."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from meeting_manager.adapters import rows
from meeting_manager.bookings import history, validators
from meeting_manager.bookings.choices import AssignmentAction
from meeting_manager.bookings.facts import seconds
from meeting_manager.bookings.inputs import Invitee, Result
from meeting_manager.bookings.links import new_reference
from meeting_manager.bookings.models import AssignedUser, Booking, Participant
from meeting_manager.bookings.services.door import Choice
from meeting_manager.busy import services as busy
from meeting_manager.ledger.services import Event, announce
from meeting_manager.names.services import next_name
from meeting_manager.people.models import User

NOTHING_MORE: Mapping[str, object] = {}


def insert(
    booking: Booking,
    *,
    choice: Choice,
    primary: Collection[int],
    participants: Sequence[Invitee],
    entries: list[history.Entry],
    actor: User,
    now: datetime,
) -> None:
    """Give the composed booking its name and reference, and write it with hosts, participants, histories, busy time."""
    booking.name = next_name(f"MM-MB-{booking.meeting_type.name}")
    booking.booking_reference = new_reference()
    assigned: list[history.Entry] = [
        history.HostChange(AssignmentAction.ASSIGNED, host, _how(choice)) for host in choice.hosts
    ]
    chained = history.link(booking, [*entries, *assigned], actor_id=actor.pk, now=now)
    rows.insert([booking])
    rows.insert(
        AssignedUser(booking=booking, user_id=host, is_primary_host=host in primary, assigned_at=now, assigned_by=actor)
        for host in choice.hosts
    )
    invite(booking, participants, now)
    history.save(booking, chained)
    busy.occupy(booking.pk, choice.hosts, seconds(booking.start_datetime), seconds(booking.end_datetime))


def _how(choice: Choice) -> str:
    return f"Assigned by {choice.method}" if choice.method else "Kept from the booking before"


def invite(booking: Booking, participants: Sequence[Invitee], now: datetime) -> None:
    """Add cleaned participants; an answer that comes along is dated `now`."""
    rows.insert(
        Participant(
            booking=booking,
            participant_type=invitee.participant_type,
            user=invitee.user,
            name1=invitee.name,
            email=invitee.email,
            response_status=invitee.response_status,
            response_datetime=now if invitee.response_status != "Pending" else None,
        )
        for invitee in participants
    )


def record(
    booking: Booking, entries: list[history.Entry], fields: Collection[str], *, actor: User, now: datetime
) -> None:
    """Append to the histories and save the named fields of the booking with their head, in one update."""
    history.append(booking, entries, actor_id=actor.pk, now=now)
    booking.modified_at = now
    booking.save(update_fields=[*fields, "history_length", "history_head", "modified_at"])


def tell(booking: Booking, event: str, *, actor: User, now: datetime, **payload: object) -> None:
    """Announce an event of this booking, and who caused it; the history's length makes each telling's key its own."""
    key = f"booking.{event}:{booking.name}:{booking.history_length}"
    told = {"booking": booking.name, "uid": booking.ical_uid, "actor": actor.email, **payload}
    announce([Event(f"booking.{event}", key, told)], now=now)


def result(booking: Booking) -> Result:
    """The booking as it stands now, with what is worth a word about it."""
    return Result(booking, tuple(validators.warnings(booking, participants=booking.participants.count())))
