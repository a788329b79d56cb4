"""Bodies of requests about bookings. Unknown fields are refused by name; rules and their messages are the services'.

Datetimes are ISO 8601, read as UTC without an offset.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictStr, WithJsonSchema

Text = Annotated[StrictStr, Field(max_length=20_000)]
Key = Annotated[StrictStr, Field(max_length=400)]
Instant = Annotated[StrictStr, Field(max_length=64, description="ISO 8601; without an offset it is read as UTC")]

Answer = Annotated[Any, WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "boolean"}]})]
"""A text, or true or false for a Checkbox; the services refuse everything else by the name of its question."""


class Input(BaseModel):
    """A body whose unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class CustomerIn(Input):
    """The customer, as typed."""

    name: Text = ""
    email: Text = ""
    phone: Text = ""
    notes: Text = ""
    timezone: Text = ""
    language: Text = ""


class GuestBookingIn(Input):
    """What a guest sends to book: one of the offered starts."""

    department: Key = ""
    meeting_type: Key = ""
    start: Instant = ""
    end: Instant = ""
    customer: CustomerIn = CustomerIn()
    answers: dict[StrictStr, Answer] = Field({}, description="to the questions of the meeting type, by their keys")


class HostIn(Input):
    """A host of an internal meeting."""

    user: Key
    is_primary_host: StrictBool | Literal[0, 1] = False


class ParticipantIn(Input):
    """Somebody invited: a user (Internal), or a name and an address (External)."""

    participant_type: Text = "External"
    user: Key = ""
    name1: Text = ""
    email: Text = ""
    response_status: Text = "Pending"


class StaffBookingIn(GuestBookingIn):
    """What staff send: a customer's booking, or with `is_internal` a meeting among colleagues."""

    is_internal: StrictBool | Literal[0, 1] = False
    host: Key = Field("", description="e-mail address; without one the department's algorithm chooses")
    assigned_users: Annotated[list[HostIn], Field(max_length=200)] = []
    participants: Annotated[list[ParticipantIn], Field(max_length=200)] = []
    meeting_title: Text = ""
    meeting_description: Text = ""
    location_type: Text | None = None
    meeting_location: Text | None = None
    video_meeting_url: Text | None = None
    force_reason: Annotated[StrictStr, Field(max_length=1000)] = ""


class GuestCancelIn(Input):
    """A guest's cancellation; token or e-mail address may stand in the query instead."""

    reason: Text = ""
    token: Key = ""
    email: Key = ""


class GuestRescheduleIn(GuestCancelIn):
    """A guest's move."""

    start: Instant = ""
    end: Instant = ""


class RescheduleIn(GuestRescheduleIn):
    """A move by staff: also to another host, or against the rules of availability."""

    host: Key = ""
    force_reason: Annotated[StrictStr, Field(max_length=1000)] = ""


class ApproveIn(Input):
    """An approval."""

    comment: Text = ""


class ReasonIn(Input):
    """A rejection."""

    reason: Text = ""


class NotesIn(Input):
    """How the meeting went."""

    notes: Text = ""


class EventIn(Input):
    """Which event of the booking is meant, by document name; needed only where several were changed."""

    event: Text = ""


class ReassignIn(Input):
    """Whom the booking is given to; it replaces the primary host unless `old_user` names another."""

    new_user: Key = ""
    old_user: Key = ""
    reason: Text = ""
    force_reason: Annotated[StrictStr, Field(max_length=1000)] = ""


class EditIn(Input):
    """The fields of a booking that may be edited."""

    customer_name: Text | None = None
    customer_email: Text | None = None
    customer_phone: Text | None = None
    customer_notes: Text | None = None
    customer_timezone: Text | None = None
    answers: dict[StrictStr, Answer | None] | None = Field(
        None, description="to what the meeting type asks today; null or an empty text takes an answer away"
    )
    customer_language: Text | None = None
    meeting_title: Text | None = None
    meeting_description: Text | None = None
    location_type: Text | None = None
    meeting_location: Text | None = None
    video_meeting_url: Text | None = None
    calendar_event: Text | None = None
    calendar_event_synced: bool | None = None


class InviteIn(Input):
    """Participants to add."""

    participants: Annotated[list[ParticipantIn], Field(min_length=1, max_length=200)]


class RespondIn(Input):
    """A participant's answer."""

    response_status: Text = ""


class LabelIn(Input):
    """A new token."""

    label: Text = ""


class EraseIn(Input):
    """Whose data is to be erased; `confirm` is the address once more."""

    email: Key = ""
    confirm: Key = ""
    also_cancel: StrictBool = False
