"""The mails that a site without a mail server keeps as files, for people to read."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist

from meeting_manager.adapters.mail.outbox import OutboxBackend

_NAME = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{16}\.eml", re.ASCII)
_HEADERS, _WHOLE = BytesHeaderParser(policy=policy.default), BytesParser(policy=policy.default)
_LONGEST_HEAD = 65_536
SEARCHED = 2000
"""So many of the newest messages are looked through for a word: each is a file to open."""


class NoSuchMessage(ObjectDoesNotExist):
    """The outbox has no message of this name, or this site has no outbox."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One message of the outbox; `parsed` has its headers, and its parts where it was read whole."""

    name: str
    parsed: EmailMessage

    def header(self, name: str) -> str:
        """A header as people read it; empty where there is none."""
        return str(self.parsed.get(name, ""))

    @property
    def subject(self) -> str:
        return self.header("Subject")

    @property
    def recipient(self) -> str:
        return self.header("To")

    @property
    def kept_at(self) -> datetime:
        """When it was written, aware UTC."""
        return _instant(self.name)

    @property
    def headers(self) -> list[tuple[str, str]]:
        """All headers in their order."""
        return [(name, str(value)) for name, value in self.parsed.items()]

    def part(self, subtype: str) -> str:
        """The decoded text of its first part text/`subtype`; empty where there is none."""
        parts = (each for each in self.parsed.walk() if each.get_content_type() == f"text/{subtype}")
        found = next(parts, None)
        return _decoded(found) if found is not None else ""


def is_outbox_used() -> bool:
    """Whether mail of this site is written into files instead of being sent."""
    return f"{OutboxBackend.__module__}.{OutboxBackend.__qualname__}" == settings.EMAIL_BACKEND


def names() -> list[str]:
    """The names of all messages, newest first. Raises NoSuchMessage where there is no outbox."""
    folder = _folder()
    found = (each.name for each in folder.iterdir()) if folder.is_dir() else iter(())
    return sorted(filter(_is_name, found), reverse=True)


def with_word(word: str) -> list[str]:
    """As `names`: those of the newest SEARCHED messages whose recipient or subject has `word` in it, in any case."""
    wanted = word.casefold()
    letters = _letters(islice(names(), SEARCHED))
    return [each.name for each in letters if wanted in f"{each.recipient}\n{each.subject}".casefold()]


def heads(of: Sequence[str]) -> list[Letter]:
    """The messages of these names, with headers only; one that is gone meanwhile is left out."""
    return list(_letters(of))


def read(name: str) -> Letter:
    """A whole message. Raises NoSuchMessage, also for every name that is no name of a message."""
    with path_of(name).open("rb") as file:
        return Letter(name, _WHOLE.parse(file))


def path_of(name: str) -> Path:
    """The file of a message, which is there. Raises NoSuchMessage."""
    folder = _folder()
    if not _is_name(name):
        raise NoSuchMessage(name)
    path = folder / name
    if not path.is_file() or path.is_symlink():
        raise NoSuchMessage(name)
    return path


def _letters(of: "Iterator[str] | Sequence[str]") -> Iterator[Letter]:
    for name in of:
        try:
            with path_of(name).open("rb") as file:
                head = file.read(_LONGEST_HEAD).replace(b"\r\n", b"\n").partition(b"\n\n")[0]
            yield Letter(name, _HEADERS.parsebytes(head))
        except (NoSuchMessage, FileNotFoundError):
            continue


def _folder() -> Path:
    if not is_outbox_used():
        raise NoSuchMessage
    return Path(settings.EMAIL_FILE_PATH)


def _is_name(name: str) -> bool:
    try:
        return bool(_NAME.fullmatch(name) and _instant(name))
    except ValueError:
        return False


def _instant(name: str) -> datetime:
    return datetime.strptime(name.partition("-")[0], "%Y%m%dT%H%M%S%z")


def _decoded(part: EmailMessage) -> str:
    try:
        return str(part.get_content())
    except (LookupError, ValueError):  # a character set that nobody knows
        return bytes(part.get_payload(decode=True) or b"").decode("utf-8", "replace")
