"""Which events block, and who may see and edit whose calendars."""

from meeting_manager.calendars.access import writable_kinds
from meeting_manager.calendars.choices import EventSyncStatus, EventType, IntegrationType, SyncDirection
from meeting_manager.calendars.models import CalendarEventSync, CalendarIntegration
from meeting_manager.departments.choices import VideoPlatform
from meeting_manager.departments.models import MeetingType
from meeting_manager.people.rules import AnyUser, may_edit_account

_GONE = (EventSyncStatus.DELETED_EXTERNALLY, EventSyncStatus.DELETED_LOCALLY)


def is_gone(status: str) -> bool:
    """Whether an event in this state is deleted, here or there."""
    return status in _GONE


def mirrors_a_booking(event: CalendarEventSync) -> bool:
    """Whether the event is one of our bookings, which blocks by itself."""
    return event.meeting_booking_id is not None or event.event_type == EventType.BOOKING


def blocks(event: CalendarEventSync, integration: CalendarIntegration) -> bool:
    """Whether the event takes its user's time."""
    counts = event.is_blocking_availability and not is_gone(event.sync_status)
    return counts and integration.is_active and not mirrors_a_booking(event)


def may_edit(actor: AnyUser, integration: CalendarIntegration) -> bool:
    """Members edit their own calendars, System Managers any."""
    return may_edit_account(actor, integration.user)


def takes_bookings(integration: CalendarIntegration) -> bool:
    """Whether the bookings of its user are written to it, as `queries.taking_bookings` says of many."""
    is_meant = integration.is_active and integration.is_primary and integration.user.is_active
    return (
        is_meant
        and integration.sync_direction == SyncDirection.TWO_WAY
        and integration.integration_type in writable_kinds()
    )


def makes_conferences(integration: CalendarIntegration, kind: MeetingType) -> bool:
    """Whether this calendar can make the video calls that meetings of this type use."""
    return _MAKERS.get(integration.integration_type) == kind.video_platform


_MAKERS: dict[str, str] = {
    IntegrationType.GOOGLE: VideoPlatform.GOOGLE_MEET,
    IntegrationType.OUTLOOK: VideoPlatform.MICROSOFT_TEAMS,
}
