"""Refusals in words, read by staff: they name hours and times in the member's own zone.

Each fits into "User '…' is not available at the selected time: {…}."; notice and advance are whole messages.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from meeting_manager.engine.facts import DAY, HOUR, Member, Span
from meeting_manager.engine.hours import format_clock, local_date, open_stretches

# Not strftime: its names follow the locale of the process.
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def outside_hours(member: Member, start: int) -> str:
    day = local_date(member.zone, start)
    overrides = member.rule.overrides
    stretches = open_stretches(member.hours, overrides, day)
    if stretches:
        hours = ", ".join(f"{format_clock(opens)}–{format_clock(closes)}" for opens, closes in stretches)
        return f"outside working hours on {long_date(day)} ({hours} {member.zone})"
    if day in overrides:
        return f"away on {long_date(day)} ({member.zone})"
    return f"no working hours on {long_date(day)} ({member.zone})"


def clash(zone: str, span: Span, external: bool) -> str:
    what = "busy with a calendar event" if external else "already booked"
    return f"{what} {_from_to(zone, span)} ({zone})"


def too_close(member: Member, span: Span, external: bool) -> str:
    what = "a calendar event" if external else "a booking"
    before, after = member.rule.buffer_before // 60, member.rule.buffer_after // 60
    buffers = f"buffers: {_count(before, 'minute')} before, {_count(after, 'minute')} after"
    return f"too close to {what} {_from_to(member.zone, span)} ({buffers}; {member.zone})"


def notice(user: str, seconds: int) -> str:
    return (
        f"Booking does not meet minimum notice requirement for user '{user}'. "
        f"Minimum notice is {seconds / HOUR:g} hours."
    )


def advance(user: str, seconds: int) -> str:
    return f"Booking is too far in advance for user '{user}'. Maximum advance booking is {seconds / DAY:g} days."


def day_full(zone: str, start: int, limit: int) -> str:
    return f"the limit of {_count(limit, 'booking')} a day is reached on {long_date(local_date(zone, start))} ({zone})"


def week_full(zone: str, start: int, limit: int) -> str:
    monday = long_date(local_date(zone, start))
    return f"the limit of {_count(limit, 'booking')} a week is reached in the week of {monday} ({zone})"


def department_full(zone: str, start: int, limit: int) -> str:
    day = long_date(local_date(zone, start))
    return f"the department's limit of {_count(limit, 'booking')} a day is reached on {day} ({zone})"


def calendar_unread(zone: str, since: int) -> str:
    read = datetime.fromtimestamp(since, ZoneInfo(zone))
    return f"their calendar could not be read since {read:%H:%M} on {long_date(read.date())} ({zone})"


def long_date(day: date) -> str:
    """A date as people say it: "Monday 7 December 2026"."""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def _from_to(zone: str, span: Span) -> str:
    """ "from 10:00 to 10:30 on Monday 7 December 2026", or with both dates where they differ."""
    start, end = (datetime.fromtimestamp(instant, ZoneInfo(zone)) for instant in span)
    if start.date() == end.date():
        return f"from {start:%H:%M} to {end:%H:%M} on {long_date(start.date())}"
    return f"from {start:%H:%M} on {long_date(start.date())} to {end:%H:%M} on {long_date(end.date())}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
