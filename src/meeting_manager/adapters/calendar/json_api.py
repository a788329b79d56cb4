"""Asking an API that speaks JSON and knows us by a bearer token: Google's and Microsoft's.

Errors name the provider and the status, and its short word for what went wrong at most: never what was sent, and never
what is in a calendar.
"""

import re
import ssl
from collections.abc import Callable, Mapping
from functools import lru_cache
from http import HTTPStatus
from typing import Any

import httpx

from meeting_manager.adapters.calendar.errors import (
    AuthRevokedError,
    ConflictError,
    CursorInvalidError,
    NotFoundError,
    RateLimitedError,
    TransientError,
)
from meeting_manager.adapters.calendar.oauth import TokenSource
from meeting_manager.adapters.calendar.waiting import retry_after
from meeting_manager.adapters.errors import AdapterError, RefusedError

TIMEOUT_SECONDS = 10.0
"""For connecting, sending and each part of the answer."""

LARGEST_BYTES = 25_000_000

Json = dict[str, Any]

_WORD = re.compile("[A-Za-z][A-Za-z0-9_]{0,60}")


class JsonApi:
    """One API under one base address, asked in the name of one account.

    `word_of` finds the provider's short word in an error's body; `limits` are those words that mean "too often"
    although the status does not say so, `conflicts` those that mean that it was changed meanwhile, `lost_cursors` those
    that mean that everything has to be read anew.
    """

    def __init__(
        self,
        name: str,
        base: str,
        token: TokenSource,
        *,
        word_of: Callable[[Json], object],
        limits: frozenset[str] = frozenset(),
        conflicts: frozenset[str] = frozenset(),
        lost_cursors: frozenset[str] = frozenset(),
        headers: Mapping[str, str] | None = None,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self._name = name
        self._base = base
        self._token = token
        self._word_of = word_of
        self._limits, self._conflicts, self._lost_cursors = limits, conflicts, lost_cursors
        self._headers = {"Accept": "application/json", **(headers or {})}
        self._timeout = timeout

    def call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Json | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Json:
        """The answer's object, empty where it has none. `path` is under the base, or a whole address under it, which an
        answer gave us. Uses the network; raises the errors of `errors.py`, RefusedError."""
        address = self._address(path)
        asked = {**self._headers, **(headers or {})}
        answer = self._send(method, address, params, body, asked, self._token())
        if answer.status_code == HTTPStatus.UNAUTHORIZED:
            answer = self._send(method, address, params, body, asked, self._token(renew=True))
        if not answer.is_success:
            raise self._error(answer)
        return self._object(answer) if answer.content else {}

    def _address(self, path: str) -> str:
        if path.startswith(f"{self._base}/"):
            return path
        if "://" in path:
            raise RefusedError(f"{self._name} leads us elsewhere, where we do not go with a token.")
        return f"{self._base}/{path}"

    def _send(
        self,
        method: str,
        address: str,
        params: Mapping[str, str] | None,
        body: Json | None,
        headers: Mapping[str, str],
        token: str,
    ) -> httpx.Response:
        sent = {**headers, "Authorization": f"Bearer {token}"}
        try:
            with httpx.stream(
                method, address, params=params, json=body, headers=sent, timeout=self._timeout, verify=_tls()
            ) as answer:
                return httpx.Response(answer.status_code, headers=_plain(answer), content=self._body(answer))
        except httpx.HTTPError as error:
            raise TransientError(f"{self._name} could not be reached ({type(error).__name__}).") from error

    def _body(self, answer: httpx.Response) -> bytes:
        body = bytearray()
        for chunk in answer.iter_bytes():
            body += chunk
            if len(body) > LARGEST_BYTES:
                raise TransientError(f"{self._name} sends more than {LARGEST_BYTES // 1_000_000} MB at once.")
        return bytes(body)

    def _object(self, answer: httpx.Response) -> Json:
        try:
            told = answer.json()
        except ValueError as error:
            raise TransientError(f"{self._name} sent something that cannot be read.") from error
        if not isinstance(told, dict):
            raise TransientError(f"{self._name} sent something that cannot be read.")
        return told

    def _error(self, answer: httpx.Response) -> AdapterError:
        status, word = answer.status_code, self._word(answer)
        said = f"HTTP {status}{f', {word}' if word else ''}"
        if status == HTTPStatus.TOO_MANY_REQUESTS or word in self._limits or self._is_asked_to_wait(answer):
            return RateLimitedError(f"{self._name} asks us to wait ({said}).", retry_after(answer.headers))
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
            return TransientError(f"{self._name} is in trouble ({said}).")
        if word in self._lost_cursors or status == HTTPStatus.GONE:
            return CursorInvalidError(f"{self._name} no longer knows where we were ({said}).")
        if status in {HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED} or word in self._conflicts:
            return ConflictError(f"The event was changed at {self._name} meanwhile ({said}).")
        if status == HTTPStatus.NOT_FOUND:
            return NotFoundError(f"{self._name} does not have it ({said}).")
        if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            return AuthRevokedError(f"{self._name} does not let us in ({said}). Please connect the calendar anew.")
        return RefusedError(f"{self._name} refuses what we ask ({said}).")

    def _is_asked_to_wait(self, answer: httpx.Response) -> bool:
        return answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE and "retry-after" in answer.headers

    def _word(self, answer: httpx.Response) -> str:
        try:
            told = answer.json()
            word = self._word_of(told) if isinstance(told, dict) else None
        except (ValueError, LookupError, TypeError, AttributeError):
            return ""
        return word if isinstance(word, str) and _WORD.fullmatch(word) else ""


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    """Made once: reading all known authorities takes 50 ms."""
    return httpx.create_ssl_context()


def _plain(answer: httpx.Response) -> dict[str, str]:
    """Its headers without those that speak of how the body was packed: it is unpacked already."""
    packing = {"content-encoding", "content-length", "transfer-encoding"}
    return {name: value for name, value in answer.headers.items() if name.lower() not in packing}


def left_out(count: int) -> list[str]:
    """What is told of events that could not be read, for the calendar's owner."""
    if not count:
        return []
    return [f"{count} events could not be read and were left out." if count > 1 else _ONE_LEFT_OUT]


_ONE_LEFT_OUT = "1 event could not be read and was left out."
