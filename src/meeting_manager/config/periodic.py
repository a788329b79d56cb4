"""What the house does by itself from time to time, beside answering requests."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from threading import Event

import structlog
from django.core.management import call_command
from django.db import close_old_connections
from django.utils.module_loading import import_string

from meeting_manager.config.logs import failure

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Periodic:
    """A function ``(now: aware UTC datetime)`` to be called every so many seconds; ``now`` is a whole second.

    Every machine of a site calls it, so calling it twice must do no harm.
    """

    name: str
    seconds: float
    function: str
    """Dotted path, so that this list can be read before the applications are loaded."""

    def run(self, now: dt.datetime) -> None:
        """Call the function."""
        import_string(self.function)(now)


PERIODIC: tuple[Periodic, ...] = (
    Periodic("expire bookings nobody decided on", 30, "meeting_manager.bookings.services.decide.expire_unapproved"),
    Periodic("forget expired sessions", 3600, "meeting_manager.config.periodic.forget_expired_sessions"),
    Periodic("forget old guest counters and answers", 3600, "meeting_manager.web.limits.forget_old"),
)


def forget_expired_sessions(now: dt.datetime) -> None:  # noqa: ARG001 - sessions expire by the database's rows
    """Delete sessions whose time is over."""
    call_command("clearsessions")


@dataclass
class Loop:
    """Calls each function when it is due, one after the other, until it is told to stop."""

    tasks: Iterable[Periodic]
    clock: Callable[[], dt.datetime]
    stopping: Event = field(default_factory=Event)

    def run(self) -> None:
        """Work until ``stopping`` is set; the failure of one function is logged and stops no other."""
        due = dict.fromkeys(self.tasks, self.clock())
        while not self.stopping.is_set():
            for task in [task for task, when in due.items() if when <= self.clock()]:
                if self.stopping.is_set():
                    return
                self._call(task)
                due[task] = self.clock() + dt.timedelta(seconds=task.seconds)
            wait = min(due.values(), default=self.clock() + dt.timedelta(hours=1)) - self.clock()
            self.stopping.wait(max(wait.total_seconds(), 0))

    def _call(self, task: Periodic) -> None:
        close_old_connections()
        try:
            task.run(self.clock().replace(microsecond=0))
        except Exception as error:  # noqa: BLE001 - whatever went wrong in one, the others have work to do
            log.error("periodic work failed", task=task.name, **failure(error))
        finally:
            close_old_connections()
