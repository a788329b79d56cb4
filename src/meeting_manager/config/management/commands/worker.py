"""``meeting-manager worker``."""

import datetime as dt
import signal
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand

from meeting_manager.config.periodic import PERIODIC, Loop


class Command(BaseCommand):
    """The background process; `serve` starts one by itself."""

    help = "Do the background work; only needed beside `serve --no-worker`."

    def handle(self, **_: Any) -> None:  # noqa: ANN401 - Django's signature
        """Work until SIGTERM or SIGINT."""
        loop = Loop(PERIODIC, clock=lambda: dt.datetime.now(dt.UTC))

        def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the shape of a signal handler
            loop.stopping.set()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        loop.run()
