"""Answers about bookings and times. Datetimes are ISO 8601 with offset, of bookings in UTC."""

from typing import Any, Generic, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict

T = TypeVar("T")


class Output(BaseModel):
    """An answer with these fields and no others."""

    model_config = ConfigDict(extra="forbid")


class Page(Output, Generic[T]):
    """One page of a list; `next_cursor` is null on the last."""

    results: list[T]
    next_cursor: str | None


class FieldError(Output):
    """What is wrong with one field; an empty name stands for the request as a whole."""

    field: str
    message: str


class Span(Output):
    """A time."""

    start: AwareDatetime
    end: AwareDatetime


class Problem(Output):
    """RFC 9457; `alternatives` come with a time that is taken."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldError]
    alternatives: list[Span] = []


class Slot(Span):
    """An offered time."""

    available_members: int


class Slots(Output):
    """What can be booked, in the time zone asked for."""

    timezone: str
    duration: int
    slots: list[Slot]


class AssignedUser(Output):
    """A host."""

    user: str
    full_name: str
    is_primary_host: bool
    assigned_at: AwareDatetime
    assigned_by: str


class HostName(Output):
    """A host as customers see one."""

    user: str
    full_name: str
    is_primary_host: bool


class Participant(Output):
    """Somebody invited."""

    participant_type: str
    user: str | None
    name1: str
    email: str
    response_status: str
    response_datetime: AwareDatetime | None


class BookingBrief(Output):
    """What a bare reference shows."""

    booking_reference: str
    booking_status: str
    meeting_type: str
    meeting_name: str
    department: str
    department_name: str
    start_datetime: AwareDatetime
    end_datetime: AwareDatetime
    duration: int
    rescheduled_to_reference: str | None
    warnings: list[str]


class Answer(Output):
    """What the customer answered, with the question as it was asked; the value of a Checkbox is true or false."""

    key: str
    label: str
    type: str
    value: str | bool


class BookingDetails(Output):
    """What customers and staff both see of a booking."""

    name: str
    booking_reference: str
    booking_status: str
    booking_date: str
    meeting_type: str
    meeting_name: str
    department: str
    department_name: str
    is_internal: bool
    meeting_title: str
    meeting_description: str
    meeting_location: str
    video_meeting_url: str
    location_type: str
    start_datetime: AwareDatetime
    end_datetime: AwareDatetime
    duration: int
    customer_name: str
    customer_email: str
    customer_phone: str
    customer_notes: str
    customer_timezone: str
    answers: list[Answer]
    customer_language: str
    requires_approval: bool
    approval_status: str
    rejection_reason: str
    cancelled_at: AwareDatetime | None
    cancellation_reason: str


class CustomerBooking(BookingDetails):
    """A customer's own booking. After a move `manage_url` is the new booking's."""

    assigned_users: list[HostName]
    rescheduled_from: str | None
    rescheduled_to: str | None
    rescheduled_to_reference: str | None
    manage_url: str
    warnings: list[str]


class ConfirmationSent(Output):
    """A request that its customer has yet to confirm, by the link in a mail; no booking, and nothing is held."""

    status: Literal["Confirmation Sent"]
    expires_at: AwareDatetime


class BookingRow(BookingDetails):
    """A booking in a list."""

    booking_source: str
    assignment_method: str
    assigned_users: list[AssignedUser]


class Booking(BookingRow):
    """A booking, whole. `manage_url` and `assignment_receipt` are for those who decide."""

    participants: list[Participant]
    approved_by: str | None
    approval_date: AwareDatetime | None
    calendar_event_synced: bool
    calendar_event: str | None
    external_calendar_link: str
    reminders_sent: list[Any]
    last_reminder_sent: AwareDatetime | None
    created_by: str
    created_at: AwareDatetime
    modified_at: AwareDatetime
    rescheduled_from: str | None
    rescheduled_to: str | None
    rescheduled_to_reference: str | None
    assignment_receipt: dict[str, Any] | None
    manage_url: str | None
    warnings: list[str]


class BookingEvent(Output):
    """An entry of the booking's history."""

    sequence: int
    event_type: str
    event_datetime: AwareDatetime
    event_by: str
    event_description: str


class AssignmentEvent(Output):
    """An entry of the history of its hosts."""

    sequence: int
    action_type: str
    user: str
    action_datetime: AwareDatetime
    action_by: str
    notes: str


class History(Output):
    """Both histories, each in order; `sequence` runs through both together."""

    booking_history: list[BookingEvent]
    assignment_history: list[AssignmentEvent]


class Refusal(Output):
    """A rule that refuses the time, and on account of what."""

    code: str
    message: str
    since: AwareDatetime | None
    until: AwareDatetime | None


class Explained(Output):
    """One member and the time."""

    user: str
    is_available: bool
    is_offered: bool
    refusals: list[Refusal]


class Explanation(Output):
    """Who can take the time, and who can't, and why."""

    start: AwareDatetime
    end: AwareDatetime
    results: list[Explained]


class Analytics(Output):
    """Figures about the bookings in a range; rates are parts of one, null where nothing was counted."""

    total: int
    by_status: dict[str, int]
    by_meeting_type: dict[str, int]
    by_member: dict[str, int]
    no_show_rate: float | None
    cancellation_rate: float | None
