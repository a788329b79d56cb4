"""What could be changed about a member or a department so that a time opens, and the facts as they would be then."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum

from meeting_manager.engine.facts import DayHours, Facts, Member, Override, Rule, Span, WeeklyHours

MINUTE = 60


class ChangeKind(IntEnum):
    """What is changed; of two changes as large the earlier kind counts as the smaller."""

    BREAK_BEGINS = 1  # a break of the weekday begins later
    BREAK_ENDS = 2  # a break of the weekday ends earlier
    BREAK_GOES = 3  # the weekday has one break less
    DAY_BEGINS = 4  # the weekday's hours begin earlier
    DAY_ENDS = 5  # the weekday's hours end later
    DATE_BEGINS = 6  # the date's own hours begin earlier
    DATE_ENDS = 7  # the date's own hours end later
    DATE_OPENS = 8  # the date, on which they are away, gets hours
    DAY_OPENS = 9  # the weekday, on which they don't work, gets hours
    BUFFER_BEFORE = 10
    BUFFER_AFTER = 11
    NOTICE = 12
    ADVANCE = 13
    DAY_LIMIT = 14
    WEEK_LIMIT = 15
    DEPARTMENT_LIMIT = 16
    CALENDAR = 17  # their calendar can be read again


@dataclass(frozen=True, slots=True)
class Change:
    """One change. What `was` and `to` measure follows from its kind: minutes of the local day for hours and breaks,
    seconds for buffers, notice and advance, bookings for limits (0: none). `day` is the local date it is about.

    `span` is the break that is changed, or the hours that a closed day gets.
    """

    kind: ChangeKind
    day: date
    was: int = 0
    to: int = 0
    span: Span = (0, 0)


def size(changes: Iterable[Change]) -> int:
    """How much longer doors are open after changes of hours, in minutes."""
    return sum(_size(change) for change in changes)


def _size(change: Change) -> int:
    if change.kind in _OF_SPANS:
        return change.span[1] - change.span[0]
    return abs(change.to - change.was)


_OF_SPANS = {ChangeKind.BREAK_GOES, ChangeKind.DATE_OPENS, ChangeKind.DAY_OPENS}


def applied(facts: Facts, member: Member, changes: Iterable[Change]) -> tuple[Facts, Member]:
    """The facts as they would be after the changes, and the member in them."""
    department, changed = facts.department, member
    for change in changes:
        if change.kind is ChangeKind.DEPARTMENT_LIMIT:
            department = replace(department, max_per_day=change.to)
        else:
            changed = _member(changed, change)
    members = tuple(changed if one.id == member.id else one for one in facts.members)
    return replace(facts, department=department, members=members), changed


def _member(member: Member, change: Change) -> Member:
    if change.kind is ChangeKind.CALENDAR:
        return replace(member, unread_since=None)
    if change.kind in _OF_WEEKDAYS:
        return replace(member, hours=_week(member.hours, change))
    return replace(member, rule=_rule(member.rule, change))


_OF_WEEKDAYS = {
    ChangeKind.BREAK_BEGINS,
    ChangeKind.BREAK_ENDS,
    ChangeKind.BREAK_GOES,
    ChangeKind.DAY_BEGINS,
    ChangeKind.DAY_ENDS,
    ChangeKind.DAY_OPENS,
}


def _week(hours: WeeklyHours, change: Change) -> WeeklyHours:
    number = change.day.weekday()
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = (
        _weekday(day, change) if place == number else day for place, day in enumerate(hours)
    )
    return monday, tuesday, wednesday, thursday, friday, saturday, sunday


def _weekday(day: DayHours, change: Change) -> DayHours:
    match change.kind:
        case ChangeKind.DAY_BEGINS:
            return replace(day, start=change.to)
        case ChangeKind.DAY_ENDS:
            return replace(day, end=change.to)
        case ChangeKind.DAY_OPENS:
            return DayHours(True, *change.span)
        case _:
            return replace(day, breaks=tuple(_breaks(day.breaks, change)))


def _breaks(breaks: Iterable[Span], change: Change) -> Iterable[Span]:
    for start, end in breaks:
        if (start, end) != change.span:
            yield start, end
        elif change.kind is ChangeKind.BREAK_BEGINS:
            yield change.to, end
        elif change.kind is ChangeKind.BREAK_ENDS:
            yield start, change.to


def _rule(rule: Rule, change: Change) -> Rule:
    match change.kind:
        case ChangeKind.BUFFER_BEFORE:
            return replace(rule, buffer_before=change.to)
        case ChangeKind.BUFFER_AFTER:
            return replace(rule, buffer_after=change.to)
        case ChangeKind.NOTICE:
            return replace(rule, min_notice=change.to)
        case ChangeKind.ADVANCE:
            return replace(rule, max_advance=change.to)
        case ChangeKind.DAY_LIMIT:
            return replace(rule, max_per_day=change.to)
        case ChangeKind.WEEK_LIMIT:
            return replace(rule, max_per_week=change.to)
        case _:
            return replace(rule, overrides=dict(_overrides(rule, change)))


def _overrides(rule: Rule, change: Change) -> Iterable[tuple[date, Override]]:
    for day, override in rule.overrides.items():
        if day != change.day:
            yield day, override
        elif change.kind is ChangeKind.DATE_BEGINS:
            yield day, replace(override, start=change.to)
        elif change.kind is ChangeKind.DATE_ENDS:
            yield day, replace(override, end=change.to)
        elif change.kind is ChangeKind.DATE_OPENS:
            yield day, Override(True, *change.span)
