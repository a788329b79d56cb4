"""Django's SQLite backend with the safeguards that several writing processes need.

A current SQLite library; write-ahead log only where it is sound; every commit flushed to disk; writers queue fairly.
"""

# ruff: noqa: E402 - the library is chosen before Django's backend imports it
from pathlib import Path
from typing import Any

from meeting_manager.adapters.sqlite.library import use_newest_sqlite, wal_is_safe

use_newest_sqlite()

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from meeting_manager.adapters.sqlite.lock import WriterLock

DEFAULT_TIMEOUT_SECONDS = 20.0
WRITING_VERBS = ("INSERT", "UPDATE", "DELETE", "REPLACE")

Database = base.Database  # type: ignore[attr-defined] # what the stubs leave out is stable since Django 1.8


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection; its transactions take the writers' lock before they begin and give it back when they end."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._writer_lock: WriterLock | None = None

    def get_connection_params(self) -> dict[str, Any]:
        """As Django's, with waiting times of 20 s unless the settings say otherwise."""
        parameters = super().get_connection_params()
        parameters.setdefault("timeout", DEFAULT_TIMEOUT_SECONDS)
        parameters["database"] = str(parameters["database"])
        return parameters

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open the file and set its journal. Effect: the first connection of all turns the log on, for good."""
        connection = super().get_new_connection(conn_params)
        if not self.is_in_memory_db():
            path = Path(conn_params["database"])
            self._writer_lock = WriterLock(path.with_name(path.name + ".lock"), conn_params["timeout"])
            self._set_journal(connection)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")  # what was erased is not to be read from the file either
        return connection

    def _set_journal(self, connection: Any) -> None:
        wanted = "wal" if wal_is_safe(Database.sqlite_version_info) else "delete"
        if connection.execute("PRAGMA journal_mode").fetchone()[0] == wanted:
            return
        self._acquire()
        try:
            connection.execute(f"PRAGMA journal_mode = {wanted}")
        finally:
            self._release()

    def create_cursor(self, name: str | None = None) -> Any:  # noqa: ARG002 - for server-side cursors elsewhere
        """A cursor whose single writes outside transactions queue like transactions do."""
        cursor = self.connection.cursor(factory=QueueingCursor)
        cursor.wrapper = self
        return cursor

    def _start_transaction_under_autocommit(self) -> None:
        self._acquire()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc] # left out of the stubs
        except BaseException:
            self._release()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc] # left out of the stubs
        self._release_when_done()

    def _rollback(self) -> None:
        super()._rollback()  # type: ignore[misc] # left out of the stubs
        self._release_when_done()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc] # left out of the stubs
        finally:
            self._release()

    def _acquire(self) -> None:
        if self._writer_lock is None:
            return
        try:
            self._writer_lock.acquire()
        except TimeoutError as error:
            raise OperationalError(f"database is locked: {error}") from error
        except OSError as error:
            raise OperationalError(f"unable to open the lock file: {error}") from error

    def _release(self) -> None:
        if self._writer_lock is not None:
            self._writer_lock.release()

    def _release_when_done(self) -> None:
        # A commit that failed leaves the transaction open; Django rolls it back, or closes the connection.
        if self.connection is None or not self.connection.in_transaction:
            self._release()


class QueueingCursor(base.SQLiteCursorWrapper):
    """Django's cursor; a write outside a transaction takes the writers' lock for its own duration."""

    wrapper: DatabaseWrapper

    def execute(self, query: str, params: Any = None) -> Any:
        """Run one statement, in the queue of writers if it writes and no transaction is open."""
        wrapper = self.wrapper
        if wrapper.connection.in_transaction or not query.lstrip()[:7].upper().startswith(WRITING_VERBS):
            return super().execute(query, params)
        wrapper._acquire()  # noqa: SLF001 - the cursor is a part of its connection
        try:
            return super().execute(query, params)
        finally:
            wrapper._release_when_done()  # noqa: SLF001 - the cursor is a part of its connection
