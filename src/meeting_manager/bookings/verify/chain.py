"""The hash chain through both histories of a booking, computed again."""

from collections.abc import Iterator, Sequence

from meeting_manager.adapters.inspection import Violation
from meeting_manager.bookings.history import chain_hash, facts_of, text_digest, text_of
from meeting_manager.bookings.models import AssignmentHistory, BookingHistory
from meeting_manager.bookings.verify.whole import Whole
from meeting_manager.people.erasure import ERASED_TEXT

Entry = BookingHistory | AssignmentHistory

_OF_ERASED = ("", ERASED_TEXT)
_REMEDY = "Compare it with a backup: somebody changed history outside this program."


def unbroken(whole: Whole) -> Iterator[Violation]:
    """Entries count from 1 without a gap up to the booking's length and head, and each hash is right."""
    entries: list[Entry] = sorted([*whole.happened, *whole.changed], key=lambda entry: entry.sequence)
    for wrong in _problems(whole, entries):
        yield whole.violation(wrong, _REMEDY)


def _problems(whole: Whole, entries: Sequence[Entry]) -> Iterator[str]:
    booking = whole.booking
    places = [entry.sequence for entry in entries]
    if places != list(range(1, booking.history_length + 1)):
        yield f"Its history should have the entries 1 to {booking.history_length}, but has {places}."
        return
    previous = ""
    for entry in entries:
        yield from _entry(booking.name, entry, previous)
        previous = entry.entry_hash
    if previous != booking.history_head:
        yield "Its history does not end at the head that the booking keeps."


def _entry(name: str, entry: Entry, previous: str) -> Iterator[str]:
    if entry.previous_hash != previous:
        yield f"Entry {entry.sequence} of its history does not follow the one before it."
    if chain_hash(name, entry.sequence, facts_of(entry), entry.text_digest, entry.previous_hash) != entry.entry_hash:
        yield f"Entry {entry.sequence} of its history was changed: its hash is another."
    is_erased = not entry.salt and text_of(entry) in _OF_ERASED
    if not is_erased and text_digest(entry.salt, text_of(entry)) != entry.text_digest:
        yield f"The text of entry {entry.sequence} of its history was changed."
