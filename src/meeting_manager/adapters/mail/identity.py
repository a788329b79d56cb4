"""What tells mail programs that a message is one they have."""

import hashlib
from email.utils import formataddr, parseaddr

from django.conf import settings

from meeting_manager.adapters.errors import RefusedError


def message_id(key: str) -> str:
    """A Message-ID that is the same for every try of the delivery `key`, in the domain of the site's sender."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"


def mailbox(name: str, address: str) -> str:
    """Name and address as a header has them, the domain in the letters of the mail system (IDNA).

    Raises RefusedError where the part before the @ needs a mail system that knows more letters than ASCII.
    """
    local, _, domain = address.rpartition("@")
    try:
        return formataddr((name, f"{local}@{domain.encode('idna').decode()}"))
    except UnicodeError as error:
        raise RefusedError(
            "This address cannot be written to: it has letters that mail servers do not know."
        ) from error
