"""Rows without the ORM, quickly: what Django's `bulk_create` does, without composing the same statement anew each time,
and reading what it would make datetimes of.

A booking writes seven tables. Composed by the ORM that costs four times the work of the database itself; here the
statement for each model is composed once (docs/decisions/0004-lean-writes.md has the figures).
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import connection, models, transaction

_MOST_VALUES = 5_000
"""In one statement; SQLite takes 32,766 at the least."""


def epoch(stored: datetime | str | None) -> float | None:
    """Epoch seconds of a datetime read without the ORM: SQLite may give it as text, and never with a zone."""
    if stored is None:
        return None
    moment = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def insert(rows: Iterable[models.Model]) -> None:
    """Insert new rows of one model, as a rule in one statement; they get their primary keys.

    As with `bulk_create` no signal is sent. Raises IntegrityError as the database does.
    The caller owns the transaction.
    """
    new = list(rows)
    if not new:
        return
    size = _MOST_VALUES // len(_fields(type(new[0])))
    for at in range(0, len(new), size):
        _insert(new[at : at + size])


def _insert(new: list[models.Model]) -> None:
    model = type(new[0])
    own = transaction.get_connection()  # the proxy `connection` would look itself up for every value
    values: list[Any] = [
        field.get_db_prep_save(field.pre_save(row, add=True), own) for row in new for field in _fields(model)
    ]
    with own.cursor() as cursor:
        cursor.execute(_statement(model, len(new)), values)
        keys = cursor.fetchall()
    for row, (key,) in zip(new, keys, strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, own.alias


@lru_cache
def _fields(model: type[models.Model]) -> "tuple[models.Field[Any, Any], ...]":
    return tuple(field for field in model._meta.concrete_fields if not field.primary_key)


@lru_cache
def _statement(model: type[models.Model], rows: int) -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in _fields(model))
    places = "(" + ", ".join(["%s"] * len(_fields(model))) + ")"
    table, key = quote(model._meta.db_table), quote(str(model._meta.pk.column))
    values = ", ".join([places] * rows)
    return f"INSERT INTO {table} ({columns}) VALUES {values} RETURNING {key}"  # noqa: S608 - names of our own models
