"""What hosts and leaders hear of bookings and the hosts' own calendars: what was done there, what came over them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from meeting_manager.bookings import links
from meeting_manager.bookings.facts import Moving, seconds
from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.perspective import Side, title_for
from meeting_manager.bookings.times import explain
from meeting_manager.busy import queries as busy
from meeting_manager.busy.choices import BusyKind
from meeting_manager.engine.lifecycle import HOLDING
from meeting_manager.ledger.handlers import Job
from meeting_manager.ledger.services import Event, Owed
from meeting_manager.notifications.choices import Message, Role
from meeting_manager.notifications.inputs import Notice, Recipient
from meeting_manager.notifications.services.planning import current_booking, key_for
from meeting_manager.people.languages import speaking, tag_of
from meeting_manager.people.models import User
from meeting_manager.people.queries import settings_of

BOOKING_NOTICE = "booking_notice"
_MESSAGES = {
    "booking.calendar_changed": Message.CALENDAR_CHANGED,
    "booking.overlapped": Message.CALENDAR_OVERLAP,
}
EVENTS = tuple(_MESSAGES)
_MOST_NAMED = 5


def owe_notices(event: Event, now: datetime) -> list[Owed]:
    """A notice to the host and one to the leader of the department, once for each event.

    The event's payload: `booking` (document name), `uid`, `host` (address), `start` and `end` (ISO: the times in the
    calendar), and `change` and `why_not` where an event of ours was changed. One query.
    """
    rows = Booking.objects.filter(name=event.payload["booking"])
    led = rows.filter(meeting_type__department__department_leader__is_active=True)
    leader = led.values_list("meeting_type__department__department_leader__email", flat=True).first()
    host = event.payload["host"]
    roles = {leader: Role.LEADER} if leader else {}
    return [_owed(event, address, role, now) for address, role in {**roles, host: Role.HOST}.items()]


def sensible(job: Job, now: datetime) -> Notice | str:
    """What is to be told, as things are now; or why it is not told any more, in a sentence.

    A dozen queries at most. Raises Booking.DoesNotExist.
    """
    told, message = job.payload, Message(job.payload["message"])
    booking = current_booking(told["booking"])
    hosts = {row.user.email: row.user for row in booking.assigned_users.all()}
    reader = User.objects.filter(email=job.recipient, is_active=True).first()
    if reader is None:
        return "The account is disabled meanwhile."
    if booking.booking_status not in HOLDING or booking.start_datetime <= now or told["host"] not in hosts:
        return "The booking has changed meanwhile."
    host = hosts[told["host"]]
    if message == Message.CALENDAR_OVERLAP and not _is_overlapped(booking, host):
        return "The calendar has changed meanwhile."
    is_followed = booking.start_datetime.isoformat() == told["start"]
    if message == Message.CALENDAR_CHANGED and told["change"] == "Moved" and is_followed:
        return "The booking was moved there as well."
    zone = settings_of(reader).timezone or booking.meeting_type.department.timezone
    recipient = Recipient(reader.email, Role(told["role"]), reader.full_name, zone, tag_of(reader))
    with speaking(recipient.language):
        return Notice(message, recipient, _facts(booking, host, told, message, now))


def _facts(booking: Booking, host: User, told: Mapping[str, Any], message: Message, now: datetime) -> dict[str, Any]:
    return {
        "meeting": title_for(booking, Side.HOST),
        "customer": booking.customer_name,
        "host": host.display_name,
        "start": booking.start_datetime.isoformat(),
        "end": booking.end_datetime.isoformat(),
        "there_start": told["start"],
        "there_end": told["end"],
        "change": told.get("change", ""),
        "why_not": told.get("why_not", ""),
        "free": _free(booking, now) if message == Message.CALENDAR_OVERLAP else [],
        "url": links.workspace_url(booking),
    }


def _free(booking: Booking, now: datetime) -> list[str]:
    """The colleagues who could take the meeting now, in the order of the department."""
    hosts = {row.user.email for row in booking.assigned_users.all()}
    start, end = booking.start_datetime, booking.end_datetime
    found = explain(meeting_type=booking.meeting_type, start=start, end=end, now=now, moving=Moving.of(booking))
    free = [one.user for one in found if not one.refusals and one.user not in hosts][:_MOST_NAMED]
    names = {user.email: user.display_name for user in User.objects.filter(email__in=free)}
    return [names[email] for email in free]


def _is_overlapped(booking: Booking, host: User) -> bool:
    rows = busy.read([host.pk], seconds(booking.start_datetime), seconds(booking.end_datetime))
    return any(kind == BusyKind.EXTERNAL for _, _, _, kind in rows)


def _owed(event: Event, address: str, role: Role, now: datetime) -> Owed:
    key = key_for(BOOKING_NOTICE, event.key, address)
    payload = {**event.payload, "message": _MESSAGES[event.type], "role": role}
    return Owed(BOOKING_NOTICE, key, payload, now, about=event.payload["booking"], recipient=address)
