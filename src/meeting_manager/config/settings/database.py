"""Where the records are."""

from typing import Any

from meeting_manager.config.database_url import EXPECTS, read_database_url, sqlite
from meeting_manager.config.env import env
from meeting_manager.config.settings import base

DATABASES: dict[str, dict[str, Any]] = {
    "default": env.read(
        "DATABASE_URL",
        lambda url: read_database_url(url, base.DATA_DIR),
        sqlite(base.DATA_DIR / "db.sqlite3"),
        EXPECTS,
        "The database: SQLite for one machine, PostgreSQL 15 or later for several. Relative paths start in DATA_DIR.",
        shown_default="sqlite:///db.sqlite3",
        private=True,
    )
}

IS_POSTGRESQL = "postgresql" in DATABASES["default"]["ENGINE"]
INSTALLED_APPS = [*base.INSTALLED_APPS, *(["procrastinate.contrib.django"] if IS_POSTGRESQL else [])]
"""The tables of procrastinate, which carries deliveries to the workers of a site, are for PostgreSQL only."""
