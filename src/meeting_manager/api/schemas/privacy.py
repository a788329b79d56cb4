"""Answers about personal data."""

from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict

from meeting_manager.api.schemas.outputs import Output

COUNTED = ("bookings", "requests", "deliveries", "mails", "events")
DONE = (*COUNTED, "cancelled", "sending")


class Upcoming(Output):
    """A meeting to come."""

    name: str
    start_datetime: AwareDatetime


class Known(Output):
    """What is known of a guest, counted: `mails` are those in the outbox, `events` those in colleagues' calendars."""

    email: str
    bookings: int
    requests: int
    deliveries: int
    mails: int
    events: int
    upcoming: list[Upcoming]


class Erased(Output):
    """What was erased; `cancelled` are meetings to come, `sending` what was on its way at that moment."""

    bookings: int
    requests: int
    deliveries: int
    mails: int
    events: int
    cancelled: int
    sending: int


class Document(BaseModel):
    """Everything about one address; `account` is null for guests. Fields may be added."""

    model_config = ConfigDict(extra="allow")

    email: str
    exported_at: AwareDatetime
    bookings: list[dict[str, Any]]
    requests_to_confirm: list[dict[str, Any]]
    told: list[dict[str, Any]]
    deliveries: list[dict[str, Any]]
    mails_in_the_outbox: list[dict[str, Any]]
    calendar_events: list[dict[str, Any]]
    account: dict[str, Any] | None
