"""What callers hand to the booking services, and what they get back."""

from dataclasses import dataclass
from datetime import date

from meeting_manager.bookings.choices import ParticipantType, ResponseStatus
from meeting_manager.bookings.models import Booking
from meeting_manager.engine.recurrence import Repeats
from meeting_manager.people.models import User


@dataclass(frozen=True, slots=True)
class Customer:
    """Who books, as typed; cleaned and checked by the validators. `language` is a tag such as "de" or "en-us"."""

    name: str = ""
    email: str = ""
    phone: str = ""
    notes: str = ""
    timezone: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Details:
    """What the meeting is about and where; None or an empty title means the meeting type's own."""

    title: str = ""
    description: str = ""
    location_type: str | None = None
    location: str | None = None
    video_url: str | None = None


@dataclass(frozen=True, slots=True)
class Invitee:
    """A participant to be; an internal one is a user, whose address and name it takes where it has none."""

    email: str = ""
    name: str = ""
    user: User | None = None
    participant_type: str = ParticipantType.EXTERNAL
    response_status: str = ResponseStatus.PENDING


@dataclass(frozen=True, slots=True)
class Host:
    """A host of an internal meeting."""

    user: User
    is_primary: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """How meetings come again, and until when: a number of dates, the left-out ones counted, or the last date."""

    repeats: Repeats
    times: int | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """A booking as it stands after a service, and the warnings that did not hold it up."""

    booking: Booking
    warnings: tuple[str, ...] = ()
