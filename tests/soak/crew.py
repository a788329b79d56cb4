"""Real worker processes on a site that does not serve, and what they have brought."""

import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg

from tests.site import Site

_ROOT = Path(__file__).resolve().parents[2]
_STOP_SECONDS = 30.0


class Crew:
    """Workers of one site."""

    def __init__(self, site: Site) -> None:
        site.variables |= {"DJANGO_SETTINGS_MODULE": "tests.soak.appending.settings"}
        self.site = site
        self.own_address = site.database_url
        self.workers: list[subprocess.Popen[bytes]] = []

    def owe(self, number: int, *, seconds: float, prefix: str = "k") -> list[str]:
        """Owe so many deliveries that take so long each; returns their keys."""
        command = [sys.executable, "-m", "tests.soak.appending.owe", str(number), str(seconds), prefix]
        environment = {**self.site.variables, "DATABASE_URL": self.own_address}
        subprocess.run(command, env=environment, cwd=_ROOT, check=True)
        return [f"{prefix}{place}" for place in range(number)]

    def hire(self, number: int = 1) -> None:
        """Start workers."""
        with (self.site.data_dir / "site.log").open("ab") as log:
            for _ in range(number):
                command = [sys.executable, "-m", "meeting_manager", "worker"]
                self.workers.append(
                    subprocess.Popen(command, env=self.site.variables, cwd=_ROOT, stdout=log, stderr=log)
                )

    def kill_one(self, chance: random.Random) -> None:
        """End one with SIGKILL, and start another."""
        victim = self.workers.pop(chance.randrange(len(self.workers)))
        victim.kill()
        victim.wait()
        self.hire()

    def dismiss(self) -> list[int]:
        """SIGTERM for all; returns how they ended."""
        for worker in self.workers:
            worker.send_signal(signal.SIGTERM)
        codes = [worker.wait(_STOP_SECONDS) for worker in self.workers]
        self.workers.clear()
        return codes

    def close(self) -> None:
        """Leave nobody behind."""
        for worker in self.workers:
            worker.kill()
            worker.wait()

    def delivered(self) -> Counter[str]:
        """How often each key was brought."""
        path = self.site.data_dir / "delivered"
        return Counter(path.read_text().split()) if path.exists() else Counter()

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        """Rows straight from the database, whatever the workers think of it."""
        if self.own_address.startswith("sqlite"):
            with closing(sqlite3.connect(self.site.data_dir / "db.sqlite3", timeout=30)) as connection:
                return connection.execute(question).fetchall()
        with psycopg.connect(self.own_address) as connection:
            return connection.execute(question).fetchall()

    def states(self) -> dict[str, int]:
        """How many deliveries there are in each state."""
        return dict(self.ask("SELECT state, count(*) FROM ledger_delivery WHERE kind = 'append' GROUP BY state"))


def wait_until(condition: Callable[[], bool], seconds: float, meanwhile: Callable[[], object] = lambda: None) -> bool:
    """True as soon as it is so, False when it isn't in time; `meanwhile` is called again and again."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        meanwhile()
        time.sleep(0.05)
    return False
