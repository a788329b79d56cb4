"""What a message is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from meeting_manager.bookings.models import Booking
from meeting_manager.notifications.choices import Message, Role


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who is told: `zone` (IANA) is the one their times are shown in, `language` a tag (empty: the site's)."""

    address: str
    role: Role
    name: str = ""
    zone: str = "UTC"
    language: str = ""


@dataclass(frozen=True, slots=True)
class Before:
    """What the recipient was last told, where a message tells a change; aware UTC, hosts as names."""

    start: datetime
    end: datetime
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Occasion:
    """One message to one recipient about one booking.

    `booking` is whole (`bookings.queries.whole`: type, department, hosts with users, participants). `by_whom` is who
    caused it in the recipient's words ("Ada Muster", "Sarah of Support", "you", or empty), `reason` what they said.
    `more` holds what only some messages have: `approved` (bool), `hours_before` (Decimal, reminders), `expired` (bool),
    `others` (the spans of what changed together with it).
    """

    message: Message
    booking: Booking
    recipient: Recipient
    host_zone: str = "UTC"
    before: Before | None = None
    by_whom: str = ""
    reason: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Notice:
    """A message that is not about a booking: `facts` are the strings its templates name."""

    message: Message
    recipient: Recipient
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message in words; `note` says where a department's own text could not be used."""

    subject: str
    text: str
    html: str
    note: str = ""
