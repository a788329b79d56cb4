"""Which changes of somebody's hours would open a time: of the weekday's where they apply, else of the date's own."""

from collections.abc import Iterator
from datetime import date
from itertools import product

from meeting_manager.engine.changes import MINUTE, Change, ChangeKind
from meeting_manager.engine.facts import DayHours, Member, Span
from meeting_manager.engine.hours import local_date
from meeting_manager.engine.weekly import MINUTES_A_DAY
from meeting_manager.engine.zones import midnight, utc_offset

Changes = tuple[Change, ...]

_WIDER = 60
"""Minutes added at either side in a second set: hours that end in a repeated hour end when clocks first show it."""


def openings(member: Member, start: int, end: int) -> Iterator[Changes]:
    """Sets of changes that may each open [start, end); the engine is to say whether they do.

    None where the meeting does not lie on one local date of the member, whatever the hours.
    """
    day = local_date(member.zone, start)
    begins = (start + utc_offset(member.zone, start) - midnight(day)) // MINUTE
    ends = -(-(end + utc_offset(member.zone, end - 1) - midnight(day)) // MINUTE)
    if not 0 <= begins < ends <= MINUTES_A_DAY:
        return
    yield from _opening(member, day, (begins, ends))
    yield from _opening(member, day, (max(begins - _WIDER, 0), min(ends + _WIDER, MINUTES_A_DAY)))


def _opening(member: Member, day: date, span: Span) -> Iterator[Changes]:
    """Changes after which the minutes of `span` are open on that date."""
    weekday, override = member.hours[day.weekday()], member.rule.overrides.get(day)
    if override is None:
        yield from _weekday(weekday, day, span) if weekday.enabled else [_opened(ChangeKind.DAY_OPENS, day, span)]
    elif not override.available:
        yield _opened(ChangeKind.DATE_OPENS, day, span)
    elif override.start is None or override.end is None:
        yield from _weekday(weekday, day, span)
    else:
        yield tuple(_edges(override.start, override.end, day, span, of_date=True))


def _opened(kind: ChangeKind, day: date, span: Span) -> Changes:
    return (Change(kind, day, span=span),)


def _weekday(weekday: DayHours, day: date, span: Span) -> Iterator[Changes]:
    edges = tuple(_edges(weekday.start, weekday.end, day, span, of_date=False))
    in_the_way = [pause for pause in weekday.breaks if pause[0] < span[1] and pause[1] > span[0]]
    for parts in product(*(tuple(_less_break(pause, day, span)) for pause in in_the_way)):
        yield (*edges, *parts)


def _edges(start: int, end: int, day: date, span: Span, *, of_date: bool) -> Iterator[Change]:
    begins, ends = (
        (ChangeKind.DATE_BEGINS, ChangeKind.DATE_ENDS) if of_date else (ChangeKind.DAY_BEGINS, ChangeKind.DAY_ENDS)
    )
    if span[0] < start:
        yield Change(begins, day, start, span[0])
    if span[1] > end:
        yield Change(ends, day, end, span[1])


def _less_break(pause: Span, day: date, span: Span) -> Iterator[Change]:
    """The ways to have a break out of the way: it begins after the meeting, ends before it, or goes."""
    if span[1] < pause[1]:
        yield Change(ChangeKind.BREAK_BEGINS, day, pause[0], span[1], pause)
    if span[0] > pause[0]:
        yield Change(ChangeKind.BREAK_ENDS, day, pause[1], span[0], pause)
    if span[0] <= pause[0] and span[1] >= pause[1]:
        yield Change(ChangeKind.BREAK_GOES, day, pause[0], pause[0], pause)
