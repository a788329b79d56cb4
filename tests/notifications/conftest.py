"""A mail server that this process sends to, and the ledger run by hand at the time a test says it is."""

from collections.abc import Iterator

import pytest

from tests.mailserver import MailServer, sending_to


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A real SMTP server."""
    with MailServer() as server, sending_to(server):
        yield server
