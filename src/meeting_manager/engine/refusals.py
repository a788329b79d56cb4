"""Why a member cannot take a meeting: every rule that fails, and on account of what.

Booking, assigning and explaining all ask `_failures`, so they cannot disagree.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from meeting_manager.engine import wording
from meeting_manager.engine.facts import DAY, Busy, BusyKind, Facts, Member, Rule, Span
from meeting_manager.engine.hours import day_bounds, local_date, open_windows, week_bounds


class RefusalCode(StrEnum):
    """The rules in the order in which they are checked."""

    HOURS = "hours"
    CLASH = "clash"
    BUFFER = "buffer"
    NOTICE = "notice"
    ADVANCE = "advance"
    DAY_LIMIT = "day_limit"
    WEEK_LIMIT = "week_limit"
    DEPARTMENT_LIMIT = "department_limit"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One failing rule.

    `text` goes into "User '…' is not available at the selected time: {text}."; for NOTICE and ADVANCE it
    is the whole message. `since` and `until` are the evidence: the span that clashes or comes too close (and
    its `kind`), the day or week that is full or whose hours are in question, the earliest (NOTICE, `until`)
    or latest (ADVANCE, `since`) start the rule allows, the last time their calendar was read (CALENDAR, `since`).
    """

    code: RefusalCode
    text: str
    since: int | None = None
    until: int | None = None
    kind: BusyKind | None = None


def waivable(code: RefusalCode) -> bool:
    """Whether a forced booking may pass over this rule: never over a clash."""
    return code is not RefusalCode.CLASH


def is_free(facts: Facts, member: Member, start: int, end: int) -> bool:
    """Whether the member can take a meeting at [start, end): no rule fails."""
    return next(_failures(facts, member, start, end), None) is None


def why_not(facts: Facts, member: Member, start: int, end: int) -> list[Refusal]:
    """All rules that fail for the member at [start, end), in the order of RefusalCode; empty if free.

    There is a CLASH for each span that overlaps the meeting, and a BUFFER for each that only comes too close.
    """
    return [_refusal(failure, facts, member, start) for failure in _failures(facts, member, start, end)]


@dataclass(frozen=True, slots=True)
class _Failure:
    code: RefusalCode
    since: int | None = None
    until: int | None = None
    kind: BusyKind | None = None


def _failures(facts: Facts, member: Member, start: int, end: int) -> Iterator[_Failure]:
    """The rules that fail, found one by one, so that whoever needs only the first pays for no more."""
    day = local_date(member.zone, start)
    windows = open_windows(member.zone, member.hours, member.rule.overrides, day)
    if not any(opens <= start and end <= closes for opens, closes, _ in windows):
        yield _Failure(RefusalCode.HOURS, *day_bounds(member.zone, day))
    yield from _busy_failures(member, start, end)
    yield from _range_failures(member.rule, facts.now, start)
    yield from _limit_failures(facts, member, start)
    if member.unread_since is not None:
        yield _Failure(RefusalCode.CALENDAR, since=member.unread_since)


def _range_failures(rule: Rule, now: int, start: int) -> Iterator[_Failure]:
    if start < now + rule.min_notice:
        yield _Failure(RefusalCode.NOTICE, until=now + rule.min_notice)
    if rule.max_advance and start > now + rule.max_advance:
        yield _Failure(RefusalCode.ADVANCE, since=now + rule.max_advance)


def _busy_failures(member: Member, start: int, end: int) -> Iterator[_Failure]:
    """Clashes first, then spans within the buffers.

    An event is kept apart by the new meeting's buffers alone. A booking has the same buffers of its own, and
    neither may reach into the other's meeting, so that it is kept apart by the longer one on either side.
    """
    rule, busy = member.rule, member.busy
    longer = max(rule.buffer_before, rule.buffer_after)
    upto = bisect_left(busy.starts, end + longer)
    if not upto or max(busy.ends[:upto]) <= start - longer:
        return
    close: list[_Failure] = []
    for since, until, kind in _whole_spans(busy):
        before, after = (rule.buffer_before, rule.buffer_after) if kind is BusyKind.EXTERNAL else (longer, longer)
        if since < end and until > start:
            yield _Failure(RefusalCode.CLASH, since, until, kind)
        elif since < end + after and until > start - before:
            close.append(_Failure(RefusalCode.BUFFER, since, until, kind))
    yield from close


