"""A slow and obvious reading of system.md §3: every minute looked at, nothing shared with the engine.

Instants are whole minutes since 1970, spans are sets of them; local time comes from aware datetimes.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from meeting_manager.engine.facts import BusyKind, Facts, Member

Stretches = tuple[tuple[int, int], ...]


def moment(minute: int) -> datetime:
    return datetime.fromtimestamp(minute * 60, UTC)


def date_of(zone: str, minute: int) -> date:
    return moment(minute).astimezone(ZoneInfo(zone)).date()


@lru_cache(maxsize=1024)
def minutes_of(zone: str, day: date) -> list[tuple[int, int]]:
    """Every minute that passes on a local date, in order, with the minute of the day that clocks show."""
    noon = int(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp()) // 60
    passed = []
    for minute in range(noon - 28 * 60, noon + 28 * 60):
        local = moment(minute).astimezone(ZoneInfo(zone))
        if local.date() == day:
            passed.append((minute, local.hour * 60 + local.minute))
    return passed


def stretches(member: Member, day: date) -> Stretches:
    """The open minutes of the day as clocks show them: those of the override, else of the weekday."""
    hours = member.hours[day.weekday()]
    override = member.rule.overrides.get(day)
    if override is not None and not override.available:
        return ()
    if override is not None and override.start is not None and override.end is not None:
        return ((override.start, override.end),)
    if override is None and not hours.enabled:
        return ()
    pauses = {minute for begin, end in hours.breaks for minute in range(begin, end)}
    working = set(range(hours.start, hours.end)) - pauses
    begins = sorted(minute for minute in working if minute - 1 not in working)
    ends = sorted(minute + 1 for minute in working if minute + 1 not in working)
    return tuple(zip(begins, ends, strict=True))


@lru_cache(maxsize=4096)
def open_minutes(zone: str, stretches: Stretches, day: date) -> frozenset[int]:
    """The minutes from when clocks first reach each beginning to when they first reach its end."""
    found: set[int] = set()
    for begin, end in stretches:
        state = "before"
        for minute, clock in minutes_of(zone, day):
            if state == "before" and clock >= begin:
                state = "open"
            if state == "open" and clock >= end:
                state = "after"
            if state == "open":
                found.add(minute)
    return frozenset(found)


def offered(member: Member, day: date, duration: int, interval: int) -> set[int]:
    """The first time clocks show the beginning of a stretch, and each interval after it, where the meeting fits."""
    first_shown: dict[int, int] = {}
    for minute, clock in minutes_of(member.zone, day):
        first_shown.setdefault(clock, minute)
    doors = open_minutes(member.zone, stretches(member, day), day)
    found: set[int] = set()
    for begin, end in stretches(member, day):
        for clock in range(begin, end, interval):
            if clock in first_shown and set(range(first_shown[clock], first_shown[clock] + duration)) <= doors:
                found.add(first_shown[clock])
    return found


def failing(facts: Facts, member: Member, start: int, end: int) -> list[str]:
    """The codes of the rules that fail at minutes [start, end), each once, in order."""
    rule, now = member.rule, facts.now // 60
    day = date_of(member.zone, start)
    meeting = set(range(start, end))
    codes = []
    if not meeting <= open_minutes(member.zone, stretches(member, day), day):
        codes.append("hours")
    busy = zip(member.busy.starts, member.busy.ends, member.busy.kinds, strict=True)
    spans = [(range(since // 60, until // 60), kind) for since, until, kind in busy]
    apart = [(span, kind) for span, kind in spans if meeting.isdisjoint(span)]
    if len(apart) < len(spans):
        codes.append("clash")
    if any(_too_close(meeting, span, kind, rule.buffer_before // 60, rule.buffer_after // 60) for span, kind in apart):
        codes.append("buffer")
    if start < now + rule.min_notice // 60:
        codes.append("notice")
    if rule.max_advance and start > now + rule.max_advance // 60:
        codes.append("advance")
    return codes + _limits(facts, member, start)


def _too_close(meeting: set[int], span: range, kind: int, before: int, after: int) -> bool:
    widened = range(min(meeting) - before, max(meeting) + 1 + after)
    if not set(widened).isdisjoint(span):
        return True
    booking = range(span.start - before, span.stop + after)
    return kind != BusyKind.EXTERNAL and not meeting.isdisjoint(booking)


def _limits(facts: Facts, member: Member, start: int) -> list[str]:
    rule, department = member.rule, facts.department
    local = date_of(member.zone, start)
    booked = [date_of(member.zone, instant // 60) for instant in member.busy.counted]
    codes = []
    if rule.max_per_day and booked.count(local) >= rule.max_per_day:
        codes.append("day_limit")
    in_week = [day for day in booked if day.isocalendar()[:2] == local.isocalendar()[:2]]
    if rule.max_per_week and len(in_week) >= rule.max_per_week:
        codes.append("week_limit")
    of_all = [date_of(department.zone, instant // 60) for instant in department.booked_starts]
    if department.max_per_day and of_all.count(date_of(department.zone, start)) >= department.max_per_day:
        codes.append("department_limit")
    return codes


def slots(facts: Facts, duration: int, interval: int, low: int, high: int) -> list[tuple[int, int, int]]:
    """The listing for minutes [low, high), in minutes."""
    days = [moment(low).date() + timedelta(days=number) for number in range(-2, (high - low) // 1440 + 3)]
    grid = {start for member in facts.members for day in days for start in offered(member, day, duration, interval)}
    listed = []
    for start in sorted(start for start in grid if low <= start < high):
        count = sum(not failing(facts, member, start, start + duration) for member in facts.members)
        if count:
            listed.append((start, start + duration, count))
    return listed
