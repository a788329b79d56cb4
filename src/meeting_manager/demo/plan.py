"""Which bookings the demo has: by working days from today, so that every day looks lived in whenever it is loaded."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, auto

REACH = 13
"""Working days before and after today."""

_SATURDAY = 5


class Fate(Enum):
    """What happens to a booking after it was made."""

    STAYS = auto()
    COMPLETED = auto()
    NO_SHOW = auto()
    CORRECTED = auto()
    CANCELLED = auto()
    MOVED = auto()
    MOVED_TWICE = auto()
    REASSIGNED = auto()
    APPROVED = auto()
    REJECTED = auto()
    EXPIRED = auto()


_OF_DAY = (
    ("support", "30-min-call"),
    ("sales", "product-demo"),
    ("support", "site-survey"),
    ("sales", "executive-consultation"),
    ("support", "30-min-call"),
    ("sales", "quick-question"),
    ("support", "30-min-call"),
)
_A_DAY = 3

_PAST = (
    Fate.COMPLETED,
    Fate.COMPLETED,
    Fate.NO_SHOW,
    Fate.COMPLETED,
    Fate.CANCELLED,
    Fate.MOVED,
    Fate.COMPLETED,
    Fate.CORRECTED,
)
_FUTURE = (
    Fate.STAYS,
    Fate.STAYS,
    Fate.CANCELLED,
    Fate.REASSIGNED,
    Fate.STAYS,
    Fate.MOVED,
    Fate.STAYS,
    Fate.MOVED_TWICE,
    Fate.STAYS,
)
_DECIDED_PAST = (Fate.APPROVED, Fate.REJECTED, Fate.EXPIRED)
_DECIDED_FUTURE = (Fate.STAYS, Fate.APPROVED, Fate.STAYS)


@dataclass(frozen=True, slots=True)
class Planned:
    """One booking of a customer: what, how many working days from today, and what comes of it."""

    number: int
    department: str
    meeting_type: str
    day: int
    fate: Fate

    @property
    def days_before(self) -> int:
        """How many days before the meeting it was made."""
        return 2 + self.number % 6


def planned() -> list[Planned]:
    """All bookings of customers, day by day."""
    return list(_planned())


def _planned() -> Iterator[Planned]:
    number = decided = 0
    for day in range(-REACH, REACH + 1):
        for _ in range(_A_DAY):
            department, kind = _OF_DAY[number % len(_OF_DAY)]
            fates: tuple[Fate, ...] = _PAST if day < 0 else _FUTURE
            place = number
            if kind == "executive-consultation":
                fates, place = (_DECIDED_PAST if day < 0 else _DECIDED_FUTURE), decided
                decided += 1
            fate = Fate.STAYS if day == 0 else fates[place % len(fates)]
            yield Planned(number, department, kind, day, fate)
            number += 1


def working_day(today: date, number: int) -> date:
    """The working day (Monday to Friday) so many before or after today; 0 is today, or the Monday after a weekend."""
    day = today
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    step = timedelta(days=1 if number > 0 else -1)
    for _ in range(abs(number)):
        day += step
        while day.weekday() >= _SATURDAY:
            day += step
    return day
