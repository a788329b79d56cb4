"""What people may do about a delivery that went wrong."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from meeting_manager.ledger.choices import DeliveryState
from meeting_manager.ledger.models import Delivery
from meeting_manager.ledger.services.deferring import defer

WENT_WRONG = Q(state=DeliveryState.DEAD) | Q(state=DeliveryState.READY, failures__gt=0)
"""What people may retry or discard: what was given up, and what failed and waits for another attempt."""


def retry(delivery: Delivery, now: datetime) -> bool:
    """Have it tried again at once (`now`, aware UTC), with as many attempts as a new one.

    False where it did not go wrong, or is being tried at this moment. `delivery` itself is not changed.
    """
    again = {"state": DeliveryState.READY, "due": now, "failures": 0, "finished_at": None}
    with transaction.atomic():
        changed = Delivery.objects.filter(WENT_WRONG, pk=delivery.pk).update(**again)
        if changed:
            defer([(delivery.pk, delivery.kind, now)], now)
    return bool(changed)


def discard(delivery: Delivery, now: datetime) -> bool:
    """Give it up for good as of `now`; False as with `retry`. `delivery` itself is not changed."""
    given_up = {"state": DeliveryState.DISCARDED, "finished_at": now}
    return bool(Delivery.objects.filter(WENT_WRONG, pk=delivery.pk).update(**given_up))
