"""A mail server that this process sends to, and the ledger run by hand at the time a test says it is."""

from collections.abc import Iterator

import pytest

from meeting_manager.bookings.models import Booking
from tests.bookings.desk import Book
from tests.mailserver import MailServer, sending_to
from tests.notifications.mailroom import deliver, forget


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A real SMTP server."""
    with MailServer() as server, sending_to(server):
        yield server


@pytest.fixture
def told(book: Book, server: MailServer) -> Book:
    """Books, and everybody has heard of it."""

    def make(**changes: object) -> Booking:
        booking = book(**changes)
        deliver()
        forget(server)
        return booking

    return make
