"""What is read for whom, and what comes of it. Without the libraries that read, which only the process apart needs."""

from dataclasses import dataclass, field

from meeting_manager.adapters.calendar.protocol import PulledEvent

MOST_EVENTS = 20_000
"""In the window, with all occurrences; a calendar with more is refused, as half of one would leave time open."""

MOST_OCCURRENCES = 4_000
"""Of one series in the window: once an hour for five months."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose calendar it is: the zone in which whole days and floating times are theirs, and their addresses."""

    zone: str
    addresses: tuple[str, ...] = ()


@dataclass(slots=True)
class Reading:
    """What was found; `unread` and `problems` as in `protocol.Pulled`."""

    events: list[PulledEvent] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