def _whole_spans(busy: Busy) -> list[tuple[int, int, BusyKind]]:
    """The spans of busy time with the pieces of long ones joined again, ordered by start.

    A full piece of 24 hours of an event may have another after it; only a booking's later pieces say so themselves.
    """
    whole: list[tuple[int, int, BusyKind]] = []
    open_ends: dict[tuple[bool, int], int] = {}  # (of an event?, end) of a span to its place in `whole`
    for start, end, number in zip(busy.starts, busy.ends, busy.kinds, strict=True):
        outside = number == BusyKind.EXTERNAL
        place = None
        if outside or number == BusyKind.BOOKING_CONTINUED:
            place = open_ends.pop((outside, start), None)
        if place is None:
            whole.append((start, end, BusyKind.EXTERNAL if outside else BusyKind.BOOKING))
            place = len(whole) - 1
        else:
            whole[place] = (whole[place][0], end, whole[place][2])
        if not outside or end - start == DAY:
            open_ends[outside, end] = place
    return whole


def _limit_failures(facts: Facts, member: Member, start: int) -> Iterator[_Failure]:
    rule, department = member.rule, facts.department
    if rule.max_per_day or rule.max_per_week:
        counted, day = member.busy.counted, local_date(member.zone, start)
        yield from _full(RefusalCode.DAY_LIMIT, counted, rule.max_per_day, day_bounds(member.zone, day))
        yield from _full(RefusalCode.WEEK_LIMIT, counted, rule.max_per_week, week_bounds(member.zone, day))
    if department.max_per_day:
        day_of_all = day_bounds(department.zone, local_date(department.zone, start))
        yield from _full(RefusalCode.DEPARTMENT_LIMIT, department.booked_starts, department.max_per_day, day_of_all)


def _full(code: RefusalCode, counted: Sequence[int], limit: int, period: Span) -> Iterator[_Failure]:
    if limit and bisect_left(counted, period[1]) - bisect_left(counted, period[0]) >= limit:
        yield _Failure(code, *period)


def _refusal(failure: _Failure, facts: Facts, member: Member, start: int) -> Refusal:
    text = _words(failure, facts, member, start)
    return Refusal(failure.code, text, failure.since, failure.until, failure.kind)


def _words(failure: _Failure, facts: Facts, member: Member, start: int) -> str:
    rule, zone = member.rule, member.zone
    match failure.code:
        case RefusalCode.HOURS:
            return wording.outside_hours(member, start)
        case RefusalCode.CLASH:
            return wording.clash(zone, _span(failure), failure.kind is BusyKind.EXTERNAL)
        case RefusalCode.BUFFER:
            return wording.too_close(member, _span(failure), failure.kind is BusyKind.EXTERNAL)
        case RefusalCode.NOTICE:
            return wording.notice(member.name, rule.min_notice)
        case RefusalCode.ADVANCE:
            return wording.advance(member.name, rule.max_advance)
        case RefusalCode.DAY_LIMIT:
            return wording.day_full(zone, _span(failure)[0], rule.max_per_day)
        case RefusalCode.WEEK_LIMIT:
            return wording.week_full(zone, _span(failure)[0], rule.max_per_week)
        case RefusalCode.DEPARTMENT_LIMIT:
            department = facts.department
            return wording.department_full(department.zone, _span(failure)[0], department.max_per_day)
        case RefusalCode.CALENDAR:
            return wording.calendar_unread(zone, _span(failure)[0])


def _span(failure: _Failure) -> Span:
    return failure.since or 0, failure.until or 0
