"""Fixtures of the tests that try to break the core; imports wait until Django is set up."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.site import Site
from tests.soak.scale import Report

if TYPE_CHECKING:
    from tests.soak.furnished import Furnished


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """Which database this run is on: "sqlite" or "postgres"."""
    return str(request.config.getoption("--database"))


@pytest.fixture
def report(request: pytest.FixtureRequest, database: str) -> Iterator[Report]:
    """Figures of this test for the report of a full run."""
    title = request.node.name.removeprefix("test_").replace("_", " ")
    failed_before = request.session.testsfailed
    made = Report(title, database)
    yield made
    made.close(passed=request.session.testsfailed == failed_before)


@pytest.fixture
def furnish(make_site: Callable[..., Site]) -> "Callable[..., Furnished]":
    """Starts a site with one department of so many hosts: ``furnish(hosts=10)``."""
    from tests.soak.furnished import Furnished

    def make(*, hosts: int, **variables: str) -> Furnished:
        return Furnished(make_site(**variables), hosts)

    return make
