"""The address of a private feed, which carries the right to read it.

It is a random key, by which the row is found, and an HMAC over it: nothing secret is stored, and whoever reads the
database cannot make an address of it. A new key ends the address there was.
"""

import hashlib
import hmac
import secrets
from base64 import b32encode

from django.conf import settings

_KEY_BYTES = 10
_MAC_BYTES = 20
KEY_LENGTH = _KEY_BYTES * 8 // 5


def new_key() -> str:
    """What tells this feed, as it is from now on, from every other: 80 random bits, no secret."""
    return _written(secrets.token_bytes(_KEY_BYTES))


def token_of(key: str) -> str:
    """The token of the feed with this key: 48 letters and digits in lower case, of which 160 bits are the right."""
    mac = hmac.new(settings.LINK_KEY.encode(), f"feed:{key}".encode(), hashlib.sha256).digest()[:_MAC_BYTES]
    return key + _written(mac)


def opens(key: str, token: str) -> bool:
    """Whether `token`, of ASCII, is that of the feed with this key, compared in constant time."""
    return hmac.compare_digest(token_of(key).encode(), token.encode())


def address_of(key: str) -> str:
    """Where programs read the feed with this key."""
    return f"{settings.SITE_URL}/calendar/{token_of(key)}.ics"


def _written(value: bytes) -> str:
    return b32encode(value).decode().lower()
