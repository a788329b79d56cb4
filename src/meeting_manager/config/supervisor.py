"""Keeps the processes of one site running, and ends them together."""

import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import FrameType

import structlog

LONGEST_PAUSE_SECONDS = 30.0
SETTLED_SECONDS = 60.0
"""A process that ran so long before it died starts again without a pause."""

DRAIN_SECONDS = 25.0
POLL_SECONDS = 0.1

log = structlog.get_logger(__name__)


@dataclass
class Child:
    """One process that has to run."""

    name: str
    arguments: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    started: float = 0.0
    start_at: float = 0.0

    def start(self, now: float) -> None:
        """Start the process; ``now`` and all other times here are seconds of the monotonic clock."""
        # Ctrl-C reaches the whole process group, but ending in order is up to the supervisor: children never see it.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self.process = subprocess.Popen([sys.executable, "-m", *self.arguments])  # noqa: S603 - our own modules
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        self.started = now

    def look_after(self, now: float) -> None:
        """Start the process where it is due, and plan another start where it has died."""
        if self.process is None:
            if now >= self.start_at:
                self.start(now)
            return
        code = self.process.poll()
        if code is not None:
            self.failures = 1 if now - self.started >= SETTLED_SECONDS else self.failures + 1
            pause = min(2.0 ** (self.failures - 1), LONGEST_PAUSE_SECONDS)
            log.error("process died", process=self.name, code=code, again_in_seconds=pause)
            self.process, self.start_at = None, now + pause


@dataclass
class Supervisor:
    """Runs children until SIGTERM or SIGINT, then lets them finish what they have begun."""

    children: Sequence[Child]
    _stopping: bool = field(default=False, init=False)

    def run(self) -> None:
        """Run until told to stop; returns when all children are gone, after at most 25 s.

        Effect: takes over the handling of SIGTERM and SIGINT of this process.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while not self._stopping:
            for child in self.children:
                child.look_after(time.monotonic())
            time.sleep(POLL_SECONDS)
        self._drain()

    def _stop(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - the shape of a signal handler
        self._stopping = True

    def _drain(self) -> None:
        running = [child.process for child in self.children if child.process]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + DRAIN_SECONDS
        for process in running:
            try:
                process.wait(max(deadline - time.monotonic(), 0))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
