"""The process that answers requests: granian, as the settings want it."""

import os
import signal
import time
from types import FrameType
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

from meeting_manager.config.draining import QUEUE_SECONDS, refuse_new_connections

KILL_AFTER_SECONDS = 20


class DrainingServer(MPServer):
    """granian, which turns newcomers away before it stops its workers."""

    def _stop_workers(self) -> None:
        for worker in self.wrks:
            os.kill(worker.inner.pid, signal.SIGUSR1)
        time.sleep(QUEUE_SECONDS)
        super()._stop_workers()  # type: ignore[no-untyped-call] # granian has no types here


def main() -> None:
    """Serve until SIGTERM; requests that have begun are answered first."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meeting_manager.config.settings")
    from django.conf import settings

    DrainingServer(
        "meeting_manager.config.wsgi:application",
        address=settings.BIND,
        port=settings.PORT,
        interface=Interfaces.WSGI,
        workers=settings.WEB_WORKERS,
        blocking_threads=settings.WEB_THREADS,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=KILL_AFTER_SECONDS,
        log_dictconfig=settings.LOGGING,
        log_level=LogLevels.error,
    ).serve(target_loader=load)


def load(_: str) -> Any:  # noqa: ANN401 - a WSGI application
    """The application, in a worker that listens for the word to turn newcomers away."""
    signal.signal(signal.SIGUSR1, _turn_away)
    from meeting_manager.config.memory import settle
    from meeting_manager.config.wsgi import application

    settle()
    return application


def _turn_away(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the shape of a signal handler
    refuse_new_connections()


if __name__ == "__main__":
    main()
