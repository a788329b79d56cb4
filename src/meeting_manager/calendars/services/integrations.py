"""Connected calendars: made, edited, deleted by their user and by System Managers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from meeting_manager.calendars import validators
from meeting_manager.calendars.access import writable_kinds
from meeting_manager.calendars.choices import EventSyncStatus
from meeting_manager.calendars.models import CalendarIntegration
from meeting_manager.calendars.rules import may_edit, takes_bookings
from meeting_manager.calendars.services.busy_time import write_busy_time
from meeting_manager.calendars.services.outgoing import owe_upcoming
from meeting_manager.names.services import next_name
from meeting_manager.people.models import User
from meeting_manager.people.rules import may_edit_account
from meeting_manager.people.validators import refusing_duplicates, require


def create_integration(
    *, actor: User, user: User, fields: Mapping[str, object], account: str = "", now: datetime
) -> CalendarIntegration:
    """Connect a calendar of `user`; an active primary one takes the place of the primary there was.

    Credentials are sealed and never shown again; `account` is how its owner is called there. Effects: where it takes up
    bookings, those to come are owed to it, and their removal from the calendar that had them. Raises PermissionDenied,
    ValidationError.
    """
    if not may_edit_account(actor, user):
        _refuse()
    require(fields, validators.REQUIRED)
    new = CalendarIntegration(user=user, account=account, **validators.read(fields, validators.INTEGRATION))
    validators.check_access(new.integration_type, fields)
    validators.check(_fields(new))
    with transaction.atomic():
        lock_calendars_of(user)
        new.name = next_name(f"MM-CI-{user.email}")
        _save(new)
        if takes_bookings(new):
            owe_bookings(user, now)
    return new


def edit_integration(
    *, actor: User, integration: CalendarIntegration, changes: Mapping[str, object], now: datetime
) -> CalendarIntegration:
    """Change a connected calendar; returns it as stored.

    Effects: deactivating frees the time its events block, activating blocks it again; it is read anew at once, as what
    is read or how may have changed. Where it begins or ceases to take up bookings, is let in anew or leads to another
    calendar, those to come are owed to the user's calendars. Raises PermissionDenied, ValidationError.
    """
    if not may_edit(actor, integration):
        _refuse()
    values = validators.read(changes, validators.CHANGED)
    validators.check_access(integration.integration_type, changes)
    with transaction.atomic():
        lock_calendars_of(integration.user)
        stored = (
            CalendarIntegration.objects.select_related("user")
            .select_for_update(of=("self",), no_key=True)
            .get(pk=integration.pk)
        )
        was_active, was_calendar, took_bookings = stored.is_active, stored.calendar_id, takes_bookings(stored)
        for field, value in values.items():
            setattr(stored, field, value)
        validators.check(_fields(stored))
        stored.next_sync = None
        _save(stored)
        if stored.is_active != was_active:
            write_busy_time(stored, stored.events.all(), now)
        if "calendar_id" in values and values["calendar_id"] != was_calendar:
            stored.events.exclude(ical_uid="").update(sync_status=EventSyncStatus.DELETED_LOCALLY, external_change="")
        if takes_bookings(stored) != took_bookings or (
            took_bookings and values.keys() & {"credentials", "calendar_id"}
        ):
            owe_bookings(stored.user, now)
    return stored


def delete_integration(*, actor: User, integration: CalendarIntegration) -> None:
    """Forget a calendar, its credentials, its events and the time they block. Raises PermissionDenied."""
    if not may_edit(actor, integration):
        _refuse()
    integration.delete()


def _save(integration: CalendarIntegration) -> None:
    name = integration.integration_name
    taken = f"Integration Name '{name}' is already used for another calendar. Please choose another name."
    if integration.is_active and integration.is_primary:
        others = CalendarIntegration.objects.filter(user=integration.user, is_primary=True)
        others.exclude(pk=integration.pk).update(is_primary=False)
    with refusing_duplicates("integration_name", taken):
        integration.save()


def owe_bookings(user: User, now: datetime) -> None:
    """Have all calendars of a user looked through for what they are to have. Effects: deliveries."""
    owe_upcoming(
        CalendarIntegration.objects.filter(user=user, integration_type__in=writable_kinds()).select_related("user"), now
    )


def _fields(integration: CalendarIntegration) -> dict[str, Any]:
    return {field: getattr(integration, field) for field in validators.INTEGRATION}


def lock_calendars_of(user: User) -> None:
    """One writer at a time for the calendars of a user, so that two primaries cannot meet."""
    # No key: whoever records an event holds its calendar and asks for the key of its user.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)


def _refuse() -> None:
    raise PermissionDenied("You may edit your own calendars only.")
