"""A kind of delivery of the tests' own, and short ways to owe it and to look at it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from meeting_manager.ledger.handlers import Job, Outcome, register
from meeting_manager.ledger.models import Delivery
from meeting_manager.ledger.services import Owed, enqueue, queue

NOW = datetime(2026, 12, 7, 7, 0, tzinfo=UTC)
POST = "post"

Handler = Callable[[Job, datetime], Outcome]


def owe(*keys: str, kind: str = POST, due: datetime = NOW, now: datetime = NOW, about: str = "") -> list[Delivery]:
    """Owe one delivery for each key."""
    enqueue([Owed(kind, key, {"says": key}, due, about=about) for key in keys], now=now)
    return list(Delivery.objects.filter(key__in=keys).order_by("pk"))


def take(owner: str = "one", now: datetime = NOW, limit: int = 1, kind: str = POST) -> list[Job]:
    """Claim for that owner."""
    return queue.claim(now, owner, [kind], limit)


def lose_leases() -> None:
    """As if all workers had died a while ago."""
    Delivery.objects.filter(state="running").update(lease_until=datetime.now(UTC) - timedelta(seconds=1))


def stored(key: str) -> Delivery:
    """The delivery as the database has it."""
    return Delivery.objects.get(key=key)


def states() -> dict[str, str]:
    """The state of every delivery."""
    return dict(Delivery.objects.order_by("key").values_list("key", "state"))


class Postman:
    """A handler that remembers what it was given, and does first what it is told to do with a key."""

    def __init__(self) -> None:
        self.delivered: list[str] = []
        self.instead: dict[str, Handler] = {}

    def __call__(self, job: Job, now: datetime) -> Outcome:
        """Deliver."""
        self.delivered.append(job.key)
        return self.instead[job.key](job, now) if job.key in self.instead else Outcome("left at the door")

    def serve(self, kind: str = POST, *, threads: int = 2, attempts: int = 48) -> Callable[[], None]:
        """Register; returns the undoing."""
        return register(kind, self, threads=threads, attempts=attempts)
