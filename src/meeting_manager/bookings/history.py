"""The two histories of a booking and the hash chain that runs through both.

Each entry's hash covers the booking's name, its place, all its facts, a salted digest of its text and the hash of
the entry before it. The booking keeps the length and the head, so a missing tail shows as well. Erasing personal text
(`services/erasing.py`) puts a tombstone in its place and empties the salt; the digest, and with it the chain, stays.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from meeting_manager.adapters.rows import insert
from meeting_manager.bookings.choices import AssignmentAction, EventType
from meeting_manager.bookings.models import AssignmentHistory, Booking, BookingHistory
from meeting_manager.people.models import User
from meeting_manager.people.rules import is_system

_SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of the booking's life."""

    type: EventType
    description: str = ""


@dataclass(frozen=True, slots=True)
class HostChange:
    """A change of the booking's hosts."""

    action: AssignmentAction
    user_id: int
    notes: str = ""


Entry = Happened | HostChange


def status_change(old: str, new: str, *more: str) -> Happened:
    """The entry every change of status writes (system.md §7); `more` are sentences without a full stop, or empty."""
    sentences = [f"Booking status changed from {old} to {new}", *filter(None, more)]
    return Happened(EventType(new), ". ".join(sentences))


def by_customer(booking: Booking, actor: User) -> str:
    """The customer's name where a guest acts, for the reserved user's own says nothing (system.md §7)."""
    return f"By {booking.customer_name}" if is_system(actor) else ""


def because(label: str, reason: str) -> str:
    """Why, where somebody said so."""
    return f"{label}: {reason}" if reason else ""


def text_digest(salt: str, text: str) -> str:
    """The digest by which a text stands in the chain."""
    return hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()


def chain_hash(booking_name: str, sequence: int, facts: list[object], digest: str, previous: str) -> str:
    """The hash of one entry; `facts` are its kind, subject, time and actor."""
    line = json.dumps([booking_name, sequence, *facts, digest, previous], separators=(",", ":"))
    return hashlib.sha256(line.encode()).hexdigest()


def facts_of(entry: BookingHistory | AssignmentHistory) -> list[object]:
    """What of an entry the chain covers besides its text: users by id, the time in UTC with microseconds."""
    if isinstance(entry, BookingHistory):
        return ["booking", entry.event_type, None, _stamp(entry.event_datetime), entry.event_by_id]
    return ["assignment", entry.action_type, entry.user_id, _stamp(entry.action_datetime), entry.action_by_id]


def text_of(entry: BookingHistory | AssignmentHistory) -> str:
    """The erasable text of an entry."""
    return entry.event_description if isinstance(entry, BookingHistory) else entry.notes


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def link(
    booking: Booking, entries: list[Entry], *, actor_id: int, now: datetime
) -> list[BookingHistory | AssignmentHistory]:
    """Unsaved rows for `entries`, chained to what the booking has; moves the booking's length and head along.

    The booking needs its name but no primary key yet: see `save`.
    """
    rows: list[BookingHistory | AssignmentHistory] = []
    for entry in entries:
        row = _row(entry, actor_id, now)
        row.sequence = booking.history_length + 1
        row.salt = secrets.token_hex(_SALT_BYTES)
        row.text_digest = text_digest(row.salt, text_of(row))
        row.previous_hash = booking.history_head
        row.entry_hash = chain_hash(booking.name, row.sequence, facts_of(row), row.text_digest, row.previous_hash)
        booking.history_length, booking.history_head = row.sequence, row.entry_hash
        rows.append(row)
    return rows


def _row(entry: Entry, actor_id: int, now: datetime) -> BookingHistory | AssignmentHistory:
    if isinstance(entry, Happened):
        return BookingHistory(
            event_type=entry.type, event_description=entry.description, event_datetime=now, event_by_id=actor_id
        )
    return AssignmentHistory(
        action_type=entry.action, user_id=entry.user_id, notes=entry.notes, action_datetime=now, action_by_id=actor_id
    )


def save(booking: Booking, rows: list[BookingHistory | AssignmentHistory]) -> None:
    """Write linked rows: one insert for each of the two histories."""
    for row in rows:
        row.booking_id = booking.pk
    happened = [row for row in rows if isinstance(row, BookingHistory)]
    changed = [row for row in rows if isinstance(row, AssignmentHistory)]
    insert(happened)
    insert(changed)


def append(booking: Booking, entries: list[Entry], *, actor_id: int, now: datetime) -> None:
    """Link and write entries; the caller saves the booking's `history_length` and `history_head`."""
    save(booking, link(booking, entries, actor_id=actor_id, now=now))
