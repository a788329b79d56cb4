"""Which SQLite library this process uses, and whether its write-ahead log can be trusted."""

import importlib
import sys

WAL_SAFE_SINCE = (3, 51, 3)


def use_newest_sqlite() -> None:
    """Put pysqlite3, which carries a current SQLite, in the place of the standard library's module.

    Effect: replaces ``sqlite3`` in ``sys.modules`` for the whole process, because two SQLite libraries that open the
    same file in one process drop each other's POSIX locks. Where the platform has no wheel the standard module stays.
    """
    if "django.db.backends.sqlite3.base" in sys.modules:
        return
    try:
        newest = importlib.import_module("pysqlite3")
        dbapi = importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return
    sys.modules["sqlite3"] = newest
    sys.modules["sqlite3.dbapi2"] = dbapi


def wal_is_safe(version: tuple[int, int, int]) -> bool:
    """True where SQLite's rare corruption of a log written by two connections (3.7 to 3.51.2) is mended."""
    return version >= WAL_SAFE_SINCE
