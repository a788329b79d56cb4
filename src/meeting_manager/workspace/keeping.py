"""What lies between two steps of connecting a calendar: sealed in the session, for a quarter of an hour at most.

Credentials never travel through forms or pages. Who signs out or in as another loses what was kept.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.base import SessionBase

from meeting_manager.people.sealing import UnreadableError, seal, unseal

KEPT_FOR = timedelta(minutes=15)

CONSENT = "calendar_consent"
"""The question that was put to Google or Microsoft: state, verifier, and for which calendar."""
FOUND = "calendar_found"
"""An account that lets us in, with its calendars to choose from."""


def keep(session: SessionBase, slot: str, value: Mapping[str, Any], now: datetime) -> None:
    """Keep `value`, which JSON can say, in the place of what was there."""
    until = (now + KEPT_FOR).timestamp()
    session[slot] = seal(json.dumps({"until": until, "value": dict(value)}).encode()).decode()


def look(session: SessionBase, slot: str, now: datetime) -> dict[str, Any] | None:
    """What is kept there; none where that is nothing, too old, or sealed with another key. Then it is forgotten."""
    sealed = session.get(slot, "")
    if not sealed:
        return None
    try:
        kept = json.loads(unseal(sealed.encode()))
    except (UnreadableError, ValueError):
        kept = {"until": 0.0}
    if kept["until"] <= now.timestamp():
        forget(session, slot)
        return None
    return dict(kept["value"])


def take(session: SessionBase, slot: str, now: datetime) -> dict[str, Any] | None:
    """As `look`, and it is gone afterwards: good for one use."""
    value = look(session, slot, now)
    forget(session, slot)
    return value


def forget(session: SessionBase, slot: str) -> None:
    """Have nothing there any more."""
    session.pop(slot, None)
