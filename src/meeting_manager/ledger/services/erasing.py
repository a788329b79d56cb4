"""Erasing people from deliveries: that there was one and what became of it stays, to whom and what it said goes."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from meeting_manager.ledger.choices import DeliveryState
from meeting_manager.ledger.models import Delivery

UNSENT = (DeliveryState.READY, DeliveryState.DEAD)
_SECRETS = ("token",)
_AT_ONCE = 500

Scrub = Callable[[Any], Any]
"""JSON without the people."""


def erase_about(names: Collection[str], scrub: Scrub, addresses: Collection[str], now: datetime) -> int:
    """Erase from the deliveries about the records with these document names; returns from how many.

    What was still to be sent to one of `addresses` is discarded as of `now` (aware UTC); what is being sent at this
    moment keeps its state. Effects: rows, in the caller's transaction.
    """
    return _erase(Delivery.objects.filter(about__in=names), scrub, addresses, now)


def erase_to(address: str, scrub: Scrub, now: datetime) -> int:
    """The same of the deliveries to this address, and of those that name it, whatever they are about; in portions.

    Looks through all deliveries, so it is for what is done rarely.
    """
    total, last = 0, 0
    while rows := list(_naming(address).filter(pk__gt=last).order_by("pk")[:_AT_ONCE]):
        total += _erase(rows, scrub, [address], now)
        last = rows[-1].pk
    return total


def sending_to(address: str) -> QuerySet[Delivery]:
    """What is being sent to the address at this moment."""
    return Delivery.objects.filter(recipient=address, state=DeliveryState.RUNNING)


def _naming(address: str) -> QuerySet[Delivery]:
    rows = Delivery.objects.annotate(told=Cast("payload", TextField()))
    named = Q(recipient=address) | Q(told__icontains=address)
    return rows.filter(named | Q(note__icontains=address) | Q(last_error__icontains=address))


def _erase(rows: Iterable[Delivery], scrub: Scrub, addresses: Collection[str], now: datetime) -> int:
    return sum(_erase_one(row, scrub, addresses, now) for row in rows)


def _erase_one(row: Delivery, scrub: Scrub, addresses: Collection[str], now: datetime) -> bool:
    """Whether there was anything; nothing where its state changed meanwhile, so that it is found again."""
    kept = {field: getattr(row, field) for field in ("payload", "recipient", "note", "last_error")}
    changes: dict[str, object] = {field: scrub(value) for field, value in kept.items()}
    if row.recipient in addresses and row.state in UNSENT:
        payload = {key: value for key, value in scrub(row.payload).items() if key not in _SECRETS}
        changes |= {"payload": payload, "state": DeliveryState.DISCARDED, "finished_at": now}
    if all(kept.get(field) == value for field, value in changes.items()):
        return False
    return bool(Delivery.objects.filter(pk=row.pk, state=row.state, attempt=row.attempt).update(**changes))
