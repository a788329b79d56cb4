"""Mails of a site that is killed while it sends: none lost, at most one repeated a kill, with the same identity."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from tests.mailserver import MailServer
from tests.soak.furnished import Crowd, Furnished
from tests.soak.scale import Report, scaled

PATIENCE_SECONDS = 120.0


@pytest.fixture
def post() -> Iterator[MailServer]:
    """A mail server that takes its time, so that kills meet it in the middle."""
    with MailServer() as server:
        server.delay = 0.05
        yield server


def test_every_acknowledged_customer_is_told_whatever_was_killed(
    furnish: Callable[..., Furnished], post: MailServer, report: Report
) -> None:
    furnished = furnish(hosts=3, EMAIL_URL=post.url, WORKER_LEASE_SECONDS="2", GUEST_MAILS_PER_HOUR="0")
    chance = random.Random(3)
    acknowledged: dict[str, str] = {}
    kills = scaled(2, 100)
    for _ in range(kills):
        crowd = Crowd(furnished, 4)
        crowd.come()
        time.sleep(chance.uniform(0.5, 2.0))
        furnished.site.kill()
        crowd.go()
        acknowledged |= crowd.acknowledged
        furnished.site.start()
    _wait_until(lambda: customers(post) >= set(furnished.stored().values()), post)
    # A mail in flight when its worker was killed may have been taken; everything else goes out once.
    time.sleep(2 * post.delay + 3)
    repeats = Counter(str(mail["Message-ID"]) for mail in post.received)
    assert set(acknowledged.values()) <= customers(post)
    assert sum(number - 1 for number in repeats.values()) <= kills
    assert furnished.verify() == ""
    report.note(f"{kills} kills: {len(post.received)} mails, {sum(repeats.values()) - len(repeats)} repeated")


def customers(server: MailServer) -> set[str]:
    """The addresses of everybody who got a mail."""
    return {address for mail in server.received for address in [str(mail["To"]).rpartition("<")[2].rstrip(">")]}


def _wait_until(done: Callable[[], bool], server: MailServer) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not done():
        assert time.monotonic() < deadline, f"only {len(server.received)} mails came"
        time.sleep(0.2)
