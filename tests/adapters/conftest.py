"""A calendar server for the tests of the CalDAV adapter."""

import itertools
from collections.abc import Iterator

import pytest

from tests.calendarserver import CalendarServer, Collection

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def calendar_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CalendarServer]:
    """One server for all tests; each makes calendars of its own."""
    server = CalendarServer(tmp_path_factory.mktemp("calendarserver"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def collection(calendar_server: CalendarServer) -> Collection:
    """A new, empty calendar."""
    return calendar_server.make(f"calendar-{next(_NUMBERS)}")
