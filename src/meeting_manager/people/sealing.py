"""Secrets at rest: second factors and the credentials of calendars, encrypted with keys of their own.

The first key seals, all of them open. Rooms say with `keep` where what they seal lies, so that `rotate-keys` finds it.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from meeting_manager.people.key_files import kept_keys


class UnreadableError(ValueError):
    """What was sealed cannot be opened: another key sealed it, or it was changed."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A column in which something sealed lies: bytes or text, or an object of which the `names` are sealed."""

    what: str
    """For people, such as "credentials of calendars"."""
    by: str
    """The module that seals it."""
    model: str
    column: str
    names: tuple[str, ...] = ()
    where: Mapping[str, str] = field(default_factory=dict)


_kept: dict[tuple[str, str, str], Kept] = {}


def keep(*stated: Kept) -> None:
    """Say where something sealed lies. Called once at start-up, by the room that seals it."""
    _kept.update({(each.what, each.model, each.column): each for each in stated})


def kept() -> tuple[Kept, ...]:
    """Every place in which something sealed lies."""
    return tuple(_kept.values())


def seal(secret: bytes) -> bytes:
    """`secret`, encrypted and authenticated."""
    return _fernet(_keys()[0]).encrypt(secret)


def unseal(sealed: bytes) -> bytes:
    """What was sealed, with any of the keys. Raises UnreadableError."""
    try:
        return MultiFernet([_fernet(key) for key in _keys()]).decrypt(sealed)
    except InvalidToken as error:
        raise UnreadableError("This secret was sealed with another SEAL_KEY. Please restore that key.") from error


def is_current(sealed: bytes) -> bool:
    """Whether the first key has sealed it."""
    try:
        _fernet(_keys()[0]).decrypt(sealed)
    except InvalidToken:
        return False
    return True


def _keys() -> tuple[str, ...]:
    """The first seals. A process that began before the keys were changed learns of the new one by the files."""
    known = (settings.SEAL_KEY, *settings.SEAL_KEYS_OLD)
    if settings.SEAL_KEY_FOLDER is None:
        return known
    newest, older = kept_keys(settings.SEAL_KEY_FOLDER)
    if newest and settings.SEAL_KEY in older:
        return (newest, *older, *settings.SEAL_KEYS_OLD)
    return (*known, *older) if newest == settings.SEAL_KEY else known


@lru_cache(maxsize=32)
def _fernet(key: str) -> Fernet:
    digest = hashlib.sha256(f"meeting_manager.sealing:{key}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
