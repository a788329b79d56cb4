"""A running site with a department that customers can storm, and the storm."""

import http.client
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.site import Site

_ROOT = Path(__file__).resolve().parents[2]
_TIMEOUT_SECONDS = 60
_WARM_UP = 24
_STARTS = 4_800


@dataclass(frozen=True)
class Answer:
    """What came back, and after how many seconds; status 0: nothing did, and `problem` says why."""

    status: int
    body: Any
    seconds: float
    problem: str = ""


@dataclass
class Furnished:
    """A site that serves, with the department `desk` and its 30-minute `call`, bookable at any half hour."""

    site: Site
    hosts: int
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _customers: int = 0
    _starts: int = 0

    def __post_init__(self) -> None:
        self.python("-m", "tests.soak.furnish", str(self.hosts))
        self.site.start()
        self.warm_up()

    def python(self, *arguments: str) -> str:
        """Run Python on the site's data; returns what it prints."""
        environment = {**self.site.variables, "DJANGO_SETTINGS_MODULE": "meeting_manager.config.settings"}
        done = subprocess.run(
            [sys.executable, *arguments], env=environment, cwd=_ROOT, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout

    def warm_up(self) -> None:
        """Have every worker answer once, so that figures show work and not imports."""
        day = start_of(1).date()
        path = f"/api/v1/slots?department=desk&meeting_type=call&from={day}&to={day}"
        with ThreadPoolExecutor(_WARM_UP) as pool:
            list(pool.map(lambda _: self.ask("GET", path), range(_WARM_UP)))

    def customer(self) -> dict[str, str]:
        """Somebody new."""
        with self._lock:
            self._customers += 1
            return {"name": f"Customer {self._customers}", "email": f"customer{self._customers}@customer.example"}

    def new_start(self) -> datetime:
        """The next half hour that nobody was sent to yet; after a hundred days from the beginning again."""
        with self._lock:
            self._starts += 1
            return start_of(self._starts % _STARTS)

    def wish(self, start: datetime) -> dict[str, Any]:
        """What a new customer sends to book a call at `start`."""
        return {"department": "desk", "meeting_type": "call", "start": start.isoformat(), "customer": self.customer()}

    def book(self, start: datetime, headers: Mapping[str, str] | None = None) -> Answer:
        """A new customer wants a call."""
        return self.ask("POST", "/api/v1/bookings", self.wish(start), headers)

    def ask(self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None) -> Answer:
        """One request over a connection of its own, as of one browser among many."""
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=_TIMEOUT_SECONDS)
        try:
            given = {"Content-Type": "application/json", "Connection": "close", **(headers or {})}
            connection.request(method, path, json.dumps(body) if body is not None else None, given)
            response = connection.getresponse()
            text = response.read()
        except (OSError, http.client.HTTPException) as error:
            return Answer(0, None, time.monotonic() - began, type(error).__name__)
        finally:
            connection.close()
        return Answer(response.status, _parsed(text), time.monotonic() - began)

    def bookings(self) -> list[dict[str, Any]]:
        """Reference, customer, status, start and hosts of every booking, read from the database itself."""
        found: list[dict[str, Any]] = json.loads(self.python("-m", "tests.soak.stored"))
        return found

    def stored(self) -> dict[str, str]:
        """Every booking's reference → its customer's address."""
        return {row["reference"]: row["customer"] for row in self.bookings()}

    def verify(self) -> str:
        """What `verify` names; empty where all is well."""
        done = self.site.run("verify", check=False)
        return "" if done.returncode == 0 else done.stdout + done.stderr


def start_of(number: int) -> datetime:
    """One half hour after the other, from the day after tomorrow on."""
    first = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=2)
    return first + timedelta(minutes=30 * number)


def at_once(number: int, call: Callable[[int], Answer]) -> list[Answer]:
    """Make `number` requests in the same instant."""
    barrier = threading.Barrier(number)

    def run(place: int) -> Answer:
        barrier.wait()
        return call(place)

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


@dataclass
class Crowd:
    """Customers who go on booking, each one call after the other, until they are sent home."""

    furnished: Furnished
    size: int
    answers: list[Answer] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def come(self) -> None:
        """Begin."""
        self._threads = [threading.Thread(target=self._keep_booking) for _ in range(self.size)]
        for thread in self._threads:
            thread.start()

    def go(self) -> None:
        """Let everybody finish what they are at."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _keep_booking(self) -> None:
        while not self._over.is_set():
            answer = self.furnished.book(self.furnished.new_start())
            self.answers.append(answer)
            if answer.status == 0:
                time.sleep(0.02)

    @property
    def acknowledged(self) -> dict[str, str]:
        """Reference → customer's address of every booking that was answered with 201."""
        made = [answer.body for answer in self.answers if answer.status == http.client.CREATED]
        return {body["booking_reference"]: body["customer_email"] for body in made}


def _parsed(text: bytes) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text.decode(errors="replace")
