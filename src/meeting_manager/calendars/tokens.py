"""The tokens of connected calendars at Google and Microsoft: sealed in the row, refreshed in time."""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from meeting_manager.adapters.calendar import oauth
from meeting_manager.adapters.calendar.errors import AuthRevokedError
from meeting_manager.adapters.calendar.oauth import Provider, Tokens, TokenSource
from meeting_manager.adapters.errors import RefusedError
from meeting_manager.calendars.models import CalendarIntegration
from meeting_manager.calendars.providers import provider_of
from meeting_manager.people.sealing import seal

if TYPE_CHECKING:
    from meeting_manager.calendars.access import Access

GOOD_FOR_SECONDS = 60
"""A token with less to live is not handed out: what is begun with it should end with it."""

_TRIES = 3
_LOCKS = tuple(threading.Lock() for _ in range(16))
"""One refresh at a time for a grant in this process; between processes the last look at the row has to do."""


def sealed_tokens(tokens: Tokens) -> bytes:
    """Tokens as they are stored with a calendar."""
    return seal(json.dumps(asdict(tokens)).encode())


def tokens_of(credentials: Mapping[str, Any]) -> Tokens:
    """Stored credentials as tokens; what is not there counts as run out. Raises AuthRevokedError without a refresh
    token."""
    refresh_token = credentials.get("refresh_token")
    if not isinstance(refresh_token, str) or not refresh_token:
        raise AuthRevokedError("What is stored does not let us in for long. Please connect the calendar anew.")
    access, until = credentials.get("access_token"), credentials.get("expires_at")
    scope = credentials.get("scope")
    return Tokens(
        access if isinstance(access, str) else "",
        refresh_token,
        int(until) if isinstance(until, int | float) else 0,
        scope if isinstance(scope, str) else "",
    )


def token_source(access: "Access", *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> TokenSource:
    """The access tokens of a stored calendar; to be used outside transactions, as it may ask the provider.

    Calendars that were connected together have the same sealed bytes, and get the new ones together.
    """
    return _Source(access, clock)


def given_token(tokens: Tokens) -> TokenSource:
    """The access token of an account that is not stored yet, as it came a moment ago."""

    def give(*, renew: bool = False) -> str:
        if renew:
            raise AuthRevokedError("We were not let in with what we were given. Please connect the calendar anew.")
        return tokens.access_token

    return give


class _Source:
    """Remembers which sealed tokens it used last, so that `renew` knows what was refused."""

    def __init__(self, access: "Access", clock: Callable[[], datetime]) -> None:
        self._access = access
        self._clock = clock
        self._sealed = access.credentials

    def __call__(self, *, renew: bool = False) -> str:
        tokens = self._tokens()
        if not renew and self._is_good(tokens):
            return tokens.access_token
        refused = tokens.access_token if renew else ""
        with _LOCKS[hash(self._sealed) % len(_LOCKS)]:
            return self._look_again(refused) or self._refresh(refused)

    def _refresh(self, refused: str) -> str:
        provider, tokens = _provider(self._access), self._tokens()
        try:
            new = oauth.refresh(provider, tokens, self._clock())
        except AuthRevokedError:
            # Where a refresh token is good once, another worker may have used it a moment ago.
            if other := self._look_again(refused):
                return other
            raise
        self._keep(new, tokens)
        return new.access_token

    def _look_again(self, refused: str) -> str:
        """What is stored by now, where that is a good token and not the one that was refused; else nothing."""
        self._sealed = self._stored()
        tokens = self._tokens()
        return tokens.access_token if self._is_good(tokens) and tokens.access_token != refused else ""

    def _keep(self, new: Tokens, old: Tokens) -> None:
        """Store what came in the place of what it was made from, and only there: a calendar that was connected anew
        meanwhile, or refreshed later, is not to be undone by an older answer. Sealing anew with another key is no such
        change."""
        sealed = sealed_tokens(new)
        for _ in range(_TRIES):
            if not self._access.integration_id or replace_sealed(self._sealed, sealed):
                self._sealed = sealed
                return
            self._sealed = self._stored()
            if not self._sealed or self._tokens().refresh_token != old.refresh_token:
                return

    def _stored(self) -> bytes:
        """What the row has now; of a calendar that has none any more what we were given."""
        pk = self._access.integration_id
        if not pk:
            return self._sealed
        return bytes(CalendarIntegration.objects.filter(pk=pk).values_list("credentials", flat=True).first() or b"")

    def _tokens(self) -> Tokens:
        return tokens_of(replace(self._access, credentials=self._sealed).opened())

    def _is_good(self, tokens: Tokens) -> bool:
        left = tokens.expires_at - self._clock().timestamp()
        return bool(tokens.access_token) and left >= GOOD_FOR_SECONDS


def replace_sealed(old: bytes, new: bytes) -> int:
    """Store other credentials wherever exactly these are; returns in how many calendars. One statement."""
    return CalendarIntegration.objects.filter(credentials=old).update(credentials=new) if old else 0


def _provider(access: "Access") -> Provider:
    provider = provider_of(access.kind)
    if provider is None:
        raise RefusedError(f"This site is no longer set up for {access.kind}. Please ask an administrator.")
    return provider
