"""The mail by which a guest confirms a booking: owed with the request, its link sealed, gone when nobody needs it."""

from datetime import datetime, timedelta

from django.db.models import Q

from meeting_manager.bookings.errors import RequestExpired
from meeting_manager.bookings.services.requests import typed
from meeting_manager.bookings.unconfirmed import BookingRequest
from meeting_manager.ledger.choices import SETTLED, DeliveryState
from meeting_manager.ledger.handlers import Job
from meeting_manager.ledger.models import Delivery
from meeting_manager.ledger.services import Event, Owed
from meeting_manager.notifications.choices import Message, Role
from meeting_manager.notifications.inputs import Notice, Recipient
from meeting_manager.notifications.links import confirm_url
from meeting_manager.people.sealing import UnreadableError, unseal

CONFIRMATION = "confirmation"
"""The kind of delivery."""

KEPT = timedelta(hours=1)
"""So long the address is known, for so long its mails are counted."""

_KEPT_OF_PAYLOAD = {"message": Message.CUSTOMER_CONFIRM.value, "by_guest": True}
_UNSENT = (DeliveryState.READY, DeliveryState.DEAD)


def owe_confirmation(event: Event, now: datetime) -> list[Owed]:
    """The mail of a request; the event's payload: `request` (primary key), `token` (sealed), `address`."""
    given = event.payload
    payload = {**_KEPT_OF_PAYLOAD, "request": given["request"], "token": given["token"]}
    return [Owed(CONFIRMATION, f"{CONFIRMATION}:{event.key}", payload, due=now, recipient=given["address"])]


def is_empty(job: Job) -> bool:
    """Whether its link was forgotten."""
    return "token" not in job.payload


def find(job: Job, now: datetime) -> Notice | None:
    """What the mail says; None where there is nothing to confirm any more."""
    rows = BookingRequest.objects.select_related("meeting_type__department")
    asked = rows.filter(pk=job.payload["request"], used_at=None, expires_at__gt=now).first()
    if asked is None:
        return None
    try:
        customer = typed(asked)["customer"]
        url = confirm_url(unseal(job.payload["token"].encode()).decode())
    except (RequestExpired, UnreadableError):
        return None
    kind = asked.meeting_type
    zone = customer.timezone or kind.department.timezone
    recipient = Recipient(job.recipient, Role.CUSTOMER, customer.name, zone, customer.language)
    facts = {
        "meeting": kind.meeting_name,
        "department": kind.department.department_name,
        "start": asked.start_datetime.isoformat(),
        "end": (asked.start_datetime + timedelta(minutes=kind.duration)).isoformat(),
        "until": asked.expires_at.isoformat(),
        "url": url,
    }
    return Notice(Message.CUSTOMER_CONFIRM, recipient, facts)


def empty(delivery: int) -> None:
    """Forget the link of a delivery. Effect: writes its row."""
    Delivery.objects.filter(pk=delivery, kind=CONFIRMATION).update(payload=_KEPT_OF_PAYLOAD)


def forget_old(now: datetime) -> None:
    """Delete these deliveries an hour before `now` (aware UTC), with the addresses they went to; nobody who did not
    confirm is known after that. Periodic.
    """
    old = Q(state__in=SETTLED, finished_at__lte=now - KEPT) | Q(state__in=_UNSENT, created_at__lte=now - KEPT)
    Delivery.objects.filter(old, kind=CONFIRMATION).delete()
