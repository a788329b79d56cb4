"""Signing in at Google and Microsoft on behalf of a member: OAuth 2 with a code, PKCE and an exact redirect."""

from dataclasses import dataclass, field
from typing import Protocol


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
