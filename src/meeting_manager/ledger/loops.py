"""Threads that do the same thing again and again, and go on whatever goes wrong."""

import threading
from collections.abc import Callable

import structlog
from django.db import close_old_connections, connection, connections

_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 5.0

log = structlog.get_logger(__name__)


class Trouble:
    """One piece of work that fails and recovers: its first failure is logged, and its recovery."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._pause = 0.0

    def met(self, error: BaseException) -> float:
        """It failed; returns the seconds to wait before the next try. Effect: logs the first failure in a row."""
        if not self._pause:
            log.error("background work is disturbed", loop=self._name, exc_info=error)
        self._pause = min(2 * self._pause, _LONGEST_PAUSE_SECONDS) or _FIRST_PAUSE_SECONDS
        return self._pause

    def over(self) -> None:
        """It succeeded."""
        if self._pause:
            log.info("background work goes on", loop=self._name)
        self._pause = 0.0


class Loop(threading.Thread):
    """Calls `step` until it is ended; a step does what is to be done and returns the seconds until the next one."""

    def __init__(self, name: str, step: Callable[[], float]) -> None:
        super().__init__(name=name, daemon=True)
        self._step = step
        self._trouble = Trouble(name)
        self._awake = threading.Event()
        self._ending = threading.Event()

    def wake(self) -> None:
        """Have the next step begin now."""
        self._awake.set()

    def end(self, seconds: float = 0.0) -> bool:
        """Have no further step begin, and wait so long for the last one; True when it is over."""
        self._ending.set()
        self._awake.set()
        if self.ident is not None:
            self.join(max(seconds, 0.0))
        return not self.is_alive()

    def run(self) -> None:
        """What the thread does."""
        try:
            while not self._ending.is_set():
                pause = self._try()
                self._awake.wait(pause)
                self._awake.clear()
        finally:
            connections.close_all()

    def _try(self) -> float:
        try:
            close_old_connections()
            pause = self._step()
        except Exception as error:  # noqa: BLE001 - it has to go on whatever went wrong, mostly a database that is away
            connection.close()
            return self._trouble.met(error)
        self._trouble.over()
        return pause
