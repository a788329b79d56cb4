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
from meeting_manager.notifications import batches
from meeting_manager.notifications import told as known
from meeting_manager.notifications.choices import Role
from meeting_manager.notifications.circle import circle_of
from meeting_manager.notifications.models import Heard, Thread
from meeting_manager.notifications.replies import new_thread_organizer
from meeting_manager.notifications.tellings import Telling, addresses, telling_for
from meeting_manager.notifications.told import Told, as_heard_by, told_of
from meeting_manager.people.erasure import is_erased
from meeting_manager.people.models import SYSTEM_EMAIL

NOTIFY = batches.NOTIFY
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
    """Work out who has to hear of the booking as it is now, and owe each of them a mail; returns how many.

    What the mail says is found when its turn comes (`news.py`). Effects: deliveries of kind "mail", and the thread, in
    one transaction. Planning twice owes nothing twice. Raises Postponed while somebody may still take back a move,
    Booking.DoesNotExist.
    """
    booking = current_booking(event.payload["booking"])
    wait_for_second_thoughts(booking.ical_uid, now)
    with transaction.atomic():
        thread = _lock_thread(booking)
        booking = current_booking(booking.name)
        state, circle = told_of(booking), circle_of(booking.meeting_type.department)
        base = known.from_json(thread.told) or _assume(event, booking, thread)
        rows = {row.address: row for row in thread.heard.all()}
        heard = {address: known.from_json(row.told) for address, row in rows.items()}
        has_entry = {row.address for row in rows.values() if row.has_entry}
        with_first = batches.told_with_first(event.payload, booking) - has_entry
        is_rejected = booking.approval_status == ApprovalStatus.REJECTED
        owed = []
        for address in addresses(state, circle, heard, base.hosts if base else ()):
            before = heard.get(address) or _unheard(address, base, state)
            telling = telling_for(address, before, state, circle, is_rejected=is_rejected)
            if not telling or is_erased(address):
                continue
            if address in with_first:
                _note_heard(thread, address, state)
            else:
                owed.append(_mail(event, telling, booking, before, now))
        enqueue(owed, now=now)
        thread.told, thread.booking = state.as_json(), booking.name
        thread.save(update_fields=["told", "booking"])
    return len(owed)


def _note_heard(thread: Thread, address: str, state: Told) -> None:
    """Another mail tells it: whoever has no entry in a calendar needs none of their own to change it."""
    told = as_heard_by(address, state).as_json()
    Heard.objects.update_or_create(thread=thread, address=address, defaults={"told": told})


def forget_thread(event: Happened, now: datetime) -> int:  # noqa: ARG001 - as `plan_event`
    """A booking was deleted: with the last of its moves goes what people were told. Owes nothing."""
    if not Booking.objects.filter(ical_uid=event.payload["uid"]).exists():
        Thread.objects.filter(uid=event.payload["uid"]).delete()
    return 0


def _unheard(address: str, base: Told | None, state: Told) -> Told | None:
    """What somebody knows whom nothing has reached: hosts are measured by the state that was planned for last, so that
    who gets a booking from somebody else is told so.
    """
    if base is None or address == state.customer or address not in {*base.hosts, *state.hosts}:
        return None
    return base.informing((), ())


def wait_for_second_thoughts(uid: str, now: datetime) -> None:
    """Raise Postponed while a younger move of the same calendar entry waits for a change of mind."""
    waiting = Delivery.objects.filter(
        kind=NOTIFY, state=DeliveryState.READY, due__gt=now, created_at__gt=now - CALM, payload__uid=uid
    )
    latest = waiting.order_by("-due").values_list("due", flat=True).first()
    if latest is not None:
        raise Postponed(latest, "Waits for the end of a move that may still be undone.")


def mail_key(cause: str, address: str) -> str:
    """The identity of a mail, for ever: what caused it, and to whom it goes."""
    return key_for(MAIL, cause, address)


def key_for(kind: str, cause: str, address: str) -> str:
    """The same of a delivery of any kind to one address, which the key does not show."""
    return f"{kind}:{cause}:{hashlib.sha256(address.encode()).hexdigest()[:16]}"


def owe_by_mail(job: Job, note: str, now: datetime) -> None:
    """Owe as a mail what could not be sent another way; `note` says so in its timeline."""
    payload = {**job.payload, "note": note}
    enqueue([Owed(MAIL, job.payload["mail_key"], payload, now, about=job.about, recipient=job.recipient)], now=now)


def current_booking(name: str) -> Booking:
    """Where the booking with this name stands today, whole. Raises Booking.DoesNotExist."""
    found = queries.whole(Booking.objects.filter(name=name)).get()
    current = queries.latest(found)
    return found if current.pk == found.pk else queries.whole(Booking.objects.filter(pk=current.pk)).get()


def _lock_thread(booking: Booking) -> Thread:
    organizer, receives = new_thread_organizer()
    fresh = {"booking": booking.name, "organizer": organizer, "receives_replies": receives}
    thread, _ = Thread.objects.select_for_update().get_or_create(uid=booking.ical_uid, defaults=fresh)
    return thread


def _assume(event: Happened, booking: Booking, thread: Thread) -> Told | None:
    """What people knew before the first event a thread sees; everybody it names is taken to have heard that."""
    state = _implied(event, booking)
    if state is not None:
        people = {state.customer, *state.informed_hosts, *state.invited, *_asked(state, booking)} - {""}
        has_entry = state.is_confirmed
        Heard.objects.bulk_create(
            Heard(thread=thread, address=address, told=as_heard_by(address, state).as_json(), has_entry=has_entry)
            for address in people
        )
    return state


def _asked(state: Told, booking: Booking) -> tuple[str, ...]:
    circle = circle_of(booking.meeting_type.department)
    return circle.deciders if state.is_pending else (*circle.leaders, *circle.admins)


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
    is_by_guest = event.payload.get("actor") == SYSTEM_EMAIL and not event.payload.get("expired")
    payload = {
        "message": telling.message,
        "role": telling.role,
        "booking": booking.name,
        "uid": booking.ical_uid,
        "before": before.as_json() if before else None,
        "by_guest": telling.role == Role.CUSTOMER and is_by_guest,
    }
    key = mail_key(event.key, telling.address)
    return Owed(MAIL, key, payload, now, about=booking.name, recipient=telling.address)
