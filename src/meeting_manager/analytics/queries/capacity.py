"""What the members of departments could have taken: their open hours, less what their own calendars held."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from meeting_manager.adapters.rows import epoch
from meeting_manager.analytics.periods import Period
from meeting_manager.analytics.queries.scope import rows
from meeting_manager.availability.queries import Standing, standing
from meeting_manager.busy.queries import read_events
from meeting_manager.engine.facts import Rule, Span, WeeklyHours
from meeting_manager.engine.hours import Window, open_stretches, range_windows
from meeting_manager.engine.intervals import intersect
from meeting_manager.engine.zones import local_date

_MINUTE = 60


class Membership(NamedTuple):
    """An active member with an active account; `joined` is when the account was made (UTC epoch seconds)."""

    user: int
    department: int
    priority: int
    joined: int


class Capacity(NamedTuple):
    """What a member could have taken in a period, in minutes, and what it was made of.

    `blocked` are minutes within the hours that other calendars held; `away` counts working days that a date override
    closed; `joined` is the local date since which hours count, where that lies in the period.
    """

    minutes: int
    blocked: int
    away: int
    joined: date | None
    rule: Rule


def memberships(departments: Collection[int]) -> list[Membership]:
    """Who takes part in these departments (by id), in their order. One query."""
    places = ", ".join(["%s"] * len(departments)) or "NULL"
    found = rows(
        "SELECT m.member_id, m.department_id, m.assignment_priority, u.date_joined"  # noqa: S608 - only placeholders
        " FROM departments_departmentmember m JOIN people_user u ON u.id = m.member_id"
        f" WHERE m.department_id IN ({places}) AND m.is_active AND u.is_active ORDER BY m.position, m.id",
        list(departments),
    )
    return [Membership(user, place, priority, int(epoch(joined) or 0)) for user, place, priority, joined in found]


def capacities(joined: Mapping[int, int], period: Period, zone: str) -> dict[int, Capacity]:
    """What members could have taken in the period on the clocks of `zone`, by user id; `joined` says for each of them
    since when they are there (UTC epoch seconds).

    Four queries at most, whatever their number: settings, rules, overrides and external busy time.
    """
    low, high = period.bounds(zone)
    events: dict[int, list[Span]] = {}
    for user, start, end in read_events(list(joined), low, high):
        _append(events.setdefault(user, []), start, end)
    standings = standing(list(joined), period.first, period.last)
    return {
        user: _capacity(own, own.zone or zone, (low, high), joined[user], events.get(user, ()))
        for user, own in standings.items()
    }


def _append(spans: list[Span], start: int, end: int) -> None:
    """Add a span that begins no earlier than those before it; spans that overlap or touch become one."""
    if spans and start <= spans[-1][1]:
        spans[-1] = spans[-1][0], max(spans[-1][1], end)
    else:
        spans.append((start, end))


def _capacity(own: Standing, zone: str, span: Span, joined: int, events: Sequence[Span]) -> Capacity:
    opened = _opened(own, zone, span)
    if joined > span[0]:
        opened = intersect(opened, [(joined, max(joined, span[1]))])
    blocked = _length(intersect(opened, events))
    return Capacity(
        minutes=_length(opened) - blocked,
        blocked=blocked,
        away=_days_away(own),
        joined=local_date(zone, joined) if span[0] < joined < span[1] else None,
        rule=own.rule,
    )


def _opened(own: Standing, zone: str, span: Span) -> Sequence[Span]:
    if own.rule.overrides:
        return _within(range_windows(zone, own.hours, own.rule.overrides, *span), span)
    return _usual(zone, own.hours, span)


@lru_cache(maxsize=128)
def _usual(zone: str, hours: WeeklyHours, span: Span) -> Sequence[Span]:
    """Hours without overrides, which many members share."""
    return _within(range_windows(zone, hours, {}, *span), span)


def _within(windows: Iterable[Window], span: Span) -> Sequence[Span]:
    return intersect([(window.start, window.end) for window in windows], [span])


def _days_away(own: Standing) -> int:
    closed = [day for day, override in own.rule.overrides.items() if not override.available]
    return sum(bool(open_stretches(own.hours, {}, day)) for day in closed)


def _length(spans: Iterable[Span]) -> int:
    return sum(end - start for start, end in spans) // _MINUTE
