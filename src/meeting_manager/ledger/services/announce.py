"""Announcing what happened, so that the rooms above can act on it after the commit."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from meeting_manager.ledger.services.deferring import defer

_MOST_ROWS = 500
_ROW = "(%s, %s, %s, %s, %s, 'ready', 0, 0, %s, %s, '', '', '')"
_INSERT = """
    INSERT INTO ledger_delivery
        (key, kind, payload, about, recipient, state, attempt, failures, created_at, due, owner, last_error, note)
    VALUES {rows} ON CONFLICT (key) DO NOTHING RETURNING id, kind, key
"""


@dataclass(frozen=True, slots=True)
class Event:
    """A fact that was just written: its type, an identity that is the same however often it is told, and its data."""

    type: str
    key: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Owed:
    """One effect to be carried out, not before `due`: `kind` names its handler, `key` makes it unique for ever.

    `about` is the document name of the record it concerns and `recipient` the address it goes to, for the timeline.
    """

    kind: str
    key: str
    payload: Mapping[str, Any]
    due: datetime
    about: str = ""
    recipient: str = ""


Subscriber = Callable[[Event, datetime], list[Owed]]
_subscribers: dict[str, list[Subscriber]] = defaultdict(list)
_is_muted: ContextVar[bool] = ContextVar("ledger_is_muted", default=False)


def subscribe(event_type: str, subscriber: Subscriber) -> Callable[[], None]:
    """Have `subscriber(event, now)` asked what it owes whenever `event_type` is announced; returns its undoing.

    Called once at start-up by the rooms above. A subscriber runs inside the announcing transaction: it may read,
    but must not write or use the network.
    """
    _subscribers[event_type].append(subscriber)
    return lambda: _subscribers[event_type].remove(subscriber)


def announce(events: list[Event], *, now: datetime) -> int:
    """Write one delivery for each effect the subscribers of `events` want; returns how many are new.

    Effects: inserts rows in the caller's transaction, so that fact and effect are committed or lost together. A key
    that is there already is left as it is.
    """
    if _is_muted.get():
        return 0
    owed = [effect for event in events for ask in _subscribers[event.type] for effect in ask(event, now)]
    return enqueue(owed, now=now)


def enqueue(owed: Sequence[Owed], *, now: datetime) -> int:
    """Write one delivery for each effect, in the caller's transaction; returns how many are new.

    A key that is there already is left as it is. On PostgreSQL the workers are told in the same transaction.
    """
    if not owed:
        return 0
    with transaction.atomic(savepoint=False):
        new = [row for at in range(0, len(owed), _MOST_ROWS) for row in _insert(owed[at : at + _MOST_ROWS], now)]
        defer(new, now)
    return len(new)


def _insert(owed: Sequence[Owed], now: datetime) -> list[tuple[int, str, datetime]]:
    """Id, kind and due of those that were not there yet, by one statement (decision 4: composed without the ORM)."""
    ops = connection.ops
    created = ops.adapt_datetimefield_value(now)
    values: list[Any] = []
    for each in owed:
        payload, due = ops.adapt_json_value(dict(each.payload), None), ops.adapt_datetimefield_value(each.due)
        values += [each.key, each.kind, payload, each.about, each.recipient, created, due]
    dues = {each.key: each.due for each in reversed(owed)}
    with connection.cursor() as cursor:
        cursor.execute(_INSERT.format(rows=", ".join([_ROW] * len(owed))), values)
        return [(pk, kind, dues[key]) for pk, kind, key in cursor.fetchall()]


@contextmanager
def muted() -> Iterator[None]:
    """Announcements made inside owe nothing: for data that nobody should be told of, such as the demo's."""
    token = _is_muted.set(True)
    try:
        yield
    finally:
        _is_muted.reset(token)
