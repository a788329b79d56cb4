"""Doing something to many bookings: what was confirmed is written down first, then done piece by piece.

Whoever comes first does a piece, the page that asked or a worker. Each booking is taken once, in the transaction that
changes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError, transaction

from meeting_manager.bookings.models import Booking
from meeting_manager.bookings.services import door
from meeting_manager.ledger.services import Owed, enqueue
from meeting_manager.people.languages import current_tag, speaking
from meeting_manager.people.models import User
from meeting_manager.workspace.choices import ItemState, Verb
from meeting_manager.workspace.many.foreseen import words_for
from meeting_manager.workspace.many.verbs import DEEDS
from meeting_manager.workspace.models import BulkItem, BulkRun

log = structlog.get_logger(__name__)

BULK = "bulk"
"""The kind of the delivery that carries a run on."""

AT_ONCE = 20
"""So many are done by the request that asked for them; more are a worker's."""

KEPT = timedelta(days=30)
"""So long the result of a run can be read."""

_MOST_ROWS = 500
_GRACE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Piece:
    """A booking that is to be dealt with, and who is to take it over (a user id), where somebody is."""

    booking: int
    host: int | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """What its owner confirmed. `key` comes from the page that asked, so that sending it twice is one run."""

    key: str
    verb: Verb
    pieces: Sequence[Piece]
    words: str = ""
    back: str = ""


def begin(*, order: Order, user: User, now: datetime) -> BulkRun:
    """Write down what is to be done; the run that is there already where the same was sent before.

    Effects: a run with its items, a delivery that carries it on (for a small run after a while, should the request that
    asked be lost), and runs of this user that are too old to be read are forgotten.
    """
    is_small = len(order.pieces) <= AT_ONCE
    with transaction.atomic():
        BulkRun.objects.filter(user=user, created_at__lt=now - KEPT).delete()
        made: dict[str, object] = {"verb": order.verb, "words": order.words, "back": order.back}
        made |= {"language": current_tag(), "created_at": now}
        run, is_new = BulkRun.objects.get_or_create(user=user, key=order.key, defaults=made)
        if is_new:
            rows = [BulkItem(run=run, booking_id=piece.booking, host_id=piece.host) for piece in order.pieces]
            BulkItem.objects.bulk_create(rows, batch_size=_MOST_ROWS)
            due = now + _GRACE if is_small else now
            enqueue([Owed(BULK, f"{BULK}:{run.pk}", {"run": run.pk}, due, recipient=user.email)], now=now)
    return run


def carry_on(*, run: BulkRun, most: int, now: datetime) -> int:
    """Do up to `most` of what waits, in its order; returns how many still wait.

    Effects: those of the services, one booking at a time; what they refuse is kept with the booking's item, in its
    owner's language. Safe to call from several places at once.
    """
    waiting = run.items.filter(state=ItemState.WAITING)
    with speaking(run.language):
        for item in list(waiting.select_related("booking__meeting_type__department", "host")[:most]):
            _do(run, item, now)
    return waiting.count()


def _do(run: BulkRun, item: BulkItem, now: datetime) -> None:
    with transaction.atomic():
        try:
            door.lock_booking(item.booking)  # before the item, as whoever deletes the booking does
        except Booking.DoesNotExist:
            return  # and its item with it
        taken = BulkItem.objects.filter(pk=item.pk, state=ItemState.WAITING)
        if not taken.update(state=ItemState.DONE, finished_at=now):
            return  # somebody else was faster
        problem = _try(run, item, now)
        if problem is not None:
            BulkItem.objects.filter(pk=item.pk).update(state=ItemState.FAILED, problem=problem)


def _try(run: BulkRun, item: BulkItem, now: datetime) -> str | None:
    """What went wrong, in words, and empty where we have none; None where nothing did."""
    try:
        with transaction.atomic():
            DEEDS[run.verb].service(run, item, now)
    except DatabaseError:
        raise  # all of this is undone, and tried again
    except Exception as error:  # the others must not wait for whatever is wrong with this one
        words = words_for(error)
        if not words:
            log.exception("bulk_item_failed", booking=item.booking.name, run=run.key)
        return words
    return None
