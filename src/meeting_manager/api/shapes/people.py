"""Users, their settings, availability rules, calendars, feeds and tokens as JSON."""

from typing import Any

from meeting_manager.api.writing import instant
from meeting_manager.availability.models import AvailabilityRule, DateOverride
from meeting_manager.availability.validators import RULE
from meeting_manager.calendars.models import CalendarEventSync, CalendarIntegration
from meeting_manager.people.feeds import address_of
from meeting_manager.people.models import ApiToken, PersonalFeed, User, UserSettings

Json = dict[str, Any]

_OF_CALENDAR = (
    "name",
    "integration_type",
    "integration_name",
    "is_active",
    "is_primary",
    "calendar_id",
    "sync_direction",
    "sync_past_days",
    "sync_future_days",
    "auto_sync_enabled",
    "sync_interval_minutes",
    "sync_status",
    "sync_error_log",
)
_OF_EVENT = (
    "name",
    "external_event_id",
    "event_title",
    "event_type",
    "sync_status",
    "description",
    "location",
    "attendees_json",
    "organizer_email",
    "sync_direction",
    "sync_error_log",
)


def account(user: User) -> Json:
    """An account; its e-mail address is its name."""
    return {
        "name": user.email,
        "email": user.email,
        "full_name": user.full_name,
        "is_active": user.is_active,
        "is_system_manager": user.is_system_manager,
    }


def user_settings(stored: UserSettings, user: User) -> Json:
    """The settings of `user`."""
    return {
        "name": stored.name,
        "user": user.email,
        "timezone": stored.timezone,
        "profile_picture": stored.profile_picture.name or "",
        "bio": stored.bio,
        "working_hours_json": stored.working_hours_json,
    }


def rule(stored: AvailabilityRule) -> Json:
    """An availability rule with its overrides."""
    overrides = [override(one) for one in stored.date_overrides.all()]
    fields = {field: getattr(stored, field) for field in RULE}
    return {"name": stored.name, "user": stored.user.email, **fields, "date_overrides": overrides}


def override(one: DateOverride) -> Json:
    """What one date is like."""
    return {
        "date": one.date.isoformat(),
        "available": one.available,
        "custom_hours_start": one.custom_hours_start,
        "custom_hours_end": one.custom_hours_end,
        "reason": one.reason,
    }


def calendar(one: CalendarIntegration, reader: User) -> Json:
    """A connected calendar; the secret address of an iCal calendar is its owner's."""
    return {
        **{field: getattr(one, field) for field in _OF_CALENDAR},
        "user": one.user.email,
        "ical_url": one.ical_url if one.user_id == reader.pk else "",
        "last_sync": instant(one.last_sync),
    }


def busy_time(one: CalendarEventSync) -> Json:
    """An event as others see it."""
    return {
        "start_datetime": instant(one.start_datetime),
        "end_datetime": instant(one.end_datetime),
        "is_blocking_availability": one.is_blocking_availability,
    }


def calendar_event(one: CalendarEventSync) -> Json:
    """An event as its owner sees it."""
    return {
        **busy_time(one),
        **{field: getattr(one, field) for field in _OF_EVENT},
        "calendar_integration": one.calendar_integration.name,
        "meeting_booking": one.meeting_booking.name if one.meeting_booking else None,
        "last_synced": instant(one.last_synced),
        "external_last_modified": instant(one.external_last_modified),
    }


def event_of_booking(one: CalendarEventSync, reader: User) -> Json:
    """A booking in a host's calendar; the link leads into that calendar and is its owner's."""
    calendar = one.calendar_integration
    return {
        "name": one.name,
        "user": calendar.user.email,
        "calendar_integration": calendar.name,
        "sync_status": one.sync_status,
        "last_synced": instant(one.last_synced),
        "sync_error_log": one.sync_error_log,
        "external_change": one.external_change,
        "start_datetime": instant(one.start_datetime),
        "end_datetime": instant(one.end_datetime),
        "external_link": one.external_link if calendar.user_id == reader.pk else "",
    }


def token(one: ApiToken) -> Json:
    """A token, of which nobody knows the text any more."""
    return {
        "id": one.pk,
        "label": one.label,
        "hint": one.hint,
        "created_at": instant(one.created_at),
        "revoked_at": instant(one.revoked_at),
    }


def feed(stored: PersonalFeed | None, user: User, reader: User) -> Json:
    """The feed of `user`; its secret address is theirs."""
    return {
        "user": user.email,
        "is_on": stored is not None,
        "made_at": instant(stored.made_at) if stored else None,
        "address": address_of(stored.key) if stored and reader.pk == user.pk else "",
    }
