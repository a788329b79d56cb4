"""Taking a database out of a running site, and putting it back."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection

from meeting_manager.config.backup.archive import BackupError

Say = Callable[[str], None]

FILES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
PAGES_A_STEP = 2048


def dump(folder: Path, say: Say) -> None:
    """Write the database, as it is at one instant, into a file of ``folder``; the site may go on writing."""
    if connection.vendor == "sqlite":
        _dump_sqlite(folder / FILES["sqlite"], say)
    else:
        say("Dumping PostgreSQL ...")
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={folder / FILES['postgresql']}")


def load(folder: Path, say: Say) -> None:
    """Replace everything in the database by the file in ``folder``. Raises BackupError where that file is damaged."""
    if connection.vendor == "sqlite":
        _load_sqlite(folder / FILES["sqlite"], say)
    else:
        say("Loading into PostgreSQL ...")
        options = ["--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
        _run(
            "pg_restore",
            *options,
            f"--dbname={settings.DATABASES['default']['NAME']}",
            str(folder / FILES["postgresql"]),
        )


def _dump_sqlite(path: Path, say: Say) -> None:
    from meeting_manager.adapters.sqlite.base import Database

    connection.ensure_connection()
    copy = Database.connect(path)
    # One step takes one consistent picture: with the write-ahead log writers go on meanwhile.
    connection.connection.backup(copy, pages=-1)
    copy.close()
    say(f"Copied the database, {path.stat().st_size // 1024} kB.")


def _load_sqlite(path: Path, say: Say) -> None:
    from meeting_manager.adapters.sqlite.base import Database

    copy = Database.connect(path)
    damage = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
    orphans = copy.execute("PRAGMA foreign_key_check").fetchone()
    if damage != "ok" or orphans:
        raise BackupError(f"The database in the backup is damaged: {damage if damage != 'ok' else orphans}")
    say("The database in the backup is whole.")
    connection.ensure_connection()
    copy.backup(
        connection.connection,
        pages=PAGES_A_STEP,
        progress=lambda _, remaining, total: say(f"Restored {100 * (total - remaining) // max(total, 1)} %."),
    )
    copy.close()


def _run(program: str, *arguments: str) -> None:
    if shutil.which(program) is None:
        raise BackupError(f"{program} is missing; install the package postgresql-client on this machine.")
    done = subprocess.run(  # noqa: S603 - our own arguments
        [program, *arguments], env=os.environ | _libpq(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = done.stderr.strip()
        remedy = " Install the client of the server's version." if "version mismatch" in said else ""
        raise BackupError(f"{program} failed: {said}{remedy}")


def _libpq() -> dict[str, str]:
    database = settings.DATABASES["default"]
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    given = {variable: str(database[name]) for variable, name in names.items() if database.get(name)}
    mode = database.get("OPTIONS", {}).get("sslmode")
    return given | ({"PGSSLMODE": mode} if mode else {})
