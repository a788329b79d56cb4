"""The legal status changes of a booking."""

from enum import StrEnum


class Status(StrEnum):
    PENDING = "Pending"
    CONFIRMED = "Confirmed"
    CANCELLED = "Cancelled"
    COMPLETED = "Completed"
    NO_SHOW = "No-Show"
    RESCHEDULED = "Rescheduled"


HOLDING = frozenset({Status.PENDING, Status.CONFIRMED})
"""These hold their hosts' time."""

COUNTED = HOLDING | {Status.COMPLETED}
"""These count toward limits."""

_NEXT: dict[Status, frozenset[Status]] = {
    Status.PENDING: frozenset({Status.CONFIRMED, Status.CANCELLED, Status.RESCHEDULED}),
    Status.CONFIRMED: frozenset({Status.CANCELLED, Status.RESCHEDULED, Status.COMPLETED, Status.NO_SHOW}),
    Status.COMPLETED: frozenset({Status.NO_SHOW}),
    Status.NO_SHOW: frozenset({Status.COMPLETED}),
    Status.CANCELLED: frozenset(),
    Status.RESCHEDULED: frozenset(),
}


class IllegalChange(ValueError):  # noqa: N818 - it names what was asked for, as callers read it
    """A status change that the life of a booking does not have."""

    def __init__(self, old: str, new: str) -> None:
        super().__init__(f"Cannot change booking status from '{old}' to '{new}'.")
        self.old = old
        self.new = new


def may_change(old: str, new: str) -> bool:
    """Whether a booking may go from one status to another; staying is no change. Unknown names may not."""
    return new in _NEXT.get(Status(old), ()) if old in _NAMES else False


def check_change(old: str, new: str) -> None:
    """Raise IllegalChange unless the change is legal."""
    if not may_change(old, new):
        raise IllegalChange(old, new)


_NAMES = frozenset(Status)
