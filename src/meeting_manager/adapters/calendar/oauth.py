"""Signing in at Google and Microsoft on behalf of a member: OAuth 2 with a code, PKCE and an exact redirect.

What goes wrong is told by the provider's short word for it at most: its sentences may quote what was sent.
"""

import base64
import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any, Protocol

import httpx

from meeting_manager.adapters.calendar.errors import AuthRevokedError, RateLimitedError, TransientError
from meeting_manager.adapters.calendar.waiting import retry_after
from meeting_manager.adapters.errors import AdapterError, RefusedError

TIMEOUT_SECONDS = 10.0
"""For connecting, sending and each part of the answer."""

_SHORTEST_LIFE, _LONGEST_LIFE = 60, 86_400
_USUAL_LIFE = 600
"""Seconds that an access token is taken to be good for where the provider does not say."""

_NOT_LET_IN = {"invalid_grant", "interaction_required", "consent_required", "login_required", "access_denied"}
_IN_TROUBLE = {"temporarily_unavailable", "server_error"}
_ENDED_ALREADY = {"invalid_token", "invalid_grant"}
_MAY_PASS = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY}
_NEVER_TOLD = {"offline_access", "openid"}
"""Scopes that providers leave out when they say what was granted."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Who signs members in, and as whom we are known there. Addresses are whole."""

    name: str
    authorize_url: str
    token_url: str
    revoke_url: str
    """Empty where there is none."""
    client_id: str
    client_secret: str = field(repr=False)
    scopes: tuple[str, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    """What else the question for consent says."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What lets us in. `expires_at`: UTC epoch seconds."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: int
    scope: str = ""


class TokenSource(Protocol):
    """Gives adapters the access token of an account, refreshed in time."""

    def __call__(self, *, renew: bool = False) -> str:
        """An access token that is good for a minute at least; with `renew` another than the last, which was refused.

        Uses the network where one has to be fetched. Raises AuthRevokedError where the member has to connect anew,
        TransientError.
        """


def new_verifier() -> str:
    """A secret of 256 bits that proves to the provider that who asked for consent is who fetches the tokens."""
    return secrets.token_urlsafe(32)


def challenge_of(verifier: str) -> str:
    """What the provider is told of a verifier beforehand (S256, RFC 7636)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def consent_address(provider: Provider, redirect: str, state: str, challenge: str) -> str:
    """Where to send the member, who is asked there whether we may; the answer comes to `redirect` with `state`."""
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect,
        "scope": " ".join(provider.scopes),
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        **dict(provider.parameters),
    }
    return str(httpx.URL(provider.authorize_url).copy_merge_params(asked))


def exchange(
    provider: Provider, redirect: str, code: str, verifier: str, now: datetime, *, timeout: float = TIMEOUT_SECONDS
) -> Tokens:
    """The tokens for a code that came to `redirect`. Uses the network; `now` aware UTC.

    Raises AuthRevokedError where the code is no longer good or less was allowed than we need, TransientError,
    RateLimitedError, RefusedError.
    """
    asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect, "code_verifier": verifier}
    tokens = _tokens(provider, _ask(provider, provider.token_url, asked, timeout), now, "")
    if _missing(provider.scopes, tokens.scope):
        raise AuthRevokedError(
            f"{provider.name} was not allowed to let us read and write your calendars. "
            "Please connect the calendar anew, and allow everything that is asked for."
        )
    if not tokens.refresh_token:
        raise RefusedError(f"{provider.name} lets us in for an hour only. Please ask an administrator to look at it.")
    return tokens


def refresh(provider: Provider, tokens: Tokens, now: datetime, *, timeout: float = TIMEOUT_SECONDS) -> Tokens:
    """New tokens for old ones; the refresh token stays where no other comes. Uses the network; raises as `exchange`."""
    asked = {"grant_type": "refresh_token", "refresh_token": tokens.refresh_token}
    new = _tokens(provider, _ask(provider, provider.token_url, asked, timeout), now, tokens.refresh_token)
    return new if new.scope else Tokens(new.access_token, new.refresh_token, new.expires_at, tokens.scope)


