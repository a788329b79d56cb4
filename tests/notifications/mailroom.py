"""Short ways to ask what was told to whom."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

from icalendar import Calendar, Event

from meeting_manager.bookings.models import Booking
from meeting_manager.ledger.models import Delivery
from meeting_manager.ledger.running import run_due
from tests.bookings.desk import NOW
from tests.mailserver import MailServer

_forgotten = [0]
"""Primary keys up to which deliveries no longer count; they only ever grow."""

JOHN = "john@customer.example"
SOON = timedelta(seconds=11)
"""When mails about a staff member's move no longer wait."""


def deliver(now: datetime = NOW) -> None:
    """Do everything that is due, as if it were `now`."""
    run_due(now)


def messages(booking: Booking | None = None) -> dict[str, str]:
    """Address → message of every mail that was delivered, of one booking or all."""
    rows = Delivery.objects.filter(kind="mail", state="done", pk__gt=_forgotten[-1]).order_by("pk")
    if booking is not None:
        rows = rows.filter(about=booking.name)
    return {_short(row.recipient): row.payload["message"] for row in rows}


def states(message: str) -> list[tuple[str, str]]:
    """State and note of each delivery of a message."""
    rows = Delivery.objects.filter(payload__message=message, pk__gt=_forgotten[-1])
    return list(rows.order_by("pk").values_list("state", "note"))


def forget(server: MailServer) -> None:
    """Begin anew: what came so far no longer counts."""
    _forgotten.append(Delivery.objects.order_by("-pk").values_list("pk", flat=True).first() or 0)
    server.received.clear()


def parts(message: EmailMessage) -> dict[str, str]:
    """Content type → text of each part."""
    return {part.get_content_type(): part.get_content() for part in message.walk() if not part.is_multipart()}


def entry(message: EmailMessage) -> tuple[str, Event]:
    """METHOD and event of the invitation in a mail."""
    calendar = Calendar.from_ical(parts(message)["text/calendar"])
    (event,) = calendar.events
    return str(calendar["METHOD"]), event


def subjects(received: Sequence[EmailMessage]) -> list[str]:
    return [str(message["Subject"]) for message in received]


def utc(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=UTC)  # type: ignore[arg-type, misc]


def _short(address: str) -> str:
    return address.partition("@")[0]
