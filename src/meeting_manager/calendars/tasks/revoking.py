"""Ending elsewhere what was ended here: the ledger's handler of kind `calendar_revoke`, and its network."""

import json
from datetime import datetime

from meeting_manager.adapters.calendar import oauth
from meeting_manager.adapters.calendar.errors import RateLimitedError
from meeting_manager.adapters.calendar.protocol import NO_WINDOW, PushingCalendar
from meeting_manager.adapters.errors import AdapterError, RefusedError
from meeting_manager.calendars.access import open_calendar, readable_kinds
from meeting_manager.calendars.providers import provider_of
from meeting_manager.calendars.services.disconnecting import REVOKE, Leaving, empty, leaving
from meeting_manager.calendars.tokens import tokens_of
from meeting_manager.ledger import handlers
from meeting_manager.ledger.handlers import Job, Outcome, Postponed
from meeting_manager.people.sealing import unseal

_ATTEMPTS = 30
"""About a day. What was granted ends by itself where nobody uses it any more, only later."""


def register() -> None:
    """Called once at start-up."""
    handlers.register(REVOKE, end, threads=1, attempts=_ATTEMPTS)


def end(job: Job, now: datetime) -> Outcome:
    """End a subscription and take a consent back; the tokens are forgotten once that is done or given up."""
    found = leaving(job.payload)
    if found is None:
        return Outcome("There is nothing left to end.", skipped=True)
    try:
        note = _unsubscribe(found) + _revoke(found)
    except RateLimitedError as error:
        raise Postponed(now + error.retry_after, str(error)) from error
    except AdapterError:
        if job.failures + 1 >= _ATTEMPTS:
            empty(job.id)
        raise
    empty(job.id)
    return Outcome(note.strip())


def _unsubscribe(found: Leaving) -> str:
    if not found.subscription or found.access.kind not in readable_kinds():
        return ""
    calendar = open_calendar(found.access, NO_WINDOW, "UTC")
    if not isinstance(calendar, PushingCalendar):
        return ""
    try:
        calendar.unsubscribe(found.subscription)
    except RefusedError as error:
        return f"Its subscription was not ended, and ends by itself: {error} "
    return "Its subscription was ended. "


def _revoke(found: Leaving) -> str:
    provider = provider_of(found.access.kind)
    if not found.is_last:
        return "Another calendar uses the same consent, so that stays."
    if provider is None or not provider.revoke_url:
        return "Consent cannot be taken back from here; its tokens were forgotten."
    try:
        oauth.revoke(provider, tokens_of(json.loads(unseal(found.access.credentials))))
    except RefusedError as error:
        return f"Consent could not be taken back, its tokens were forgotten: {error}"
    return "Consent was taken back."
