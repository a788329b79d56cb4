"""Asking a server, within limits and with our password, and what its refusals mean."""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from types import TracebackType
from typing import Self

from meeting_manager.adapters.calendar.caldav import questions
from meeting_manager.adapters.calendar.caldav.answers import Multistatus, Resource, read_multistatus
from meeting_manager.adapters.calendar.caldav.trust import Credentials
from meeting_manager.adapters.calendar.errors import (
    AuthRevokedError,
    ConflictError,
    NotFoundError,
    RateLimitedError,
    TransientError,
    UnreadableError,
)
from meeting_manager.adapters.calendar.waiting import retry_after
from meeting_manager.adapters.errors import AdapterError
from meeting_manager.adapters.fetching import Connections, Fetched, FetchError, FetchRefusedError, Limits
from meeting_manager.adapters.fetching.addresses import Network

_LARGEST_ANSWER = 25_000_000
"""Of a report on thousands of events."""

_XML = {"Content-Type": "application/xml; charset=utf-8"}
_MOST_CHALLENGES = 3


class Session:
    """A conversation with the server at `home`, which may take `seconds` in all."""

    def __init__(
        self, home: str, username: str, password: str, *, allowed: Sequence[Network] = (), seconds: float
    ) -> None:
        self.credentials = Credentials(home, username, password)
        self._connections = Connections(allowed=allowed, limits=Limits(size=_LARGEST_ANSWER, seconds=seconds))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._connections.__exit__(kind, error, at)

    def ask(self, method: str, address: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Fetched:
        """The answer, unless it is one that no question gets by: the password is refused (AuthRevokedError), we are to
        wait (RateLimitedError), or the server is in trouble (TransientError).
        """
        answer = self._proven(method, address, body, headers or {})
        status = answer.status
        if status == HTTPStatus.UNAUTHORIZED:
            raise AuthRevokedError("The server does not take this user name and password (HTTP 401).")
        is_pause = status == HTTPStatus.SERVICE_UNAVAILABLE and "retry-after" in answer.headers
        if status == HTTPStatus.TOO_MANY_REQUESTS or is_pause:
            raise RateLimitedError(f"The server asks us to wait (HTTP {status}).", retry_after(answer.headers))
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.NOT_IMPLEMENTED:
            raise TransientError(f"The server is in trouble (HTTP {status}).")
        return answer

    def _proven(self, method: str, address: str, body: bytes, headers: Mapping[str, str]) -> Fetched:
        """The answer once the server was told who we are, in the way it wants."""
        answer = self._asked(method, address, body, headers)
        for _ in range(_MOST_CHALLENGES):
            challenge = answer.headers.get("www-authenticate", "")
            is_refused = answer.status == HTTPStatus.UNAUTHORIZED
            if not is_refused or not self.credentials.learn(method, answer.address, challenge):
                break
            answer = self._asked(method, address, body, headers)
        return answer

    def _asked(self, method: str, address: str, body: bytes, headers: Mapping[str, str]) -> Fetched:
        try:
            return self._connections.request(
                method, address, headers=headers, body=body, authorize=self.credentials.prove
            )
        except FetchError as error:
            raise TransientError(str(error)) from error
        except FetchRefusedError as error:
            raise UnreadableError(str(error)) from error

    def propfind(self, address: str, names: Iterable[str], *, depth: int = 0) -> Sequence[Resource]:
        """The properties of a resource, with depth 1 also of what is in it. Raises also the errors of `refusal`."""
        return multistatus(self.propfound(address, names, depth=depth)).resources

    def propfound(self, address: str, names: Iterable[str], *, depth: int = 0) -> Fetched:
        """The same as it was answered, whatever that is."""
        return self.ask("PROPFIND", address, questions.properties(names), {**_XML, "Depth": str(depth)})

    def report(self, address: str, body: bytes, *, depth: int = 1) -> Fetched:
        """The answer to a report, whatever it is."""
        return self.ask("REPORT", address, body, {**_XML, "Depth": str(depth)})


def multistatus(answer: Fetched) -> Multistatus:
    """What an answer says of resources. Raises the errors of `refusal` where it is no multistatus."""
    if answer.status != HTTPStatus.MULTI_STATUS:
        raise refusal(answer)
    return read_multistatus(answer)


def refusal(answer: Fetched) -> AdapterError:
    """The error for an answer other than the one that was wanted."""
    status = answer.status
    if status == HTTPStatus.FORBIDDEN:
        return AuthRevokedError(f"The server does not allow us to do this (HTTP {status}).")
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        return NotFoundError(f"There is nothing (any more) at this address (HTTP {status}).")
    if status == HTTPStatus.PRECONDITION_FAILED:
        return ConflictError(f"The event was changed there meanwhile (HTTP {status}).")
    if status in {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.LOCKED, HTTPStatus.TOO_EARLY}:
        return TransientError(f"The server is busy (HTTP {status}).")
    return UnreadableError(f"The server answered HTTP {status} instead of a calendar.")
