"""Text messages through Twilio: one plain HTTP request each."""

from http import HTTPStatus
from typing import Any

import httpx

from meeting_manager.adapters.errors import AdapterError, RefusedError
from meeting_manager.adapters.sms.numbers import international

TIMEOUT_SECONDS = 20.0
"""For connecting, sending and each part of the answer."""

_MAY_PASS = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})
"""Refusals that time mends. A wrong token is none of them: what is refused goes by mail, and so comes in time."""


class TwilioGateway:
    """One Twilio account, and the number or name its messages come from.

    Twilio takes no identity of ours: where its answer is lost, the next try is a second message. A reminder twice is
    better than none.
    """

    def __init__(
        self,
        account: str,
        token: str,
        *,
        sender: str,
        base_url: str,
        region: str,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self._address = f"{base_url}/2010-04-01/Accounts/{account}/Messages.json"
        self._credentials = (account, token)
        self._sender = sender
        self._region = region
        self._timeout = timeout

    def send(self, *, to: str, text: str, identity: str) -> str:  # noqa: ARG002 - see the class
        """Have Twilio send `text`; returns Twilio's id of the message. Raises RefusedError and AdapterError."""
        message = {"To": international(to, self._region), "From": self._sender, "Body": text}
        try:
            answer = httpx.post(self._address, data=message, auth=self._credentials, timeout=self._timeout)
        except httpx.HTTPError as error:
            raise AdapterError(f"Twilio could not be reached: {type(error).__name__}") from error
        told = _read(answer)
        if not answer.is_success:
            raise _error(answer, told.get("code"))
        if not told.get("sid"):
            raise AdapterError("Twilio's answer names no message. Please check the base address in SMS_URL.")
        return str(told["sid"])


def _read(answer: httpx.Response) -> dict[str, Any]:
    try:
        told = answer.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _error(answer: httpx.Response, code: object) -> AdapterError:
    """Twilio's number for what was wrong; its words would quote the phone number."""
    more = f", error {code} (https://www.twilio.com/docs/api/errors/{code})" if isinstance(code, int) else ""
    is_final = answer.is_client_error and answer.status_code not in _MAY_PASS
    return (RefusedError if is_final else AdapterError)(f"Twilio answered HTTP {answer.status_code}{more}.")