def revoke(provider: Provider, tokens: Tokens, *, timeout: float = TIMEOUT_SECONDS) -> None:
    """Have the provider forget that we may; nothing where it has no way to be told. Uses the network; a repeat is
    harmless. Raises TransientError, RateLimitedError, RefusedError."""
    if not provider.revoke_url:
        return
    answer = _post(provider, provider.revoke_url, {"token": tokens.refresh_token or tokens.access_token}, timeout)
    if not answer.is_success and _word(_told(answer)) not in _ENDED_ALREADY:
        raise _error(provider, answer)


def _ask(provider: Provider, address: str, asked: Mapping[str, str], timeout: float) -> Mapping[str, Any]:
    answer = _post(provider, address, asked, timeout)
    told = _told(answer)
    if not answer.is_success or "error" in told:
        raise _error(provider, answer)
    return told


def _post(provider: Provider, address: str, asked: Mapping[str, str], timeout: float) -> httpx.Response:
    form = {**asked, "client_id": provider.client_id, "client_secret": provider.client_secret}
    try:
        return httpx.post(address, data=form, headers={"Accept": "application/json"}, timeout=timeout)
    except httpx.HTTPError as error:
        raise TransientError(f"{provider.name} could not be reached ({type(error).__name__}).") from error


def _told(answer: httpx.Response) -> Mapping[str, Any]:
    """What the answer says; nothing where it is not JSON."""
    try:
        told = answer.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _word(told: Mapping[str, Any]) -> str:
    """The provider's short word for what went wrong, if it is one."""
    word = told.get("error")
    return word if isinstance(word, str) and re.fullmatch("[a-z_]{1,40}", word) else ""


def _error(provider: Provider, answer: httpx.Response) -> AdapterError:
    status, word, name = answer.status_code, _word(_told(answer)), provider.name
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimitedError(f"{name} asks us to wait (HTTP {status}).", retry_after(answer.headers))
    if answer.is_server_error or status in _MAY_PASS or word in _IN_TROUBLE:
        return TransientError(f"{name} is in trouble (HTTP {status}).")
    if word in _NOT_LET_IN:
        return AuthRevokedError(f"{name} no longer lets us in. Please connect the calendar anew.")
    if not word:
        return TransientError(f"{name} answered something that cannot be read (HTTP {status}).")
    return RefusedError(
        f"{name} refuses this site ({word}). Please ask an administrator to check what {name} knows of it: "
        "client id, secret and redirect address."
    )


def _tokens(provider: Provider, told: Mapping[str, Any], now: datetime, refresh_token: str) -> Tokens:
    access, following, scope = told.get("access_token"), told.get("refresh_token"), told.get("scope")
    if not isinstance(access, str) or not access:
        raise TransientError(f"{provider.name} answered something that cannot be read (no token).")
    return Tokens(
        access,
        following if isinstance(following, str) and following else refresh_token,
        int(now.timestamp()) + _life(told.get("expires_in")),
        scope if isinstance(scope, str) else "",
    )


def _life(told: object) -> int:
    try:
        seconds = int(told) if isinstance(told, int | float | str) else _USUAL_LIFE
    except (ValueError, OverflowError):
        seconds = _USUAL_LIFE
    return min(max(seconds, _SHORTEST_LIFE), _LONGEST_LIFE)


def _missing(wanted: tuple[str, ...], granted: str) -> set[str]:
    """What was asked for and is not among what was granted; all was where nothing is said (RFC 6749, 5.1)."""
    if not granted:
        return set()
    return {_short(scope) for scope in wanted} - {_short(scope) for scope in granted.split()} - _NEVER_TOLD


def _short(scope: str) -> str:
    """Microsoft tells `https://graph.microsoft.com/User.Read` where `User.Read` was asked for."""
    return scope.rpartition("/")[2].lower()
