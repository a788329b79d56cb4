"""Guards: refusals that the database makes by itself and that Django's constraints can't express on both databases.

They are installed after every `migrate` rather than by a migration, because SQLite drops triggers whenever a later
migration rebuilds their table. Installing is idempotent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_migrate

_THERE = {
    "postgresql": """
        SELECT conname FROM pg_constraint WHERE connamespace = current_schema()::regnamespace
        UNION ALL
        SELECT tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = current_schema()::regnamespace
    """,
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
}


@dataclass(frozen=True, slots=True)
class Guard:
    """One refusal by the database: a trigger or a constraint on a table, and how each database makes it."""

    name: str
    table: str
    postgresql: str
    sqlite: Sequence[tuple[str, str]]
    """Triggers: (name, statement)."""

    def statements(self, vendor: str) -> list[tuple[str, str]]:
        """(name, statement) of everything this guard puts into a database of that vendor."""
        return [(self.name, self.postgresql)] if vendor == "postgresql" else list(self.sqlite)


def missing(connection: BaseDatabaseWrapper, guards: Sequence[Guard]) -> list[tuple[str, str]]:
    """(name, statement) of what should guard this database and doesn't."""
    with connection.cursor() as cursor:
        cursor.execute(_THERE[connection.vendor])
        there = {name for (name,) in cursor.fetchall()}
    wanted = [pair for guard in guards for pair in guard.statements(connection.vendor)]
    return [(name, statement) for name, statement in wanted if name not in there]


def install(connection: BaseDatabaseWrapper, guards: Sequence[Guard]) -> None:
    """Put absent guards in place, where their tables exist already."""
    tables = set(connection.introspection.table_names())
    present = [guard for guard in guards if guard.table in tables]
    absent = missing(connection, present) if present else []
    with connection.cursor() as cursor:
        for _, statement in absent:
            cursor.execute(statement)


def install_after_migrate(app: AppConfig, guards: Sequence[Guard]) -> None:
    """Have `guards` put in place whenever the app was migrated."""

    def handler(using: str, **_: Any) -> None:  # noqa: ANN401 - a signal's arguments
        install(connections[using], guards)

    post_migrate.connect(handler, sender=app, weak=False, dispatch_uid=f"guards of {app.label}")
