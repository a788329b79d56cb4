"""Asking Google and Microsoft for consent, and what comes of it. Uses the network, so never inside a transaction."""

import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from meeting_manager.adapters.calendar import oauth
from meeting_manager.adapters.calendar.oauth import Provider
from meeting_manager.adapters.calendar.protocol import CalendarChoice
from meeting_manager.calendars.access import open_account
from meeting_manager.calendars.choices import IntegrationType
from meeting_manager.calendars.providers import provider_of
from meeting_manager.people.sealing import UnreadableError, seal, unseal

LASTS = timedelta(minutes=10)
"""So long the answer to a question for consent is waited for."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An account that lets us in, before anything of it is stored: its calendars are to be chosen from."""

    kind: IntegrationType
    account: str
    choices: tuple[CalendarChoice, ...]
    sealed: str = field(repr=False)
    """Its credentials."""

    def kept(self) -> dict[str, Any]:
        """As JSON, for the session of who connects it."""
        return asdict(self)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Offer":
        """From what a session has kept. Raises ValidationError where that can no longer be used."""
        try:
            unseal(kept["sealed"].encode())
            choices = tuple(CalendarChoice(**choice) for choice in kept["choices"])
            return cls(IntegrationType(kept["kind"]), kept["account"], choices, kept["sealed"])
        except (KeyError, TypeError, ValueError, UnreadableError) as error:
            raise ValidationError(
                _("What was begun is no longer known. Please connect the calendar once more.")
            ) from error


def begin_consent(*, kind: IntegrationType, redirect: str, now: datetime) -> tuple[str, dict[str, Any]]:
    """Where to send the member, and what the page is to keep in the session until they come back to `redirect`.

    Uses no network. Raises ValidationError where this site has no client there.
    """
    provider = _provider(kind)
    state, verifier = secrets.token_urlsafe(32), oauth.new_verifier()
    pending = {
        "kind": str(kind),
        "state": state,
        "verifier": verifier,
        "redirect": redirect,
        "begun": int(now.timestamp()),
    }
    return oauth.consent_address(provider, redirect, state, oauth.challenge_of(verifier)), pending


def end_consent(*, pending: Mapping[str, Any] | None, state: str, code: str, error: str = "", now: datetime) -> Offer:
    """What the member has let us into. The page takes `pending` out of the session before it calls this, so that an
    answer counts once.

    Uses the network. Raises ValidationError where the answer is to no question of this session, or comes too late, or
    the member said no; and the errors of `adapters.calendar.errors`.
    """
    if not pending or not hmac.compare_digest(str(pending.get("state", "")).encode(), state.encode()):
        raise ValidationError(_("This answer belongs to no question of ours. Please connect the calendar once more."))
    if not 0 <= now.timestamp() - pending["begun"] <= LASTS.total_seconds():
        raise ValidationError(_("That took too long. Please connect the calendar once more."))
    provider = _provider(IntegrationType(pending["kind"]))
    if error or not code:
        raise ValidationError(_("%(provider)s was not allowed to let us in.") % {"provider": provider.name})
    tokens = oauth.exchange(provider, pending["redirect"], code, pending["verifier"], now)
    return look_into(IntegrationType(pending["kind"]), asdict(tokens))


def look_into(kind: IntegrationType, credentials: Mapping[str, Any], server: str = "") -> Offer:
    """The account that these credentials open, with its calendars. Uses the network; raises the errors of
    `adapters.calendar.errors`."""
    account = open_account(kind, credentials, server)
    choices = tuple(account.calendars())
    return Offer(kind, account.address()[:254], choices, seal(json.dumps(credentials).encode()).decode())


def _provider(kind: IntegrationType) -> Provider:
    provider = provider_of(kind)
    if provider is None:
        raise ValidationError(_("This site is not set up for calendars of this kind. Please ask an administrator."))
    return provider
