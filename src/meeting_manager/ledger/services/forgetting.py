"""Deleting what nobody needs to look at any more."""

from datetime import datetime, timedelta

from django.conf import settings

from meeting_manager.ledger.choices import SETTLED, DeliveryState
from meeting_manager.ledger.handlers import ROUTINE
from meeting_manager.ledger.models import Delivery

KEEP_ROUTINE = timedelta(days=1)
_AT_ONCE = 1_000


def forget_old(now: datetime) -> None:
    """Delete routine work that was settled a day before `now` (aware UTC), and all else after DELIVERIES_KEEP_DAYS.

    What was given up stays until people retry or discard it.
    """
    _delete(now - KEEP_ROUTINE, kind__in=ROUTINE)
    _delete(now - timedelta(days=settings.DELIVERIES_KEEP_DAYS))


def forget_about(name: str) -> None:
    """Delete the deliveries about the record with this document name, which goes away itself, in the caller's
    transaction; one that is being carried out at this moment finds out by itself.
    """
    Delivery.objects.filter(about=name).exclude(state=DeliveryState.RUNNING).delete()


def _delete(before: datetime, **narrowed: object) -> None:
    # In portions: on SQLite nobody else can write meanwhile.
    old = Delivery.objects.filter(state__in=SETTLED, finished_at__lt=before, **narrowed)
    while ids := list(old.values_list("pk", flat=True)[:_AT_ONCE]):
        Delivery.objects.filter(pk__in=ids, state__in=SETTLED).delete()
