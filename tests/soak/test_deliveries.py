"""Deliveries whose workers are killed or stopped, or lose their database: nothing is lost, little is repeated."""

import random
import signal
import time
from collections.abc import Callable, Iterator

import pytest

from tests.site import Site
from tests.soak.crew import Crew, wait_until
from tests.soak.proxy import Proxy
from tests.soak.scale import Report, scaled

WORKERS = scaled(2, 3)
LEASE = {"WORKER_LEASE_SECONDS": "2"}


@pytest.fixture
def crew(make_site: Callable[..., Site]) -> Iterator[Crew]:
    """Nobody hired yet; leases are short."""
    made = Crew(make_site(**LEASE))
    yield made
    made.close()


def test_deliveries_survive_workers_that_are_killed_at_random(crew: Crew, report: Report) -> None:
    number = scaled(120, 2_000)
    chance = random.Random(3)
    keys = crew.owe(number, seconds=0.04)
    crew.hire(WORKERS)
    assert wait_until(lambda: bool(crew.delivered()), 30)
    began, kills = time.monotonic(), 0
    while crew.states() != {"done": number} and time.monotonic() - began < scaled(60, 600):
        time.sleep(chance.uniform(0.0, 1.0))
        if kills < scaled(3, 60):
            crew.kill_one(chance)
            kills += 1
    assert crew.states() == {"done": number}
    delivered = crew.delivered()
    repeats = delivered.total() - number
    report.note(f"{number} deliveries, {kills} kills of {WORKERS} workers, {repeats} repeats, none lost")
    assert set(delivered) == set(keys)
    assert 0 <= repeats <= kills
    assert max(delivered.values()) <= 2
    assert jobs_are_gone(crew)
    assert set(crew.dismiss()) <= {0, -signal.SIGTERM}  # the youngest may still be starting
    assert crew.site.run("verify", check=False).returncode == 0


def jobs_are_gone(crew: Crew) -> bool:
    """True when procrastinate has nothing left to do; it knows nothing of SQLite."""
    if crew.own_address.startswith("sqlite"):
        return True
    left = "SELECT 1 FROM procrastinate_jobs WHERE queue_name = 'append'"
    return wait_until(lambda: not crew.ask(left), 15)


def test_a_site_that_is_stopped_finishes_what_it_had_begun(crew: Crew) -> None:
    crew.site.start()
    crew.owe(3, seconds=3)
    assert wait_until(lambda: crew.states().get("running") == 1, 15)
    assert crew.site.stop() < 30
    assert crew.states() == {"done": 1, "ready": 2}
    assert crew.delivered() == {"k0": 1}


def test_one_round_by_hand_does_what_is_due(crew: Crew) -> None:
    crew.owe(3, seconds=0)
    done = crew.site.run("worker", "--once")
    assert "deliveries carried out." in done.stdout
    assert crew.states() == {"done": 3}
    crew.site.run("worker", "--once")
    assert crew.delivered() == {"k0": 1, "k1": 1, "k2": 1}


def test_deliveries_survive_a_database_that_goes_away(crew: Crew, database: str, report: Report) -> None:
    if database != "postgres":
        pytest.skip("SQLite is a file beside the site: it does not go away")
    proxy = Proxy(crew.own_address)
    crew.site.variables["DATABASE_URL"] = proxy.address
    number = scaled(100, 600)
    keys = crew.owe(number, seconds=0.05)
    crew.hire(2)
    assert wait_until(lambda: bool(crew.delivered()), 30)
    for _ in range(scaled(1, 5)):
        proxy.cut()
        time.sleep(scaled(3, 15))
        proxy.mend()
        time.sleep(scaled(1, 5))
    assert wait_until(lambda: crew.states() == {"done": number}, 60)
    delivered = crew.delivered()
    report.note(f"{number} deliveries, {scaled(1, 5)} outages, {delivered.total() - number} repeats, none lost")
    assert set(delivered) == set(keys)
    assert all(worker.poll() is None for worker in crew.workers)
    assert crew.site.log.count("background work is disturbed") <= scaled(1, 5) * 2 * 6
    crew.dismiss()
    proxy.cut()


def test_a_worker_without_a_database_goes_on_trying_until_it_is_told_to_stop(crew: Crew, database: str) -> None:
    if database != "postgres":
        pytest.skip("SQLite is a file beside the site: it does not go away")
    proxy = Proxy(crew.own_address)
    crew.site.variables["DATABASE_URL"] = proxy.address
    crew.owe(1, seconds=0)
    proxy.cut()
    crew.hire(2)
    assert wait_until(lambda: crew.site.log.count("background work is disturbed") >= 4, 30)
    idle = crew.workers.pop()
    idle.send_signal(signal.SIGTERM)
    assert idle.wait(10) == 0
    proxy.mend()
    assert wait_until(lambda: crew.states() == {"done": 1}, 30)
    crew.dismiss()
    proxy.cut()
