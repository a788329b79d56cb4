"""The mail backend of a site without a mail server: each message is an `.eml` file that people can read."""

import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class OutboxBackend(BaseEmailBackend):
    """Writes into the folder EMAIL_FILE_PATH; the same Message-ID twice is one file."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(**options)
        self.folder = Path(settings.EMAIL_FILE_PATH)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the messages; returns how many. Raises OSError where the folder can't be written."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            self._write(message)
        return len(email_messages)

    def _write(self, message: EmailMessage) -> None:
        mime = message.message()
        identity = hashlib.sha256(str(mime["Message-ID"]).encode()).hexdigest()[:16]
        known = next(self.folder.glob(f"*-{identity}.eml"), None)
        target = known or self.folder / f"{_sent(str(mime['Date'])):%Y%m%dT%H%M%SZ}-{identity}.eml"
        # Whoever reads meanwhile sees a whole message or none.
        handle, name = tempfile.mkstemp(dir=self.folder, prefix=".", suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(mime.as_bytes())
        Path(name).replace(target)


def forget_old(now: datetime) -> None:
    """Delete messages that were written DELIVERIES_KEEP_DAYS before `now` (aware UTC), where mail goes into files."""
    folder = getattr(settings, "EMAIL_FILE_PATH", None)
    if not folder:
        return
    oldest = (now - timedelta(days=settings.DELIVERIES_KEEP_DAYS)).timestamp()
    for file in Path(folder).glob("*.eml"):
        if file.stat().st_mtime < oldest:
            file.unlink(missing_ok=True)


def messages_to(address: str) -> Iterator[tuple[str, bytes]]:
    """Name and content of each message that went to this address, where mail goes into files."""
    for file, content in _kept():
        if address.lower() in str(_parsed(content)["To"]).lower():
            yield file.name, content


def files_with(address: str) -> list[Path]:
    """The messages that go to this address, or name it in what they say."""
    return [file for file, content in _kept() if _names(content, address.lower())]


def forget_with(address: str) -> int:
    """Delete those messages; returns how many."""
    found = files_with(address)
    for file in found:
        file.unlink(missing_ok=True)
    return len(found)


def _kept() -> Iterator[tuple[Path, bytes]]:
    folder = getattr(settings, "EMAIL_FILE_PATH", None)
    for file in sorted(Path(folder).glob("*.eml")) if folder else ():
        with suppress(FileNotFoundError):  # forgotten meanwhile
            yield file, file.read_bytes()


def _names(content: bytes, address: str) -> bool:
    message = _parsed(content)
    headers = " ".join(str(message[name]) for name in ("To", "Cc", "Reply-To", "Subject") if message[name])
    if address in headers.lower():
        return True
    parts = (part.get_payload(decode=True) for part in message.walk() if not part.is_multipart())
    return any(address.encode() in part.lower() for part in parts if isinstance(part, bytes))


def _parsed(content: bytes) -> Message:
    return message_from_bytes(content, policy=policy.default)


def _sent(date: str) -> datetime:
    return parsedate_to_datetime(date).astimezone(UTC)
