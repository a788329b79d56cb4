"""Whether a time can be had, and which ones are near it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from meeting_manager.bookings import times
from meeting_manager.bookings.facts import Moving
from meeting_manager.departments.models import MeetingType
from meeting_manager.public import starts


@dataclass(frozen=True, slots=True)
class Option:
    """A time to choose instead."""

    start: datetime
    end: datetime
    value: str


@dataclass(frozen=True, slots=True)
class Offers:
    """Around a start: whether it is offered itself, and where it isn't the nearest that are."""

    has_start: bool
    options: Sequence[Option]
    length: timedelta


def look_around(kind: MeetingType, start: datetime, now: datetime, moving: Moving | None = None) -> Offers:
    """Whether `start` is offered, else up to three others near it. Seven queries at most."""
    near = times.alternatives(meeting_type=kind, start=start, now=now, moving=moving)
    length = timedelta(minutes=kind.duration)
    if near and near[0][0] == start:
        return Offers(has_start=True, options=(), length=length)
    options = sorted((Option(first, last, starts.write(first)) for first, last in near), key=lambda each: each.start)
    return Offers(has_start=False, options=options, length=length)
