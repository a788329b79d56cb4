"""Links in mails that need no booking."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

_SALT = "meeting_manager.unsubscribe"


def unsubscribe_url(address: str) -> str:
    """Where `address` says that it wants no follow-ups; opening it changes nothing."""
    token = signing.dumps(address, key=settings.LINK_KEY, salt=_SALT)
    return settings.SITE_URL + reverse("public:unsubscribe", args=[token])


def confirm_url(token: str) -> str:
    """Where a guest confirms a booking that they asked for; opening it changes nothing."""
    return settings.SITE_URL + reverse("public:confirm", args=[token])


def unsubscribing_address(token: str) -> str | None:
    """Whose link this is; None for a token that is none of ours."""
    try:
        return str(signing.loads(token, key=settings.LINK_KEY, salt=_SALT))
    except signing.BadSignature:
        return None
