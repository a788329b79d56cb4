"""Secrets at rest: second factors and the credentials of calendars, encrypted with a key of their own."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class UnreadableError(ValueError):
    """What was sealed cannot be opened: another key sealed it, or it was changed."""


def seal(secret: bytes) -> bytes:
    """`secret`, encrypted and authenticated."""
    return _fernet().encrypt(secret)


def unseal(sealed: bytes) -> bytes:
    """What was sealed. Raises UnreadableError."""
    try:
        return _fernet().decrypt(sealed)
    except InvalidToken as error:
        raise UnreadableError("This secret was sealed with another SEAL_KEY. Please restore that key.") from error


def _fernet() -> Fernet:
    key = hashlib.sha256(f"meeting_manager.sealing:{settings.SEAL_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
