"""Where the records are."""

from typing import Any

from meeting_manager.config.database_url import EXPECTS, read_database_url, sqlite
from meeting_manager.config.env import env
from meeting_manager.config.settings.base import DATA_DIR

DATABASES: dict[str, dict[str, Any]] = {
    "default": env.read(
        "DATABASE_URL",
        lambda url: read_database_url(url, DATA_DIR),
        sqlite(DATA_DIR / "db.sqlite3"),
        EXPECTS,
        "The database: SQLite for one machine, PostgreSQL 15 or later for several. Relative paths start in DATA_DIR.",
        shown_default="sqlite:///db.sqlite3",
        private=True,
    )
}
