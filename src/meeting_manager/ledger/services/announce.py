"""Announcing what happened, so that the rooms above can act on it after the commit."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from meeting_manager.ledger.models import Delivery


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
    """Write one delivery for each effect the subscribers of `events` want; returns how many.

    Effects: inserts rows in the caller's transaction, so that fact and effect are committed or lost together. A key
    that is there already is left as it is.
    """
    if _is_muted.get():
        return 0
    owed = [effect for event in events for ask in _subscribers[event.type] for effect in ask(event, now)]
    enqueue(owed, now=now)
    return len(owed)


def enqueue(owed: Sequence[Owed], *, now: datetime) -> None:
    """Write one delivery for each effect, in the caller's transaction. A key that is there already is left as it is."""
    if owed:
        Delivery.objects.bulk_create(
            [
                Delivery(
                    kind=o.kind,
                    key=o.key,
                    payload=dict(o.payload),
                    due=o.due,
                    about=o.about,
                    recipient=o.recipient,
                    created_at=now,
                )
                for o in owed
            ],
            ignore_conflicts=True,
        )


@contextmanager
def muted() -> Iterator[None]:
    """Announcements made inside owe nothing: for data that nobody should be told of, such as the demo's."""
    token = _is_muted.set(True)
    try:
        yield
    finally:
        _is_muted.reset(token)
