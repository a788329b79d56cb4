"""The real product as a subprocess, for tests that need what only real processes have: races, kills, signals."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Mapping
from pathlib import Path

import httpx
import psycopg
from psycopg import sql

from tests.databases import name_of, postgresql_tools, with_database

START_SECONDS = 60.0
COMMAND_SECONDS = 120.0
STOP_SECONDS = 30.0
UNLIMITED_GUESTS = {
    "GUEST_BOOKINGS_PER_HOUR": "0",
    "GUEST_FORM_SECONDS": "0",
    "GUEST_LOOKUPS_PER_HOUR": "0",
    "GUEST_MISSES_PER_HOUR": "0",
}


class Site:
    """One site: a folder for data, a database, and the process group that ``meeting-manager serve`` starts.

    ``server`` is the address of a PostgreSQL server, on which the site gets a new database; without it SQLite is used.
    The database begins as a copy of that of the site ``template``, which must not be running.
    Everything in ``variables`` goes into the environment of the product. Limits on guests are off unless given there.
    """

    def __init__(
        self,
        folder: Path,
        server: str | None = None,
        variables: Mapping[str, str] | None = None,
        template: "Site | None" = None,
    ) -> None:
        folder.mkdir(parents=True)
        self.data_dir = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database_url = self._new_database(server, template)
        self.variables = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "DJANGO_"))},
            "PATH": f"{postgresql_tools()}:{os.environ['PATH']}",
            "DATA_DIR": str(folder),
            "DATABASE_URL": self.database_url,
            "PORT": str(self.port),
            "LOG_FORMAT": "json",
            "EMAIL_URL": f"file://{folder}/outbox",
            **UNLIMITED_GUESTS,
            **(variables or {}),
        }
        self.process: subprocess.Popen[bytes] | None = None

    def _new_database(self, server: str | None, template: "Site | None") -> str:
        if server:
            return create_database(server, template.database_url if template else None)
        path = self.data_dir.resolve() / "db.sqlite3"
        if template:
            shutil.copy(template.data_dir / "db.sqlite3", path)  # with its mode, which the files beside it take over
        return f"sqlite:///{path}"

    @property
    def log(self) -> str:
        """Everything that all processes of the site have written so far."""
        return (self.data_dir / "site.log").read_text(encoding="utf-8", errors="replace")

    def start(self, *options: str) -> None:
        """Start ``meeting-manager serve`` in a process group of its own and wait until it is ready."""
        with (self.data_dir / "site.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "meeting_manager", "serve", *options],
                env=self.variables,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.wait_until_ready()

    def wait_until_ready(self, seconds: float = START_SECONDS) -> None:
        """Return when /readyz says 200; raise RuntimeError with the log when it does not in time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.process and self.process.poll() is None:
            try:
                if httpx.get(f"{self.url}/readyz", timeout=5).status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.05)
        raise RuntimeError(f"the site did not become ready:\n{self.log}")

    def stop(self) -> float:
        """SIGTERM; returns the seconds until it was gone. Raises subprocess.TimeoutExpired after 30 s."""
        if self.process is None:
            return 0.0
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(STOP_SECONDS)
        self.process = None
        return time.monotonic() - began

    def kill(self) -> None:
        """SIGKILL for every process of the site at once, as when the power fails."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        wait_until_refused(self.port)
        self.process = None

    def restart(self, *options: str) -> None:
        """Stop where it runs, and start again on the same data and port."""
        self.stop()
        self.start(*options)

    def run(self, *arguments: str, check: bool = True, text: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command of ``meeting-manager`` on the site's data; with ``check`` it has to end well."""
        done = subprocess.run(
            [sys.executable, "-m", "meeting_manager", *arguments],
            env=self.variables,
            input=text,
            capture_output=True,
            text=True,
            check=False,
            timeout=COMMAND_SECONDS,
        )
        if check and done.returncode:
            raise RuntimeError(f"meeting-manager {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}")
        return done

    def close(self) -> None:
        """End every process and drop the PostgreSQL database, if there is one."""
        self.kill()
        drop_database(self.database_url)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_until_refused(port: int) -> None:
    """Return when nobody listens on the port any more: killed processes let go of it a moment later."""
    deadline = time.monotonic() + STOP_SECONDS
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            return
        time.sleep(0.02)
    raise RuntimeError(f"somebody still listens on port {port}")


def create_database(server: str, template: str | None) -> str:
    """The address of a new database on the server: a copy of the one at the address ``template``, or empty."""
    name = f"site_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        source = sql.Identifier(name_of(template) if template else "template1")
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), source))
    return with_database(server, name)


def drop_database(address: str) -> None:
    """Drop a PostgreSQL database, whoever is connected; an address of SQLite is left alone."""
    if address.startswith("sqlite"):
        return
    name = name_of(address)
    with psycopg.connect(with_database(address, "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
