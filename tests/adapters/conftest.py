"""Servers for the tests of the CalDAV and Outlook adapters."""

import itertools
from collections.abc import Iterator

import pytest

from tests.calendarserver import CalendarServer, Collection
from tests.providers.graph import Graph
from tests.providers.web import serving

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


@pytest.fixture
def graph() -> Iterator[Graph]:
    """Microsoft Graph with an empty calendar; whatever is asked and answered has to be as its reference has it."""
    graph = Graph()
    with serving(graph, "/v1.0") as base:
        graph.base = base
        yield graph
    assert not graph.wrong, "everything is as the reference has it"
