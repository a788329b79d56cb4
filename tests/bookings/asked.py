"""Requests that wait for their customer, in short."""

from datetime import datetime
from typing import Any

from meeting_manager.bookings import services
from meeting_manager.bookings.unconfirmed import BookingRequest
from meeting_manager.ledger.models import Delivery
from meeting_manager.people.sealing import unseal
from tests.bookings.desk import JOHN, NOW, TUESDAY_TEN
from tests.cast import Cast


def ask(cast: Cast, **changes: object) -> BookingRequest:
    """John asks for a call in Support, on Tuesday at ten if nothing else is said."""
    wish: dict[str, Any] = {"meeting_type": cast.call, "start": TUESDAY_TEN, "customer": JOHN, "now": NOW}
    return services.request(**(wish | changes))


def token_of(asked: BookingRequest) -> str:
    """The token in the mail that is owed for a request."""
    owed = Delivery.objects.get(kind="confirmation", payload__request=asked.pk)
    return unseal(owed.payload["token"].encode()).decode()


def confirm(asked: BookingRequest, now: datetime = NOW, **changes: Any) -> BookingRequest:  # noqa: ANN401
    return services.confirm(token=token_of(asked), now=now, **changes)
