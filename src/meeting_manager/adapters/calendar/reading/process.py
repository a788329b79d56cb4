"""The process apart, as the one who orders sees it: started with the first order, and anew when it is gone."""

import atexit
import socket
import struct
import subprocess
import sys
import threading

ORDER = struct.Struct("d")
"""What goes with the socket of an order: the seconds it may take."""

_COMMAND = (sys.executable, "-m", "meeting_manager.adapters.calendar.reading")


class ReadingProcess:
    """One for each process that has something read: safe for threads, but not to be taken along by a fork."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._orders: socket.socket | None = None

    @property
    def number(self) -> int | None:
        """By which the system knows it; none before the first order."""
        return self._process.pid if self._process else None

    def hand(self, order: socket.socket, seconds: float) -> None:
        """Have a fork of the process work on what comes in at `order`, for `seconds` at most. Does not wait for it.

        Raises OSError where no process can be started.
        """
        with self._lock:
            try:
                self._send(order, seconds)
            except OSError:  # it was killed
                self.stop()
                self._send(order, seconds)

    def _send(self, order: socket.socket, seconds: float) -> None:
        if not self._orders:
            self._start()
        assert self._orders  # noqa: S101 - just started
        socket.send_fds(self._orders, [ORDER.pack(seconds)], [order.fileno()])

    def _start(self) -> None:
        self._orders, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                _COMMAND, stdin=theirs.fileno(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )

    def stop(self) -> None:
        """End it, with what it is working on; the next order starts another."""
        if self._orders:
            self._orders.close()
            self._orders = None
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None


READING_PROCESS = ReadingProcess()
atexit.register(READING_PROCESS.stop)
