"""Disconnecting a calendar: forgotten here at once; what has to be ended elsewhere is owed, its tokens sealed."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet

from meeting_manager.adapters.calendar.protocol import Subscription
from meeting_manager.calendars.access import Access
from meeting_manager.calendars.choices import IntegrationType
from meeting_manager.calendars.models import CalendarIntegration
from meeting_manager.calendars.rules import may_edit
from meeting_manager.ledger.models import Delivery
from meeting_manager.ledger.services import Owed, enqueue
from meeting_manager.people.models import User
from meeting_manager.people.sealing import UnreadableError, seal, unseal

REVOKE = "calendar_revoke"
"""The kind of delivery that ends a subscription and takes back a consent, at the provider."""

_GRANTED = (IntegrationType.GOOGLE, IntegrationType.OUTLOOK)


@dataclass(frozen=True, slots=True)
class Leaving:
    """What is to be ended elsewhere. `access` is of a calendar that has no row any more."""

    access: Access
    subscription: Subscription | None
    is_last: bool
    """Whether no other calendar uses the same consent."""


def disconnect(*, actor: User, integration: CalendarIntegration, now: datetime) -> None:
    """Forget a calendar, its credentials, its events and the time they block.

    Effects: a delivery that ends its subscription, and takes the consent back where no other calendar of the account
    uses it. Raises PermissionDenied.
    """
    if not may_edit(actor, integration):
        raise PermissionDenied("You may edit your own calendars only.")
    with transaction.atomic():
        rows = CalendarIntegration.objects.select_related("user").select_for_update(of=("self",))
        stored = rows.filter(pk=integration.pk).first()
        if stored is None:
            return
        owe_ending(stored, now)
        stored.delete()


def owe_ending(row: CalendarIntegration, now: datetime) -> None:
    """Owe what is to be ended elsewhere for a calendar that is about to be forgotten; nothing where it was let in by no
    consent, or by what can no longer be opened. Effect: one delivery, in the caller's transaction."""
    if not row.credentials or row.integration_type not in _GRANTED:
        return
    with suppress(UnreadableError):
        enqueue([_owed(row, now)], now=now)


def leaving(payload: Mapping[str, Any]) -> Leaving | None:
    """What a delivery is to end; None once it was emptied, or where its key is gone."""
    try:
        told = json.loads(unseal(payload["sealed"].encode()))
    except (KeyError, UnreadableError):
        return None
    credentials = seal(told["credentials"].encode())
    access = Access(0, IntegrationType(told["kind"]), told["calendar_id"], told["account"], "", "", credentials)
    subscription = Subscription(*told["subscription"]) if told["subscription"] else None
    return Leaving(access, subscription, told["is_last"])


def empty(delivery: int) -> None:
    """Forget the tokens of a delivery. Effect: writes its row."""
    Delivery.objects.filter(pk=delivery, kind=REVOKE).update(payload={})


def _owed(row: CalendarIntegration, now: datetime) -> Owed:
    until = int(row.push_until.timestamp()) if row.push_until else 0
    told = {
        "kind": row.integration_type,
        "calendar_id": row.calendar_id,
        "account": row.account,
        "credentials": unseal(bytes(row.credentials)).decode(),
        "subscription": [row.push_id, until, row.push_resource] if row.push_id else None,
        "is_last": not _share_its_consent(row).exists(),
    }
    payload = {"sealed": seal(json.dumps(told).encode()).decode()}
    return Owed(REVOKE, f"{REVOKE}:{row.pk}", payload, now, about=row.name, recipient=row.user.email)


def _share_its_consent(row: CalendarIntegration) -> QuerySet[CalendarIntegration]:
    # At Google it is one for an account, whoever here has connected it.
    others = CalendarIntegration.objects.filter(integration_type=row.integration_type).exclude(pk=row.pk)
    same = Q(credentials=bytes(row.credentials))
    return others.filter(same | Q(account=row.account) if row.account else same)
