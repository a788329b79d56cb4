"""What operators rely on when they start, stop and kill a site."""

import os
import re
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.site import Site

CLIENTS = 12


def test_a_new_site_migrates_serves_and_says_so(make_site: Callable[..., Site]) -> None:
    site = make_site(migrated=False)
    site.start()
    assert httpx.get(f"{site.url}/healthz").text == "ok\n"
    assert httpx.get(f"{site.url}/readyz").json() == {"status": "ok", "reasons": []}
    assert f"Meeting Manager is at {site.url}" in site.log


def test_what_it_keeps_is_readable_by_its_owner_only(site: Site) -> None:
    kept = [*site.data_dir.joinpath("secrets").iterdir(), *site.data_dir.glob("db.sqlite3-*")]
    assert kept
    assert all(path.stat().st_mode & 0o077 == 0 for path in kept)


@pytest.mark.once
def test_static_files_have_names_that_carry_their_hash(site: Site) -> None:
    page = httpx.get(f"{site.url}/book")
    addresses = re.findall(r'"(/static/[^"]+)"', page.text)
    assert addresses
    for address in addresses:
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", address)
        assert "immutable" in httpx.get(site.url + address).headers["Cache-Control"]


def test_no_request_fails_when_a_busy_site_stops(site: Site) -> None:
    outcomes: Counter[str] = Counter()
    stopped = threading.Event()

    def ask_until_refused() -> None:
        while not stopped.is_set():
            outcome = ask(site.port)
            outcomes[outcome] += 1
            if outcome == "refused":
                return

    clients = [threading.Thread(target=ask_until_refused) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    time.sleep(1)
    seconds = site.stop()
    for client in clients:
        client.join(30)
    stopped.set()
    assert outcomes.pop("refused") == CLIENTS
    assert set(outcomes) == {"200"}
    assert outcomes["200"] > CLIENTS
    assert seconds < 30


def ask(port: int) -> str:
    """The status of one request over a connection of its own, "refused", or what went wrong."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
            connection.sendall(b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
    except ConnectionRefusedError:
        return "refused"
    except OSError as error:
        return type(error).__name__
    return answer.split(b" ", 2)[1].decode() if answer else "no answer"


def test_ctrl_c_ends_a_site_in_order(site: Site) -> None:
    assert site.process
    os.killpg(site.process.pid, signal.SIGINT)
    assert site.process.wait(30) == 0
    assert '"error"' not in site.log


def test_a_killed_site_starts_again_on_the_same_port(site: Site) -> None:
    site.kill()
    site.start()
    assert httpx.get(f"{site.url}/readyz").status_code == 200


def test_a_process_that_dies_is_started_again(site: Site) -> None:
    assert site.process
    worker = next(pid for pid in children_of(site.process.pid) if "worker" in command_of(pid))
    os.kill(worker, signal.SIGKILL)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        again = [pid for pid in children_of(site.process.pid) if "worker" in command_of(pid) and pid != worker]
        if again:
            break
        time.sleep(0.1)
    assert again
    assert '"process": "worker"' in site.log


def children_of(pid: int) -> list[int]:
    """Process ids of the direct children."""
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def command_of(pid: int) -> str:
    """The command line of a process."""
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")


def test_a_taken_port_is_named(site: Site, make_site: Callable[..., Site]) -> None:
    refused = make_site(PORT=str(site.port)).run("serve", check=False)
    assert refused.returncode == 1
    assert f"Cannot listen on 127.0.0.1 port {site.port}: something else listens there." in refused.stderr


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        (
            "PORT",
            "eighty",
            'The setting PORT is "eighty", which is not right; it must be a whole number from 1 to 65535.',
        ),
        (
            "TIME_ZONE",
            "Berlin",
            'The setting TIME_ZONE is "Berlin", which is not right; it must be the name of an IANA',
        ),
        ("DATABASE_URL", "mysql://root:hunter2@db/x", "The setting DATABASE_URL is set, but its value is not right;"),
        ("GUEST_BOOKING_PER_HOUR", "5", "did you mean GUEST_BOOKINGS_PER_HOUR?"),
        ("DATABSE_URL", "sqlite:///x", "did you mean DATABASE_URL?"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_sentence(
    make_site: Callable[..., Site], name: str, value: str, sentence: str
) -> None:
    site = make_site()
    site.variables.pop("DATABASE_URL")
    site.variables[name] = value
    refused = site.run("serve", check=False)
    assert refused.returncode == 2
    assert sentence in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert "hunter2" not in refused.stderr
