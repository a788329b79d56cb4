"""What a guest does, in short: find a free time, book, open the booking's pages, read them."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.test import Client
from django.utils import timezone

from meeting_manager.bookings import services, times
from meeting_manager.bookings.inputs import Customer
from meeting_manager.bookings.links import link_token
from meeting_manager.bookings.models import Booking
from meeting_manager.departments.models import MeetingType
from meeting_manager.people.queries import system_user
from meeting_manager.public import starts

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

TYPED = {
    "customer_name": "Ada Muster",
    "customer_email": "ada@customer.example",
    "customer_phone": "+49 30 901820",
    "customer_notes": "About the alarm",
    "timezone": "Europe/Berlin",
}
CALL = "/book/support/30-min-call"
DETAILS = f"{CALL}/details"

Book = Callable[..., Booking]


def free_starts(kind: MeetingType, days: int = 14) -> list[datetime]:
    """The starts that guests can choose in the next days."""
    now = timezone.now()
    found = times.offered_slots(
        meeting_type=kind, first=now.date(), last=now.date() + timedelta(days=days), now=now, zone="UTC"
    )
    return [datetime.fromtimestamp(slot.start, tz=now.tzinfo) for slot in found.slots]


def book_as_guest(**changes: object) -> Booking:
    """A booking of Ada's through the service."""
    customer = Customer("Ada Muster", "ada@customer.example", "+49 30 901820", "Alarm", "Europe/Berlin")
    wish: dict[str, Any] = {"customer": customer, "actor": system_user(), "now": timezone.now()}
    return services.book(**(wish | changes)).booking


def link(booking: Booking, page: str = "") -> str:
    return f"/booking/{booking.booking_reference}{page}?token={link_token(booking)}"


def send(client: Client, start: datetime, **changes: str) -> "Response":
    """Send the form of details for a call in Support."""
    return client.post(DETAILS, {**TYPED, "start": starts.write(start), **changes})


def text(response: "Response") -> str:
    """What the page says, without markup and with single blanks."""
    page = re.sub(r"<(script|style|head).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def title(response: "Response") -> str:
    found = re.search(r"<title>(.*?)</title>", response.content.decode(), flags=re.DOTALL)
    return " ".join(found[1].split()) if found else ""
