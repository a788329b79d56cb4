"""What a calendar can do for us, whoever runs it. Kinds differ in how far they go: a feed can only be read.

Whether an event takes time is told with each event (`is_busy`), so there is no question of its own for busy time: slots
are computed from what was stored at the last pull, never from a question over the network.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, runtime_checkable


class Window(NamedTuple):
    """The time that is mirrored: [start, end) in UTC epoch seconds."""

    start: int
    end: int


NO_WINDOW = Window(0, 0)
"""For who only writes."""


@dataclass(frozen=True, slots=True)
class PulledEvent:
    """One event, or one occurrence of a series, as its calendar has it. Times are UTC epoch seconds, [start, end)."""

    id: str
    """The same at every pull, and no other event's; an occurrence keeps it when it is moved. Of what we wrote it is
    `Written.id`."""
    uid: str
    """iCalendar's identity, by which our own bookings are recognised; all of a series share it. Of what we wrote it is
    `OutgoingEvent.uid`, however the calendar calls it."""
    start: int
    end: int
    is_busy: bool
    """Off for what is cancelled, shown as free, or declined by the calendar's owner."""
    is_all_day: bool = False
    title: str = ""
    """Empty for private events, like everything that could tell what they are."""
    description: str = ""
    location: str = ""
    organizer: str = ""
    attendees: tuple[dict[str, str], ...] = ()
    """`email` (lower case), `name` and `response`: iCalendar's PARTSTAT in upper case, also where others call it
    differently."""
    last_modified: int | None = None
    etag: str = ""
    """Its version there, where the calendar tells one with each event."""


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a calendar told, and where to go on the next time."""

    cursor: str
    events: Sequence[PulledEvent] = ()
    """All events in the window where `is_complete`, else those that are new or changed."""
    gone: Sequence[str] = ()
    """The ids of events that were deleted, of an occurrence what stands behind the last "/"; where `is_complete`,
    everything else that was known is gone too."""
    retold: Sequence[str] = ()
    """Of what is told anew as a whole, such as a series: what was known under this id, or under one that begins with it
    and "/", and is not among `events`, is gone."""
    is_complete: bool = False
    unread: frozenset[str] = frozenset()
    """The UIDs or ids of events that are there but could not be read: what is known of them stays as it is."""
    problems: Sequence[str] = ()
    """What could not be read and why, or how it was understood; one line each, without titles."""


@dataclass(frozen=True, slots=True)
class OutgoingEvent:
    """A booking as a host's calendar is to have it. Times are UTC epoch seconds, [start, end); texts are plain."""

    uid: str
    """iCalendar's identity, the same as in mails about the booking."""
    sequence: int
    start: int
    end: int
    title: str
    description: str = ""
    location: str = ""
    url: str = ""
    """The booking's page."""
    organizer: tuple[str, str] = ("", "")
    """Address and name of whom answers go to."""
    attendees: tuple[dict[str, str], ...] = ()
    """As with `PulledEvent`. Whoever is listed is never to be written to by the calendar: we do that."""
    is_tentative: bool = False
    wants_conference: bool = False
    """Whether the calendar's own video call (Google Meet, Teams) is to be made with it, unless it has one already."""


@dataclass(frozen=True, slots=True)
class Written:
    """An event as it is in the calendar once it is written."""

    id: str
    etag: str
    link: str = ""
    """Its page in the calendar; empty where the calendar has none."""
    conference: str = ""
    """The address of its video call; empty where there is none, or not yet."""


@dataclass(frozen=True, slots=True)
class CalendarChoice:
    """One of the calendars that an account has."""

    id: str
    """What `calendar_id` is to be: an id, of CalDAV the collection's whole address."""
    name: str
    is_writable: bool
    is_primary: bool = False


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where a calendar tells that something changed. `until`: UTC epoch seconds."""

    id: str
    until: int
    resource: str = ""
    """What else ending it takes (of Google the resource's id)."""


class ReadableCalendar(Protocol):
    """Every calendar: iCal feeds, CalDAV, Google, Outlook."""

    def pull(self, cursor: str) -> Pulled:
        """What changed since `cursor`; with "" everything in the window that this calendar was opened with.

        Raises the errors of `errors.py`: CursorInvalidError where `cursor` is too old. A cursor of another window is
        no reason to raise: then everything is told.
        """


class WritableCalendar(ReadableCalendar, Protocol):
    """Calendars that take up bookings: CalDAV, Google, Outlook."""

    def upsert(self, ref: str, event: OutgoingEvent, etag: str) -> Written:
        """Write an event; what its owner added there (colour, reminders, notes of their own) stays.

        With `etag` "" it is new, and `ref` an identity of ours (32 hexadecimal digits), never used before: a repeat
        after an answer that got lost finds the event that is there and writes it again. Else `ref` and `etag` are those
        of `Written` or of `PulledEvent`. Raises ConflictError where it was changed there since, NotFoundError where it
        is gone, and the rest of `errors.py`.
        """

    def delete(self, ref: str, etag: str) -> None:
        """Delete an event of ours; nobody is written to. With `etag` "" whatever it is like.

        Raises NotFoundError where it is gone, ConflictError as with `upsert`.
        """

    def find(self, ref: str) -> PulledEvent:
        """An event as it is now, with its etag. `ref` may be a `Written.id` or the identity it was made with; raises
        NotFoundError."""


class CalendarAccount(Protocol):
    """Whoever signs in somewhere has several calendars: CalDAV, Google, Outlook."""

    def address(self) -> str:
        """How the account is called there, mostly an e-mail address."""

    def calendars(self) -> Sequence[CalendarChoice]:
        """The calendars there are."""


@runtime_checkable
class PushingCalendar(Protocol):
    """Calendars that tell when something changed: Google, Outlook."""

    def subscribe(self, address: str, identity: str, secret: str) -> Subscription:
        """Have changes told to `address`, each time with `secret`; `identity` is a new UUID of ours."""

    def renew(self, subscription: Subscription) -> Subscription:
        """Prolong a subscription. Raises NotFoundError where it is gone or cannot be prolonged: subscribe anew."""

    def unsubscribe(self, subscription: Subscription) -> None:
        """End a subscription; one that is gone is ended."""
