"""What tells mail programs that a message is one they have."""

import hashlib
from email.utils import parseaddr

from django.conf import settings


def message_id(key: str) -> str:
    """A Message-ID that is the same for every try of the delivery `key`, in the domain of the site's sender."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"
