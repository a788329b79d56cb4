"""iCal feeds: a file behind an http(s) or webcal address, read-only by nature."""

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus

from meeting_manager.adapters.calendar.errors import (
    AuthRevokedError,
    NotFoundError,
    RateLimitedError,
    TransientError,
    UnreadableError,
)
from meeting_manager.adapters.calendar.protocol import Pulled, Window
from meeting_manager.adapters.calendar.reading import Reader, Reading, read_apart
from meeting_manager.adapters.calendar.waiting import retry_after
from meeting_manager.adapters.fetching import Fetched, FetchError, FetchRefusedError, fetch
from meeting_manager.adapters.fetching.addresses import Network

_FORM = 1
"""Raised when the same file would be read differently by a new release, so that it is read again."""


@dataclass(frozen=True, slots=True)
class _Cursor:
    """By what a file is known again. `about`: for which address, window and reader it was read."""

    about: str = ""
    etag: str = ""
    modified: str = ""
    digest: str = ""


class ICalFeed:
    """One feed, opened for a window and its reader. A cursor is good for the same ones only; else all is read."""

    def __init__(
        self,
        address: str,
        window: Window,
        reader: Reader,
        *,
        allowed: Sequence[Network] = (),
        read: Callable[[bytes, Window, Reader], Reading] = read_apart,
    ) -> None:
        self._address = re.sub("^webcals?:", "https:", address, flags=re.IGNORECASE)
        self._window = window
        self._reader = reader
        self._allowed = allowed
        self._read = read

    def pull(self, cursor: str) -> Pulled:
        """Everything in the window, or nothing new where the file is the one that `cursor` knows.

        Raises TransientError, RateLimitedError, NotFoundError, AuthRevokedError, UnreadableError.
        """
        about = self._about()
        known = _opened(cursor)
        known = known if known.about == about else _Cursor(about)
        answer = self._fetch(known)
        if answer.status == HTTPStatus.NOT_MODIFIED and known.digest:
            return Pulled(cursor)
        _refuse_other_than_ok(answer)
        digest = hashlib.sha256(answer.body).hexdigest()
        etag, modified = answer.headers.get("etag", ""), answer.headers.get("last-modified", "")
        following = json.dumps(asdict(_Cursor(about, etag[:500], modified[:100], digest)))
        if digest == known.digest:
            return Pulled(following)
        reading = self._read(answer.body, self._window, self._reader)
        return Pulled(
            following,
            reading.events,
            is_complete=True,
            unread=frozenset(reading.unread),
            problems=reading.problems,
        )

    def _fetch(self, known: _Cursor) -> Fetched:
        conditions = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
        headers = {"Accept": "text/calendar, */*;q=0.5", **{name: value for name, value in conditions.items() if value}}
        try:
            return fetch(self._address, headers=headers, allowed=self._allowed)
        except FetchError as error:
            raise TransientError(str(error)) from error
        except FetchRefusedError as error:
            raise UnreadableError(str(error)) from error

    def _about(self) -> str:
        facts = [_FORM, self._address, *self._window, self._reader.zone, *self._reader.addresses]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def _opened(cursor: str) -> _Cursor:
    try:
        return _Cursor(**json.loads(cursor)) if cursor else _Cursor()
    except (ValueError, TypeError):
        return _Cursor()


def _refuse_other_than_ok(answer: Fetched) -> None:
    status = answer.status
    if status == HTTPStatus.OK:
        return
    if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        raise RateLimitedError(f"The server asks us to wait (HTTP {status}).", retry_after(answer.headers))
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        raise AuthRevokedError(
            f"The server no longer lets us in (HTTP {status}). Please give the calendar's address anew."
        )
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        raise NotFoundError(f"There is no calendar at this address (HTTP {status}). Please give its address anew.")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
        raise TransientError(f"The server is in trouble (HTTP {status}).")
    raise UnreadableError(f"The server answered HTTP {status} instead of a calendar.")
