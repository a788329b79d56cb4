"""EMAIL_URL, read into Django's settings for mail."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

EXPECTS = "file:///folder, smtp://user:password@host:587?tls=starttls (or smtps://…), or console:"
DEFAULT_PORTS = {"smtp": 25, "smtps": 465}
TIMEOUT_SECONDS = 20
OUTBOX = "meeting_manager.adapters.mail.outbox.OutboxBackend"


def read_email_url(url: str) -> dict[str, Any]:
    """Django's EMAIL_* settings. Raises ValueError where the address is of no kind we know."""
    parts = urlsplit(url)
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if parts.scheme == "file" and parts.path:
        return to_files(Path(unquote(parts.path)))
    if parts.scheme in DEFAULT_PORTS and parts.hostname:
        return _smtp(url)
    raise ValueError


def to_files(folder: Path) -> dict[str, Any]:
    """Mail is written into ``folder``, a file for each message."""
    return {"EMAIL_BACKEND": OUTBOX, "EMAIL_FILE_PATH": str(folder)}


def _smtp(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    encryption = options.pop("tls", "")
    if options or encryption not in {"", "starttls"}:
        raise ValueError("after the question mark only tls=starttls is known")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or DEFAULT_PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": encryption == "starttls",
        "EMAIL_TIMEOUT": TIMEOUT_SECONDS,
    }
