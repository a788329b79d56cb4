"""The served product: slots against a trivial view, and how long the unluckiest of sixteen customers waits."""

import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from threading import Barrier

import httpx

from tests.bench.measure import Figure, ratio
from tests.site import Site

CLIENTS, EACH = 16, 12


def run(server: str | None) -> list[Figure]:
    """Both on a site of their own, on SQLite or on the PostgreSQL `server`."""
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder) / "site", server, {"DJANGO_SETTINGS_MODULE": "tests.bench.settings"})
        try:
            _seed(site)
            site.start()
            return [_slots(site), _waiting(site)]
        finally:
            site.close()


def _seed(site: Site) -> None:
    site.run("migrate")
    site.run("shell", "-c", _SEED)


_SEED = """
import datetime
from tests.bench import seed
kind = seed.department("twenty", 20)
now = datetime.datetime.now(datetime.UTC)
first = now.replace(hour=0, minute=0, second=0, microsecond=0)
seed.bookings(kind, first + datetime.timedelta(days=1), 29, 6)
"""


def _slots(site: Site) -> Figure:
    today = time.strftime("%Y-%m-%d", time.gmtime())
    last = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 29 * 86_400))
    question = f"/api/v1/slots?department=twenty&meeting_type=call&from={today}&to={last}"
    with httpx.Client(base_url=site.url) as client:
        slots, trivial = _typical(client, question), _typical(client, "/bench/trivial")
    note = f" (p50 {slots:.1f} ms against {trivial:.2f} ms)"
    return ratio("GET slots, 20 members × 30 days, over HTTP / a trivial JSON view", slots / trivial, 15, note=note)


def _typical(client: httpx.Client, path: str) -> float:
    def once() -> float:
        answer = client.get(path)
        assert answer.status_code == httpx.codes.OK, answer.text
        return answer.elapsed.total_seconds() * 1000

    once()
    return median(once() for _ in range(60))


def _waiting(site: Site) -> Figure:
    """Sixteen customers who book one time after another, all at once; each asks for times of their own."""
    starts = _open_starts(site)
    barrier = Barrier(CLIENTS)
    with ThreadPoolExecutor(CLIENTS) as pool:
        waits = [
            wait
            for own in pool.map(_customer(site, barrier), [starts[i::CLIENTS][:EACH] for i in range(CLIENTS)])
            for wait in own
        ]
    longest = max(waits)
    reached = f"{longest:.2f} s (median {median(waits) * 1000:.0f} ms of {len(waits)} bookings)"
    return Figure("the longest wait for a booking with 16 clients", reached, "≤ 1 s", longest <= 1)


def _open_starts(site: Site) -> list[str]:
    first = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 2 * 86_400))
    last = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 40 * 86_400))
    answer = httpx.get(f"{site.url}/api/v1/slots?department=twenty&meeting_type=call&from={first}&to={last}")
    return [slot["start"] for slot in answer.json()["slots"]]


def _customer(site: Site, barrier: Barrier) -> Callable[[list[str]], list[float]]:
    def books(starts: list[str]) -> list[float]:
        with httpx.Client(base_url=site.url, timeout=30) as client:
            barrier.wait()
            return [_book(client, start) for start in starts]

    return books


def _book(client: httpx.Client, start: str) -> float:
    customer = {"name": "John Doe", "email": "john@bench.example"}
    body = {"department": "twenty", "meeting_type": "call", "start": start, "customer": customer}
    began = time.perf_counter()
    answer = client.post("/api/v1/bookings", json=body)
    assert answer.status_code == httpx.codes.CREATED, answer.text
    return time.perf_counter() - began
