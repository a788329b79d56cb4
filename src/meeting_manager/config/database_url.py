"""DATABASE_URL, read into what Django wants to know."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

CONNECT_TIMEOUT_SECONDS = 3
CONNECTION_AGE_SECONDS = 60
EXPECTS = "sqlite:///path/to/file, or postgres://user:password@host:5432/name"


def read_database_url(url: str, base: Path) -> dict[str, Any]:
    """Django's settings for one database. Raises ValueError where the address is of no kind we know.

    Paths of SQLite are relative to ``base`` after three slashes and absolute after four.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return sqlite(_sqlite_path(parts.netloc, parts.path, base))
    if parts.scheme in {"postgres", "postgresql"}:
        return _postgresql(url)
    raise ValueError


def _sqlite_path(host: str, path: str, base: Path) -> Path:
    if host or len(path) < len("/x"):
        raise ValueError
    return (base / unquote(path[1:])).resolve()


def sqlite(path: Path) -> dict[str, Any]:
    """Django's settings for the SQLite file ``path``."""
    return {
        "ENGINE": "meeting_manager.adapters.sqlite",
        "NAME": str(path),
        "CONN_MAX_AGE": CONNECTION_AGE_SECONDS,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20.0},
    }


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise ValueError("the name of the database is missing")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": CONNECTION_AGE_SECONDS,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": CONNECT_TIMEOUT_SECONDS, **options},
    }
