"""Erasing people from what is known of what they, and others about them, were told."""

from collections.abc import Callable
from typing import Any

from django.db import transaction

from meeting_manager.notifications.models import Heard, Thread, Unsubscription

Json = dict[str, Any]

_TOLD = ("status", "start", "end")
"""What somebody was told that is about nobody else; times in UTC epoch seconds."""


def erase_from_thread(uid: str, scrub: Callable[[Any], Any], addresses: list[str]) -> None:
    """Forget what these addresses were told of the booking with this UID, and them in what others were told.

    Effects: rows, in the caller's transaction.
    """
    Heard.objects.filter(thread__uid=uid, address__in=addresses).delete()
    for thread in Thread.objects.filter(uid=uid).prefetch_related("heard"):
        for row in thread.heard.all():
            Heard.objects.filter(pk=row.pk).update(told=scrub(row.told))
        Thread.objects.filter(pk=thread.pk).update(told=scrub(thread.told))


def forget(address: str) -> int:
    """Forget what else is known of an address: what it was told, and that it wanted no follow-ups."""
    with transaction.atomic():
        heard, _ = Heard.objects.filter(address=address).delete()
        unsubscribed, _ = Unsubscription.objects.filter(address=address).delete()
    return heard + unsubscribed


def export(address: str) -> Json:
    """What this room knows of the address."""
    heard = Heard.objects.filter(address=address).select_related("thread").order_by("pk")
    unsubscribed = Unsubscription.objects.filter(address=address).values_list("created_at", flat=True)
    return {
        "told": [{"booking": row.thread.booking, **{field: row.told.get(field) for field in _TOLD}} for row in heard],
        "wants_no_follow_ups_since": next(iter(unsubscribed), None),
    }
