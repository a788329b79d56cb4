"""What the bookings' tests share."""

from collections.abc import Iterator

import pytest

from tests.second_parser import SecondParser


@pytest.fixture(scope="session")
def second_parser() -> Iterator[SecondParser]:
    """Reads a calendar with ical.js."""
    with SecondParser() as parser:
        yield parser
