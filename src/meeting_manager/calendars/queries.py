"""Finding calendars: what one may not see does not exist.

What is in a calendar is its owner's alone; others see busy time, never titles. Credentials are not read here at all.
"""

from collections.abc import Collection

from django.db.models import QuerySet

from meeting_manager.bookings.models import Booking
from meeting_manager.calendars.access import writable_kinds
from meeting_manager.calendars.choices import EventSyncStatus, SyncDirection
from meeting_manager.calendars.models import CalendarEventSync, CalendarIntegration
from meeting_manager.people.rules import AnyUser, is_system_manager
from meeting_manager.people.validators import storable


def visible_to(user: AnyUser) -> QuerySet[CalendarIntegration]:
    """The calendars `user` has connected; System Managers see everybody's."""
    calendars = CalendarIntegration.objects.select_related("user").defer("credentials", "sync_cursor")
    if is_system_manager(user):
        return calendars
    return calendars.filter(user=user.pk) if user.is_active else calendars.none()


def get_for(user: AnyUser, name: str) -> CalendarIntegration:
    """The calendar with this document name. Raises CalendarIntegration.DoesNotExist, also where it is not visible."""
    return visible_to(user).get(name=name if storable(name) else "")


def events_of(booking: Booking) -> list[CalendarEventSync]:
    """The events that a booking has, or is to have, in its hosts' calendars; with calendar and owner. One query."""
    rows = CalendarEventSync.objects.filter(ical_uid=booking.ical_uid).select_related("calendar_integration__user")
    there = rows.exclude(sync_status=EventSyncStatus.DELETED_LOCALLY)
    return list(there.defer("calendar_integration__credentials", "calendar_integration__sync_cursor").order_by("pk"))


def taking_bookings() -> QuerySet[CalendarIntegration]:
    """The calendars that bookings of their users are written to: the active, primary, two-way ones."""
    return CalendarIntegration.objects.filter(
        is_active=True,
        is_primary=True,
        sync_direction=SyncDirection.TWO_WAY,
        integration_type__in=writable_kinds(),
        user__is_active=True,
    )


def kept_in_step(addresses: Collection[str]) -> set[str]:
    """Those of the addresses whose owners get their bookings by their calendar; not where it is failing just now."""
    calendars = taking_bookings().filter(user__email__in=addresses, failing_since=None)
    return set(calendars.values_list("user__email", flat=True))
