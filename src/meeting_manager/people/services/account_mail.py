"""Mails about an account: owed in the request, sealed as they hold links that open it, and sent by a worker."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.core.mail import EmailMessage
from django.db import transaction

from meeting_manager.ledger.models import Delivery
from meeting_manager.ledger.services import Owed, enqueue
from meeting_manager.people.sealing import seal, unseal

ACCOUNT_MAIL = "account_mail"
"""The kind of delivery."""

LONGEST_ADDRESS = 254
"""No mail server takes a longer one (RFC 5321), and no account has it."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a mail says; `html` may be empty."""

    subject: str
    text: str
    html: str = ""


def owe(message: EmailMessage, *, now: datetime) -> None:
    """Have a rendered message, which has one recipient, sent by a worker.

    Effects: writes one delivery, in the caller's transaction or one of its own; none for an address that nobody can
    have.
    """
    (recipient,) = message.to
    if len(recipient) > LONGEST_ADDRESS:
        return
    html = [str(part.content) for part in getattr(message, "alternatives", ())]
    words = Words(str(message.subject), str(message.body), "".join(html))
    sealed = seal(json.dumps(asdict(words)).encode()).decode()
    key = f"{ACCOUNT_MAIL}:{uuid.uuid4().hex}"
    with transaction.atomic():
        enqueue([Owed(ACCOUNT_MAIL, key, {"sealed": sealed}, due=now, recipient=recipient)], now=now)


def words_of(payload: Mapping[str, Any]) -> Words | None:
    """What was sealed; None once it was emptied. Raises sealing.UnreadableError."""
    sealed: str = payload.get("sealed", "")
    return Words(**json.loads(unseal(sealed.encode()))) if sealed else None


def empty(delivery: int) -> None:
    """Forget what a delivery said, of which only that it was sent is kept. Effect: writes its row."""
    Delivery.objects.filter(pk=delivery, kind=ACCOUNT_MAIL).update(payload={})
