"""A site whose database goes away and comes back."""

import sqlite3
import time
from collections.abc import Callable

import pytest

from tests.site import Site
from tests.soak.furnished import Crowd, Furnished, start_of
from tests.soak.proxy import Proxy
from tests.soak.scale import IS_FULL, Report, scaled

RECOVERY_SECONDS = 10


def seconds_until_booked(furnished: Furnished, first: int) -> float:
    """How long it takes until a booking succeeds again."""
    began = time.monotonic()
    number = first
    while time.monotonic() - began < 2 * RECOVERY_SECONDS:
        if furnished.book(start_of(number)).status == 201:
            break
        number += 1
        time.sleep(0.1)
    return time.monotonic() - began


def test_a_site_without_its_database_says_so_and_recovers_by_itself(
    make_site: Callable[..., Site], database: str, report: Report
) -> None:
    if database != "postgres":
        pytest.skip("SQLite is a file beside the site: it can be locked (below), but not away")
    site = make_site()
    proxy = Proxy(site.database_url)
    site.variables["DATABASE_URL"] = proxy.address
    furnished = Furnished(site, hosts=3)
    crowd = Crowd(furnished, 6)
    crowd.come()
    time.sleep(1)
    proxy.cut()
    time.sleep(scaled(3, 60))
    refusal = furnished.book(start_of(5_000))
    assert refusal.status == 503
    assert refusal.body["detail"].startswith("The database cannot be reached at the moment.")
    assert furnished.ask("GET", "/healthz").status == 200
    assert furnished.ask("GET", "/readyz").status == 503
    proxy.mend()
    seconds = seconds_until_booked(furnished, 5_001)
    crowd.go()
    report.note(
        f"away for {scaled(3, 60)} s, booked again after {seconds:.1f} s, {len(crowd.answers)} requests meanwhile"
    )
    assert seconds <= RECOVERY_SECONDS
    assert furnished.ask("GET", "/readyz").status == 200
    assert {201, 503} <= {answer.status for answer in crowd.answers} <= {201, 409, 503}
    assert crowd.acknowledged.items() <= furnished.stored().items()
    assert furnished.verify() == ""
    site.stop()
    proxy.cut()


def test_a_database_that_a_stranger_locks_holds_up_writers_only(
    furnish: Callable[..., Furnished], database: str, report: Report
) -> None:
    if database != "sqlite" or not IS_FULL:
        pytest.skip("takes longer than SQLite's patience of 20 s, so it is for `make soak` on SQLite")
    furnished = furnish(hosts=1)
    stranger = sqlite3.connect(furnished.site.data_dir / "db.sqlite3", isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")
    day = start_of(1).date()
    slots = furnished.ask("GET", f"/api/v1/slots?department=desk&meeting_type=call&from={day}&to={day}")
    assert slots.status == 200
    refusal = furnished.book(start_of(1))
    assert refusal.status == 503
    report.note(f"a booking gave up after {refusal.seconds:.0f} s")
    assert furnished.ask("GET", "/healthz").status == 200
    stranger.execute("ROLLBACK")
    stranger.close()
    assert seconds_until_booked(furnished, 2) <= RECOVERY_SECONDS
    assert furnished.verify() == ""
