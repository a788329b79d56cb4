"""The starts a department offers, and how many of its members are free at each."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import chain
from typing import NamedTuple

from meeting_manager.engine.facts import Department, Facts, Member, Override, WeeklyHours
from meeting_manager.engine.hours import Window, open_windows, range_windows
from meeting_manager.engine.refusals import Refusal, RefusalCode, is_free, waivable, why_not
from meeting_manager.engine.shortage import Shortage, ShortageCode
from meeting_manager.engine.tally import Tally, full_periods
from meeting_manager.engine.zones import day_bounds, local_date

__all__ = [
    "Refusal",
    "RefusalCode",
    "Shortage",
    "ShortageCode",
    "Slot",
    "free_members",
    "is_offered",
    "nearest",
    "offered_slots",
    "waivable",
    "why_not",
    "why_nothing",
]


class Slot(NamedTuple):
    """An offered meeting [start, end) and the number of members who can take it."""

    start: int
    end: int
    available_members: int


def offered_slots(facts: Facts, duration: int, interval: int, low: int, high: int) -> list[Slot]:
    """The slots with low <= start < high that at least one member can take, in order.

    `duration` and `interval` are seconds. A start is offered if it is a step in the hours of any
    member and the meeting ends inside them; those who count have it in their hours, on a step or not.
    The facts must hold the busy time that touches the range and its buffers, and the counted starts of
    every local day and week the range touches.
    """
    groups = _groups(_read(facts.members), low, high)
    grid = _grid(chain.from_iterable(group.windows for group in groups), duration, interval, low, high)
    grid = _less_full_days(facts.department, grid)
    if not grid:
        return []
    tally = Tally(grid, duration, facts.now)
    for group in groups:
        windows = ((start, end) for start, end, _ in group.windows)
        tally.add(group.members, windows, *_period_bounds(group.zone, grid[0], grid[-1]))
    return [Slot(start, start + duration, count) for start, count in zip(grid, tally.counts, strict=True) if count]


def is_offered(facts: Facts, duration: int, interval: int, start: int) -> bool:
    """Whether the start is a step in the hours of any member; whether anybody is free is another question."""
    return any(
        window.offers(duration, interval, start)
        for member in _read(facts.members)
        for window in _windows_at(member, start)
    )


def free_members(facts: Facts, start: int, end: int) -> list[Member]:
    """The members who can take a meeting at [start, end), in the order of the facts."""
    return [member for member in facts.members if is_free(facts, member, start, end)]


def why_nothing(facts: Facts, duration: int, interval: int, low: int, high: int) -> Shortage:
    """Why no slot with low <= start < high is offered, in general, so that guests may be told; arguments as there."""
    members = _read(facts.members)
    if not members:
        return Shortage(ShortageCode.NOBODY)
    groups = _groups(members, low, high)
    grid = _grid(chain.from_iterable(group.windows for group in groups), duration, interval, low, high)
    if not grid:
        return Shortage(ShortageCode.NO_HOURS)
    rules = [member.rule for member in members]
    soonest = facts.now + min(rule.min_notice for rule in rules)
    latest = facts.now + max(rule.max_advance for rule in rules)
    if grid[0] > latest and all(rule.max_advance for rule in rules):
        return Shortage(ShortageCode.TOO_FAR, latest=latest)
    if grid[-1] < soonest:
        return Shortage(ShortageCode.TOO_SOON, soonest=soonest)
    return Shortage(ShortageCode.FULL)


def nearest(slots: Iterable[Slot], start: int, n: int = 3) -> list[Slot]:
    """The n slots that begin nearest to a start, nearest first, of two as near the earlier first."""
    return sorted(slots, key=lambda slot: (abs(slot.start - start), slot.start))[:n]


def _read(members: Sequence[Member]) -> Sequence[Member]:
    """Those whose calendar is no reason not to offer them."""
    return [member for member in members if member.unread_since is None]


class _Group(NamedTuple):
    """Members who keep the same hours."""

    zone: str
    windows: list[Window]
    members: list[Member]


def _groups(members: Sequence[Member], low: int, high: int) -> list[_Group]:
    found: dict[tuple[str, WeeklyHours, frozenset[tuple[date, Override]]], list[Member]] = {}
    for member in members:
        found.setdefault((member.zone, member.hours, frozenset(member.rule.overrides.items())), []).append(member)
    return [
        _Group(zone, range_windows(zone, hours, alike[0].rule.overrides, low, high), alike)
        for (zone, hours, _), alike in found.items()
    ]


def _grid(windows: Iterable[Window], duration: int, interval: int, low: int, high: int) -> list[int]:
    offered: set[int] = set()
    for window in set(windows):
        offered.update(*window.starts(duration, interval, low, high))
    return sorted(offered)


def _period_bounds(zone: str, first: int, last: int) -> tuple[list[int], list[int]]:
    """The bounds of the local days, and of the local weeks, in which the instants lie."""
    day, end = local_date(zone, first), local_date(zone, last)
    monday = day - timedelta(days=day.weekday())
    length = (end - monday).days + 7 - end.weekday()
    bounds = [day_bounds(zone, monday + timedelta(days=number))[0] for number in range(length + 1)]
    return bounds, bounds[::7]


def _less_full_days(department: Department, grid: list[int]) -> list[int]:
    """The starts on days on which the department has not reached its own limit."""
    limit = department.max_per_day
    if not grid or not limit or len(department.booked_starts) < limit:
        return grid
    days, _ = _period_bounds(department.zone, grid[0], grid[-1])
    for begin, end in sorted(full_periods(grid, department.booked_starts, limit, days), reverse=True):
        del grid[begin:end]
    return grid


def _windows_at(member: Member, instant: int) -> tuple[Window, ...]:
    return open_windows(member.zone, member.hours, member.rule.overrides, local_date(member.zone, instant))
