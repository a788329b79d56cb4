"""What a calendar elsewhere and the bookings here say of each other, held against each other."""

from datetime import UTC, datetime

from meeting_manager.bookings.facts import seconds
from meeting_manager.bookings.models import Booking
from meeting_manager.busy.models import BusyTime
from meeting_manager.calendars.models import CalendarEventSync
from meeting_manager.engine.lifecycle import HOLDING
from meeting_manager.ledger.models import Delivery
from meeting_manager.people.models import User
from tests.providers.google import Google
from tests.providers.graph import Graph

OWN = "own0event"
"""The event that is the user's own."""

Server = Google | Graph


def there(server: Server) -> dict[str, tuple[int, int]]:
    """What is in the calendar, by id: from when to when."""
    return {id_: (_epoch(start), _epoch(end)) for id_, (start, end) in server.events().items()}


def _epoch(text: str) -> int:
    return int(datetime.fromisoformat(text[:19]).replace(tzinfo=UTC).timestamp())


def span(booking: Booking) -> tuple[int, int]:
    return seconds(booking.start_datetime), seconds(booking.end_datetime)


def blocked(user: User) -> list[tuple[int, int]]:
    return list(BusyTime.objects.filter(user=user, event__isnull=False).values_list("starts", "ends"))


def agree(server: Server, user: User) -> None:
    """The calendar has the user's bookings and what is their own, each once; what is their own takes their time."""
    found = there(server)
    own = [found.pop(OWN)] if OWN in found else []
    bookings = Booking.objects.filter(assigned_users__user=user, booking_status__in=HOLDING)
    assert sorted(found.values()) == sorted(span(booking) for booking in bookings)
    assert blocked(user) == own
    assert not Delivery.objects.filter(state="dead").exists()
    assert not CalendarEventSync.objects.exclude(external_change="").exists()
