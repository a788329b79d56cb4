"""``meeting-manager worker``."""

import datetime as dt
import logging
import os
import signal
import time
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from meeting_manager.config.periodic import PERIODIC, Scheduler
from meeting_manager.config.supervisor import DRAIN_SECONDS
from meeting_manager.ledger.loops import Loop
from meeting_manager.ledger.worker import make_worker, run_once

OWN_DRAIN_SECONDS = DRAIN_SECONDS - 3
"""The worker ends by itself before the supervisor loses patience."""

POLL_SECONDS = 0.1


class Command(BaseCommand):
    """The background process; `serve` starts one by itself."""

    help = "Do the background work: deliveries and periodic work; for more machines, or beside `serve --no-worker`."

    def add_arguments(self, parser: CommandParser) -> None:
        """Once, or until stopped."""
        parser.add_argument("--once", action="store_true", help="carry out everything that is due now, and end")

    def handle(self, *, once: bool, **_: Any) -> None:  # noqa: ANN401 - Django's signature
        """Work until SIGTERM or SIGINT. Raises CommandError where something hangs, so that it is started anew."""
        if once:
            Scheduler(PERIODIC, clock, lambda: None).step()
            self.stdout.write(f"{run_once(clock)} deliveries carried out.")
            return
        self._stopped = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        self._work()

    def _work(self) -> None:
        worker = make_worker(clock)
        scheduler = Loop("scheduler", Scheduler(PERIODIC, clock, worker.wake).step)
        worker.start()
        scheduler.start()
        while not self._stopped and not worker.failed.is_set():
            time.sleep(POLL_SECONDS)
        scheduler.end()
        if not worker.stop(OWN_DRAIN_SECONDS):
            logging.shutdown()
            os._exit(1)  # a thread that hangs would keep Python waiting
        if worker.failed.is_set():
            raise CommandError("A delivery hangs.")

    def _stop(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - the shape of a signal handler
        self._stopped = True


def clock() -> dt.datetime:
    """The time as the background work reads it."""
    return dt.datetime.now(dt.UTC)
