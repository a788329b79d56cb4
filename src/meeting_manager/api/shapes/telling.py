"""Deliveries and mail texts as JSON."""

from typing import Any

from meeting_manager.api.writing import instant
from meeting_manager.ledger.models import Delivery
from meeting_manager.notifications.choices import Message
from meeting_manager.notifications.models import MailText
from meeting_manager.notifications.texts import placeholders
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


def mail_text(message: Message, own: MailText | None) -> Json:
    """A message that departments may word, with a department's own words where it has some."""
    return {
        "message": message.value,
        "what": str(message.label),
        "is_own": own is not None,
        "subject": own.subject if own else "",
        "text": own.text if own else "",
        "placeholders": list(placeholders(message)),
        "modified_at": instant(own.modified_at) if own else None,
        "modified_by": own.modified_by.email if own else None,
    }
