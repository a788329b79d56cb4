"""Answers about the records around the booking."""

from typing import Any

from pydantic import AwareDatetime

from meeting_manager.api.schemas.outputs import Output


class PublicDepartment(Output):
    """A department as guests see it."""

    name: str
    department_name: str
    department_slug: str
    description: str
    timezone: str
    contact: str
    accent_color: str
    logo_url: str
    public_booking_url: str


class Department(PublicDepartment):
    """A department as those see it who work there."""

    is_active: bool
    department_leader: str | None
    assignment_algorithm: str
    max_bookings_per_day: int
    notify_leader_on_booking: bool
    notify_admin_on_booking: bool
    members_may_book: bool
    calendar_changes: str
    offer_unread_calendars: bool


class Member(Output):
    """A member row."""

    member: str
    full_name: str
    is_active: bool
    assignment_priority: int
    total_assignments: int
    last_assigned_datetime: AwareDatetime | None


class Members(Output):
    """All members in their order."""

    results: list[Member]


class Question(Output):
    """What customers are asked; their answers are sent under the key. Options are those of a Choice."""

    key: str
    label: str
    help_text: str
    question_type: str
    is_required: bool
    options: list[str]


class PublicMeetingType(Output):
    """A meeting type as guests see it."""

    name: str
    department: str
    meeting_name: str
    meeting_slug: str
    duration: int
    slot_interval: int | None
    description: str
    location_type: str
    requires_approval: bool
    confirm_email: bool
    color: str
    public_booking_url: str
    questions: list[Question]


class Reminder(Output):
    """One reminder."""

    hours_before_meeting: float
    notification_type: str
    is_active: bool


class MeetingType(PublicMeetingType):
    """A meeting type as those see it who work there."""

    is_active: bool
    is_public: bool
    is_internal: bool
    video_platform: str
    custom_location: str
    video_meeting_url: str
    no_show_mail: bool
    thank_you_mail: bool
    feedback_url: str
    next_steps: str
    created_by: str | None
    reminders: list[Reminder]


class User(Output):
    """An account."""

    name: str
    email: str
    full_name: str
    is_active: bool
    is_system_manager: bool


class UserSettings(Output):
    """The settings of a user."""

    name: str
    user: str
    timezone: str
    profile_picture: str
    bio: str
    working_hours_json: dict[str, Any]


class DateOverride(Output):
    """What one date is like."""

    date: str
    available: bool
    custom_hours_start: str
    custom_hours_end: str
    reason: str


class Rule(Output):
    """An availability rule."""

    name: str
    user: str
    rule_name: str
    is_default: bool
    is_active: bool
    buffer_time_before: int
    buffer_time_after: int
    max_bookings_per_day: int
    max_bookings_per_week: int
    min_notice_hours: int
    max_days_advance: int
    date_overrides: list[DateOverride]


class Calendar(Output):
    """A connected calendar; `ical_url` is shown to its owner only."""

    name: str
    user: str
    integration_type: str
    integration_name: str
    is_active: bool
    is_primary: bool
    calendar_id: str
    ical_url: str
    sync_direction: str
    sync_past_days: int
    sync_future_days: int
    auto_sync_enabled: bool
    sync_interval_minutes: int
    last_sync: AwareDatetime | None
    sync_status: str
    sync_error_log: str


class BusyTime(Output):
    """An event as others than its owner see it."""

    start_datetime: AwareDatetime
    end_datetime: AwareDatetime
    is_blocking_availability: bool


class CalendarEvent(BusyTime):
    """An event as its owner sees it."""

    name: str
    calendar_integration: str
    external_event_id: str
    event_title: str
    event_type: str
    sync_status: str
    description: str
    location: str
    attendees_json: list[Any]
    organizer_email: str
    meeting_booking: str | None
    last_synced: AwareDatetime | None
    external_last_modified: AwareDatetime | None
    sync_direction: str
    sync_error_log: str


class EventOfBooking(Output):
    """A booking in the calendar of one host; `external_change`: Moved or Deleted there, with nobody having decided."""

    name: str
    user: str
    calendar_integration: str
    sync_status: str
    last_synced: AwareDatetime | None
    sync_error_log: str
    external_change: str
    start_datetime: AwareDatetime
    end_datetime: AwareDatetime
    external_link: str


class EventsOfBooking(Output):
    """A booking in the calendars of its hosts."""

    events: list[EventOfBooking]


class Token(Output):
    """A bearer token, of which only a hint is known."""

    id: int
    label: str
    hint: str
    created_at: AwareDatetime
    revoked_at: AwareDatetime | None


class NewToken(Token):
    """A token just made: the only time that it is shown."""

    token: str


class Feed(Output):
    """The private iCal feed of what a user hosts; `address` is shown to that user only."""

    user: str
    is_on: bool
    made_at: AwareDatetime | None
    address: str
