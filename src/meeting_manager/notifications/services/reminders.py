"""Reminders: each active row of a type's schedule gives one to each person, while a Confirmed booking lies ahead."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from meeting_manager.adapters.sms import gateway
from meeting_manager.bookings import services as bookings
from meeting_manager.bookings.choices import BookingStatus
from meeting_manager.bookings.models import Booking
from meeting_manager.departments.choices import NotificationType
from meeting_manager.departments.models import MeetingTypeReminder
from meeting_manager.ledger.services import Owed, enqueue
from meeting_manager.notifications.choices import Message, Role
from meeting_manager.notifications.inputs import Occasion
from meeting_manager.notifications.models import Watermark
from meeting_manager.notifications.occasions import whole
from meeting_manager.notifications.services.planning import MAIL, NOTIFY, Happened, mail_key
from meeting_manager.notifications.told import told_of
from meeting_manager.people.queries import system_user

EVENT = "reminder"
SMS = "sms"
_MARK = "reminders"
_OVERLAP = timedelta(minutes=1)
"""Looked at twice, for a booking that was being written when its reminder fell due; keys make it harmless."""
_LEAST_AHEAD = timedelta(minutes=1)
_TOO_FAR = timedelta(hours=1)
"""A mark so far ahead was set by a clock that was wrong."""


def plan_due(now: datetime) -> int:
    """Owe the reminders that fell due since the last call, however long ago that was; returns how many bookings.

    `now`: aware UTC. Of several that are overdue for one booking only the nearest to its start, and none once it began.
    Effects: one delivery of kind "notify" for each, and the mark of how far this came, in one transaction. Periodic.
    """
    with transaction.atomic():
        mark, _created = Watermark.objects.select_for_update().get_or_create(name=_MARK, defaults={"until": now})
        since = min(mark.until - _OVERLAP, now) if mark.until < now + _TOO_FAR else now - _OVERLAP
        owed = [_owed(booking, row, now) for booking, row in _fallen_due(since, now)]
        enqueue(owed, now=now)
        mark.until = now
        mark.save(update_fields=["until"])
    return len(owed)


def plan_reminder(event: Happened, now: datetime) -> int:
    """Owe one message to each person of the booking, by mail, SMS or both. Raises Booking.DoesNotExist."""
    booking = whole(event.payload["booking"])
    owed = [
        owe
        for message, role, address in _people(booking)
        for owe in _by_each_way(event, booking, message, role, address, now)
    ]
    enqueue(owed, now=now)
    return len(owed)


def why_not_this_one(booking: Booking, hours_before: str, now: datetime) -> str:
    """A sentence where a later reminder of the schedule is due already, so that this one would only repeat it."""
    nearer = booking.meeting_type.reminders.filter(is_active=True, hours_before_meeting__lt=Decimal(hours_before))
    left = booking.start_datetime - now
    is_due = any(_ahead(row) >= left for row in nearer)
    return "A reminder nearer to the meeting is due already." if is_due else ""


def record(occasion: Occasion, way: str, now: datetime) -> None:
    """Note in the booking that a reminder was sent; `way` is "mail" or "sms"."""
    names = {"address": occasion.recipient.address, "way": "SMS" if way == SMS else "mail"}
    hours = occasion.more["hours_before"]
    text = "Reminder sent to {address} by {way}, {hours} hours before".format(**names, hours=hours)
    bookings.record_reminder(booking=occasion.booking, description=text, actor=system_user(), now=now)


def _fallen_due(since: datetime, now: datetime) -> Iterator[tuple[Booking, MeetingTypeReminder]]:
    """Bookings with their nearest reminder that is due, where one fell due in `(since, now]`. Two queries."""
    by_type: dict[int, list[MeetingTypeReminder]] = defaultdict(list)
    fell_due = Q()
    for row in MeetingTypeReminder.objects.filter(is_active=True).order_by("hours_before_meeting"):
        by_type[row.meeting_type_id].append(row)
        span = {"start_datetime__gt": max(now, since + _ahead(row)), "start_datetime__lte": now + _ahead(row)}
        fell_due |= Q(meeting_type=row.meeting_type_id, **span)
    if not by_type:
        return
    for booking in Booking.objects.filter(fell_due, booking_status=BookingStatus.CONFIRMED).only(*_NEEDED):
        rows = by_type[booking.meeting_type_id]
        nearest = next(row for row in rows if booking.start_datetime - _ahead(row) <= now)
        # What was past when the booking was confirmed is not made up for.
        if booking.start_datetime - _ahead(nearest) >= (booking.approval_date or booking.created_at):
            yield booking, nearest


_NEEDED = ("name", "ical_uid", "meeting_type_id", "start_datetime", "created_at", "approval_date")


def _ahead(row: MeetingTypeReminder) -> timedelta:
    """How long before the start; "at the start" comes a little before, as nothing is sent once it began."""
    return max(timedelta(hours=float(row.hours_before_meeting)), _LEAST_AHEAD)


def _owed(booking: Booking, row: MeetingTypeReminder, now: datetime) -> Owed:
    hours = f"{row.hours_before_meeting.normalize():f}"
    key = f"{EVENT}:{booking.name}:{hours}"
    payload = {
        "event": EVENT,
        "event_key": key,
        "booking": booking.name,
        "uid": booking.ical_uid,
        "hours_before": hours,
        "notification_type": row.notification_type,
    }
    return Owed(NOTIFY, f"{NOTIFY}:{key}", payload, now, about=booking.name)


def _people(booking: Booking) -> Iterator[tuple[Message, Role, str]]:
    """Everybody who is to come, each address once."""
    state = told_of(booking)
    seen: set[str] = set()
    everybody = (
        (Message.CUSTOMER_REMINDER, Role.CUSTOMER, (state.customer,)),
        (Message.HOST_REMINDER, Role.HOST, state.hosts),
        (Message.PARTICIPANT_REMINDER, Role.PARTICIPANT, state.participants),
    )
    for message, role, addresses in everybody:
        for address in addresses:
            if address and address not in seen:
                seen.add(address)
                yield message, role, address


def _by_each_way(
    event: Happened, booking: Booking, message: Message, role: Role, address: str, now: datetime
) -> Iterator[Owed]:
    """By mail and SMS as the schedule says; whom no SMS can reach gets a mail that says so."""
    wanted = event.payload["notification_type"]
    obstacle = "" if wanted == NotificationType.EMAIL else _no_sms(booking, role)
    key = mail_key(event.key, address)
    payload = {
        "message": message,
        "role": role,
        "booking": booking.name,
        "hours_before": event.payload["hours_before"],
        "mail_key": key,
    }
    if wanted != NotificationType.EMAIL and not obstacle:
        yield Owed(SMS, f"{SMS}:{key}", payload, now, about=booking.name, recipient=address)
    if wanted != NotificationType.SMS or obstacle:
        note = f"Sent by mail: {obstacle}" if obstacle else ""
        yield Owed(MAIL, key, payload | {"note": note}, now, about=booking.name, recipient=address)


def _no_sms(booking: Booking, role: Role) -> str:
    if gateway() is None:
        return "No SMS gateway is set up."
    if role != Role.CUSTOMER or not booking.customer_phone:
        return "No telephone number is known."
    return ""
