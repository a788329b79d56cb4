"""The background loop: everything in its time, and no failure stops the rest."""

import datetime as dt
import threading
import time
from collections.abc import Iterator

import pytest
from django.utils.module_loading import import_string

from meeting_manager.config.periodic import PERIODIC, Loop, Periodic

pytestmark = pytest.mark.engine

calls: list[dt.datetime] = []


def remember(now: dt.datetime) -> None:
    """A well-behaved function."""
    calls.append(now)


def fail(now: dt.datetime) -> None:
    """One that never succeeds."""
    raise RuntimeError(f"at {now}")


def clock() -> dt.datetime:
    """The time as the worker reads it."""
    return dt.datetime.now(dt.UTC)


@pytest.fixture(autouse=True)
def _no_calls_yet() -> Iterator[None]:
    calls.clear()
    yield
    calls.clear()


def run_for(seconds: float, *tasks: Periodic) -> None:
    """Run a loop in a thread, as long as that."""
    loop = Loop(tasks, clock)
    thread = threading.Thread(target=loop.run)
    thread.start()
    time.sleep(seconds)
    loop.stopping.set()
    thread.join(5)
    assert not thread.is_alive()


def test_a_function_is_called_at_once_and_then_when_it_is_due() -> None:
    run_for(0.5, Periodic("often", 0.1, f"{__name__}.remember"), Periodic("rarely", 60, f"{__name__}.remember"))
    assert 4 <= len(calls) <= 7


def test_it_is_told_the_time_in_whole_seconds() -> None:
    run_for(0.1, Periodic("rarely", 60, f"{__name__}.remember"))
    assert calls[0].tzinfo is dt.UTC
    assert calls[0].microsecond == 0


def test_the_failure_of_one_stops_no_other() -> None:
    run_for(0.3, Periodic("bad", 0.05, f"{__name__}.fail"), Periodic("good", 0.05, f"{__name__}.remember"))
    assert len(calls) >= 2


def test_everything_that_is_registered_exists() -> None:
    assert all(callable(import_string(task.function)) for task in PERIODIC)
