"""What a calendar can do for us, whoever runs it. Kinds differ in how far they go: a feed can only be read.

Whether an event takes time is told with each event (`is_busy`), so there is no question of its own for busy time: slots
are computed from what was stored at the last pull, never from a question over the network.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol


class Window(NamedTuple):
    """The time that is mirrored: [start, end) in UTC epoch seconds."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PulledEvent:
    """One event, or one occurrence of a series, as its calendar has it. Times are UTC epoch seconds, [start, end)."""

    id: str
    """The same at every pull, and no other event's; an occurrence keeps it when it is moved."""
    uid: str
    """iCalendar's identity, by which our own bookings are recognised; all of a series share it."""
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
    last_modified: int | None = None


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a calendar told, and where to go on the next time."""

    cursor: str
    events: Sequence[PulledEvent] = ()
    """All events in the window where `is_complete`, else those that are new or changed."""
    gone: Sequence[str] = ()
    """The ids of events that were deleted; where `is_complete`, everything else that was known is gone too."""
    is_complete: bool = False
    unread: frozenset[str] = frozenset()
    """The UIDs of events that are there but could not be read: what is known of them stays as it is."""
    problems: Sequence[str] = ()
    """What could not be read and why, or how it was understood; one line each, without titles."""


class ReadableCalendar(Protocol):
    """Every calendar: iCal feeds, CalDAV, Google, Outlook."""

    def pull(self, cursor: str) -> Pulled:
        """What changed since `cursor`; with "" everything in the window that this calendar was opened with.

        Raises the errors of `errors.py`: CursorInvalidError where `cursor` is too old.
        """


class WritableCalendar(ReadableCalendar, Protocol):
    """Calendars that take up bookings: CalDAV, Google, Outlook."""

    def upsert(self, ref: str, event: Any, etag: str) -> str:  # noqa: ANN401 - decided with the first kind that writes
        """Write an event under an identity of ours, so that a repeat is harmless; returns its new etag.

        With "" it must not be there yet. Raises ConflictError where it was changed there meanwhile.
        """

    def delete(self, ref: str, etag: str) -> None:
        """Delete an event of ours. Raises NotFoundError where it is gone, ConflictError as with `upsert`."""


class PushingCalendar(Protocol):
    """Calendars that tell when something changed: Google, Outlook."""

    def subscribe(self, address: str, secret: str) -> tuple[str, datetime]:
        """Have changes told to `address`, with `secret`; returns the subscription's id and when it ends (aware UTC)."""

    def renew(self, subscription: str) -> datetime:
        """Prolong a subscription; returns when it ends. Raises NotFoundError where it is gone: subscribe anew."""
