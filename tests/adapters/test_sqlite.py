"""SQLite under several writing processes: nobody waits unfairly, nobody is locked out by the dead, nothing is lost."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections, transaction
from django.db.utils import OperationalError
from pytest_django import DjangoDbBlocker

from meeting_manager.adapters.sqlite.base import Database, DatabaseWrapper
from meeting_manager.adapters.sqlite.library import wal_is_safe
from meeting_manager.adapters.sqlite.lock import WriterLock
from meeting_manager.config.database_url import sqlite

pytestmark = pytest.mark.engine

WRITERS = 16
WRITES_EACH = 25


def connect(path: Path, timeout: float = 20.0) -> DatabaseWrapper:
    """A connection of the product's own kind to the file."""
    options = sqlite(path)
    options["OPTIONS"]["timeout"] = timeout
    defaults = {name: value for name, value in connections["default"].settings_dict.items() if name != "OPTIONS"}
    return DatabaseWrapper({**defaults, **options}, alias="own")


@pytest.fixture
def file(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Path]:
    path = tmp_path / "db.sqlite3"
    with django_db_blocker.unblock():
        connection = connect(path)
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE note (writer integer, number integer)")
        connection.close()
        yield path


def pragma(connection: DatabaseWrapper, name: str) -> object:
    """The value of one pragma."""
    with connection.cursor() as cursor:
        value: object = cursor.execute(f"PRAGMA {name}").fetchone()[0]
    return value


def test_the_library_is_one_whose_log_can_be_trusted(file: Path) -> None:
    connection = connect(file)
    assert wal_is_safe(Database.sqlite_version_info)
    assert pragma(connection, "journal_mode") == "wal"
    connection.close()


def test_what_was_overwritten_or_deleted_is_gone_from_the_file_too(file: Path) -> None:
    connection = connect(file)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE person (name text)")
        cursor.executemany("INSERT INTO person VALUES (%s)", [(f"Ada {number} {'x' * 5000}",) for number in range(9)])
        cursor.execute("UPDATE person SET name = 'nobody' WHERE name LIKE 'Ada 1%%'")
        cursor.execute("DELETE FROM person WHERE name LIKE 'Ada%%'")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    assert b"nobody" in file.read_bytes()
    assert b"Ada" not in file.read_bytes()


@pytest.mark.parametrize(("version", "safe"), [((3, 40, 1), False), ((3, 51, 2), False), ((3, 51, 3), True)])
def test_older_libraries_do_not_get_the_log(version: tuple[int, int, int], safe: bool) -> None:
    assert wal_is_safe(version) is safe


def test_every_commit_is_flushed_and_keys_are_enforced(file: Path) -> None:
    connection = connect(file)
    assert pragma(connection, "synchronous") == 2
    assert pragma(connection, "foreign_keys") == 1
    connection.close()


def test_sixteen_writers_all_get_their_turn_soon(file: Path) -> None:
    waits: list[float] = []

    def write(writer: int) -> None:
        connection = connect(file)
        for number in range(WRITES_EACH):
            began = time.monotonic()
            connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
            with connection.cursor() as cursor:
                waits.append(time.monotonic() - began)
                cursor.execute("INSERT INTO note VALUES (%s, %s)", [writer, number])
            connection.commit()
            connection.set_autocommit(True)
        connection.close()

    writers = [threading.Thread(target=write, args=[writer]) for writer in range(WRITERS)]
    for each in writers:
        each.start()
    for each in writers:
        each.join(60)
    assert count(file) == WRITERS * WRITES_EACH
    assert max(waits) < 1.0


def count(file: Path) -> int:
    """How many notes are stored."""
    connection = connect(file)
    with connection.cursor() as cursor:
        found: int = cursor.execute("SELECT count(*) FROM note").fetchone()[0]
    connection.close()
    return found


HOLDER = """
    import sys, time
    from pathlib import Path
    from meeting_manager.adapters.sqlite.lock import WriterLock
    WriterLock(Path(sys.argv[1]), 20).acquire()
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_killed_writer_leaves_no_lock_behind(file: Path) -> None:
    lock = file.with_name("db.sqlite3.lock")
    command = [sys.executable, "-c", textwrap.dedent(HOLDER), str(lock)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        killer = threading.Timer(0.3, os.kill, [holder.pid, signal.SIGKILL])
        killer.start()
        began = time.monotonic()
        connection = connect(file)
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO note VALUES (1, 1)")
        connection.close()
    assert 0.2 < time.monotonic() - began < 5
    assert count(file) == 1


def test_waiting_ends_with_an_error_that_says_so(file: Path) -> None:
    other = WriterLock(file.with_name("db.sqlite3.lock"), 1)
    other.acquire()
    connection = connect(file, timeout=0.2)
    with pytest.raises(OperationalError, match="database is locked: no turn to write"), connection.cursor() as cursor:
        cursor.execute("INSERT INTO note VALUES (1, 1)")
    other.release()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO note VALUES (1, 1)")
    connection.close()
    assert count(file) == 1


def test_one_who_gave_up_waiting_does_not_keep_the_lock_later(file: Path) -> None:
    path = file.with_name("db.sqlite3.lock")
    first, second, third = WriterLock(path, 1), WriterLock(path, 0.1), WriterLock(path, 5)
    first.acquire()
    with pytest.raises(TimeoutError):
        second.acquire()
    first.release()
    third.acquire()
    assert third.held
    assert not second.held
    third.release()


def test_a_failed_transaction_gives_its_turn_away(file: Path) -> None:
    connection = connect(file)
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    with connection.cursor() as cursor, pytest.raises(OperationalError):
        cursor.execute("INSERT INTO missing VALUES (1)")
    connection.rollback()
    following = WriterLock(file.with_name("db.sqlite3.lock"), 0.2)
    following.acquire()
    following.release()
    connection.close()


def test_reading_waits_for_nobody(file: Path) -> None:
    writer = WriterLock(file.with_name("db.sqlite3.lock"), 1)
    writer.acquire()
    assert count(file) == 0
    writer.release()


def test_a_closed_connection_gives_its_turn_away(file: Path) -> None:
    connection = connect(file)
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    connection.close()
    following = WriterLock(file.with_name("db.sqlite3.lock"), 0.2)
    following.acquire()
    following.release()


@pytest.mark.django_db(transaction=True)
def test_the_products_own_transactions_queue() -> None:
    connection = connections["default"]
    assert isinstance(connection, DatabaseWrapper)
    with transaction.atomic():
        assert connection._writer_lock
        assert connection._writer_lock.held
    assert not connection._writer_lock.held
