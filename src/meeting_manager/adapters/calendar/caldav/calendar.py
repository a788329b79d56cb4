"""One calendar on a CalDAV server."""

import hashlib
import json
from collections.abc import Callable, Sequence

from meeting_manager.adapters.calendar.caldav.collection import Collection
from meeting_manager.adapters.calendar.caldav.cursor import Cursor
from meeting_manager.adapters.calendar.caldav.keeping import Keeping
from meeting_manager.adapters.calendar.caldav.pulling import Pulling, Reads
from meeting_manager.adapters.calendar.caldav.session import Session
from meeting_manager.adapters.calendar.protocol import OutgoingEvent, Pulled, PulledEvent, Window, Written
from meeting_manager.adapters.calendar.reading import Reader, read_files_apart
from meeting_manager.adapters.fetching.addresses import Network

PULL_SECONDS = 60.0
"""For everything that one pull asks of the server; a calendar of thousands is told in dozens of answers."""

_WRITE_SECONDS = 20.0
_FORM = 1
"""Raised when the same events would be read differently by a new release, so that they are read again."""


class CalDAV:
    """The calendar at the whole `address` of its collection; a WritableCalendar.

    Ids of events are the names of their resources, "/" and a time behind them for occurrences. A cursor is good for the
    same address, window and reader only; else all is read. `seconds` is the patience for one call in all.
    """

    def __init__(
        self,
        address: str,
        username: str,
        password: str,
        window: Window,
        reader: Reader,
        *,
        allowed: Sequence[Network] = (),
        seconds: float = PULL_SECONDS,
        read: Reads = read_files_apart,
    ) -> None:
        self._address = address
        self._seconds = seconds
        self._session: Callable[[float], Session] = lambda patience: Session(
            address, username, password, allowed=allowed, seconds=patience
        )
        self._reader = reader
        self._pulling = Pulling(window, reader, read, _about(address, window, reader))

    def pull(self, cursor: str) -> Pulled:
        """What changed since `cursor`; with "" everything in the window. Raises the errors of `errors.py`."""
        with self._session(self._seconds) as session:
            return self._pulling.since(Collection(session, self._address), Cursor.opened(cursor))

    def upsert(self, ref: str, event: OutgoingEvent, etag: str) -> Written:
        """Write an event; see WritableCalendar."""
        with self._session(min(self._seconds, _WRITE_SECONDS)) as session:
            return self._keeping(session).write(ref, event, etag)

    def delete(self, ref: str, etag: str) -> None:
        """Delete an event of ours; see WritableCalendar."""
        with self._session(min(self._seconds, _WRITE_SECONDS)) as session:
            self._keeping(session).delete(ref, etag)

    def find(self, ref: str) -> PulledEvent:
        """An event as it is now, with its etag; of a series that its owner made of it, the first occurrence."""
        with self._session(min(self._seconds, _WRITE_SECONDS)) as session:
            return self._keeping(session).find(ref)

    def _keeping(self, session: Session) -> Keeping:
        return Keeping(Collection(session, self._address), self._reader, self._pulling.read)


def _about(address: str, window: Window, reader: Reader) -> str:
    facts = [_FORM, address, *window, reader.zone, *reader.addresses]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()
