"""Periodic work: one tick for each period, whoever writes it, and no failure stops the rest."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.utils.module_loading import import_string

from meeting_manager.config.periodic import PERIODIC, Periodic, Scheduler, run_tick
from meeting_manager.ledger.handlers import TICK, register
from meeting_manager.ledger.models import Delivery
from meeting_manager.ledger.running import run_due
from meeting_manager.ledger.services import queue
from tests.together import together

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 12, 7, 12, 0, tzinfo=UTC)
calls: list[tuple[str, datetime]] = []


def remember(now: datetime) -> None:
    """A well-behaved function."""
    calls.append(("remember", now))


def fail(now: datetime) -> None:
    """One that never succeeds."""
    calls.append(("fail", now))
    raise RuntimeError("never")


OFTEN = Periodic("often", 30, f"{__name__}.remember")
RARELY = Periodic("rarely", 3600, f"{__name__}.remember")
BROKEN = Periodic("broken", 30, f"{__name__}.fail")
ALL = (OFTEN, RARELY, BROKEN)


class Clock:
    """A clock that is set by hand."""

    now = NOON

    def __call__(self) -> datetime:
        """The time."""
        return self.now


@pytest.fixture
def clock() -> Iterator[Clock]:
    """At noon; ticks are carried out with the entries of these tests."""
    calls.clear()
    undo = register(TICK, partial(run_tick, entries=ALL), attempts=3)
    yield Clock()
    undo()


def scheduler(clock: Clock, *entries: Periodic) -> Scheduler:
    """One that wakes nobody."""
    return Scheduler(entries, clock, lambda: None)


def ticks(**narrowed: object) -> list[str]:
    """What is written, in the order of writing."""
    return [name.removeprefix("tick:") for name in Delivery.objects.order_by("pk").values_list("key", flat=True)]


def test_each_period_gets_one_tick_and_the_first_at_once(clock: Clock) -> None:
    own = scheduler(clock, OFTEN, RARELY)
    clock.now = NOON + timedelta(seconds=20)
    assert own.step() == pytest.approx(10)
    assert own.step() == pytest.approx(10)
    clock.now = NOON + timedelta(seconds=31)
    own.step()
    number = int(NOON.timestamp()) // 30
    assert ticks() == [f"often:{number}", f"rarely:{number // 120}", f"often:{number + 1}"]


def test_a_tick_is_carried_out_when_it_is_written_at_a_whole_second(clock: Clock) -> None:
    clock.now = NOON + timedelta(seconds=3, microseconds=500)
    scheduler(clock, OFTEN).step()
    run_due(clock.now)
    assert calls == [("remember", NOON + timedelta(seconds=3))]


def test_workers_are_woken_for_new_ticks_only(clock: Clock) -> None:
    woken: list[bool] = []
    own = Scheduler([OFTEN], clock, lambda: woken.append(True))
    own.step()
    own.step()
    Scheduler([OFTEN], clock, lambda: woken.append(True)).step()
    assert woken == [True]


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_do_no_harm(clock: Clock) -> None:
    together([scheduler(clock, OFTEN, RARELY).step for _ in range(4)])
    assert len(ticks()) == 2
    assert run_due(NOON) == 2
    assert len(calls) == 2


def test_a_new_worker_does_not_repeat_what_was_done_in_this_period(clock: Clock) -> None:
    scheduler(clock, RARELY).step()
    run_due(NOON)
    clock.now = NOON + timedelta(minutes=59)
    scheduler(clock, RARELY).step()
    run_due(clock.now)
    assert len(calls) == 1


def test_after_an_outage_only_the_latest_tick_of_a_name_counts(clock: Clock) -> None:
    own = scheduler(clock, OFTEN)
    for minute in range(5):
        clock.now = NOON + timedelta(minutes=minute)
        own.step()
    run_due(clock.now)
    assert calls == [("remember", clock.now)]
    states = list(Delivery.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["skipped"] * 4 + ["done"]


def test_a_tick_waits_for_no_other_of_its_name_that_still_runs(clock: Clock) -> None:
    own = scheduler(clock, OFTEN)
    own.step()
    (running,) = queue.claim(NOON, "another worker", [TICK], 1)
    clock.now = NOON + timedelta(seconds=30)
    own.step()
    run_due(clock.now)
    assert calls == []
    late = Delivery.objects.exclude(pk=running.id).get()
    assert (late.state, late.note) == ("skipped", "The one before is still at it.")


def test_the_failure_of_one_stops_no_other(clock: Clock) -> None:
    scheduler(clock, BROKEN, OFTEN).step()
    run_due(NOON)
    assert [name for name, _ in calls] == ["fail", "remember"]


def test_a_failing_tick_is_tried_little_and_ends_dead(clock: Clock) -> None:
    scheduler(clock, BROKEN).step()
    for second in range(0, 30, 3):
        run_due(NOON + timedelta(seconds=second))
    assert len(calls) == 3
    assert Delivery.objects.get().state == "dead"


def test_of_many_that_failed_only_the_last_is_left_for_people(clock: Clock) -> None:
    own = scheduler(clock, BROKEN)
    for half_minute in range(4):
        clock.now = NOON + half_minute * timedelta(seconds=30)
        own.step()
        for second in range(0, 30, 3):
            run_due(clock.now + timedelta(seconds=second))
    states = list(Delivery.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["discarded"] * 3 + ["dead"]


def test_ticks_of_what_is_done_no_longer_are_skipped(clock: Clock) -> None:
    scheduler(clock, Periodic("gone", 30, "nowhere.at_all")).step()
    run_due(NOON)
    assert Delivery.objects.get().state == "skipped"


def test_everything_that_is_registered_exists_under_a_name_of_its_own() -> None:
    assert all(callable(import_string(entry.function)) for entry in PERIODIC)
    assert len({entry.name for entry in PERIODIC}) == len(PERIODIC)
