"""``meeting-manager serve``."""

import errno
import ipaddress
import socket
import threading
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from meeting_manager.config.emptiness import site_is_empty
from meeting_manager.config.supervisor import Child, Supervisor

START_SECONDS = 30.0


class Command(BaseCommand):
    """Everything one machine needs to serve a site, in one process group."""

    help = "Migrate, then serve the site and do its background work until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        """The few things that differ from one start to another."""
        parser.add_argument("--no-migrate", action="store_true", help="leave the database as it is")
        parser.add_argument("--no-worker", action="store_true", help="answer requests only; `worker` runs elsewhere")
        parser.add_argument(
            "--demo-if-empty", action="store_true", help="load demo data into an empty database served on loopback"
        )

    def handle(self, **options: Any) -> None:  # noqa: ANN401 - Django's signature
        """Serve until SIGTERM or SIGINT. Effect: writes into the database and DATA_DIR before it listens."""
        refuse_taken_port(settings.BIND, settings.PORT)
        if not options["no_migrate"]:
            call_command("migrate", verbosity=1 if options["verbosity"] > 1 else 0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        if options["demo_if_empty"] and may_load_demo():
            call_command("demo", "load", stdout=self.stdout)
        connections.close_all()
        threading.Thread(target=self._announce, daemon=True).start()
        Supervisor(children(with_worker=not options["no_worker"])).run()

    def _announce(self) -> None:
        host = settings.BIND if settings.BIND not in {"0.0.0.0", "::"} else "127.0.0.1"  # noqa: S104 - compared only
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                socket.create_connection((host, settings.PORT), timeout=1).close()
            except OSError:
                time.sleep(0.1)
            else:
                self.stdout.write(f"Meeting Manager is at {settings.SITE_URL} (Ctrl-C stops it)")
                self.stdout.flush()
                return


def children(*, with_worker: bool) -> list[Child]:
    """The processes of this machine."""
    web = Child("web", ["meeting_manager.config.webserver"])
    return [web, Child("worker", ["meeting_manager", "worker"])] if with_worker else [web]


def refuse_taken_port(address: str, port: int) -> None:
    """Raise CommandError where the port can't be had. The web server itself would share it without a word."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            reason = "something else listens there" if taken else str(error.strerror)
            raise CommandError(
                f"Cannot listen on {address} port {port}: {reason}. PORT=... chooses another."
            ) from error


def may_load_demo() -> bool:
    """True for an empty site served to this machine only, where the demo command is installed."""
    if not ipaddress.ip_address(settings.BIND).is_loopback or "demo" not in get_commands():
        return False
    return site_is_empty()
