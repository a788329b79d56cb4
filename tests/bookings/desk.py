"""The bookings' tests: a Monday morning, and short ways to book."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from meeting_manager.bookings import services
from meeting_manager.bookings.inputs import Customer, Result
from meeting_manager.bookings.models import Booking
from meeting_manager.calendars.inputs import ExternalEvent
from meeting_manager.calendars.models import CalendarIntegration
from meeting_manager.calendars.services import create_integration, record_event
from meeting_manager.departments.models import MeetingType
from meeting_manager.departments.services import create_meeting_type
from meeting_manager.people.models import User
from meeting_manager.people.queries import system_user
from tests.cast import Cast

NOW = datetime(2026, 12, 7, 7, 0, tzinfo=UTC)
"""A Monday, two hours before the cast's working day begins (they work 09:00-17:00 UTC)."""

TUESDAY_TEN = datetime(2026, 12, 8, 10, 0, tzinfo=UTC)
JOHN = Customer("John Doe", "john@customer.example", "+1-555-123-4567", "Needs help with MFA", "America/New_York")

Book = Callable[..., Booking]


def try_to_book(cast: Cast, **changes: object) -> Result:
    wish: dict[str, Any] = {
        "meeting_type": cast.call,
        "start": TUESDAY_TEN,
        "customer": JOHN,
        "actor": system_user(),
        "now": NOW,
    }
    return services.book(**(wish | changes))


def hosts(booking: Booking) -> list[str]:
    return [row.user.email.split("@")[0] for row in booking.assigned_users.select_related("user")]


def events(booking: Booking) -> list[str]:
    return [row.event_type for row in booking.booking_history.all()]


def host_changes(booking: Booking) -> list[tuple[str, str]]:
    rows = booking.assignment_history.select_related("user")
    return [(row.action_type, row.user.email.split("@")[0]) for row in rows]


def after(**span: float) -> datetime:
    return TUESDAY_TEN + timedelta(**span)


def executive(cast: Cast) -> MeetingType:
    """A type of Support, 30 minutes, that needs approval."""
    return MeetingType.objects.filter(meeting_slug="executive").first() or create_meeting_type(
        actor=cast.admin,
        department=cast.support,
        fields={"meeting_name": "Executive", "requires_approval": True, "location_type": "Phone Call"},
    )


def block(user: User, start: datetime, end: datetime) -> None:
    """Put an external event into the user's calendar."""
    integration = CalendarIntegration.objects.filter(user=user).first() or create_integration(
        actor=user, user=user, fields={"integration_type": "CalDAV", "integration_name": "Mine"}, now=NOW
    )
    event = ExternalEvent(external_event_id=start.isoformat(), title="Dentist", start=start, end=end)
    record_event(integration=integration, event=event, now=NOW)
