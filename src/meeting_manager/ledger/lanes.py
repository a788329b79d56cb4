"""The threads that carry deliveries out: a lane for each kind, so that none waits for another."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue

import structlog
from django.db import close_old_connections, connections

log = structlog.get_logger(__name__)

_Work = tuple[Callable[[], None], "Future[None]"]


class Lane:
    """So many threads for the deliveries of one kind.

    Daemons, other than those of a ThreadPoolExecutor: a handler that hangs cannot keep the process from ending.
    """

    def __init__(self, kind: str, threads: int) -> None:
        self.kind = kind
        self.size = threads
        self._waiting: SimpleQueue[_Work | None] = SimpleQueue()
        self._guard = threading.Lock()
        self._taken = 0
        self._threads = [
            threading.Thread(target=self._work, name=f"{kind}-{number}", daemon=True) for number in range(threads)
        ]

    @property
    def free(self) -> int:
        """How many threads have nothing to do."""
        with self._guard:
            return max(self.size - self._taken, 0)

    def start(self) -> None:
        """Start the threads."""
        for thread in self._threads:
            thread.start()

    def submit(self, call: Callable[[], None]) -> "Future[None]":
        """Have `call` made by one of the threads, as soon as one is free; its exception goes into the future."""
        with self._guard:
            self._taken += 1
        future: Future[None] = Future()
        self._waiting.put((call, future))
        return future

    def end(self, deadline: float) -> bool:
        """Begin nothing more than was submitted, and wait until `deadline` (monotonic); True when all is done."""
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join(max(deadline - time.monotonic(), 0.0))
        return not any(thread.is_alive() for thread in self._threads)

    def _work(self) -> None:
        try:
            while (work := self._waiting.get()) is not None:
                self._do(*work)
        finally:
            connections.close_all()

    def _do(self, call: Callable[[], None], future: "Future[None]") -> None:
        failed: BaseException | None = None
        wanted = future.set_running_or_notify_cancel()
        try:
            if wanted:
                close_old_connections()
                call()
        except BaseException as error:
            failed = error
            log.error("work of a lane failed", kind=self.kind, exc_info=error)
        with self._guard:
            self._taken -= 1
        # Last, because whoever is told may look at `free` at once.
        if failed:
            future.set_exception(failed)
        elif wanted:
            future.set_result(None)
