"""From an event of a booking to one delivery for each message."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from meeting_manager.bookings import queries
from meeting_manager.bookings.choices import ApprovalStatus, BookingStatus
from meeting_manager.bookings.models import Booking
from meeting_manager.ledger.choices import DeliveryState
from meeting_manager.ledger.handlers import Job, Postponed
from meeting_manager.ledger.models import Delivery
from meeting_manager.ledger.services import Owed, enqueue
from meeting_manager.notifications import told as known
from meeting_manager.notifications.choices import Role
from meeting_manager.notifications.circle import circle_of
from meeting_manager.notifications.models import Thread
from meeting_manager.notifications.replies import new_thread_organizer
from meeting_manager.notifications.tellings import Telling, plan
from meeting_manager.notifications.told import Told, told_of
from meeting_manager.people.models import SYSTEM_EMAIL

NOTIFY = "notify"
MAIL = "mail"
CALM = timedelta(seconds=10)
"""How long mails about a move made by staff wait for a change of mind."""

_SHOWN = {"meeting_title", "location_type", "meeting_location", "video_meeting_url"}


@dataclass(frozen=True, slots=True)
class Happened:
    """An announced event as the delivery carries it."""

    key: str
    type: str
    payload: Mapping[str, Any]


def plan_event(event: Happened, now: datetime) -> int:
    """Work out who is to hear what of the booking as it is now, and owe them the messages; returns how many.

    Effects: deliveries of kind "mail", and the thread that remembers what was told, in one transaction. Planning twice
    owes nothing twice. Raises Postponed while somebody may still take back a move, Booking.DoesNotExist.
    """
    booking = _now(event.payload["booking"])
    wait_for_second_thoughts(booking.ical_uid, now)
    with transaction.atomic():
        thread = _lock_thread(booking)
        booking = _now(booking.name)
        before = known.from_json(thread.told) or _implied(event, booking)
        is_rejected = booking.approval_status == ApprovalStatus.REJECTED
        planned = plan(before, told_of(booking), circle_of(booking.meeting_type.department), is_rejected=is_rejected)
        owed = [_mail(event, telling, booking, before, now) for telling in planned.tellings]
        enqueue(owed, now=now)
        thread.told, thread.booking = planned.told.as_json(), booking.name
        thread.save(update_fields=["told", "booking"])
    return len(owed)


def wait_for_second_thoughts(uid: str, now: datetime) -> None:
    """Raise Postponed while a younger move of the same calendar entry waits for a change of mind."""
    waiting = Delivery.objects.filter(
        kind=NOTIFY, state=DeliveryState.READY, due__gt=now, created_at__gt=now - CALM, payload__uid=uid
    )
    latest = waiting.order_by("-due").values_list("due", flat=True).first()
    if latest is not None:
        raise Postponed(latest, "Waits for the end of a move that may still be undone.")


def mail_key(cause: str, message: str, address: str) -> str:
    """The identity of a message, for ever: what caused it, what it says, and to whom."""
    return f"mail:{cause}:{message}:{hashlib.sha256(address.encode()).hexdigest()[:16]}"


def owe_by_mail(job: Job, note: str, now: datetime) -> None:
    """Owe as a mail what could not be sent another way; `note` says so in its timeline."""
    payload = {**job.payload, "note": note}
    enqueue([Owed(MAIL, f"{job.key}:mail", payload, now, about=job.about, recipient=job.recipient)], now=now)


def _now(name: str) -> Booking:
    """Where the booking with this name stands today, whole."""
    found = queries.whole(Booking.objects.filter(name=name)).get()
    current = queries.latest(found)
    return found if current.pk == found.pk else queries.whole(Booking.objects.filter(pk=current.pk)).get()


def _lock_thread(booking: Booking) -> Thread:
    organizer, receives = new_thread_organizer()
    fresh = {"booking": booking.name, "organizer": organizer, "receives_replies": receives}
    thread, _ = Thread.objects.select_for_update().get_or_create(uid=booking.ical_uid, defaults=fresh)
    return thread


def _implied(event: Happened, booking: Booking) -> Told | None:
    """What people knew before an event of a booking that no thread remembers, such as one of the demo."""
    match event.type:
        case "booking.confirmed" if not event.payload.get("approved"):
            return None
        case "booking.requested":
            return None
        case "booking.confirmed" | "booking.rejected":
            return replace(told_of(booking), status=BookingStatus.PENDING)
        case "booking.rescheduled":
            old = queries.whole(Booking.objects.filter(name=event.payload["moved_from"])).first()
            return known.everybody_knows(old, BookingStatus.CONFIRMED) if old else None
    state = known.everybody_knows(booking, BookingStatus.CONFIRMED)
    return _without(event, state)


def _without(event: Happened, state: Told) -> Told:
    """`state` less what the event brought."""
    match event.type:
        case "booking.reassigned":
            hosts = [
                *(host for host in state.hosts if host != event.payload["new_host"]),
                *event.payload["former_hosts"],
            ]
            return replace(state, hosts=tuple(hosts), informed_hosts=tuple(hosts))
        case "booking.invited":
            return replace(state, invited=tuple(a for a in state.invited if a not in event.payload["emails"]))
        case "booking.uninvited":
            return replace(state, invited=(*state.invited, *event.payload["emails"]))
        case "booking.edited":
            fields = set(event.payload["fields"])
            details = () if fields & _SHOWN else state.details
            return replace(state, details=details, customer="" if "customer_email" in fields else state.customer)
    return state


def _mail(event: Happened, telling: Telling, booking: Booking, before: Told | None, now: datetime) -> Owed:
    payload = {
        "message": telling.message,
        "role": telling.role,
        "booking": booking.name,
        "had_entry": telling.had_entry,
        "actor": event.payload.get("actor", ""),
        "reason": event.payload.get("reason", ""),
        "by_guest": telling.role == Role.CUSTOMER and event.payload.get("actor") == SYSTEM_EMAIL,
        "expired": bool(event.payload.get("expired")),
        "approved": bool(before and before.is_pending),
        "before": {"start": before.start, "end": before.end, "hosts": list(before.hosts)} if before else None,
    }
    key = mail_key(event.key, telling.message, telling.address)
    return Owed(MAIL, key, payload, now, about=booking.name, recipient=telling.address)
