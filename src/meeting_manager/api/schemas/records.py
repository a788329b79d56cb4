"""Bodies of requests about the records around the booking; the services read and refuse them field by field."""

from decimal import Decimal
from typing import Any

from pydantic import BaseModel, Field


class ReminderIn(BaseModel):
    """One reminder of a schedule."""

    hours_before_meeting: float | Decimal | str
    notification_type: str = Field("Email", description="Email; SMS or Both where the site sends text messages")
    is_active: bool = True


class QuestionIn(BaseModel):
    """One question to customers."""

    key: str = Field("", description="by which the question stays itself; made from the label unless sent")
    label: str = Field(max_length=200)
    help_text: str = Field("", max_length=300)
    question_type: str = Field("Text", description="Text, Long Text, Choice, Checkbox, or Phone")
    is_required: bool = False
    options: list[str] = Field([], description="2 to 50 for a Choice, else none")


class MemberIn(BaseModel):
    """A member row of a department."""

    member: str
    is_active: bool = True
    assignment_priority: int = Field(1, ge=1, le=10)


class MemberChange(BaseModel):
    """What may change of a member row."""

    is_active: bool | None = None
    assignment_priority: int | None = Field(None, ge=1, le=10)


class OrderIn(BaseModel):
    """All members of a department by e-mail address, in the order that settles ties."""

    order: list[str]


class DepartmentChange(BaseModel):
    """What may change of a department."""

    department_name: str | None = None
    department_slug: str | None = None
    is_active: bool | None = None
    description: str | None = None
    department_leader: str | None = None
    timezone: str | None = None
    assignment_algorithm: str | None = None
    max_bookings_per_day: int | None = None
    notify_leader_on_booking: bool | None = None
    notify_admin_on_booking: bool | None = None
    members_may_book: bool | None = None
    contact: str | None = None
    accent_color: str | None = Field(
        None, description="as #rrggbb, with a contrast of 4.5 : 1 on white at least; empty: the site's"
    )
    calendar_changes: str | None = Field(
        None, description="flag or follow: what becomes of a booking whose event its host moves or deletes"
    )
    offer_unread_calendars: bool | None = Field(
        None, description="whether members are offered whose calendar could not be read for long"
    )


class DepartmentIn(DepartmentChange):
    """A new department with its first members."""

    members: list[MemberIn]


class MeetingTypeChange(BaseModel):
    """What may change of a meeting type."""

    meeting_name: str | None = None
    meeting_slug: str | None = None
    is_active: bool | None = None
    duration: int | None = Field(None, ge=1, le=480)
    slot_interval: int | None = Field(None, ge=1, le=1440)
    is_public: bool | None = None
    is_internal: bool | None = None
    description: str | None = None
    location_type: str | None = None
    video_platform: str | None = None
    custom_location: str | None = None
    video_meeting_url: str | None = None
    requires_approval: bool | None = None
    confirm_email: bool | None = Field(None, description="guests confirm by mail before they have booked")
    no_show_mail: bool | None = None
    thank_you_mail: bool | None = None
    feedback_url: str | None = Field(None, description="where the thank-you mail asks for feedback")
    next_steps: str | None = Field(None, description="what the thank-you mail says comes next; plain text")
    color: str | None = None


class MeetingTypeIn(MeetingTypeChange):
    """A new meeting type."""

    reminders: list[ReminderIn] = []
    questions: list[QuestionIn] = []


class RemindersIn(BaseModel):
    """The whole reminder schedule of a type."""

    reminders: list[ReminderIn]


class QuestionsIn(BaseModel):
    """All that a type asks its customers, in order."""

    questions: list[QuestionIn] = Field(max_length=20)


class UserIn(BaseModel):
    """A new account."""

    email: str
    full_name: str = ""
    password: str | None = None
    is_system_manager: bool = False


class UserChange(BaseModel):
    """What may change of an account."""

    full_name: str | None = None
    is_system_manager: bool | None = None


class SettingsChange(BaseModel):
    """What may change of a user's settings."""

    timezone: str | None = None
    bio: str | None = None
    working_hours_json: dict[str, Any] | None = None


class OverrideIn(BaseModel):
    """What one date is like instead of its weekday."""

    date: str
    available: bool = False
    custom_hours_start: str = ""
    custom_hours_end: str = ""
    reason: str


class RuleChange(BaseModel):
    """What may change of an availability rule."""

    rule_name: str | None = None
    is_default: bool | None = None
    is_active: bool | None = None
    buffer_time_before: int | None = Field(None, ge=0, le=240)
    buffer_time_after: int | None = Field(None, ge=0, le=240)
    max_bookings_per_day: int | None = Field(None, ge=0, le=50)
    max_bookings_per_week: int | None = Field(None, ge=0, le=200)
    min_notice_hours: int | None = Field(None, ge=0, le=720)
    max_days_advance: int | None = Field(None, ge=1, le=365)


class RuleIn(RuleChange):
    """A new rule, of the caller unless `user` names somebody else."""

    user: str | None = None
    date_overrides: list[OverrideIn] = []


class OverridesIn(BaseModel):
    """All date overrides of a rule."""

    date_overrides: list[OverrideIn]


class CalendarChange(BaseModel):
    """What may change of a connected calendar; credentials are never shown again."""

    integration_name: str | None = None
    is_active: bool | None = None
    is_primary: bool | None = None
    calendar_id: str | None = None
    credentials: dict[str, Any] | str | None = None
    ical_url: str | None = None
    sync_direction: str | None = None
    sync_past_days: int | None = Field(None, ge=0, le=365)
    sync_future_days: int | None = Field(None, ge=1, le=730)
    auto_sync_enabled: bool | None = None
    sync_interval_minutes: int | None = Field(None, ge=5, le=1440)


class CalendarIn(CalendarChange):
    """A calendar to connect, of the caller unless `user` names somebody else."""

    integration_type: str
    user: str | None = None
