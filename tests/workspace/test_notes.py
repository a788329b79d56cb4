"""Notes of the staff about a booking: they stand in its history, and nobody is told."""

import pytest

from meeting_manager.bookings import services
from meeting_manager.bookings.models import Booking
from meeting_manager.ledger.models import Delivery
from meeting_manager.people.validators import LONGEST_TEXT
from tests.bookings.desk import NOW, Book
from tests.cast import Cast
from tests.workspace.visits import signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking(cast: Cast, book: Book) -> Booking:
    """A call with Sarah."""
    return book()


def _at(booking: Booking, part: str = "notes/") -> str:
    return f"/workspace/bookings/{booking.name}/{part}"


@pytest.mark.parametrize(
    ("who", "status"), [("admin", 302), ("lead", 302), ("sarah", 302), ("mike", 404), ("outsider", 404)]
)
def test_whoever_looks_after_the_booking_adds_notes(cast: Cast, booking: Booking, who: str, status: int) -> None:
    user = getattr(cast, who)
    assert signed_in(user).post(_at(booking), {"note": "Call the side door"}).status_code == status
    seen = text(signed_in(cast.lead).get(_at(booking, "")))
    assert (f"Note {user.display_name} Call the side door" in seen) == (status == 302)


def test_a_note_tells_nobody(cast: Cast, booking: Booking) -> None:
    before = Delivery.objects.count()
    signed_in(cast.sarah).post(_at(booking), {"note": "Call the side door"})
    assert Delivery.objects.count() == before


def test_a_cancelled_booking_takes_notes_too(cast: Cast, booking: Booking) -> None:
    services.cancel(booking=booking, actor=cast.lead, now=NOW)
    answer = signed_in(cast.lead).post(_at(booking), {"note": "She will call again"}, follow=True)
    assert "The note is in the history." in text(answer)
    assert "She will call again" in text(answer)


@pytest.mark.parametrize(
    ("note", "told"), [("  ", "Write the note first."), ("x" * (LONGEST_TEXT + 1), "x" * LONGEST_TEXT)]
)
def test_what_is_no_note_is_refused_and_stays_typed(cast: Cast, booking: Booking, note: str, told: str) -> None:
    length = booking.history_length
    answer = signed_in(cast.lead).post(_at(booking), {"note": note})
    assert answer.status_code == 422
    assert told in text(answer)
    booking.refresh_from_db()
    assert booking.history_length == length
