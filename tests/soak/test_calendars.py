"""Calendars of hosts on a real CalDAV server, while it, the site, or both are killed in the middle of changes."""

import random
import re
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.calendarserver import CalendarServer, Collection
from tests.soak.crew import wait_until
from tests.soak.furnished import Answer, Furnished
from tests.soak.scale import IS_FULL, Report, scaled

ROUNDS = scaled(2, 40)
SETTLED_SECONDS = scaled(15, 600)
_HOSTS = ("host0@bestsecurity.example", "host1@bestsecurity.example")
_DOINGS = {"booked", "moved", "passed on", "cancelled"}
_LOOPBACK = {"ALLOW_PRIVATE_ADDRESSES": "127.0.0.1/32", "WORKER_LEASE_SECONDS": "2"}


@pytest.fixture
def radicale(tmp_path: Path) -> Iterator[CalendarServer]:
    made = CalendarServer(tmp_path / "calendarserver")
    made.start()
    yield made
    made.stop()


@dataclass
class Staff:
    """Somebody who books, moves, passes on and cancels, one after the other, until sent home."""

    furnished: Furnished
    token: str
    chance: random.Random
    known: list[str] = field(default_factory=list)
    done: dict[str, int] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def come(self) -> None:
        """Begin."""
        self._over.clear()
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def go(self) -> None:
        """Finish what was begun, and rest."""
        assert self._thread
        self._over.set()
        self._thread.join()

    def _work(self) -> None:
        doings = [self._book, self._book, self._move, self._pass_on, self._cancel]
        while not self._over.is_set():
            self.chance.choice(doings)()
            time.sleep(0.05)

    def _book(self) -> None:
        answer = self.furnished.book(self.furnished.new_start())
        self._count("booked", answer)
        self._remember(answer)

    def _move(self) -> None:
        if reference := self._some():
            start = self.furnished.new_start().isoformat()
            answer = self._ask("moved", reference, "reschedule", {"start": start, "reason": "Later"})
            self._remember(answer)

    def _pass_on(self) -> None:
        if reference := self._some():
            for host in _HOSTS:  # the one who has it already is refused
                self._ask("passed on", reference, "reassign", {"new_user": host, "reason": "Ill"})
            self.known.append(reference)

    def _cancel(self) -> None:
        if reference := self._some():
            self._ask("cancelled", reference, "cancel", {"reason": "Ill"})

    def _some(self) -> str:
        """A booking, which is forgotten until it is known what became of it."""
        return self.known.pop(self.chance.randrange(len(self.known))) if self.known else ""

    def _ask(self, what: str, reference: str, verb: str, body: dict[str, str]) -> Answer:
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = self.furnished.ask("POST", f"/api/v1/bookings/{reference}/{verb}", body, headers)
        self._count(what, answer)
        return answer

    def _remember(self, answer: Answer) -> None:
        if answer.status in {200, 201}:
            self.known.append(answer.body["booking_reference"])

    def _count(self, what: str, answer: Answer) -> None:
        self.answers.append(answer)
        if answer.status in {200, 201}:
            self.done[what] = self.done.get(what, 0) + 1


def test_calendars_are_in_step_after_kills_of_site_and_calendar_server(
    furnish: Callable[..., Furnished], radicale: CalendarServer, database: str, report: Report
) -> None:
    if database != "sqlite" and not IS_FULL:
        pytest.skip("on PostgreSQL only in `make soak`: what is tested is not the database")
    calendars = [radicale.make("one"), radicale.make("two")]
    furnished = furnish(hosts=len(calendars), **_LOOPBACK)
    token = furnished.python("-m", "tests.soak.furnish_calendars", *(each.url for each in calendars)).strip()
    staff = Staff(furnished, token, random.Random(4))
    for number in range(ROUNDS):
        staff.come()
        assert wait_until(lambda: set(staff.done) == _DOINGS, 30)
        time.sleep(staff.chance.uniform(0.3, 1.0))
        _disturb(number, furnished, radicale)
        time.sleep(0.3)
        staff.go()
        _go_on(number, furnished, radicale)
    began, wanted = time.monotonic(), _wanted(furnished)
    assert wait_until(lambda: _there(calendars) == wanted, SETTLED_SECONDS), (_there(calendars), wanted)
    report.note(f"{ROUNDS} rounds, {staff.done}, in step {time.monotonic() - began:.1f} s after the last")
    assert {answer.status for answer in staff.answers} <= {0, 200, 201, 400, 409, 422}
    assert furnished.verify() == ""


def _disturb(number: int, furnished: Furnished, server: CalendarServer) -> None:
    """In turn both die, the calendar server, and the site."""
    if number % 3 != 2:
        server.stop()
    if number % 3 != 1:
        furnished.site.kill()


def _go_on(number: int, furnished: Furnished, server: CalendarServer) -> None:
    if number % 3 != 2:
        server.start()
    if number % 3 != 1:
        if not IS_FULL:
            _let_claims_run_out(furnished)
        furnished.site.start()


def _let_claims_run_out(furnished: Furnished) -> None:
    """What a killed worker was writing is taken over after three minutes, which `make soak` has and this has not."""
    with closing(sqlite3.connect(furnished.site.data_dir / "db.sqlite3", timeout=30)) as connection, connection:
        connection.execute(
            "UPDATE calendars_calendareventsync SET write_started = datetime(write_started, '-4 minutes')"
            " WHERE write_started IS NOT NULL"
        )


def _there(calendars: list[Collection]) -> list[list[datetime]]:
    """When the events of each calendar begin; an event that is there twice is told twice."""
    return [sorted(_begins(path.read_text()) for path in each.folder.glob("*.ics")) for each in calendars]


def _begins(text: str) -> datetime:
    (found,) = re.findall(r"^DTSTART:(\d{8}T\d{6})Z", text, re.MULTILINE)
    return datetime.strptime(found, "%Y%m%dT%H%M%S").replace(tzinfo=UTC)


def _wanted(furnished: Furnished) -> list[list[datetime]]:
    confirmed = [row for row in furnished.bookings() if row["status"] == "Confirmed"]
    return [
        sorted(datetime.fromisoformat(row["start"]) for row in confirmed if host in row["hosts"]) for host in _HOSTS
    ]
