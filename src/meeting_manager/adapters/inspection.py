"""What an inspection of a database is made of; the rooms bring the checks, `meeting-manager verify` runs them."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Generic, TypeVar

from django.db import connection, transaction

T = TypeVar("T")

CHUNK = 2_000
"""Rows fetched at once; reading goes through the database's own cursor, so memory does not grow with the tables."""

_REPORT_EVERY = 10_000


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that must not be: which record, what is wrong with it, and what to do."""

    record: str
    wrong: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.record}: {self.wrong} {self.remedy}"


class Inspection:
    """One run of checks, judged as of `now` (aware). `report(seen)` is called from time to time."""

    def __init__(self, now: datetime, report: Callable[[int], None] | None = None) -> None:
        self.now = now
        self.seen = 0
        self._report = report

    def count(self, rows: Iterable[T]) -> Iterator[T]:
        """The same rows, counted."""
        for row in rows:
            self.seen += 1
            if self._report and self.seen % _REPORT_EVERY == 0:
                self._report(self.seen)
            yield row


@dataclass(frozen=True, slots=True)
class Check:
    """One invariant, or several that are seen in one pass over the same rows."""

    title: str
    find: Callable[[Inspection], Iterator[Violation]]


class Beside(Generic[T]):
    """Rows of a child table, taken in step with the rows of their parents; both in ascending order of the key."""

    def __init__(self, rows: Iterable[T], key: Callable[[T], int]) -> None:
        self._groups = groupby(rows, key)
        self._key: int | None = None
        self._rows: Iterator[T] = iter(())
        self._next()

    def of(self, key: int) -> list[T]:
        """The rows of this parent. Keys must be asked for in ascending order; what is passed by is gone."""
        while self._key is not None and self._key < key:
            self._next()
        if self._key != key:
            return []
        found = list(self._rows)
        self._next()
        return found

    def _next(self) -> None:
        self._key, self._rows = next(self._groups, (None, iter(())))


@contextmanager
def snapshot() -> Iterator[None]:
    """Have everything inside read one state of the database while others go on writing; inside only reads."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        yield from _deferred()


def _deferred() -> Iterator[None]:
    # Not atomic(): that takes the writers' lock, and a plain BEGIN reads a snapshot without it.
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def storage(inspection: Inspection) -> Iterator[Violation]:
    """SQLite's own look at its file, and at references that lead nowhere; PostgreSQL refuses both by itself."""
    if connection.vendor != "sqlite":
        return
    remedy = "Restore the last backup that passes `verify`."
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check(20)")
        for (finding,) in inspection.count(cursor.fetchall()):
            if finding != "ok":
                yield Violation("database file", f"SQLite finds it damaged: {finding}.", remedy)
        cursor.execute("PRAGMA foreign_key_check")
        for table, row, parent, _ in inspection.count(cursor.fetchall()):
            yield Violation(f"{table} row {row}", f"It refers to a row of {parent} that is not there.", remedy)


CHECKS = (Check("the database file is sound", storage),)
