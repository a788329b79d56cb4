"""The process that answers requests: granian, as the settings want it."""

import os

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

KILL_AFTER_SECONDS = 20


def main() -> None:
    """Serve until SIGTERM; requests that have begun are answered first."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meeting_manager.config.settings")
    from django.conf import settings

    Granian(
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
    ).serve()


if __name__ == "__main__":
    main()
