"""A fair queue of writers: one file lock in front of SQLite's own."""

import contextlib
import fcntl
import os
import threading
from pathlib import Path


class WriterLock:
    """The right to write to one database file; each connection has its own.

    SQLite lets waiting writers poll with growing pauses, so a newcomer often overtakes one who has waited for seconds.
    The kernel wakes waiters of a file lock in turn, and drops the lock of a process that dies. The first in line holds
    a second lock, the queue, so that one who has just written can't take the next turn while the first wakes up.
    """

    def __init__(self, path: Path, timeout: float) -> None:
        """Prepare the lock kept in the file ``path``; waiting for it ends after ``timeout`` seconds."""
        self._path = path
        self._timeout = timeout
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        """True from acquire() until release()."""
        return self._descriptor is not None

    def acquire(self) -> None:
        """Wait for the lock. Raises TimeoutError after the timeout, OSError where the file can't be made."""
        if self._descriptor is not None:
            return
        descriptor, queue = _open(self._path), _open(self._path.with_name(self._path.name + "-queue"))
        try:
            _take(queue, descriptor, fcntl.LOCK_NB)
        except BlockingIOError:
            self._queue_up(queue, descriptor)
        except OSError:
            os.close(queue)
            os.close(descriptor)
            raise
        else:
            os.close(queue)
        self._descriptor = descriptor

    def _queue_up(self, queue: int, descriptor: int) -> None:
        # The call that queues in the kernel can't be given a timeout, so it waits in a thread that can be left behind.
        waiter = _Waiter(queue, descriptor)
        waiter.start()
        if not waiter.wait(self._timeout):
            raise TimeoutError(f"no turn to write to the database within {self._timeout:g} seconds")

    def release(self) -> None:
        """Let the next writer in; does nothing when the lock is not held."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _take(queue: int, descriptor: int, how: int = 0) -> None:
    fcntl.flock(queue, fcntl.LOCK_EX | how)
    fcntl.flock(descriptor, fcntl.LOCK_EX | how)


class _Waiter(threading.Thread):
    """Waits for the lock of a descriptor, and gives it back where nobody wants it any more."""

    def __init__(self, queue: int, descriptor: int) -> None:
        super().__init__(daemon=True, name="sqlite-writer-queue")
        self._queue = queue
        self._descriptor = descriptor
        self._guard = threading.Lock()
        self._locked = threading.Event()
        self._abandoned = False
        self._error: OSError | None = None

    def run(self) -> None:
        try:
            _take(self._queue, self._descriptor)
        except OSError as error:
            self._error = error
        os.close(self._queue)
        with self._guard:
            if self._abandoned or self._error:
                with contextlib.suppress(OSError):
                    os.close(self._descriptor)
            self._locked.set()

    def wait(self, timeout: float) -> bool:
        """True when the lock is ours; False when time ran out, after which the descriptor closes itself."""
        if not self._locked.wait(timeout):
            with self._guard:
                self._abandoned = not self._locked.is_set()
        if self._error:
            raise self._error
        return not self._abandoned
