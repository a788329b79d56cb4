"""Deliveries and mail texts as JSON."""

from typing import Any

from meeting_manager.api.writing import instant
from meeting_manager.ledger.models import Delivery
from meeting_manager.web.deliveries import what

Json = dict[str, Any]


def delivery(one: Delivery) -> Json:
    """A delivery without what it carries, which is for its handler."""
    return {
        "id": one.pk,
        "kind": one.kind,
        "what": what(one),
        "about": one.about,
        "recipient": one.recipient,
        "state": one.state,
        "attempts": one.attempt,
        "created_at": instant(one.created_at),
        "due": instant(one.due),
        "finished_at": instant(one.finished_at),
        "last_error": one.last_error,
        "note": one.note,
    }
