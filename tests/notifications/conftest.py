"""A mail server that this process sends to, and bookings of which everybody has heard."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.mailserver import MailServer, sending_to

if TYPE_CHECKING:
    from meeting_manager.bookings.models import Booking
    from tests.bookings.desk import Book


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A real SMTP server."""
    with MailServer() as server, sending_to(server):
        yield server


@pytest.fixture
def told(book: "Book", server: MailServer) -> "Book":
    """Books, and everybody has heard of it."""
    from tests.notifications.mailroom import deliver, forget

    def make(**changes: object) -> "Booking":
        booking = book(**changes)
        deliver()
        forget(server)
        return booking

    return make
