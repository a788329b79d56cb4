"""Short ways to say facts in tests."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from meeting_manager.engine.facts import DayHours, Department, Facts, Member, Rule, WeeklyHours

MINUTE, HOUR, DAY = 60, 3600, 86400
ANY_TIME = Rule(min_notice=0, max_advance=0)
BERLIN = "Europe/Berlin"
MONDAY = date(2026, 12, 7)


def at(text: str, zone: str = "UTC") -> int:
    """The instant of a local time, "2026-12-07 09:00"."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp())


def shown(instant: int, zone: str = "UTC") -> str:
    """The local time of an instant, "2026-12-07 09:00"."""
    return f"{datetime.fromtimestamp(instant, UTC).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def every_day(start: int = 9 * 60, end: int = 17 * 60, breaks: tuple[tuple[int, int], ...] = ()) -> WeeklyHours:
    day = DayHours(True, start, end, breaks)
    return (day, day, day, day, day, day, day)


def member(number: int = 1, **changes: object) -> Member:
    """Sarah, Mike, Jane, … in UTC, open from 09:00 to 17:00 every day, with no limits at all."""
    names = ("lead", "sarah", "mike", "jane")
    name = names[number] if number < len(names) else f"member{number}"
    fields = {
        "id": number,
        "name": f"{name}@bestsecurity.example",
        "zone": "UTC",
        "hours": every_day(),
        "rule": ANY_TIME,
        "order": number,
    }
    return Member(**{**fields, **changes})  # type: ignore[arg-type]


def facts(*members: Member, now: str = "2026-12-01 00:00", department: Department | None = None) -> Facts:
    return Facts(at(now), department or Department("UTC"), members)
