"""What the engine is told: frozen facts about a department, its members and their time.

Instants are epoch seconds (UTC), spans half-open, wall-clock times minutes of a local day (0-1440).
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum

Span = tuple[int, int]

HOUR = 3600
DAY = 24 * HOUR


class BusyKind(IntEnum):
    """What a stored row of busy time is. Long spans are stored as pieces of at most 24 hours."""

    BOOKING = 1  # a Pending or Confirmed booking (its first piece): blocks and is counted
    BOOKING_CONTINUED = 2  # a later piece of one: blocks, is not counted again
    COMPLETED = 3  # a Completed booking: counted by limits, blocks nothing
    EXTERNAL = 4  # a blocking event of a connected calendar: blocks, is not counted


@dataclass(frozen=True, slots=True)
class Override:
    """The hours of one date. `start` and `end` are minutes of the local day; None means the weekday's."""

    available: bool
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class DayHours:
    """The hours of a weekday in minutes of the local day; `breaks` are in order and inside them."""

    enabled: bool
    start: int
    end: int
    breaks: tuple[Span, ...] = ()


WeeklyHours = tuple[DayHours, DayHours, DayHours, DayHours, DayHours, DayHours, DayHours]
"""Monday first."""


@dataclass(frozen=True, slots=True)
class Rule:
    """The availability rule in force. Buffers, notice and advance are seconds; 0 is no limit."""

    buffer_before: int = 0
    buffer_after: int = 0
    max_per_day: int = 0
    max_per_week: int = 0
    min_notice: int = 2 * HOUR
    max_advance: int = 60 * DAY
    overrides: Mapping[date, Override] = field(default_factory=dict)


DEFAULT_RULE = Rule()


@dataclass(frozen=True, slots=True)
class Busy:
    """The busy time of one member. `starts`, `ends`, `kinds` are parallel columns of the spans that
    block, ordered by start; they may overlap. `counted` holds the sorted starts of the bookings that
    limits count (Pending, Confirmed, Completed)."""

    starts: Sequence[int] = ()
    ends: Sequence[int] = ()
    kinds: Sequence[int] = ()
    counted: Sequence[int] = ()

    @classmethod
    def of(cls, bookings: Iterable[Span] = (), events: Iterable[Span] = (), completed: Iterable[Span] = ()) -> "Busy":
        """Busy time from spans in any order: held bookings, blocking events, completed bookings."""
        rows = [(start, end, BusyKind.BOOKING) for start, end in bookings]
        rows += [(start, end, BusyKind.EXTERNAL) for start, end in events]
        rows += [(start, end, BusyKind.COMPLETED) for start, end in completed]
        return group_busy([(0, *row) for row in sorted(rows)]).get(0, NOT_BUSY)


NOT_BUSY = Busy()


@dataclass(frozen=True, slots=True)
class Member:
    """An active member with an active account, as the engine sees one.

    `name` is the e-mail address, `zone` an IANA name, `order` the place among the member rows.
    `upcoming` counts Pending and Confirmed bookings that start within seven days from now;
    `balance` belongs to Weighted (see `assignment`). `last_assigned` is epoch seconds with
    their fraction: turns are taken in its order, and more than one may be taken in a second.
    """

    id: int
    name: str
    zone: str
    hours: WeeklyHours
    rule: Rule = DEFAULT_RULE
    order: int = 0
    priority: int = 1
    balance: int = 0
    last_assigned: float | None = None
    upcoming: int = 0
    busy: Busy = NOT_BUSY
    unread_since: int | None = None
    """Where their calendar could not be read since then, and the department does not offer such members."""


@dataclass(frozen=True, slots=True)
class Department:
    """The department's own limit (0 = none) and the starts it counts, sorted, one for each booking."""

    zone: str
    max_per_day: int = 0
    booked_starts: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a decision rests on; `now` is the instant at which it is taken."""

    now: int
    department: Department
    members: tuple[Member, ...]


BusyRow = tuple[int, int, int, int]
"""member id, start, end, kind"""


def group_busy(rows: Sequence[BusyRow]) -> dict[int, Busy]:
    """The busy time of each member, from raw rows ordered by (member id, start)."""
    if not rows:
        return {}
    ids, starts, ends, kinds = zip(*rows, strict=True)
    grouped = {}
    at, count = 0, len(ids)
    while at < count:
        upto = bisect_right(ids, ids[at], at)
        grouped[ids[at]] = _columns(starts[at:upto], ends[at:upto], kinds[at:upto])
        at = upto
    return grouped


def _columns(starts: tuple[int, ...], ends: tuple[int, ...], kinds: tuple[int, ...]) -> Busy:
    present = set(kinds)
    if present == {BusyKind.BOOKING}:  # by far the most common case: nothing to sort apart
        return Busy(starts, ends, kinds, starts)
    counted = tuple(start for start, kind in zip(starts, kinds, strict=True) if kind in _COUNTED)
    if BusyKind.COMPLETED not in present:
        return Busy(starts, ends, kinds, counted)
    blocking = [row for row in zip(starts, ends, kinds, strict=True) if row[2] != BusyKind.COMPLETED]
    if not blocking:
        return Busy(counted=counted)
    starts, ends, kinds = zip(*blocking, strict=True)
    return Busy(starts, ends, kinds, counted)


_COUNTED = frozenset({int(BusyKind.BOOKING), int(BusyKind.COMPLETED)})
