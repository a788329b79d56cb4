"""Wanting no follow-ups, and wanting them again."""

from datetime import datetime

from meeting_manager.notifications.models import Unsubscription


def is_unsubscribed(address: str) -> bool:
    """Whether this address wants no follow-ups."""
    return Unsubscription.objects.filter(address=address).exists()


def unsubscribe(*, address: str, now: datetime) -> None:
    """No follow-ups for this address from now on; what a booking needs is sent all the same. Doing it twice is fine."""
    Unsubscription.objects.get_or_create(address=address, defaults={"created_at": now})


def subscribe_again(*, address: str) -> None:
    """Follow-ups for this address as before."""
    Unsubscription.objects.filter(address=address).delete()
