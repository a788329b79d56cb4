"""The histories: append-only, chained, erasable."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from django.db import DatabaseError, transaction

from meeting_manager.bookings import history, services
from meeting_manager.bookings.models import AssignmentHistory, Booking, BookingHistory
from tests.bookings.desk import NOW, Book
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def chain(booking: Booking) -> list[BookingHistory | AssignmentHistory]:
    rows: list[BookingHistory | AssignmentHistory] = [*booking.booking_history.all(), *booking.assignment_history.all()]
    return sorted(rows, key=lambda row: row.sequence)


@pytest.fixture
def told(cast: Cast, book: Book) -> Booking:
    booking = book(actor=cast.lead, host=cast.sarah)
    services.reassign(booking=booking, new_user=cast.mike, actor=cast.lead, now=NOW)
    services.cancel(booking=booking, actor=cast.lead, now=NOW, reason="Over")
    booking.refresh_from_db()
    return booking


def test_one_chain_runs_through_both_histories(told: Booking) -> None:
    rows = chain(told)
    assert [row.sequence for row in rows] == list(range(1, 9))
    assert rows[0].previous_hash == ""
    for earlier, later in pairwise(rows):
        assert later.previous_hash == earlier.entry_hash
    assert (told.history_length, told.history_head) == (8, rows[-1].entry_hash)


def test_every_hash_can_be_computed_again_from_what_is_stored(told: Booking) -> None:
    for row in chain(told):
        assert row.text_digest == history.text_digest(row.salt, history.text_of(row))
        assert row.entry_hash == history.chain_hash(
            told.name, row.sequence, history.facts_of(row), row.text_digest, row.previous_hash
        )


def test_the_same_words_have_different_digests(cast: Cast, book: Book) -> None:
    digests = [book().booking_history.get(event_type="Confirmed").text_digest for _ in range(3)]
    assert len(set(digests)) == 3


@pytest.mark.parametrize(
    "change",
    [
        {"event_type": "Approved"},
        {"event_datetime": datetime(2020, 1, 1, tzinfo=UTC)},
        {"entry_hash": "0" * 64},
        {"sequence": 99},
    ],
)
def test_the_database_refuses_to_rewrite_history(told: Booking, change: dict[str, object]) -> None:
    with pytest.raises(DatabaseError, match="history_append_only"), transaction.atomic():
        told.booking_history.filter(sequence=1).update(**change)


def test_personal_text_can_be_erased_without_breaking_the_chain(told: Booking) -> None:
    told.booking_history.update(event_description="", salt="")
    for row in chain(told):
        facts = history.facts_of(row)
        again = history.chain_hash(told.name, row.sequence, facts, row.text_digest, row.previous_hash)
        assert row.entry_hash == again


def test_another_booking_cannot_take_over_a_history(told: Booking, book: Book) -> None:
    other = book()
    with pytest.raises(DatabaseError, match="history_append_only"), transaction.atomic():
        told.booking_history.update(booking=other)


def test_history_dates_keep_their_microseconds(cast: Cast, book: Book) -> None:
    fine = NOW.replace(microsecond=123_456)
    booking = book(now=fine)
    assert booking.booking_history.earliest("sequence").event_datetime == fine
